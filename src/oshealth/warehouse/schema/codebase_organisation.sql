-- Who stewards, supplies or uses a codebase, as sources.toml declares it.
-- grain: one row per codebase, organisation and role
create table codebase_organisation (
    codebase varchar not null,
    organisation varchar not null,
    role varchar not null check (role in ('steward', 'supplier', 'user')),
    primary key (codebase, organisation, role)
);
comment on table codebase_organisation is 'Who stewards, supplies or uses a codebase, as sources.toml declares it.
One row per codebase, organisation and role.';
comment on column codebase_organisation.codebase is 'The codebase.';
comment on column codebase_organisation.organisation is 'The organisation.';
comment on column codebase_organisation.role is 'steward, supplier or user.';
