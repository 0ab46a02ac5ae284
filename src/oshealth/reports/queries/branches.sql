-- The branches of some forks, the most recently changed first.
-- grain: one row per repository and branch
select
    repository,
    name,
    committed_at,
    ahead_count,
    behind_count
from branch_list
where list_contains($repositories, repository)
order by repository, committed_at desc nulls last, name
