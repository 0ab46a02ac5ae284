-- For whom people contributed to a codebase or repository, year by year, up to a day; a null name is what is not known.
-- grain: one row per year and organisation
select
    year(day) as year,
    name,
    type,
    sum(contribution_count)::bigint as contributions,
    max(day) as last_on
from contribution_day
where subject_kind = $kind and subject = $subject and day <= $as_of::date
group by year(day), organisation, name, type
order by year(day) desc, name is null, contributions desc, name, organisation
