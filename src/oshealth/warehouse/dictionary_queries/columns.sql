-- The columns of the tables and views with their comments.
-- grain: one row per table or view and column
select
    c.table_name,
    c.column_name,
    c.data_type,
    c.comment,
    t.table_name is not null and not c.is_nullable as is_required
from duckdb_columns() as c
left join duckdb_tables() as t on c.table_name = t.table_name
where not c.internal
order by c.table_name, c.column_index;
