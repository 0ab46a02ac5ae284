-- How sure each measure is: its sample, its coverage, and the reason where it is unknown.
-- grain: one row per subject and metric
create view coverage as
select
    subject_kind,
    subject,
    codebase,
    metric,
    title,
    family,
    as_of,
    reason is null as is_known,
    sample_size,
    coverage,
    reason
from latest;
comment on view coverage is 'How sure each measure is: its sample, its coverage, and the reason where it is unknown.
One row per subject and metric.';
comment on column coverage.subject_kind is 'repository or codebase.';
comment on column coverage.subject is 'The repository or codebase.';
comment on column coverage.codebase is 'The codebase that it belongs to; null in an audit of one repository.';
comment on column coverage.metric is 'The metric.';
comment on column coverage.title is 'Its name for people.';
comment on column coverage.family is 'The family it belongs to.';
comment on column coverage.as_of is 'The UTC day, to its end, that it tells about.';
comment on column coverage.is_known is 'Whether there is a value or a label.';
comment on column coverage.sample_size is 'How many rows it was computed from.';
comment on column coverage.coverage is 'Share (0 to 1) of those rows for which what matters is known.';
comment on column coverage.reason is 'Why there is neither value nor label.';
