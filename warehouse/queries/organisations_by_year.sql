-- Which kinds of organisation did the work, year by year, and for how much is it not known (null)?
-- grain: one row per codebase, year and kind of organisation
select
    codebase,
    year,
    type as organisation_type,
    sum(contribution_count)::bigint as contribution_count,
    round(100 * sum(share), 1) as share_percent
from contributor_year
group by codebase, year, type
order by codebase asc, year asc, contribution_count desc, organisation_type asc nulls last;
