-- Somebody who wrote commits, without a name: the id is a keyed hash.
-- grain: one row per person
create table person (
    person varchar primary key,
    kind varchar not null check (kind in ('person', 'bot', 'machine', 'shared')),
    first_at timestamp,
    last_at timestamp,
    contribution_count bigint not null
);
comment on table person is 'Somebody who wrote commits, without a name: the id is a keyed hash.
One row per person.';
comment on column person.person is 'Pseudonymous id: the keyed hash of the name and address seen first.';
comment on column person.kind is 'person, bot, machine or shared (an account of several people).';
comment on column person.first_at is 'When their first contribution was written, by the author''s date, UTC.';
comment on column person.last_at is 'When their last contribution was written, by the author''s date, UTC.';
comment on column person.contribution_count is 'Rows of theirs in contribution.';
