-- Every row about a repository finds it in the table repository.
-- grain: one row per table and repository that is missing
with named as (
    select
        'commit' as table_name,
        repository
    from commit
    union
    select
        'change' as table_name,
        repository
    from change
    union
    select
        'file' as table_name,
        repository
    from file
    union
    select
        'release' as table_name,
        repository
    from release
    union
    select
        'branch' as table_name,
        repository
    from branch
    union
    select
        'document' as table_name,
        repository
    from document
    union
    select
        'dependency' as table_name,
        repository
    from dependency
    union
    select
        'finding' as table_name,
        repository
    from finding
    union
    select
        'gap' as table_name,
        repository
    from gap
    where repository is not null
    union
    select
        'crawl' as table_name,
        repository
    from crawl
)

select
    n.table_name,
    n.repository
from named as n
anti join repository as r on n.repository = r.repository;
