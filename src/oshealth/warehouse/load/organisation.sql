-- The organisations of the registry, those that only sources.toml describes, and those that are only named.
-- grain: one row per organisation
insert into organisation by name
with described as (
    select
        organisation,
        name,
        type,
        country,
        code,
        region,
        population,
        1 as rank
    from given_organisation
    union all by name
    select
        organisation,
        name,
        type,
        country,
        2 as rank
    from given_declared_organisation
    union all by name
    select
        organisation,
        organisation as name,
        'unknown' as type,
        3 as rank
    from given_codebase_organisation
    union all by name
    select
        organisation,
        organisation as name,
        'unknown' as type,
        3 as rank
    from given_affiliation
)

select
    organisation,
    name,
    type,
    country,
    code,
    region,
    population
from described
qualify row_number() over (partition by organisation order by rank) = 1;
