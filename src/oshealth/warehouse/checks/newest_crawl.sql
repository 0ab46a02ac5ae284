-- A repository has one newest crawl, and no crawl is newer.
-- grain: one row per repository where that is not so
select
    repository,
    count(*) filter (where is_newest) as newest_count,
    max(crawled_at) as last_crawled_at,
    max(crawled_at) filter (where is_newest) as newest_crawled_at
from crawl
group by repository
having newest_count != 1 or newest_crawled_at < last_crawled_at;
