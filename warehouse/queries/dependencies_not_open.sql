-- What do the codebases need that is not open, or not known to be?
-- grain: one row per codebase, package and openness
select
    codebase,
    openness,
    purl,
    licence,
    licence_source,
    list_sort(list(repository)) as repositories
from dependency_list
where role = 'own' and openness in ('non-open', 'unknown') and scopes != ['development']
group by all
order by codebase, openness, purl;
