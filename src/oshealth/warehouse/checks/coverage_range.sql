-- Coverage and confidence are shares from 0 to 1, and a sample has no fewer rows than none.
-- grain: one row per share outside its range
select
    'measurement' as table_name,
    concat_ws(' ', subject, metric, as_of) as key,
    coverage as share,
    sample_size
from measurement
where not coverage between 0 and 1 or sample_size < 0
union all
select
    'affiliation' as table_name,
    concat_ws(' ', person, organisation) as key,
    confidence as share,
    null as sample_size
from affiliation
where not confidence between 0 and 1;
