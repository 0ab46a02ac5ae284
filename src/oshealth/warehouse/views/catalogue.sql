-- The measures in the order of the catalogue.
-- grain: one row per metric
create view catalogue as
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
    pooling,
    has_history,
    advice,
    version,
    position
from metric;
comment on view catalogue is 'The measures in the order of the catalogue.
One row per metric.';
comment on column catalogue.metric is 'Its id.';
comment on column catalogue.title is 'Its name for people.';
comment on column catalogue.family is 'The family it belongs to.';
comment on column catalogue.definition is 'What it measures.';
comment on column catalogue.unit is 'Unit of its value.';
comment on column catalogue.source is 'Where the definition and the bands come from.';
comment on column catalogue.bands is 'The bands in words; null: it is not graded.';
comment on column catalogue.good_limit is 'The last value that is still good.';
comment on column catalogue.watch_limit is 'The last value that is still watch; beyond it is poor.';
comment on column catalogue.is_higher_better is 'Whether more is better; null: it is not graded by its value.';
comment on column catalogue.pooling is 'How repositories make a codebase: pooled or each.';
comment on column catalogue.has_history is 'Whether it is computed for each month back to the first commit.';
comment on column catalogue.advice is 'What to do when the grade is poor.';
comment on column catalogue.version is 'Raised when the definition changes.';
comment on column catalogue.position is 'Its place in the catalogue, from 0.';
