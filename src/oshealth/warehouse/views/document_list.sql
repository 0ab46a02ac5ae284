-- The governance documents and automation files that stand now, and since when unchanged.
-- grain: one row per repository, kind and path
create view document_list as
select
    r.codebase,
    d.repository,
    r.role,
    d.kind,
    d.path,
    d.from_at as unchanged_since
from document as d
inner join repository as r on d.repository = r.repository
where d.until_at is null
qualify row_number() over (partition by d.repository, d.kind, d.path order by d.from_at desc) = 1;
comment on view document_list is 'The governance documents and automation files that stand now, and since when
unchanged.
One row per repository, kind and path.';
comment on column document_list.codebase is 'The codebase that it belongs to; null in an audit of one repository.';
comment on column document_list.repository is 'The repository.';
comment on column document_list.role is 'own (pooled into the codebase), fork (measured alone) or former (lends its
history to the present home).';
comment on column document_list.kind is 'readme, licence, contributing and so on.';
comment on column document_list.path is 'Where it stands.';
comment on column document_list.unchanged_since is 'When its present content came, UTC.';
