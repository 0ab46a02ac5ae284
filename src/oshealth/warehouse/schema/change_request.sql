-- A pull request or merge request on a forge.
-- grain: one row per repository and change request
create table change_request (
    repository varchar not null,
    number bigint not null,
    forge_id varchar,
    author_account varchar,
    author_kind varchar,
    is_draft boolean,
    state varchar not null check (state in ('open', 'closed', 'merged')),
    opened_at timestamp not null,
    closed_at timestamp,
    merged_at timestamp,
    merged_by_account varchar,
    merge_sha varchar,
    base_branch varchar,
    updated_at timestamp,
    comment_count integer,
    primary key (repository, number)
);
comment on table change_request is 'A pull request or merge request on a forge.
One row per repository and change request.';
comment on column change_request.repository is 'The repository.';
comment on column change_request.number is 'Its number there.';
comment on column change_request.forge_id is 'The forge''s own id of it.';
comment on column change_request.author_account is 'Who opened it: a keyed hash of the account; null: the account
is gone.';
comment on column change_request.author_kind is 'person, bot or ghost (the account is gone).';
comment on column change_request.is_draft is 'Whether it is marked as a draft.';
comment on column change_request.state is 'open, closed or merged.';
comment on column change_request.opened_at is 'When it was opened, UTC.';
comment on column change_request.closed_at is 'When it was closed or merged, UTC; null: it is open.';
comment on column change_request.merged_at is 'When it was merged, UTC; null: it was not.';
comment on column change_request.merged_by_account is 'Who merged it: a keyed hash of the account.';
comment on column change_request.merge_sha is 'The commit that merged it.';
comment on column change_request.base_branch is 'The branch it goes to.';
comment on column change_request.updated_at is 'When it was last touched, UTC.';
comment on column change_request.comment_count is 'Comments on it.';
