-- What could not be known and why: gaps of the crawls, and measures without a value.
-- grain: one row per thing that could not be known
create view unknown as
select
    'facts' as kind,
    r.codebase,
    'repository' as subject_kind,
    g.repository as subject,
    g.what,
    g.reason,
    g.detail,
    g.count
from gap as g
left join repository as r on g.repository = r.repository
union all by name
select
    'measure' as kind,
    codebase,
    subject_kind,
    subject,
    title as what,
    metric as reason,
    reason as detail,
    sample_size as count
from latest
where reason is not null;
comment on view unknown is 'What could not be known and why: gaps of the crawls, and measures without a value.
One row per thing that could not be known.';
comment on column unknown.kind is 'facts (a crawl could not read something) or measure (a metric has no value).';
comment on column unknown.codebase is 'The codebase that it belongs to; null in an audit of one repository.';
comment on column unknown.subject_kind is 'repository or codebase.';
comment on column unknown.subject is 'The repository or codebase.';
comment on column unknown.what is 'The table concerned, or the title of the measure.';
comment on column unknown.reason is 'A short key; of a measure its id.';
comment on column unknown.detail is 'Why, in one sentence.';
comment on column unknown.count is 'How many rows it concerns; null: not known.';
