"""The organisations that are known, and the mail domains that say so: the package's lists and the user's own."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple, get_args

import polars as pl

from oshealth.facts import ORGANISATION
from oshealth.people.addresses import says_no_employer
from oshealth.people.domains import longest, registrable
from oshealth.sources import Organisation, OrganisationType
from oshealth.toml_lines import TomlLines

_KEYS = {"id", "name", "type", "country", "code", "region", "population", "domains", "former_names", "note"}


class RegistryError(Exception):
    """The list of organisations is wrong; the message names every mistake with its line."""


class Rule(NamedTuple):
    """A domain is an organisation's, from a day until another (exclusive; None: no bound); one of 20,000."""

    organisation: str
    domain: str
    from_on: date | None = None
    until_on: date | None = None

    def overlaps(self, other: "Rule") -> bool:
        starts_before = other.until_on is None or self.from_on is None or self.from_on < other.until_on
        ends_after = self.until_on is None or other.from_on is None or other.from_on < self.until_on
        return starts_before and ends_after


@dataclass(frozen=True)
class Registry:
    """`organisations` has the columns of facts.ORGANISATION; `rules` are found by their domain."""

    organisations: pl.DataFrame
    rules: Mapping[str, Sequence[Rule]] = field(repr=False)

    def at(self, domain: str) -> Sequence[Rule]:
        """The dated rules for a mail domain: those of the longest domain that is it or a parent of it."""
        return longest(domain, self.rules)


def load_registry(own: Iterable[Organisation] = (), text: str = "") -> Registry:
    """The package's registry, the user's organisations (of sources.toml) and `text`, a list in the package's form.

    The same id means the same organisation: the user's name, type and country win, the domains add up.

    Raises:
        RegistryError: `text` has an unknown type or key, or a domain that another organisation has at the same time.
    """
    base, mine = _package(), [_row(organisation.model_dump(), organisation.id) for organisation in own]
    if not mine and not text:
        return base
    frames = [base.organisations]
    rules = {domain: list(found) for domain, found in base.rules.items()}
    if text:
        frame, more = read_organisations(text, "organisations.toml", rules)
        frames.append(frame)
        for rule in more:
            rules.setdefault(rule.domain, []).append(rule)
    if mine:
        frames.append(pl.DataFrame(mine, schema=ORGANISATION, orient="row"))
    return Registry(_merged(frames), rules)


def read_organisations(
    text: str, name: str, known: Mapping[str, Sequence[Rule]]
) -> tuple[pl.DataFrame, Sequence[Rule]]:
    """The rows and rules of a list of organisations; `known` are rules that it must not overlap."""
    try:
        tables = tomllib.loads(text).get("organisation", [])
    except (ValueError, RecursionError) as error:
        raise RegistryError(f"{name}: not TOML: {error}") from None
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RegistryError(f"{name}: organisation: must be tables [[organisation]]")
    lines = TomlLines(text)
    mistakes: list[str] = []
    seen: dict[str, list[Rule]] = defaultdict(list)
    for index, table in enumerate(tables):
        for key, words in _wrong(table):
            mistakes.append(f"{name}, line {lines.of(('organisation', index, key))}: {key}: {words}")
        for rule in _rules(table):
            line = lines.of(("organisation", index, "domains"))
            rivals = [*seen[rule.domain], *known.get(rule.domain, ())]
            mistakes.extend(f"{name}, line {line}: domains: {words}" for words in _clashes(rule, rivals))
            seen[rule.domain].append(rule)
    if mistakes:
        raise RegistryError("\n".join(mistakes))
    rows = [_row(table, table["id"]) for table in tables]
    frame = pl.DataFrame(rows, schema=ORGANISATION, orient="row")
    return frame, [rule for found in seen.values() for rule in found]


def _wrong(table: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    for key in ("id", "name", "type"):
        if not isinstance(table.get(key), str):
            yield key, "is missing"
    if isinstance(table.get("type"), str) and table["type"] not in get_args(OrganisationType):
        yield "type", f"{table['type']!r} is unknown; allowed: {', '.join(get_args(OrganisationType))}"
    for key in table:
        if key not in _KEYS:
            yield key, f"unknown key; allowed: {', '.join(sorted(_KEYS))}"
    domains = table.get("domains", [])
    if not isinstance(domains, list) or not all(map(_is_domain, domains)):
        yield (
            "domains",
            'a list of "firm.example" and { domain = "firm.example", from = 2020-01-01, until = 2021-01-01 }',
        )


def _is_domain(entry: object) -> bool:
    if not isinstance(entry, dict):
        return isinstance(entry, str)
    days = [type(entry.get(key)) for key in ("from", "until")]
    is_known = entry.keys() <= {"domain", "from", "until"} and isinstance(entry.get("domain"), str)
    return is_known and all(kind in {date, type(None)} for kind in days)


def _rules(table: Mapping[str, object]) -> Iterable[Rule]:
    listed = table.get("domains", ())
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, str):
            yield Rule(str(table.get("id")), entry.lower())
        elif _is_domain(entry):
            yield Rule(str(table.get("id")), entry["domain"].lower(), entry.get("from"), entry.get("until"))


def _clashes(rule: Rule, rivals: Iterable[Rule]) -> Iterable[str]:
    if registrable(rule.domain) is None or says_no_employer(rule.domain):
        yield f"{rule.domain!r} is no organisation's own domain"
    for rival in rivals:
        if rival.organisation != rule.organisation and rule.overlaps(rival):
            yield f"{rule.domain!r} is also a domain of {rival.organisation!r} at the same time"


def _row(table: Mapping[str, object], identifier: str) -> tuple[object, ...]:
    return (identifier, *(table.get(key) for key in ORGANISATION.names()[1:]))


def _merged(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Later rows win, column by column where they say something."""
    last = [pl.col(name).drop_nulls().last() for name in ORGANISATION.names()[1:]]
    return pl.concat(frames).group_by("organisation", maintain_order=True).agg(last)


@cache
def _package() -> Registry:
    data = files("oshealth.people") / "data"
    table = pl.read_csv(
        (data / "municipalities.tsv").read_bytes(),
        separator="\t",
        quote_char=None,
        comment_prefix="#",
        schema_overrides={"code": pl.String, "population": pl.Int64},
    )
    rules: dict[str, list[Rule]] = defaultdict(list)
    frame, listed = read_organisations((data / "organisations.toml").read_text("utf-8"), "organisations.toml", {})
    for rule in [*listed, *_municipal(table)]:
        rules[rule.domain].append(rule)
    municipalities = table.with_columns(pl.lit("municipality").alias("type")).select(ORGANISATION.names())
    return Registry(_merged([municipalities.cast(ORGANISATION), frame]), rules)


def _municipal(table: pl.DataFrame) -> Iterable[Rule]:
    listed = table.filter(pl.col("domains").is_not_null()).select("organisation", "domains")
    for organisation, domains in listed.iter_rows():
        for entry in domains.split(" "):
            domain, is_dated, stretch = entry.partition("@")
            begin, _, end = stretch.partition("..") if is_dated else ("", "", "")
            yield Rule(organisation, domain, _day(begin), _day(end))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
