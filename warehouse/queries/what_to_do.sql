-- What is graded poor, and what can a steward do about it?
-- grain: one row per codebase and measure graded poor
select
    subject_name as codebase,
    title,
    coalesce(label, concat(round(value, 1), ' ', unit)) as measured,
    advice
from advice
where grade = 'poor' and subject_kind = 'codebase'
order by subject_name, rank;
