-- Contributions of a codebase or repository by year and type of organisation, up to a day.
-- grain: one row per year and type
select
    year(day) as year,
    type,
    sum(contribution_count)::bigint as contributions
from contribution_day
where subject_kind = $kind and subject = $subject and day <= $as_of::date
group by year(day), type
order by year(day), type
