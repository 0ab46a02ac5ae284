-- Every branch but the default ones; those of a fork may be deployments.
-- grain: one row per repository and branch
create view branch_list as
select
    r.codebase,
    b.repository,
    r.role,
    b.name,
    b.committed_at,
    b.ahead_count,
    b.behind_count
from branch as b
inner join repository as r on b.repository = r.repository
where not b.is_default;
comment on view branch_list is 'Every branch but the default ones; those of a fork may be deployments.
One row per repository and branch.';
comment on column branch_list.codebase is 'The codebase that it belongs to; null in an audit of one repository.';
comment on column branch_list.repository is 'The repository.';
comment on column branch_list.role is 'own (pooled into the codebase), fork (measured alone) or former (lends its
history to the present home).';
comment on column branch_list.name is 'The branch.';
comment on column branch_list.committed_at is 'When its newest commit was made, UTC.';
comment on column branch_list.ahead_count is 'Commits that the default branch lacks; null: not counted.';
comment on column branch_list.behind_count is 'Commits of the default branch that it lacks; null: not counted.';
