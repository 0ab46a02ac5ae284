-- No commit is dated more than a day after its repository was crawled.
-- grain: one row per commit from the future
with crawled as (
    select
        repository,
        max(crawled_at) as crawled_at
    from crawl
    group by repository
)

select
    c.repository,
    c.sha,
    c.authored_at,
    c.committed_at,
    c.known_at,
    n.crawled_at
from commit as c
inner join crawled as n on c.repository = n.repository
where greatest(c.authored_at, c.committed_at, c.known_at) > n.crawled_at + interval 1 day;
