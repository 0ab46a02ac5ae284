-- What could not be known, and why?
-- grain: one row per thing and reason
select
    codebase,
    subject,
    what,
    detail,
    count as row_count
from unknown
order by codebase, subject, kind, what;
