-- The cards of all measures, in the order of the catalogue.
-- grain: one row per metric
select
    metric,
    title,
    family,
    definition,
    unit,
    source,
    bands,
    good_limit,
    watch_limit,
    is_higher_better,
    coalesce(advice, '') as advice
from catalogue
order by position, metric
