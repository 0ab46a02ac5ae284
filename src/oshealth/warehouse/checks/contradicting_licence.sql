-- A package is open or closed only where its licence is known.
-- grain: one row per package and source that says otherwise
select
    purl,
    source,
    openness
from package_licence
where licence is null and openness != 'unknown';
