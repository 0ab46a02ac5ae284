-- The run that measured last, or else the last that was started; an audit has measurements without a run.
-- grain: one row
with last_run as (
    select
        run_id,
        as_of,
        started_at,
        tool_version
    from run_list
    order by measurement_count > 0 desc, started_at desc, run_id desc
    limit 1
),

last_measured as (
    select
        max(as_of) as as_of,
        arg_max(tool_version, as_of) as tool_version
    from measured
)

select
    r.run_id as run,
    coalesce(r.as_of, m.as_of) as as_of,
    r.started_at,
    coalesce(r.tool_version, m.tool_version, 'not known') as tool_version
from last_measured as m
left join last_run as r on true
