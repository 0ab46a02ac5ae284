-- Which share of each codebase did each supplier write, year by year, and how sure is that?
-- grain: one row per codebase, year and supplier
select
    codebase,
    year,
    name as supplier,
    contribution_count,
    round(100 * share, 1) as share_percent,
    round(100 * coverage, 1) as known_percent
from supplier_dependency
order by codebase, year, rank;
