-- Something that a repository needs, and the file that says so; a file that cannot be read is a row too.
-- grain: one row per repository, file and package named there
create table dependency (
    repository varchar not null,
    purl varchar,
    name varchar,
    ecosystem varchar,
    declared_range varchar,
    resolved_version varchar,
    is_direct boolean,
    scope varchar,
    is_optional boolean,
    path varchar not null,
    line integer,
    source varchar,
    declared_licence varchar,
    url varchar,
    is_pinned boolean,
    has_integrity boolean,
    state varchar not null check (state in ('ok', 'unreadable')),
    reason varchar
);
comment on table dependency is 'Something that a repository needs, and the file that says so; a file that cannot be
read is a row too.
One row per repository, file and package named there.';
comment on column dependency.repository is 'The repository that needs it.';
comment on column dependency.purl is 'Its package URL, with the version where that is resolved; null where it has
none.';
comment on column dependency.name is 'Its name with its namespace, as the ecosystem writes it; null: the file cannot
be read.';
comment on column dependency.ecosystem is 'The type of its package URL: npm, pypi, gem, composer, maven, deb, docker,
github and so on.';
comment on column dependency.declared_range is 'The versions that the manifest allows, as written there; null where
only a lock file names it.';
comment on column dependency.resolved_version is 'The version in use; null where nothing resolves it.';
comment on column dependency.is_direct is 'Whether the repository names it itself; null: the file does not tell.';
comment on column dependency.scope is 'runtime, development or build; null: the file does not tell.';
comment on column dependency.is_optional is 'Whether it may be missing.';
comment on column dependency.path is 'The file that says so.';
comment on column dependency.line is 'The line of that file, from 1.';
comment on column dependency.source is 'What kind of file that is: manifest, lock, dockerfile, workflow, script, page
and so on.';
comment on column dependency.declared_licence is 'The licence that the file itself names, as it stands there.';
comment on column dependency.url is 'Where it is fetched from, where the file says so.';
comment on column dependency.is_pinned is 'Whether it is bound to one version or content.';
comment on column dependency.has_integrity is 'Whether a checksum stands beside it.';
comment on column dependency.state is 'ok, or unreadable: the file could not be read.';
comment on column dependency.reason is 'Why the file could not be read.';
