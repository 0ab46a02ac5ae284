-- Which branches, perhaps deployments, do forks keep, and how far are they from the default branch?
-- grain: one row per branch of a fork
select
    codebase,
    repository,
    name as branch,
    committed_at::date as changed_on,
    ahead_count,
    behind_count
from branch_list
where role = 'fork'
order by repository asc, committed_at desc, branch asc;
