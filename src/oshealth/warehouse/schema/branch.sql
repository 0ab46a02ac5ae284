-- A branch of a repository at its last crawl; those of a fork may be deployments.
-- grain: one row per repository and branch
create table branch (
    repository varchar not null,
    name varchar not null,
    sha varchar,
    is_default boolean not null,
    committed_at timestamp,
    ahead_count integer,
    behind_count integer,
    primary key (repository, name)
);
comment on table branch is 'A branch of a repository at its last crawl; those of a fork may be deployments.
One row per repository and branch.';
comment on column branch.repository is 'The repository.';
comment on column branch.name is 'The branch.';
comment on column branch.sha is 'Its newest commit.';
comment on column branch.is_default is 'Whether it is the default branch.';
comment on column branch.committed_at is 'When its newest commit was made, UTC.';
comment on column branch.ahead_count is 'Commits that the default branch lacks; null: not counted.';
comment on column branch.behind_count is 'Commits of the default branch that it lacks; null: not counted.';
