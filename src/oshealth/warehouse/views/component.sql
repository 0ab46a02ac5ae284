-- What each codebase runs on or builds with, once by package over its own repositories: what its measures count.
-- grain: one row per codebase and component
create view component as
with named as (
    select
        r.codebase,
        d.repository,
        d.purl,
        d.name,
        d.ecosystem,
        coalesce(
            d.purl, case when not contains(d.name, '$') then d.name end, concat(d.path, ':', coalesce(d.line, 0))
        ) as component,
        coalesce(d.scope, 'runtime') as scope
    from dependency as d
    inner join repository as r on d.repository = r.repository
    where d.state = 'ok' and d.source is distinct from 'package_source' and r.role = 'own' and r.codebase is not null
),

needed as (
    select
        n.codebase,
        n.component,
        any_value(n.name) as name,
        any_value(n.ecosystem) as ecosystem,
        min(
            case coalesce(l.openness, 'unknown')
                when 'non-open' then 0 when 'unknown' then 1 when 'open' then 2 else 3
            end
        ) as place
    from named as n
    left join dependency_list as l on n.repository = l.repository and n.purl = l.purl
    where n.scope in ('runtime', 'build')
    group by n.codebase, n.component
)

select
    codebase,
    component,
    name,
    ecosystem,
    case place when 0 then 'non-open' when 1 then 'unknown' when 2 then 'open' else 'approved' end as openness
from needed;
comment on view component is 'What each codebase runs on or builds with, once by package over its own repositories: what
its measures count. What only develops, and what forks and former homes need, is left out.
One row per codebase and component.';
comment on column component.codebase is 'The codebase.';
comment on column component.component is 'Its package URL; else its name, else where it stands.';
comment on column component.name is 'Its name with its namespace, as the ecosystem writes it.';
comment on column component.ecosystem is 'The type of its package URL: npm, pypi, gem, composer, maven, deb, docker,
github and so on.';
comment on column component.openness is 'approved, open, non-open or unknown; of copies that differ the least open.';
