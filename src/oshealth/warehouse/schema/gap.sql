-- Something that could not be known, and why.
-- grain: one row per thing that could not be known
create table gap (
    repository varchar,
    what varchar not null,
    reason varchar not null,
    detail varchar not null,
    count bigint
);
comment on table gap is 'Something that could not be known, and why.
One row per thing that could not be known.';
comment on column gap.repository is 'The repository; null where it concerns none alone.';
comment on column gap.what is 'The table or measure concerned.';
comment on column gap.reason is 'Why, as a short key.';
comment on column gap.detail is 'Why, in one sentence.';
comment on column gap.count is 'How many rows it concerns; null where that is not known.';
