-- A fork of a repository, declared in sources.toml or found on its forge.
-- grain: one row per repository and fork
create table fork (
    repository varchar not null,
    fork varchar not null,
    is_declared boolean not null,
    created_at timestamp,
    pushed_at timestamp,
    star_count bigint,
    is_archived boolean,
    primary key (repository, fork)
);
comment on table fork is 'A fork of a repository, declared in sources.toml or found on its forge.
One row per repository and fork.';
comment on column fork.repository is 'The repository that was forked.';
comment on column fork.fork is 'The fork: its address without scheme and ending.';
comment on column fork.is_declared is 'Whether sources.toml names it.';
comment on column fork.created_at is 'When it was forked, UTC.';
comment on column fork.pushed_at is 'When it last changed, UTC.';
comment on column fork.star_count is 'Stars on the forge.';
comment on column fork.is_archived is 'Whether the forge marks it as archived.';
