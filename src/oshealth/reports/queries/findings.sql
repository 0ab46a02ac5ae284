-- What a steward should look at in the dependencies and licences of some repositories.
-- grain: one row per finding
select
    repository,
    kind,
    subject,
    grade,
    detail,
    advice,
    path,
    line
from finding_list
where list_contains($repositories, repository)
order by grade = 'poor' desc, repository, kind, subject
