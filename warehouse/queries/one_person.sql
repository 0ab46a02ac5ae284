-- Whose codebases depend on one person, by any of the bus factors?
-- grain: one row per codebase and bus factor that is one or less
select
    codebase,
    subject_name as name,
    title,
    value as people,
    sample_size,
    as_of
from latest
where
    subject_kind = 'codebase'
    and metric in ('contributor_absence_factor', 'truck_factor', 'recent_bus_factor')
    and value <= 1
order by codebase, position;
