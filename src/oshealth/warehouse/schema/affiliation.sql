-- The organisation that a person works for, over time; stretches of one person do not overlap.
-- grain: one row per person, organisation and stretch of time
create table affiliation (
    person varchar not null,
    organisation varchar not null,
    from_at timestamp,
    until_at timestamp,
    evidence varchar not null,
    confidence double,
    check (from_at < until_at)
);
comment on table affiliation is 'The organisation that a person works for, over time; stretches of one person do not
overlap.
One row per person, organisation and stretch of time.';
comment on column affiliation.person is 'The person.';
comment on column affiliation.organisation is 'The organisation.';
comment on column affiliation.from_at is 'When it begins, UTC; null: since ever.';
comment on column affiliation.until_at is 'When it ends, exclusive, UTC; null: until further notice.';
comment on column affiliation.evidence is 'What says so: declared, address, profile (self-declared) or nearby (other
commits close in time).';
comment on column affiliation.confidence is 'How sure that is, 0 to 1.';
