-- The first answer to an issue or change request by a human other than its author.
-- grain: one row per repository and issue or change request
create table response (
    repository varchar not null,
    number bigint not null,
    subject_kind varchar not null check (subject_kind in ('issue', 'change_request')),
    responder_account varchar,
    responded_at timestamp not null,
    primary key (repository, subject_kind, number)
);
comment on table response is 'The first answer to an issue or change request by a human other than its author.
One row per repository and issue or change request.';
comment on column response.repository is 'The repository.';
comment on column response.number is 'The number of the issue or change request.';
comment on column response.subject_kind is 'issue or change_request.';
comment on column response.responder_account is 'Who answered: a keyed hash of the account; null: the account is gone.';
comment on column response.responded_at is 'When, UTC.';
