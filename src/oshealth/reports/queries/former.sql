-- Former homes of repositories, and how each was read.
-- grain: one row per former home
select
    repository as id,
    upstream,
    role,
    status,
    detail,
    is_stale,
    facts_at,
    commit_count
from repository_status
where role = 'former'
order by repository
