-- Every person who is named stands in the table person.
-- grain: one row per table and person who is missing
with named as (
    select
        'commit' as table_name,
        author_person as person
    from commit
    union
    select
        'commit' as table_name,
        committer_person as person
    from commit
    union
    select
        'contribution' as table_name,
        person
    from contribution
    union
    select
        'affiliation' as table_name,
        person
    from affiliation
)

select
    n.table_name,
    n.person
from named as n
anti join person as p on n.person = p.person
where n.person is not null;
