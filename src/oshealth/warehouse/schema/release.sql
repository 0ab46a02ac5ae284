-- A released version; mentions in tags, changelog, forge and registries are matched by version.
-- grain: one row per repository and version
create table release (
    repository varchar not null,
    version varchar not null,
    name varchar,
    released_at timestamp not null,
    sha varchar,
    is_prerelease boolean,
    is_signed boolean,
    sources varchar[] not null,
    primary key (repository, version)
);
comment on table release is 'A released version; mentions in tags, changelog, forge and registries are matched by
version.
One row per repository and version.';
comment on column release.repository is 'The repository.';
comment on column release.version is 'The version, normalised.';
comment on column release.name is 'As it stands in the first of its sources.';
comment on column release.released_at is 'When it was released, UTC: by its tag, else its forge, registry or
changelog.';
comment on column release.sha is 'The commit released; null where no source names one.';
comment on column release.is_prerelease is 'Whether it is a pre-release.';
comment on column release.is_signed is 'Whether its tag carries a signature; null where it has no tag.';
comment on column release.sources is 'Where it is mentioned: tag, forge, registry or changelog.';
