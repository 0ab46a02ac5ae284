-- Which municipalities contributed to what, and when?
-- grain: one row per codebase, municipality and year
select
    k.codebase,
    o.name as municipality,
    date_part('year', k.authored_at)::integer as year,
    count(*) as contribution_count,
    min(k.authored_at)::date as first_on,
    max(k.authored_at)::date as last_on
from contribution as k
inner join organisation as o on k.organisation = o.organisation
where o.type = 'municipality' and k.kind in ('person', 'shared')
group by all
order by k.codebase asc, year asc, contribution_count desc, municipality asc;
