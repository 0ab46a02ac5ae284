-- Contributions by people day by day, and on whose behalf; bots and machines are left out.
-- grain: one row per repository, day and organisation
create view contribution_day as
select
    c.codebase,
    c.repository,
    c.authored_at::date as day,
    c.organisation,
    coalesce(o.name, c.organisation) as name,
    coalesce(o.type, 'unknown') as type,
    o.country,
    count(*) as contribution_count
from contribution as c
left join organisation as o on c.organisation = o.organisation
where c.kind in ('person', 'shared') and c.authored_at is not null
group by all;
comment on view contribution_day is 'Contributions by people day by day, and on whose behalf; bots and machines are
left out.
One row per repository, day and organisation.';
comment on column contribution_day.codebase is 'The codebase; null for a fork, which is measured alone, and in an
audit of one repository.';
comment on column contribution_day.repository is 'The repository.';
comment on column contribution_day.day is 'The UTC day on which they were written.';
comment on column contribution_day.organisation is 'On whose behalf, by the person''s affiliation at that time; null:
not known.';
comment on column contribution_day.name is 'Its name for people.';
comment on column contribution_day.type is 'municipality, region, state, publicly owned company, association,
foundation, supplier, civil society, university, volunteer, machine or unknown.';
comment on column contribution_day.country is 'ISO 3166-1 alpha-2; null where it has none or it is not known.';
comment on column contribution_day.contribution_count is 'Contributions by people.';
