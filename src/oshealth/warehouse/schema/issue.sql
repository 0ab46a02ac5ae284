-- An issue on a forge.
-- grain: one row per repository and issue
create table issue (
    repository varchar not null,
    number bigint not null,
    forge_id varchar,
    author_account varchar,
    author_kind varchar,
    state varchar not null check (state in ('open', 'closed')),
    opened_at timestamp not null,
    closed_at timestamp,
    updated_at timestamp,
    labels varchar[],
    comment_count integer,
    primary key (repository, number)
);
comment on table issue is 'An issue on a forge.
One row per repository and issue.';
comment on column issue.repository is 'The repository.';
comment on column issue.number is 'Its number there.';
comment on column issue.forge_id is 'The forge''s own id of it, which stays when it is transferred.';
comment on column issue.author_account is 'Who opened it: a keyed hash of the account; null: the account
is gone.';
comment on column issue.author_kind is 'person, bot or ghost (the account is gone).';
comment on column issue.state is 'open or closed.';
comment on column issue.opened_at is 'When it was opened, UTC.';
comment on column issue.closed_at is 'When it was closed, UTC; null: it is open.';
comment on column issue.updated_at is 'When it was last touched, UTC.';
comment on column issue.labels is 'The labels it carries.';
comment on column issue.comment_count is 'Comments on it.';
