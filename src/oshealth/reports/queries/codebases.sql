-- The codebases watched, in the order of sources.toml.
-- grain: one row per codebase
select
    codebase as id,
    name,
    summary,
    declared_archetype,
    archetype,
    countries
from portfolio
order by position
