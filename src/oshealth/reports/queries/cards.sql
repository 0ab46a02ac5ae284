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
    coalesce(advice, '') as advice
from catalogue
order by position, metric
