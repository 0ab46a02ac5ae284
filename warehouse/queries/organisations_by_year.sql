-- Who did the work, by kind of organisation, year by year? Null is what is not known.
-- grain: one row per codebase, year and kind of organisation
select
    codebase,
    year,
    type as organisation_type,
    sum(contribution_count)::bigint as contribution_count,
    round(100 * sum(share), 1) as share_percent
from contributor_year
group by codebase, year, type
order by codebase asc, year asc, contribution_count desc;
