-- A review of a change request on a forge.
-- grain: one row per repository, change request and review
create table review (
    repository varchar not null,
    number bigint not null,
    review varchar not null,
    reviewer_account varchar,
    reviewer_kind varchar,
    state varchar not null,
    submitted_at timestamp,
    primary key (repository, number, review)
);
comment on table review is 'A review of a change request on a forge.
One row per repository, change request and review.';
comment on column review.repository is 'The repository.';
comment on column review.number is 'The change request''s number.';
comment on column review.review is 'The forge''s own id of the review.';
comment on column review.reviewer_account is 'Who reviewed: a keyed hash of the account; null: the account is gone.';
comment on column review.reviewer_kind is 'person, bot or ghost (the account is gone).';
comment on column review.state is 'approved, changes_requested, commented or dismissed.';
comment on column review.submitted_at is 'When it was handed in, UTC.';
