-- What a crawl could not know of some repositories.
-- grain: one row per gap
select
    subject as repository,
    what,
    reason,
    detail,
    count
from unknown
where kind = 'facts' and (subject is null or list_contains($repositories, subject))
order by subject, what, reason
