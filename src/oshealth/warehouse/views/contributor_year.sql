-- Who contributed in each year, by organisation; a null organisation is what is not known.
-- grain: one row per codebase, year and organisation
create view contributor_year as
with counted as (
    select distinct
        codebase,
        sha,
        person,
        organisation,
        authored_at
    from contribution
    where codebase is not null and kind in ('person', 'shared') and authored_at is not null
),

yearly as (
    select
        codebase,
        organisation,
        date_part('year', authored_at)::integer as contribution_year,
        count(*) as contribution_count,
        count(distinct person) as person_count,
        min(authored_at) as first_at,
        max(authored_at) as last_at
    from counted
    group by all
)

select
    y.codebase,
    y.contribution_year as year,
    y.organisation,
    o.name,
    o.type,
    o.country,
    y.contribution_count,
    y.person_count,
    y.contribution_count / sum(y.contribution_count) over per_year as share,
    sum(y.contribution_count) filter (where y.organisation is not null) over per_year
    / sum(y.contribution_count) over per_year as coverage,
    y.first_at,
    y.last_at
from yearly as y
left join organisation as o on y.organisation = o.organisation
window per_year as (partition by y.codebase, y.contribution_year);
comment on view contributor_year is 'Who contributed in each year, by organisation; a null organisation is what is not
known.
One row per codebase, year and organisation.';
comment on column contributor_year.codebase is 'The codebase; null for a fork, which is measured alone, and in an
audit of one repository.';
comment on column contributor_year.year is 'The year in which they were written.';
comment on column contributor_year.organisation is 'On whose behalf, by the person''s affiliation at that time; null:
not known.';
comment on column contributor_year.name is 'Its name for people.';
comment on column contributor_year.type is 'municipality, region, state, publicly owned company, association,
foundation, supplier, civil society, university, volunteer, machine or unknown.';
comment on column contributor_year.country is 'ISO 3166-1 alpha-2; null where it has none or it is not known.';
comment on column contributor_year.contribution_count is 'Contributions by people; bots and machines are left out.';
comment on column contributor_year.person_count is 'Persons who made them.';
comment on column contributor_year.share is 'Their share (0 to 1) of all contributions of the year, the unknown
included.';
comment on column contributor_year.coverage is 'Share (0 to 1) of the year''s contributions whose organisation is
known; null: none is.';
comment on column contributor_year.first_at is 'When the first of them was written, UTC.';
comment on column contributor_year.last_at is 'When the last of them was written, UTC.';
