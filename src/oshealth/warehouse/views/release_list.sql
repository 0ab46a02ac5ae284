-- Every release, with the time since the stable one before.
-- grain: one row per repository and version
create view release_list as
with dated as (
    select
        *,
        lag(released_at) over (
            partition by repository, is_prerelease
            order by released_at, version
        ) as previous_at
    from release
)

select
    r.codebase,
    r.repository,
    r.role,
    d.version,
    d.name,
    d.released_at,
    d.is_prerelease,
    d.is_signed,
    d.sources,
    case when d.is_prerelease is not true then date_diff('day', d.previous_at, d.released_at) end as days_since_previous
from dated as d
inner join repository as r on d.repository = r.repository;
comment on view release_list is 'Every release, with the time since the stable one before.
One row per repository and version.';
comment on column release_list.codebase is 'The codebase that it belongs to; null in an audit of one repository.';
comment on column release_list.repository is 'The repository.';
comment on column release_list.role is 'own (pooled into the codebase), fork (measured alone) or former (lends its
history to the present home).';
comment on column release_list.version is 'The version, normalised.';
comment on column release_list.name is 'As it stands in the first of its sources.';
comment on column release_list.released_at is 'When it was released, UTC: by its tag, else its forge, registry or
changelog.';
comment on column release_list.is_prerelease is 'Whether it is a pre-release.';
comment on column release_list.is_signed is 'Whether its tag carries a signature; null where it has no tag.';
comment on column release_list.sources is 'Where it is mentioned: tag, forge, registry or changelog.';
comment on column release_list.days_since_previous is 'Days from the stable release before; null: it is the first, or
a pre-release.';
