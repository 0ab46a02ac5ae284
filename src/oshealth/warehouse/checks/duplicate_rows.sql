-- No row stands twice in the tables that are too large for an index.
-- grain: one row per key that stands more than once
select
    'change' as table_name,
    concat_ws(' ', repository, sha, path) as key,
    count(*) as row_count
from change
group by repository, sha, path
having count(*) > 1
union all
select
    'contribution' as table_name,
    concat_ws(' ', repository, sha, person) as key,
    count(*) as row_count
from contribution
group by repository, sha, person
having count(*) > 1
union all
select
    'package_licence' as table_name,
    concat_ws(' ', purl, repository, source) as key,
    count(*) as row_count
from package_licence
group by purl, repository, source
having count(*) > 1
union all
select
    'measurement' as table_name,
    concat_ws(' ', subject_kind, subject, metric, as_of, run_id) as key,
    count(*) as row_count
from measurement
group by subject_kind, subject, metric, as_of, run_id
having count(*) > 1
union all
select
    'file' as table_name,
    concat_ws(' ', repository, path) as key,
    count(*) as row_count
from file
where until_at is null
group by repository, path
having count(*) > 1;
