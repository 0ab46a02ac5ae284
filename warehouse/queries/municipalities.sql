-- Which municipalities contributed to what, and when?
-- grain: one row per codebase, municipality and year
select
    subject as codebase,
    name as municipality,
    date_part('year', day)::integer as year,
    sum(contribution_count)::bigint as contribution_count,
    min(day) as first_on,
    max(day) as last_on
from contribution_day
where subject_kind = 'codebase' and type = 'municipality'
group by subject, organisation, name, date_part('year', day)
order by codebase asc, year asc, contribution_count desc, municipality asc;
