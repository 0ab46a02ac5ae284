"""Erasing a person: their aliases become one pseudonym in every fact, and stay so after the next crawl.

Accounts on forges become a pseudonym each. The suppression list `private/erased` holds no name: only aliases and
accounts (keyed hashes), what stands in their place, and what the figures need, so that none of them changes: the kind
and the stretches for organisations.
"""

import json
import os
import secrets
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from oshealth.facts import AFFILIATION, IDENTITY
from oshealth.people.decisions import Alias
from oshealth.people.edits import forget, save
from oshealth.people.resolve import People
from oshealth.store import FactsFolder, PrivateFolder
from oshealth.store.rewriting import replace_table, rewrite

_LIST = "erased"
_FORGETTING = "forgetting"
"""The names of who is being erased; gone when people.toml has none of them."""
_ALIAS_COLUMNS = ("author_alias", "committer_alias", "alias", "person")
_ALIAS_LISTS = ("coauthor_aliases",)
_TEXTS = ("evidence",)
"""JSON in which a measure may have named persons by their ids."""
_ACCOUNT_COLUMNS = ("author_account", "merged_by_account", "reviewer_account", "responder_account", "account")
_PROFILE = ("company", "is_member")
"""What an account's owner says of themselves, beside the column `account`."""
_PERSONAL = {*_ALIAS_COLUMNS, *_ALIAS_LISTS, *_TEXTS, *_ACCOUNT_COLUMNS}


@dataclass(frozen=True)
class Erased:
    """One person who is gone: the aliases that were theirs, and what stands in their place."""

    aliases: tuple[str, ...]
    pseudonym: str
    kind: str
    stretches: tuple[tuple[str, str | None, str | None, str, float], ...]
    """Organisation, from and until (ISO moments), evidence, confidence."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Accounts on forges, and what stands in the place of each."""


def erased_person(people: People, person: str | None, accounts: Iterable[str] = ()) -> Erased:
    """What to keep of a person, by their id, when all else is erased; without an id it is their accounts alone."""
    gone = {account: secrets.token_hex(16) for account in accounts}
    if person is None:
        return Erased((), secrets.token_hex(16), "person", (), gone)
    rows = people.identity.filter(pl.col("person") == person, ~pl.col("alias").is_in(list(gone)))
    stretches = people.affiliation.filter(person=person).drop("person").rows()
    kept = tuple((who, _text(start), _text(end), why, sure) for who, start, end, why, sure in stretches)
    return Erased(tuple(sorted(rows["alias"])), secrets.token_hex(16), rows["kind"][0], kept, gone)


def read_erased(private: PrivateFolder) -> list[Erased]:
    """The suppression list; empty where nobody was erased."""
    path = private.path / _LIST
    if not path.exists():
        return []
    lines = [json.loads(line) for line in path.read_text("ascii").splitlines() if line]
    return [
        Erased(**{**row, "aliases": tuple(row["aliases"]), "stretches": tuple(map(tuple, row["stretches"]))})
        for row in lines
    ]


def add_erased(private: PrivateFolder, erased: Erased, names: Iterable[Alias] = ()) -> None:
    """Write one more person to the list, before anything else is changed: what is begun can be finished.

    `names` are for `forget_erased`, which takes them out of people.toml; until then they are kept here.
    """
    private.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    forgetting = {"pseudonym": erased.pseudonym, "names": [name.model_dump() for name in names]}
    _put(private.path / _FORGETTING, json.dumps(forgetting))
    path = private.path / _LIST
    before = path.read_text("ascii") if path.exists() else ""
    _put(path, before + json.dumps(asdict(erased)) + "\n")


