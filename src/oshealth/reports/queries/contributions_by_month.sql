-- Contributions of a codebase or repository by month, up to a day; from the first on, a month without any is 0.
-- grain: one row per month
with counted as (
    select
        date_trunc('month', day)::date as month,
        sum(contribution_count)::bigint as contributions
    from contribution_day
    where subject_kind = $kind and subject = $subject and day <= $as_of::date
    group by date_trunc('month', day)
),

months as (
    select unnest(generate_series(min(month), date_trunc('month', $as_of::date)::date, interval 1 month))::date as month
    from counted
)

select
    months.month::varchar as date,
    ifnull(counted.contributions, 0) as contributions
from months
left join counted on months.month = counted.month
order by months.month
