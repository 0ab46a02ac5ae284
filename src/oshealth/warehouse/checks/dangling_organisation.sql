-- Every organisation that is named stands in the table organisation, every codebase in the table codebase.
-- grain: one row per table and id that is missing
with named as (
    select
        'contribution' as table_name,
        organisation
    from contribution
    union
    select
        'affiliation' as table_name,
        organisation
    from affiliation
    union
    select
        'codebase_organisation' as table_name,
        organisation
    from codebase_organisation
)

select
    n.table_name,
    n.organisation as missing
from named as n
anti join organisation as o on n.organisation = o.organisation
where n.organisation is not null
union all
select
    'repository' as table_name,
    r.codebase as missing
from repository as r
anti join codebase as c on r.codebase = c.codebase
where r.codebase is not null;
