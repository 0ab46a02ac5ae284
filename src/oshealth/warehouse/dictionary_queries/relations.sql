-- The tables and views with their comments.
-- grain: one row per table or view
select
    'Tables' as chapter,
    table_name,
    comment
from duckdb_tables()
union all
select
    'Views' as chapter,
    view_name as table_name,
    comment
from duckdb_views()
where not internal
order by table_name;
