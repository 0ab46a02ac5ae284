"""Aliases, and what the room `people` makes of them, for all repositories together. Only ALIAS holds names."""

import polars as pl

from oshealth.facts.columns import MOMENT, table

# One row per alias, in the private folder only.
ALIAS = table(
    {
        "alias": pl.String,
        "name": pl.String,
        "address": pl.String,
        "first_at": MOMENT,
        "commit_count": pl.Int64,
    }
)

# What the room `people` makes of the aliases, for all repositories together. No name stands in it.
# One row per alias.
IDENTITY = table(
    {
        "alias": pl.String,
        "person": pl.String,  # the alias of theirs that was seen first
        "kind": pl.String,  # person, bot, machine, shared
    }
)

# One row per person, organisation and stretch of time; stretches of one person do not overlap.
AFFILIATION = table(
    {
        "person": pl.String,
        "organisation": pl.String,
        "from_at": MOMENT,  # null: since ever
        "until_at": MOMENT,  # exclusive; null: until further notice
        "evidence": pl.String,  # declared, address, profile, nearby
        "confidence": pl.Float64,  # 0 to 1
    }
)

# One row per organisation known.
ORGANISATION = table(
    {
        "organisation": pl.String,
        "name": pl.String,
        "type": pl.String,  # sources.OrganisationType
        "country": pl.String,  # ISO 3166-1 alpha-2
        "code": pl.String,  # official code of a municipality
        "region": pl.String,
        "population": pl.Int64,
    }
)

PEOPLE: dict[str, pl.Schema] = {
    "identity": IDENTITY,
    "affiliation": AFFILIATION,
    "organisation": ORGANISATION,
}
