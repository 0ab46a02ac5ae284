-- Every change and contribution finds its commit.
-- grain: one row per table and commit that is missing
with named as (
    select
        'change' as table_name,
        repository,
        sha
    from change
    union
    select
        'contribution' as table_name,
        repository,
        sha
    from contribution
)

select
    n.table_name,
    n.repository,
    n.sha
from named as n
anti join commit as c on n.repository = c.repository and n.sha = c.sha;
