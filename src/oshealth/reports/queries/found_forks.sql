-- Forks that nobody declared and that were compared with the repository that they come from.
-- grain: one row per fork
select
    r.repository as id,
    r.codebase,
    r.upstream,
    f.pushed_at
from repository as r
left join fork as f on r.upstream = f.repository and r.repository = f.fork
where r.role = 'found'
order by r.codebase, f.pushed_at desc nulls last, r.repository
