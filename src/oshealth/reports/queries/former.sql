-- Former homes of repositories.
-- grain: one row per former home
select
    repository as id,
    upstream,
    status,
    detail
from repository_status
where role = 'former'
order by repository
