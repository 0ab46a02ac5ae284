-- Each measure month by month: the last measurement that counts in each.
-- grain: one row per subject, metric and month
create view trend as
with monthly as (
    select
        *,
        date_trunc('month', as_of)::date as month
    from measured
    qualify row_number() over (partition by subject_kind, subject, metric, month order by as_of desc) = 1
)

select
    m.subject_kind,
    m.subject,
    m.metric,
    coalesce(k.title, m.metric) as title,
    k.family,
    k.unit,
    m.month,
    m.as_of,
    m.value,
    m.label,
    m.grade,
    m.sample_size,
    m.coverage,
    m.reason
from monthly as m
left join metric as k on m.metric = k.metric;
comment on view trend is 'Each measure month by month: the last measurement that counts in each.
One row per subject, metric and month.';
comment on column trend.subject_kind is 'repository or codebase.';
comment on column trend.subject is 'The repository or codebase.';
comment on column trend.metric is 'The metric.';
comment on column trend.title is 'Its name for people.';
comment on column trend.family is 'The family it belongs to.';
comment on column trend.unit is 'Unit of its value.';
comment on column trend.month is 'The first day of the month.';
comment on column trend.as_of is 'The UTC day, to its end, that it tells about.';
comment on column trend.value is 'The number; null: a label, or unknown.';
comment on column trend.label is 'The label; null: a number, or unknown.';
comment on column trend.grade is 'good, watch or poor; null: no bands, or unknown.';
comment on column trend.sample_size is 'How many rows it was computed from.';
comment on column trend.coverage is 'Share (0 to 1) of those rows for which what matters is known.';
comment on column trend.reason is 'Why there is neither value nor label.';
