-- The affiliations of the persons who stand here.
-- grain: one row per person, organisation and stretch of time
insert into affiliation by name
select
    a.person,
    a.organisation,
    a.from_at,
    a.until_at,
    a.evidence,
    a.confidence
from given_affiliation as a
semi join person as p on a.person = p.person;
