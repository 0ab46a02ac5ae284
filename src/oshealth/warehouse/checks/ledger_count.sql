-- Of each repository stand as many rows here as the ledger of its newest crawl names.
-- grain: one row per repository and table whose counts differ
with held as (
    select
        repository,
        'commit' as table_name
    from commit
    union all
    select
        repository,
        'change' as table_name
    from change
    union all
    select
        repository,
        'file' as table_name
    from file
    union all
    select
        repository,
        'branch' as table_name
    from branch
    union all
    select
        repository,
        'document' as table_name
    from document
    union all
    select
        repository,
        'dependency' as table_name
    from dependency
),

counted as (
    select
        repository,
        table_name,
        count(*) as row_count
    from held
    group by repository, table_name
),

ledger as (
    unpivot (
        select
            repository,
            commit_count,
            change_count,
            file_count,
            branch_count,
            document_count,
            dependency_count
        from crawl
        where is_newest and is_readable
    )
    on columns(* exclude (repository)) into name count_name value ledger_count
)

select
    l.repository,
    replace(l.count_name, '_count', '') as table_name,
    l.ledger_count,
    coalesce(c.row_count, 0) as row_count
from ledger as l
left join counted as c on l.repository = c.repository and l.count_name = concat(c.table_name, '_count')
where l.ledger_count != coalesce(c.row_count, 0);
