-- Which repositories could the last crawl not read, and how old is what stands here?
-- grain: one row per repository whose facts are stale or missing
select
    codebase,
    repository,
    status,
    detail,
    facts_at,
    commit_count
from repository_status
where is_stale or commit_count is null
order by codebase, repository;
