-- Somebody who stewards, supplies, uses or writes: typed, and in a country.
-- grain: one row per organisation
create table organisation (
    organisation varchar primary key,
    name varchar not null,
    type varchar not null,
    country varchar,
    code varchar,
    region varchar,
    population bigint
);
comment on table organisation is 'Somebody who stewards, supplies, uses or writes: typed, and in a country.
One row per organisation.';
comment on column organisation.organisation is 'Its id in the registry or in sources.toml.';
comment on column organisation.name is 'Its name for people.';
comment on column organisation.type is 'municipality, region, state, publicly owned company, association, foundation,
supplier, civil society, university, volunteer, machine or unknown.';
comment on column organisation.country is 'ISO 3166-1 alpha-2; null where it has none or it is not known.';
comment on column organisation.code is 'The official code of a municipality.';
comment on column organisation.region is 'The region that it lies in.';
comment on column organisation.population is 'Inhabitants of a municipality.';
