-- What a steward should look at in the dependencies and licences.
-- grain: one row per repository, kind and subject
create view finding_list as
select
    r.codebase,
    f.repository,
    r.role,
    f.kind,
    f.subject,
    f.grade,
    f.detail,
    f.advice,
    f.path,
    f.line,
    f.evidence
from finding as f
left join repository as r on f.repository = r.repository;
comment on view finding_list is 'What a steward should look at in the dependencies and licences.
One row per repository, kind and subject.';
comment on column finding_list.codebase is 'The codebase that it belongs to; null in an audit of one repository.';
comment on column finding_list.repository is 'The repository concerned.';
comment on column finding_list.role is 'own (pooled into the codebase), fork (measured alone) or former (lends its
history to the present home).';
comment on column finding_list.kind is 'non_open_dependency, licence_conflict, licence_disagreement, closed_service
and so on.';
comment on column finding_list.subject is 'What it is about: a package URL, a path, a service.';
comment on column finding_list.grade is 'watch or poor.';
comment on column finding_list.detail is 'What was found, in one sentence.';
comment on column finding_list.advice is 'What to do about it.';
comment on column finding_list.path is 'The file that shows it.';
comment on column finding_list.line is 'The line of that file, from 1.';
comment on column finding_list.evidence is 'More of it, as JSON.';
