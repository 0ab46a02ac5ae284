-- How much of a codebase each supplier wrote in each year.
-- grain: one row per codebase, year and supplier
create view supplier_dependency as
with known as (
    select
        *,
        sum(contribution_count) over (partition by codebase, year) as known_count
    from contributor_year
    where organisation is not null
)

select
    codebase,
    year,
    organisation as supplier,
    name,
    country,
    contribution_count,
    person_count,
    share,
    contribution_count / known_count as share_of_known,
    coverage,
    row_number() over (partition by codebase, year order by contribution_count desc, organisation asc) as rank
from known
where type = 'supplier';
comment on view supplier_dependency is 'How much of a codebase each supplier wrote in each year.
One row per codebase, year and supplier.';
comment on column supplier_dependency.codebase is 'The codebase; null for a fork, which is measured alone, and in an
audit of one repository.';
comment on column supplier_dependency.year is 'The year in which they were written.';
comment on column supplier_dependency.supplier is 'The organisation that supplies.';
comment on column supplier_dependency.name is 'Its name for people.';
comment on column supplier_dependency.country is 'ISO 3166-1 alpha-2; null where it has none or it is not known.';
comment on column supplier_dependency.contribution_count is 'Contributions by its people; bots and machines are left
out.';
comment on column supplier_dependency.person_count is 'Persons who made them.';
comment on column supplier_dependency.share is 'Its share (0 to 1) of all contributions of the year, the unknown
included.';
comment on column supplier_dependency.share_of_known is 'Its share (0 to 1) of the contributions whose organisation is
known.';
comment on column supplier_dependency.coverage is 'Share (0 to 1) of the year''s contributions whose organisation is
known.';
comment on column supplier_dependency.rank is 'Its place among the suppliers of the year, from 1.';
