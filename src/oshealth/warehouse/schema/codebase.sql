-- A product that somebody stewards, as sources.toml declares it.
-- grain: one row per codebase
create table codebase (
    codebase varchar primary key,
    name varchar not null,
    summary varchar,
    declared_archetype varchar,
    countries varchar[] not null,
    position integer not null
);
comment on table codebase is 'A product that somebody stewards, as sources.toml declares it.
One row per codebase.';
comment on column codebase.codebase is 'Its id in sources.toml.';
comment on column codebase.name is 'Its name for people.';
comment on column codebase.summary is 'What it is, in a sentence.';
comment on column codebase.declared_archetype is 'How the study that named it says it is run: internal, association,
foundation and so on.';
comment on column codebase.countries is 'Countries that it is used in, ISO 3166-1 alpha-2.';
comment on column codebase.position is 'Its place in sources.toml, from 0.';
