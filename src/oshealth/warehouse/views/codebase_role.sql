-- Who stewards, supplies or uses a codebase, with names and kinds.
-- grain: one row per codebase, organisation and role
create view codebase_role as
select
    k.codebase,
    k.role,
    k.organisation,
    coalesce(o.name, k.organisation) as organisation_name,
    o.type,
    o.country,
    o.population
from codebase_organisation as k
left join organisation as o on k.organisation = o.organisation;
comment on view codebase_role is 'Who stewards, supplies or uses a codebase, with names and kinds.
One row per codebase, organisation and role.';
comment on column codebase_role.codebase is 'The codebase.';
comment on column codebase_role.role is 'steward, supplier or user.';
comment on column codebase_role.organisation is 'The organisation.';
comment on column codebase_role.organisation_name is 'Its name for people.';
comment on column codebase_role.type is 'municipality, region, state, publicly owned company, association, foundation,
supplier, civil society, university, volunteer, machine or unknown.';
comment on column codebase_role.country is 'ISO 3166-1 alpha-2; null where it has none or it is not known.';
comment on column codebase_role.population is 'Inhabitants of a municipality.';
