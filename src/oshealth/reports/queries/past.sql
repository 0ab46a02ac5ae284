-- The past of every measure of one subject, month by month.
-- grain: one row per metric and month
select
    metric,
    as_of,
    value,
    grade
from trend
where subject_kind = $kind and subject = $subject
order by metric, as_of
