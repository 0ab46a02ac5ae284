-- Who stewards, supplies or uses each codebase.
-- grain: one row per codebase, organisation and role
select
    codebase,
    role,
    organisation_name as name,
    type,
    country
from codebase_role
order by codebase, role, organisation_name
