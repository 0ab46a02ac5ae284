-- Every repository that is watched, unless it is a fork that was only found: how its last crawl ended, how old it is.
-- grain: one row per repository
create view repository_status as
with newest as (
    select
        *,
        max(crawled_at) filter (
            where status not in ('unreachable', 'corrupt', 'too_large', 'timed_out')
        ) over (partition by repository) as facts_at
    from crawl
    qualify is_newest
),

missing as (
    select
        repository,
        count(*) as gap_count,
        max(detail) filter (where reason = 'unreadable_facts') as left_out_detail
    from gap
    group by repository
)

select
    r.repository,
    r.codebase,
    r.url,
    r.role,
    r.upstream,
    coalesce(n.status, 'not crawled') as status,
    case
        when n.status is null then 'It has not been crawled yet.'
        when not n.is_readable then m.left_out_detail
        else n.detail
    end as detail,
    coalesce(n.is_stale, false) as is_stale,
    n.crawled_at,
    n.facts_at,
    n.head,
    n.default_branch,
    h.commit_count,
    h.first_authored_at,
    h.last_committed_at,
    coalesce(m.gap_count, 0) as gap_count,
    r.is_archived,
    r.moved_to,
    r.licence
from repository as r
left join newest as n on r.repository = n.repository
left join history as h on r.repository = h.repository
left join missing as m on r.repository = m.repository
where r.role != 'found';
comment on view repository_status is 'Every repository that is watched: how its last crawl ended, how old it is.
One row per repository.';
comment on column repository_status.repository is 'The repository.';
comment on column repository_status.codebase is 'The codebase that it belongs to; null in an audit.';
comment on column repository_status.url is 'Its address.';
comment on column repository_status.role is 'own (pooled into the codebase), fork (measured alone) or former (lends
its history to the present home).';
comment on column repository_status.upstream is 'Of a fork, the repository it comes from; of a former home, the
present one.';
comment on column repository_status.status is 'How its last crawl ended; not crawled where there was none.';
comment on column repository_status.detail is 'The same in one sentence.';
comment on column repository_status.is_stale is 'Whether the last crawl could not read it, so that its rows are those
of facts_at.';
comment on column repository_status.crawled_at is 'When it was last crawled, UTC.';
comment on column repository_status.facts_at is 'When it was last read well, UTC; null: never, or longer ago than
crawls are kept.';
comment on column repository_status.head is 'The newest commit of the default branch.';
comment on column repository_status.default_branch is 'The default branch.';
comment on column repository_status.commit_count is 'Rows of commit that its ledger names.';
comment on column repository_status.first_authored_at is 'When its oldest commit was written, UTC.';
comment on column repository_status.last_committed_at is 'When its newest commit was made, UTC.';
comment on column repository_status.gap_count is 'Things about it that could not be known.';
comment on column repository_status.is_archived is 'Whether the forge marks it as archived; null without a forge''s
answer.';
comment on column repository_status.moved_to is 'The address that the forge redirects to; null where it has not
moved.';
comment on column repository_status.licence is 'The licence that the forge reads in it; null without its answer.';
