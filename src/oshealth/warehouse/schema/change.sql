-- A path that a commit changed, merges left out, renames followed.
-- grain: one row per commit and path
create table change (
    repository varchar not null,
    sha varchar not null,
    path varchar not null,
    old_path varchar,
    kind varchar not null check (kind in ('A', 'M', 'D', 'R', 'C', 'T')),
    is_submodule boolean,
    added_lines integer,
    deleted_lines integer
);
comment on table change is 'A path that a commit changed, merges left out, renames followed.
One row per commit and path.';
comment on column change.repository is 'The repository.';
comment on column change.sha is 'The commit.';
comment on column change.path is 'The path after the commit, or that was deleted.';
comment on column change.old_path is 'The path before, of a rename or copy.';
comment on column change.kind is 'A added, M modified, D deleted, R renamed, C copied, T type changed.';
comment on column change.is_submodule is 'Whether the path is a submodule.';
comment on column change.added_lines is 'Lines added; null: not counted, or binary.';
comment on column change.deleted_lines is 'Lines deleted; null: not counted, or binary.';
