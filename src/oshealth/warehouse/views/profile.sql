-- How many measures of a subject are good, watch, poor or unknown, and all of them by metric. No score.
-- grain: one row per subject
create view profile as
select
    subject_kind,
    subject,
    codebase,
    max(as_of) as as_of,
    count(*) filter (where grade = 'good') as good_count,
    count(*) filter (where grade = 'watch') as watch_count,
    count(*) filter (where grade = 'poor') as poor_count,
    count(*) filter (where reason is not null) as unknown_count,
    map_from_entries(list((metric, value)) filter (where value is not null)) as value_by_metric,
    map_from_entries(list((metric, label)) filter (where label is not null)) as label_by_metric,
    map_from_entries(list((metric, grade)) filter (where grade is not null)) as grade_by_metric
from latest
group by subject_kind, subject, codebase;
comment on view profile is 'How many measures of a subject are good, watch, poor or unknown, and all of them by
metric. No score.
One row per subject.';
comment on column profile.subject_kind is 'repository or codebase.';
comment on column profile.subject is 'The repository or codebase.';
comment on column profile.codebase is 'The codebase that it belongs to; null in an audit of one repository.';
comment on column profile.as_of is 'The day that its newest measurement tells about.';
comment on column profile.good_count is 'Measures graded good.';
comment on column profile.watch_count is 'Measures graded watch.';
comment on column profile.poor_count is 'Measures graded poor.';
comment on column profile.unknown_count is 'Measures that could not be known.';
comment on column profile.value_by_metric is 'Its values by metric: value_by_metric[''truck_factor''].';
comment on column profile.label_by_metric is 'Its labels by metric.';
comment on column profile.grade_by_metric is 'Its grades by metric.';
