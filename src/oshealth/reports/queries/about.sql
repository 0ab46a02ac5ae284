-- The run that measured last, or else the last that was started.
-- grain: one row, or none before the first run
select
    run_id as run,
    as_of,
    started_at,
    tool_version
from run_list
order by measurement_count > 0 desc, started_at desc, run_id desc
limit 1
