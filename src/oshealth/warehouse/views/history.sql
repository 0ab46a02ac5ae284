-- What is held of a repository's history.
-- grain: one row per repository
create view history as
select
    repository,
    count(*) as commit_count,
    count(*) filter (where is_merge) as merge_count,
    count(*) filter (where is_inherited) as inherited_count,
    count(*) filter (where authored_at is null) as undated_count,
    min(authored_at) as first_authored_at,
    max(committed_at) as last_committed_at
from commit
group by repository;
comment on view history is 'What is held of a repository''s history.
One row per repository.';
comment on column history.repository is 'The repository.';
comment on column history.commit_count is 'Its commits, merges included.';
comment on column history.merge_count is 'Those of them that are merges.';
comment on column history.inherited_count is 'Those of them that count elsewhere:
in its upstream or present home.';
comment on column history.undated_count is 'Those of them without a valid author''s date.';
comment on column history.first_authored_at is 'When its oldest commit was written, UTC.';
comment on column history.last_committed_at is 'When its newest commit was made, UTC.';
