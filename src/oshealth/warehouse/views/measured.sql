-- The measurements that count: of several of one day, that made on the day itself, else the newest run's.
-- grain: one row per subject, metric and day
create view measured as
select
    m.subject_kind,
    m.subject,
    m.metric,
    m.as_of,
    m.value,
    m.label,
    m.sample_size,
    m.coverage,
    m.grade,
    m.reason,
    m.evidence,
    r.started_at as measured_at,
    coalesce(r.started_at::date = m.as_of, false) as is_own_day,
    m.run_id,
    m.tool_version,
    m.metric_version
from measurement as m
left join run as r on m.run_id = r.run_id
where m.as_of <= coalesce(getvariable('as_of')::date, date '9999-12-31')
qualify
    row_number() over (
        partition by m.subject_kind, m.subject, m.metric, m.as_of
        order by is_own_day desc, r.started_at desc nulls last, m.run_id desc
    ) = 1;
comment on view measured is 'The measurements that count: of several of one day, that made on the day itself, else the
newest run''s. After `set variable as_of = date ''2024-10-01''` this view and all that build on it end with that day.
One row per subject, metric and day.';
comment on column measured.subject_kind is 'repository or codebase.';
comment on column measured.subject is 'The repository or codebase.';
comment on column measured.metric is 'The metric.';
comment on column measured.as_of is 'The UTC day, to its end, that it tells about.';
comment on column measured.value is 'The number; null: a label, or unknown.';
comment on column measured.label is 'The label; null: a number, or unknown.';
comment on column measured.sample_size is 'How many rows it was computed from.';
comment on column measured.coverage is 'Share (0 to 1) of those rows for which what matters is known.';
comment on column measured.grade is 'good, watch or poor; null: no bands, or unknown.';
comment on column measured.reason is 'Why there is neither value nor label.';
comment on column measured.evidence is 'What stands behind it, as JSON.';
comment on column measured.measured_at is 'When its run started, UTC.';
comment on column measured.is_own_day is 'Whether it was measured on the day that it tells about; such a row is never
rewritten.';
comment on column measured.run_id is 'The run that computed it.';
comment on column measured.tool_version is 'The version of oshealth that computed it.';
comment on column measured.metric_version is 'The version of the metric''s definition.';
