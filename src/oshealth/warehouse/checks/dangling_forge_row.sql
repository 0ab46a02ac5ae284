-- Every row that a forge told finds its repository in the table repository.
-- grain: one row per table and repository that is missing
with named as (
    select
        'issue' as table_name,
        repository
    from issue
    union
    select
        'change_request' as table_name,
        repository
    from change_request
    union
    select
        'review' as table_name,
        repository
    from review
    union
    select
        'response' as table_name,
        repository
    from response
    union
    select
        'fork' as table_name,
        repository
    from fork
)

select
    n.table_name,
    n.repository
from named as n
anti join repository as r on n.repository = r.repository;
