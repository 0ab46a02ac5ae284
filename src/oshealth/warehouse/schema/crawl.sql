-- A crawl of a repository that ended, well or not.
-- grain: one row per repository and crawl
create table crawl (
    repository varchar not null,
    crawl varchar not null,
    crawled_at timestamp not null,
    head varchar,
    default_branch varchar,
    status varchar not null,
    detail varchar,
    refs_at timestamp,
    manifests_at timestamp,
    schema_version integer not null,
    is_newest boolean not null,
    is_stale boolean not null,
    is_readable boolean,
    commit_count bigint,
    change_count bigint,
    file_count bigint,
    branch_count bigint,
    document_count bigint,
    dependency_count bigint,
    primary key (repository, crawl)
);
comment on table crawl is 'A crawl of a repository that ended, well or not.
One row per repository and crawl.';
comment on column crawl.repository is 'The repository.';
comment on column crawl.crawl is 'The name of its folder among the facts.';
comment on column crawl.crawled_at is 'When it was made, UTC.';
comment on column crawl.head is 'The newest commit of the default branch.';
comment on column crawl.default_branch is 'The default branch.';
comment on column crawl.status is 'How it ended: ok, partial, shallow, empty, unreachable and so on.';
comment on column crawl.detail is 'The same in one sentence.';
comment on column crawl.refs_at is 'Since when its branches stand as branch has them, UTC.';
comment on column crawl.manifests_at is 'The end of the tree whose manifests dependency tells of, UTC, exclusive;
null: of the newest tree.';
comment on column crawl.schema_version is 'The version of the facts'' tables.';
comment on column crawl.is_newest is 'Whether it is the repository''s newest, whose rows stand here.';
comment on column crawl.is_stale is 'Whether it could not read the repository, so that the rows are an earlier
crawl''s.';
comment on column crawl.is_readable is 'Whether the rows that its ledger names could be read and stand here; null: not
the newest.';
comment on column crawl.commit_count is 'Rows of commit that its ledger names.';
comment on column crawl.change_count is 'Rows of change that its ledger names.';
comment on column crawl.file_count is 'Rows of file that its ledger names.';
comment on column crawl.branch_count is 'Rows of branch that its ledger names.';
comment on column crawl.document_count is 'Rows of document that its ledger names.';
comment on column crawl.dependency_count is 'Rows of dependency that its ledger names.';
