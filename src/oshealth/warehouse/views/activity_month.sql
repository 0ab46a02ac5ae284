-- Work month by month, for each codebase and each repository.
-- grain: one row per subject and month
create view activity_month as
select
    case when grouping(repository) = 1 then 'codebase' else 'repository' end as subject_kind,
    coalesce(repository, codebase) as subject,
    date_trunc('month', authored_at)::date as month,
    count(distinct concat(sha, person)) filter (where kind in ('person', 'shared')) as contribution_count,
    count(distinct person) filter (where kind in ('person', 'shared')) as person_count,
    count(distinct concat(sha, person)) filter (where kind not in ('person', 'shared')) as bot_contribution_count
from contribution
where authored_at is not null
group by grouping sets ((codebase, month), (repository, month))
having subject is not null;
comment on view activity_month is 'Work month by month, for each codebase and each repository.
One row per subject and month.';
comment on column activity_month.subject_kind is 'repository or codebase.';
comment on column activity_month.subject is 'The repository or codebase.';
comment on column activity_month.month is 'The first day of the month.';
comment on column activity_month.contribution_count is 'Contributions by people.';
comment on column activity_month.person_count is 'Persons who made them.';
comment on column activity_month.bot_contribution_count is 'Contributions by bots and machines.';
