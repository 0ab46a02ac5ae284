-- A governance document or automation file and its content, with the time it stood there.
-- grain: one row per repository, kind, path, content and stretch of time
create table document (
    repository varchar not null,
    kind varchar not null,
    path varchar not null,
    blob varchar not null,
    from_at timestamp,
    until_at timestamp
);
comment on table document is 'A governance document or automation file and its content, with the time it stood there.
One row per repository, kind, path, content and stretch of time.';
comment on column document.repository is 'The repository.';
comment on column document.kind is 'readme, licence, contributing and so on.';
comment on column document.path is 'Where it stands.';
comment on column document.blob is 'The id of the content in git; the text itself is not published.';
comment on column document.from_at is 'Since when it stood there, UTC.';
comment on column document.until_at is 'Until when, exclusive, UTC; null: it still does.';
