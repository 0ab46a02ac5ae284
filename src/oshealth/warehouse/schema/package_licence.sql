-- What is known of the licence of a package's version, and who says so.
-- grain: one row per package URL and source, and of copies one per repository
create table package_licence (
    purl varchar not null,
    repository varchar,
    source varchar not null,
    rank tinyint,
    licence_raw varchar,
    licence varchar,
    openness varchar check (openness in ('approved', 'open', 'non-open', 'unknown')),
    openness_reason varchar,
    score double check (score between 0 and 1),
    released_at timestamp,
    fetched_at timestamp,
    reason varchar
);
comment on table package_licence is 'What is known of the licence of a package''s version, and who says so.
One row per package URL and source, and of copies one per repository.';
comment on column package_licence.purl is 'The package URL, with its version.';
comment on column package_licence.repository is 'Where the copy lies whose licence file was read; null: it is so
wherever the package is needed.';
comment on column package_licence.source is 'declared (licences.toml), catalogue (known by name), lock, deps.dev, npm
registry, Python index, apt or text.';
comment on column package_licence.rank is 'How much the source is believed: 0 before all others.';
comment on column package_licence.licence_raw is 'The licence as the source writes it.';
comment on column package_licence.licence is 'The same as an SPDX expression; null where it cannot be told.';
comment on column package_licence.openness is 'approved (by the OSI), open (not reviewed by the OSI), non-open or
unknown.';
comment on column package_licence.openness_reason is 'Why, where the lists of the OSI and the FSF do not say it.';
comment on column package_licence.score is 'Matched share of a licence text, 0 to 1; null where the source is no
text.';
comment on column package_licence.released_at is 'When this version was released, UTC.';
comment on column package_licence.fetched_at is 'When the source was asked, UTC.';
comment on column package_licence.reason is 'Why there is no licence.';
