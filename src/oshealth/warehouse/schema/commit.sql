-- A commit that the default branch reaches, merges included.
-- grain: one row per repository and commit
create table commit (
    repository varchar not null,
    sha varchar not null,
    position integer not null,
    parents varchar[] not null,
    is_merge boolean not null,
    is_inherited boolean not null,
    is_first_parent boolean not null,
    author_person varchar,
    committer_person varchar,
    authored_at timestamp,
    committed_at timestamp,
    known_at timestamp not null,
    primary key (repository, sha)
);
comment on table commit is 'A commit that the default branch reaches, merges included.
One row per repository and commit.';
comment on column commit.repository is 'The repository.';
comment on column commit.sha is 'The commit''s id in git.';
comment on column commit.position is 'Its place in git''s topological order; 0 is the oldest.';
comment on column commit.parents is 'The ids of its parents, in their order.';
comment on column commit.is_merge is 'Whether it has more than one parent; merges are no contributions.';
comment on column commit.is_inherited is 'Whether it is not counted here: the upstream of this fork has it too,
or this is a former home whose history moved on.';
comment on column commit.is_first_parent is 'Whether it lies on the first-parent line of the default branch.';
comment on column commit.author_person is 'Who wrote it.';
comment on column commit.committer_person is 'Who put it into the repository.';
comment on column commit.authored_at is 'When it was written, UTC; null where the date is invalid.';
comment on column commit.committed_at is 'When it was put into the repository, UTC; null where the date is invalid.';
comment on column commit.known_at is 'When the history first held it, UTC: what decides whether a past day sees it.';
