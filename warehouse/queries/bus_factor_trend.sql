-- How did the bus factors of each codebase change from January to January?
-- grain: one row per codebase, bus factor and year
select
    subject as codebase,
    title,
    date_part('year', month)::integer as year,
    value as people,
    value - lag(value) over (partition by subject, metric order by month) as difference,
    reason
from trend
where
    subject_kind = 'codebase'
    and metric in ('contributor_absence_factor', 'truck_factor', 'recent_bus_factor')
    and date_part('month', month) = 1
order by codebase, title, year;
