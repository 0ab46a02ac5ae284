-- Which repositories have not released for more than twice their usual interval, counted to their last crawl?
-- grain: one row per repository that is overdue
with paced as (
    select
        repository,
        max(released_at) as released_at,
        arg_max(version, released_at) as version,
        median(days_since_previous) as usual_days
    from release_list
    where not is_prerelease and role = 'own'
    group by repository
),

waited as (
    select
        s.codebase,
        p.repository,
        p.version,
        p.released_at::date as released_on,
        p.usual_days,
        date_diff('day', p.released_at, s.facts_at) as days_since_release
    from paced as p
    inner join repository_status as s on p.repository = s.repository
)

select
    codebase,
    repository,
    version,
    released_on,
    usual_days,
    days_since_release
from waited
where days_since_release > 2 * usual_days
order by days_since_release desc, repository asc;
