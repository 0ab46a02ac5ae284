-- Releases of some repositories up to a day.
-- grain: one row per repository and version
select
    repository,
    released_at::date::varchar as date,
    version,
    if(is_prerelease, 'pre-release', 'release') as kind
from release_list
where list_contains($repositories, repository) and released_at < $as_of::date + interval 1 day
order by released_at, repository, version
