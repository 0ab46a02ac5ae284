-- Contributions by people day by day, and on whose behalf, for each codebase and each repository; each counts once.
-- grain: one row per subject, day and organisation
create view contribution_day as
with counted as (
    select
        case when grouping(repository) = 1 then 'codebase' else 'repository' end as subject_kind,
        coalesce(repository, codebase) as subject,
        authored_at::date as day,
        organisation,
        count(distinct concat(sha, person)) as contribution_count
    from contribution
    where kind in ('person', 'shared') and authored_at is not null
    group by grouping sets ((codebase, day, organisation), (repository, day, organisation))
    having subject is not null
)

select
    c.subject_kind,
    c.subject,
    c.day,
    c.organisation,
    coalesce(o.name, c.organisation) as name,
    coalesce(o.type, 'unknown') as type,
    o.country,
    c.contribution_count
from counted as c
left join organisation as o on c.organisation = o.organisation;
comment on view contribution_day is 'Contributions by people day by day, and on whose behalf, for each codebase and
each repository; each counts once.
One row per subject, day and organisation.';
comment on column contribution_day.subject_kind is 'repository or codebase.';
comment on column contribution_day.subject is 'The repository or codebase.';
comment on column contribution_day.day is 'The UTC day on which they were written.';
comment on column contribution_day.organisation is 'On whose behalf, by the person''s affiliation at that time; null:
not known.';
comment on column contribution_day.name is 'Its name for people.';
comment on column contribution_day.type is 'municipality, region, state, publicly owned company, association,
foundation, supplier, civil society, university, volunteer, machine or unknown.';
comment on column contribution_day.country is 'ISO 3166-1 alpha-2; null where it has none or it is not known.';
comment on column contribution_day.contribution_count is 'Contributions by people; bots and machines are left out. A
commit that several repositories of a codebase hold counts once for the codebase.';
