-- A repository that is watched: a codebase's own, a fork of one, or the former home of one.
-- grain: one row per repository
create table repository (
    repository varchar primary key,
    codebase varchar,
    url varchar,
    role varchar not null check (role in ('own', 'fork', 'found', 'former')),
    upstream varchar,
    packages varchar[] not null,
    forge_id varchar,
    is_archived boolean,
    licence varchar,
    topics varchar[],
    star_count bigint,
    moved_to varchar
);
comment on table repository is 'A repository that is watched: a codebase''s own, a fork of one, or the former home of
one.
One row per repository.';
comment on column repository.repository is 'Its address without scheme and ending: github.com/owner/name.';
comment on column repository.codebase is 'The codebase that it belongs to; null in an audit of one repository.';
comment on column repository.url is 'Its address.';
comment on column repository.role is 'own (pooled into the codebase), fork (measured alone), found (a fork that nobody
declared, compared alone) or former (lends its history and issues to the present home).';
comment on column repository.upstream is 'Of a fork, the repository it comes from; of a former home, the present
one.';
comment on column repository.packages is 'Package URLs of what it publishes.';
comment on column repository.forge_id is 'The forge''s own id of it, which stays when it moves; null without a
forge''s answer.';
comment on column repository.is_archived is 'Whether the forge marks it as archived; null without a forge''s answer.';
comment on column repository.licence is 'The licence that the forge reads in it; null without a forge''s answer.';
comment on column repository.topics is 'The topics set on the forge; null without a forge''s answer.';
comment on column repository.star_count is 'Stars on the forge; null without a forge''s answer.';
comment on column repository.moved_to is 'The address that the forge redirects to; null where it has not moved.';
