-- A measurement has exactly one of value, label and reason, its value is a number, and the unknown has no grade.
-- grain: one row per measurement that contradicts itself
select
    subject,
    metric,
    as_of,
    value,
    label,
    reason,
    grade
from measurement
where
    (value is not null)::int + (label is not null)::int + (reason is not null)::int != 1
    or not isfinite(value)
    or (reason is not null and grade is not null)
    or trim(reason) = ''
    or trim(label) = '';
