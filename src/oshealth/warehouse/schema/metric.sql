-- A measure: what it means, its unit, where good ends and poor begins.
-- grain: one row per metric
create table metric (
    metric varchar primary key,
    title varchar not null,
    family varchar not null,
    definition varchar not null,
    unit varchar not null,
    source varchar not null,
    bands varchar,
    good_limit double,
    watch_limit double,
    is_higher_better boolean,
    pooling varchar not null check (pooling in ('pooled', 'each')),
    has_history boolean not null,
    advice varchar,
    version integer not null,
    position integer not null
);
comment on table metric is 'A measure: what it means, its unit, where good ends and poor begins.
One row per metric.';
comment on column metric.metric is 'Its id.';
comment on column metric.title is 'Its name for people.';
comment on column metric.family is 'The family it belongs to.';
comment on column metric.definition is 'What it measures.';
comment on column metric.unit is 'Unit of its value.';
comment on column metric.source is 'Where the definition and the bands come from.';
comment on column metric.bands is 'The bands in words; null: it is not graded.';
comment on column metric.good_limit is 'The last value that is still good.';
comment on column metric.watch_limit is 'The last value that is still watch; beyond it is poor.';
comment on column metric.is_higher_better is 'Whether more is better; null: it is not graded by its value.';
comment on column metric.pooling is 'How repositories make a codebase: pooled or each.';
comment on column metric.has_history is 'Whether it is computed for each month back to the first commit.';
comment on column metric.advice is 'What to do when the grade is poor.';
comment on column metric.version is 'Raised when the definition changes.';
comment on column metric.position is 'Its place in the catalogue, from 0.';
