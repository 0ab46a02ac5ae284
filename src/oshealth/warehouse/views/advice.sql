-- What to do: every measure graded poor or watch, the poor first.
-- grain: one row per subject and metric
create view advice as
select
    subject_kind,
    subject,
    codebase,
    subject_name,
    metric,
    title,
    family,
    grade,
    value,
    label,
    unit,
    sample_size,
    coverage,
    advice,
    evidence,
    as_of,
    row_number() over (
        partition by subject_kind, subject
        order by grade = 'poor' desc, position asc, metric asc
    ) as rank
from latest
where grade in ('poor', 'watch');
comment on view advice is 'What to do: every measure graded poor or watch, the poor first.
One row per subject and metric.';
comment on column advice.subject_kind is 'repository or codebase.';
comment on column advice.subject is 'The repository or codebase.';
comment on column advice.codebase is 'The codebase that it belongs to; null in an audit of one repository.';
comment on column advice.subject_name is 'The codebase''s name, or the repository.';
comment on column advice.metric is 'The metric.';
comment on column advice.title is 'Its name for people.';
comment on column advice.family is 'The family it belongs to.';
comment on column advice.grade is 'good, watch or poor; null: no bands, or unknown.';
comment on column advice.value is 'The number; null: a label, or unknown.';
comment on column advice.label is 'The label; null: a number, or unknown.';
comment on column advice.unit is 'Unit of its value.';
comment on column advice.sample_size is 'How many rows it was computed from.';
comment on column advice.coverage is 'Share (0 to 1) of those rows for which what matters is known.';
comment on column advice.advice is 'What to do when the grade is poor.';
comment on column advice.evidence is 'What stands behind it, as JSON.';
comment on column advice.as_of is 'The UTC day, to its end, that it tells about.';
comment on column advice.rank is 'Its place among those of the subject, from 1.';
