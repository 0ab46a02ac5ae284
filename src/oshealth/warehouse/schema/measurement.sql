-- What a metric found on a subject for a day, and in which run; every run appends.
-- grain: one row per subject, metric, day and run
create table measurement (
    subject_kind varchar not null check (subject_kind in ('repository', 'codebase')),
    subject varchar not null,
    metric varchar not null,
    as_of date not null,
    value double,
    label varchar,
    sample_size bigint,
    coverage double,
    grade varchar check (grade in ('good', 'watch', 'poor')),
    reason varchar,
    evidence varchar check (json_valid(evidence)),
    run_id varchar not null,
    tool_version varchar not null,
    metric_version integer not null,
    check ((value is not null)::int + (label is not null)::int + (reason is not null)::int = 1)
);
comment on table measurement is 'What a metric found on a subject for a day, and in which run; every run appends.
One row per subject, metric, day and run.';
comment on column measurement.subject_kind is 'repository or codebase.';
comment on column measurement.subject is 'The repository or codebase.';
comment on column measurement.metric is 'The metric.';
comment on column measurement.as_of is 'The UTC day, to its end, that it tells about.';
comment on column measurement.value is 'The number; null: a label, or unknown.';
comment on column measurement.label is 'The label; null: a number, or unknown.';
comment on column measurement.sample_size is 'How many rows it was computed from.';
comment on column measurement.coverage is 'Share (0 to 1) of those rows for which what matters is known.';
comment on column measurement.grade is 'good, watch or poor; null: no bands, or unknown.';
comment on column measurement.reason is 'Why there is neither value nor label.';
comment on column measurement.evidence is 'What stands behind it, as JSON.';
comment on column measurement.run_id is 'The run that computed it.';
comment on column measurement.tool_version is 'The version of oshealth that computed it.';
comment on column measurement.metric_version is 'The version of the metric''s definition.';
