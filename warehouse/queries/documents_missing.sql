-- Which governance documents does each repository lack that another repository of the portfolio has?
-- grain: one row per repository and document that it lacks
with kind as (
    select distinct kind
    from document_list
    where role = 'own'
)

select
    r.codebase,
    r.repository,
    k.kind
from repository_status as r
cross join kind as k
anti join document_list as d on r.repository = d.repository and k.kind = d.kind
where r.role = 'own' and r.commit_count is not null
order by r.codebase, r.repository, k.kind;
