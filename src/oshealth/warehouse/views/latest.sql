-- The newest measurement of each measure, with its card; only of what is watched today.
-- grain: one row per subject and metric
create view latest as
with newest as (
    select *
    from measured
    qualify row_number() over (partition by subject_kind, subject, metric order by as_of desc) = 1
)

select
    n.subject_kind,
    n.subject,
    coalesce(r.codebase, c.codebase) as codebase,
    coalesce(c.name, n.subject) as subject_name,
    n.metric,
    coalesce(k.title, n.metric) as title,
    k.family,
    k.unit,
    n.as_of,
    n.value,
    n.label,
    n.grade,
    n.sample_size,
    n.coverage,
    n.reason,
    n.evidence,
    k.definition,
    k.bands,
    k.source,
    k.advice,
    k.position,
    n.is_own_day,
    n.measured_at,
    n.run_id
from newest as n
left join metric as k on n.metric = k.metric
left join repository as r on n.subject_kind = 'repository' and n.subject = r.repository
left join codebase as c on n.subject_kind = 'codebase' and n.subject = c.codebase
where c.codebase is not null or r.role != 'former';
comment on view latest is 'The newest measurement of each measure, with its card; only of what is watched today.
One row per subject and metric.';
comment on column latest.subject_kind is 'repository or codebase.';
comment on column latest.subject is 'The repository or codebase.';
comment on column latest.codebase is 'The codebase that it belongs to; null in an audit of one repository.';
comment on column latest.subject_name is 'The codebase''s name, or the repository.';
comment on column latest.metric is 'The metric.';
comment on column latest.title is 'Its name for people.';
comment on column latest.family is 'The family it belongs to.';
comment on column latest.unit is 'Unit of its value.';
comment on column latest.as_of is 'The UTC day, to its end, that it tells about.';
comment on column latest.value is 'The number; null: a label, or unknown.';
comment on column latest.label is 'The label; null: a number, or unknown.';
comment on column latest.grade is 'good, watch or poor; null: no bands, or unknown.';
comment on column latest.sample_size is 'How many rows it was computed from.';
comment on column latest.coverage is 'Share (0 to 1) of those rows for which what matters is known.';
comment on column latest.reason is 'Why there is neither value nor label.';
comment on column latest.evidence is 'What stands behind it, as JSON.';
comment on column latest.definition is 'What it measures.';
comment on column latest.bands is 'The bands in words; null: it is not graded.';
comment on column latest.source is 'Where the definition and the bands come from.';
comment on column latest.advice is 'What to do when the grade is poor.';
comment on column latest.position is 'Its place in the catalogue, from 0.';
comment on column latest.is_own_day is 'Whether it was measured on the day that it tells about; such a row is never
rewritten.';
comment on column latest.measured_at is 'When its run started, UTC.';
comment on column latest.run_id is 'The run that computed it.';
