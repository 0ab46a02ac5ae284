-- Every codebase with its graded measures, the ones a steward asks for first beside their grades.
-- grain: one row per codebase
create view portfolio as
with named as (
    select
        codebase,
        string_agg(organisation_name, ', ' order by organisation_name) filter (where role = 'steward') as stewards,
        string_agg(organisation_name, ', ' order by organisation_name) filter (where role = 'supplier') as suppliers,
        count(*) filter (where role = 'user') as user_count
    from codebase_role
    group by codebase
),

watched as (
    select
        codebase,
        count(*) filter (where role = 'own') as repository_count,
        count(*) filter (where is_stale or crawled_at is null) as stale_count,
        max(facts_at) as facts_at,
        max(last_committed_at) filter (where role = 'own') as last_committed_at
    from repository_status
    group by codebase
)

select
    c.codebase,
    c.name,
    c.summary,
    n.stewards,
    n.suppliers,
    n.user_count,
    c.countries,
    c.declared_archetype,
    g.label_by_metric['archetype'] as archetype,
    w.repository_count,
    w.stale_count,
    w.facts_at,
    w.last_committed_at,
    g.as_of,
    g.good_count,
    g.watch_count,
    g.poor_count,
    g.unknown_count,
    g.value_by_metric,
    g.label_by_metric,
    g.grade_by_metric,
    c.position
from codebase as c
left join profile as g on g.subject_kind = 'codebase' and c.codebase = g.subject
left join named as n on c.codebase = n.codebase
left join watched as w on c.codebase = w.codebase;
comment on view portfolio is 'Every codebase with its graded measures, the ones a steward asks for first beside their
grades.
One row per codebase.';
comment on column portfolio.codebase is 'The codebase.';
comment on column portfolio.name is 'Its name for people.';
comment on column portfolio.summary is 'What it is, in a sentence.';
comment on column portfolio.stewards is 'Who stewards it, by name, with commas between.';
comment on column portfolio.suppliers is 'Who supplies it, by name, with commas between.';
comment on column portfolio.user_count is 'Organisations that sources.toml names as users.';
comment on column portfolio.countries is 'Countries that it is used in, ISO 3166-1 alpha-2.';
comment on column portfolio.declared_archetype is 'How the study that named it says it is run: internal, association,
foundation and so on.';
comment on column portfolio.archetype is 'The archetype that was measured; null: not measured or not known.';
comment on column portfolio.repository_count is 'Its own repositories, forks and former homes left out.';
comment on column portfolio.stale_count is 'Its repositories that the last crawl could not read.';
comment on column portfolio.facts_at is 'When a repository of its was last read.';
comment on column portfolio.last_committed_at is 'When the newest commit of its own repositories was made.';
comment on column portfolio.as_of is 'The day that its newest measurement tells about.';
comment on column portfolio.good_count is 'Measures graded good.';
comment on column portfolio.watch_count is 'Measures graded watch.';
comment on column portfolio.poor_count is 'Measures graded poor.';
comment on column portfolio.unknown_count is 'Measures that could not be known.';
comment on column portfolio.value_by_metric is 'Its values by metric: value_by_metric[''truck_factor''].';
comment on column portfolio.label_by_metric is 'Its labels by metric.';
comment on column portfolio.grade_by_metric is 'Its grades by metric.';
comment on column portfolio.position is 'Its place in sources.toml, from 0.';
