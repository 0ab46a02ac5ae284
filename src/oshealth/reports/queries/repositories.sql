-- The repositories watched, and how each was read. Former homes are left out: they only lend their history.
-- grain: one row per repository
select
    repository as id,
    codebase,
    role,
    upstream,
    status,
    detail,
    is_stale,
    crawled_at,
    facts_at,
    head,
    commit_count,
    first_authored_at,
    last_committed_at,
    is_archived,
    moved_to
from repository_status
where role not in ('former', 'found')
order by codebase, role = 'fork', repository
