-- A path and content on the default branch's first-parent line, with the time it stood there.
-- grain: one row per repository, path, content and stretch of time
create table file (
    repository varchar not null,
    path varchar not null,
    blob varchar not null,
    is_symlink boolean,
    is_submodule boolean,
    from_at timestamp not null,
    until_at timestamp
);
comment on table file is 'A path and content on the default branch''s first-parent line, with the time it stood there.
One row per repository, path, content and stretch of time.';
comment on column file.repository is 'The repository.';
comment on column file.path is 'The path.';
comment on column file.blob is 'The id of the content in git.';
comment on column file.is_symlink is 'Whether it is a symbolic link.';
comment on column file.is_submodule is 'Whether it is a submodule.';
comment on column file.from_at is 'Since when it stood there, UTC.';
comment on column file.until_at is 'Until when, exclusive, UTC; null: it still does.';
