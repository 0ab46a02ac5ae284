-- A run of the whole line, or of a part of it.
-- grain: one row per run
create table run (
    run_id varchar primary key,
    started_at timestamp not null,
    finished_at timestamp,
    as_of date not null,
    tool_version varchar not null,
    status varchar not null,
    detail varchar
);
comment on table run is 'A run of the whole line, or of a part of it.
One row per run.';
comment on column run.run_id is 'Its id.';
comment on column run.started_at is 'When it started, UTC.';
comment on column run.finished_at is 'When it ended, UTC; null: it has not, or was stopped.';
comment on column run.as_of is 'The UTC day that it measured.';
comment on column run.tool_version is 'The version of oshealth.';
comment on column run.status is 'ok, partial or failed.';
comment on column run.detail is 'What failed, in one sentence.';
