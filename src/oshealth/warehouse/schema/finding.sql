-- Something that a steward should look at, with its evidence and what to do.
-- grain: one row per repository, kind and subject
create table finding (
    repository varchar not null,
    kind varchar not null,
    subject varchar not null,
    grade varchar not null check (grade in ('watch', 'poor')),
    detail varchar not null,
    advice varchar not null,
    path varchar,
    line integer,
    evidence varchar check (json_valid(evidence)),
    primary key (repository, kind, subject)
);
comment on table finding is 'Something that a steward should look at, with its evidence and what to do.
One row per repository, kind and subject.';
comment on column finding.repository is 'The repository concerned.';
comment on column finding.kind is 'non_open_dependency, licence_conflict, licence_disagreement, closed_service and so
on.';
comment on column finding.subject is 'What it is about: a package URL, a path, a service.';
comment on column finding.grade is 'watch or poor.';
comment on column finding.detail is 'What was found, in one sentence.';
comment on column finding.advice is 'What to do about it.';
comment on column finding.path is 'The file that shows it.';
comment on column finding.line is 'The line of that file, from 1.';
comment on column finding.evidence is 'More of it, as JSON.';
