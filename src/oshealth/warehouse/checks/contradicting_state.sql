-- An issue or change request that is open was not closed; one that was merged has a moment of merging.
-- grain: one row per issue or change request that contradicts itself
select
    'issue' as table_name,
    repository,
    number,
    state
from issue
where (state = 'open') != (closed_at is null)
union all
select
    'change_request' as table_name,
    repository,
    number,
    state
from change_request
where (state = 'open') != (closed_at is null) or (state = 'merged') != (merged_at is not null);
