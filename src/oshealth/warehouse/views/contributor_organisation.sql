-- Which organisations contributed to which codebase, since when and until when.
-- grain: one row per codebase and organisation
create view contributor_organisation as
with counted as (
    select
        codebase,
        organisation,
        count(distinct concat(sha, person)) as contribution_count,
        count(distinct person) as person_count,
        min(authored_at) as first_at,
        max(authored_at) as last_at
    from contribution
    where codebase is not null and kind in ('person', 'shared')
    group by codebase, organisation
)

select
    k.codebase,
    k.organisation,
    o.name,
    o.type,
    o.country,
    k.contribution_count,
    k.person_count,
    k.contribution_count / sum(k.contribution_count) over (partition by k.codebase) as share,
    k.first_at,
    k.last_at
from counted as k
left join organisation as o on k.organisation = o.organisation;
comment on view contributor_organisation is 'Which organisations contributed to which codebase, since when and until
when.
One row per codebase and organisation.';
comment on column contributor_organisation.codebase is 'The codebase; null for a fork, which is measured alone, and in
an audit of one repository.';
comment on column contributor_organisation.organisation is 'On whose behalf, by the person''s affiliation at that
time; null: not known.';
comment on column contributor_organisation.name is 'Its name for people.';
comment on column contributor_organisation.type is 'municipality, region, state, publicly owned company, association,
foundation, supplier, civil society, university, volunteer, machine or unknown.';
comment on column contributor_organisation.country is 'ISO 3166-1 alpha-2; null where it has none or it is not
known.';
comment on column contributor_organisation.contribution_count is 'Contributions by people; bots and machines are left
out.';
comment on column contributor_organisation.person_count is 'Persons who made them.';
comment on column contributor_organisation.share is 'Their share (0 to 1) of all contributions to the codebase, the
unknown included.';
comment on column contributor_organisation.first_at is 'When the first of them was written, UTC.';
comment on column contributor_organisation.last_at is 'When the last of them was written, UTC.';