def forget_erased(
    facts: FactsFolder, private: PrivateFolder, people_file: Path, organisations: Collection[str]
) -> None:
    """Take who was erased last out of people.toml and of what forges were asked half-way, unless that was done.

    Raises:
        DecisionsError: people.toml is wrong or contradicts itself; it stands as it was.
    """
    path = private.path / _FORGETTING
    if not path.exists():
        return
    forgetting = json.loads(path.read_text("ascii"))
    if any(erased.pseudonym == forgetting["pseudonym"] for erased in read_erased(private)):
        shutil.rmtree(facts.path / "+partial", ignore_errors=True)  # what waits for a crawl to go on begins anew
        _forget_names([Alias(**name) for name in forgetting["names"]], people_file, organisations)
    path.unlink()


def _forget_names(names: Collection[Alias], people_file: Path, organisations: Collection[str]) -> None:
    before = people_file.read_text("utf-8") if people_file.exists() else ""
    if (text := forget(before, names)) != before:
        save(people_file, text, organisations)


def hold(facts: FactsFolder, private: PrivateFolder, erased: Sequence[Erased]) -> int:
    """Rewrite all facts and private tables so that no erased alias stands in them; how many files changed.

    To be called after every crawl and before people are resolved: a crawl finds the names again in the repositories.
    """
    pseudonyms = pseudonyms_of(erased)
    if not pseudonyms:
        return 0
    rewritten = rewrite(facts.path, _PERSONAL, lambda frame: without_erased(frame, pseudonyms))
    return rewritten + sum(_cut_names(path, pseudonyms) for path in sorted(private.path.rglob("*.parquet")))


def pseudonyms_of(erased: Iterable[Erased]) -> dict[str, str]:
    """What stands in the place of each erased alias and account."""
    found: dict[str, str] = {}
    for gone in erased:
        found |= {**dict.fromkeys(gone.aliases, gone.pseudonym), **gone.accounts}
    return found


def with_erased(people: People, erased: Iterable[Erased]) -> People:
    """The frames with the erased persons under their pseudonyms, so that every count and share stands as it was."""
    gone = [one for one in erased if one.aliases]
    known = [(alias, e.pseudonym, e.kind) for e in gone for alias in (e.pseudonym, *e.accounts.values())]
    identity = pl.DataFrame(known, schema=IDENTITY, orient="row")
    rows = [
        (e.pseudonym, who, _moment(start), _moment(end), why, sure)
        for e in gone
        for who, start, end, why, sure in e.stretches
    ]
    stretches = pl.DataFrame(rows, schema=AFFILIATION, orient="row")
    return replace(
        people,
        identity=pl.concat([people.identity, identity]),
        affiliation=pl.concat([people.affiliation, stretches]),
    )


def without_erased(frame: pl.DataFrame, pseudonyms: dict[str, str]) -> pl.DataFrame:
    """A table of facts with pseudonyms for erased aliases and accounts; what these say of themselves goes."""
    if not pseudonyms:
        return frame
    single = [pl.col(c).replace(pseudonyms) for c in (*_ALIAS_COLUMNS, *_ACCOUNT_COLUMNS) if c in frame.columns]
    if "account" in frame.columns:
        is_gone = pl.col("account").is_in([*pseudonyms, *pseudonyms.values()])
        single += [pl.when(~is_gone).then(c).alias(c) for c in _PROFILE if c in frame.columns]
    lists = [
        pl.col(c).list.eval(pl.element().replace(pseudonyms)).list.unique(maintain_order=True)
        for c in _ALIAS_LISTS
        if c in frame.columns
    ]
    texts = [
        pl.col(c).str.replace_many(list(pseudonyms), list(pseudonyms.values())) for c in _TEXTS if c in frame.columns
    ]
    return frame.with_columns(*single, *lists, *texts)


def _cut_names(path: Path, pseudonyms: dict[str, str]) -> int:
    """A private table of names loses the erased rows."""
    frame = pl.read_parquet(path, glob=False)
    if "alias" not in frame.columns or not (is_gone := frame["alias"].is_in(list(pseudonyms))).any():
        return 0
    replace_table(path, frame.filter(~is_gone))
    return 1


def _put(path: Path, text: str) -> None:
    """Write a private file, or put it in place of the one before, as a whole."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
