-- A commit and somebody who wrote it: its author or a co-author. Merges and inherited commits are left out.
-- grain: one row per commit and person
create table contribution (
    codebase varchar,
    repository varchar not null,
    sha varchar not null,
    person varchar not null,
    kind varchar not null check (kind in ('person', 'bot', 'machine', 'shared')),
    is_author boolean not null,
    authored_at timestamp,
    organisation varchar
);
comment on table contribution is 'A commit and somebody who wrote it: its author or a co-author. Merges and inherited
commits are left out.
One row per commit and person.';
comment on column contribution.codebase is 'The codebase; null for a fork, which is measured alone, and in an audit of
one repository.';
comment on column contribution.repository is 'The repository.';
comment on column contribution.sha is 'The commit.';
comment on column contribution.person is 'Who wrote it.';
comment on column contribution.kind is 'person or shared, which measures of people count; bot or machine, which they
leave out.';
comment on column contribution.is_author is 'Whether the person is the commit''s author, not a co-author.';
comment on column contribution.authored_at is 'When it was written, UTC; null where the date is invalid.';
comment on column contribution.organisation is 'On whose behalf, by the person''s affiliation at that time; null: not
known.';
