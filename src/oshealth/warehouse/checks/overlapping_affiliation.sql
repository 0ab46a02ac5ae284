-- Nobody is affiliated twice at one time: a contribution would count for both.
-- grain: one row per stretch of time that begins before an earlier one of the same person ends
with following as (
    select
        person,
        organisation,
        from_at,
        lag(coalesce(until_at, 'infinity'::timestamp)) over (
            partition by person
            order by from_at nulls first
        ) as earlier_until_at
    from affiliation
)

select
    person,
    organisation,
    from_at,
    earlier_until_at
from following
where earlier_until_at > coalesce(from_at, '-infinity'::timestamp);
