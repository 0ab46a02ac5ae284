-- The runs, and what each left behind.
-- grain: one row per run
create view run_list as
with counted as (
    select
        run_id,
        count(*) as measurement_count
    from measurement
    group by run_id
)

select
    r.run_id,
    r.started_at,
    r.finished_at,
    r.as_of,
    r.tool_version,
    r.status,
    r.detail,
    coalesce(c.measurement_count, 0) as measurement_count
from run as r
left join counted as c on r.run_id = c.run_id;
comment on view run_list is 'The runs, and what each left behind.
One row per run.';
comment on column run_list.run_id is 'The run that computed it.';
comment on column run_list.started_at is 'When it started, UTC.';
comment on column run_list.finished_at is 'When it ended, UTC; null: it has not, or was stopped.';
comment on column run_list.as_of is 'The UTC day, to its end, that it tells about.';
comment on column run_list.tool_version is 'The version of oshealth that computed it.';
comment on column run_list.status is 'ok, partial or failed.';
comment on column run_list.detail is 'What failed, in one sentence.';
comment on column run_list.measurement_count is 'Measurements that it made.';
