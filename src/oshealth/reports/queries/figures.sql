-- The newest measurement of every measure on every subject.
-- grain: one row per subject and metric
select
    subject_kind,
    subject,
    metric,
    as_of,
    value,
    label,
    grade as given_grade,
    reason,
    sample_size,
    coverage,
    evidence
from latest
order by subject_kind, subject, metric
