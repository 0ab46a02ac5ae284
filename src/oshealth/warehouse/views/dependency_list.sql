-- What each repository needs, once by package, with its licence.
-- grain: one row per repository and package
create view dependency_list as
with needed as (
    select
        repository,
        purl,
        any_value(name) as name,
        any_value(ecosystem) as ecosystem,
        any_value(resolved_version) as resolved_version,
        bool_or(is_direct) as is_direct,
        bool_or(declared_licence is not null) as is_said_by_file,
        list_sort(list(distinct coalesce(scope, 'runtime'))) as scopes,
        list_sort(list(distinct path)) as paths
    from dependency
    where state = 'ok' and purl is not null
    group by repository, purl
),

licensed as (
    select
        n.repository,
        n.purl,
        l.licence,
        l.openness,
        l.source
    from needed as n
    inner join package_licence as l on n.purl = l.purl and n.repository = coalesce(l.repository, n.repository)
    -- A lock file speaks for its own repository: measures believe no other's.
    where l.licence is not null and (l.source != 'lock' or n.is_said_by_file)
    qualify
        row_number() over (
            partition by n.repository, n.purl
            order by l.rank asc nulls last, l.fetched_at desc nulls last, l.source asc
        ) = 1
)

select
    r.codebase,
    n.repository,
    r.role,
    n.purl,
    n.name,
    n.ecosystem,
    n.resolved_version,
    n.is_direct,
    n.scopes,
    n.paths,
    l.licence,
    coalesce(l.openness, 'unknown') as openness,
    l.source as licence_source
from needed as n
left join repository as r on n.repository = r.repository
left join licensed as l on n.repository = l.repository and n.purl = l.purl;
comment on view dependency_list is 'What each repository needs, once by package, with its licence.
One row per repository and package.';
comment on column dependency_list.codebase is 'The codebase that it belongs to; null in an audit of one repository.';
comment on column dependency_list.repository is 'The repository that needs it.';
comment on column dependency_list.role is 'own (pooled into the codebase), fork (measured alone) or former (lends its
history to the present home).';
comment on column dependency_list.purl is 'Its package URL, with the version where that is resolved; null where it has
none.';
comment on column dependency_list.name is 'Its name with its namespace, as the ecosystem writes it; null: the file
cannot be read.';
comment on column dependency_list.ecosystem is 'The type of its package URL: npm, pypi, gem, composer, maven, deb,
docker, github and so on.';
comment on column dependency_list.resolved_version is 'The version in use; null where nothing resolves it.';
comment on column dependency_list.is_direct is 'Whether the repository names it itself; null: no file tells.';
comment on column dependency_list.scopes is 'runtime, development or build: all that its files say; runtime
where one does not say.';
comment on column dependency_list.paths is 'The files that name it.';
comment on column dependency_list.licence is 'Its licence as an SPDX expression; null: not known.';
comment on column dependency_list.openness is 'approved, open, non-open or unknown.';
comment on column dependency_list.licence_source is 'Who says so.';
