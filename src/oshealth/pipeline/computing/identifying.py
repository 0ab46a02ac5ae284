"""Who is who: the aliases of all repositories to persons, and persons to organisations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from oshealth.collect.forges.accounts import Accounts
from oshealth.people.addresses import parse
from oshealth.people.companies import named_by, organisation_names
from oshealth.people.decisions import Decisions, load_decisions
from oshealth.people.erasure import forget_erased, hold, pseudonyms_of, read_erased, with_erased
from oshealth.people.registry import Registry
from oshealth.people.resolve import Hints, People, resolve_people, with_accounts
from oshealth.pipeline.watched.order import Order, Outcome
from oshealth.pipeline.watched.organisations import registry_of
from oshealth.pipeline.watched.project import Project
from oshealth.store import FactsFolder

PEOPLE_FILE = "people.toml"


@dataclass(frozen=True)
class Identified:
    """Everybody in the facts: frame ALIAS with the names, what was made of it, and what the user had decided."""

    aliases: pl.DataFrame
    people: People
    decisions: Decisions


def identify_all(order: Order) -> Outcome:
    """Land the tables of people, and the private table that maps aliases back."""
    project = order.project()
    found = identified(project)
    is_new = land(project, found, order.started_at)
    count = found.people.identity["person"].n_unique()
    return Outcome("identify", "people", "done" if is_new else "unchanged", f"{count} persons and accounts")


def identified(project: Project) -> Identified:
    """Make persons of all aliases, by the rules, people.toml and organisations.toml beside sources.toml.

    Whoever was erased is taken out of the facts first, where a crawl has brought them back, and out of people.toml.

    Raises:
        DecisionsError: people.toml is wrong or contradicts itself.
        RegistryError: organisations.toml is wrong or contradicts the package's list.
    """
    erased = read_erased(project.private)
    hold(project.facts, project.private, erased)
    registry = registry_of(project.folder, project.sources)
    organisations = frozenset(registry.organisations["organisation"])
    forget_erased(project.facts, project.private, project.folder / PEOPLE_FILE, organisations)
    decisions = load_decisions(project.folder / PEOPLE_FILE, organisations)
    seen = appearances(project.facts)
    aliases = _counted_once(project.private.read_aliases(), seen)
    hints = Hints(mailmaps(project.facts), profiles(project, aliases, registry))
    people = resolve_people(aliases, seen, registry, decisions, hints)
    accounts = named_accounts(aliases, project.alias_key)
    people = with_accounts(people, accounts.with_columns(pl.col("account").replace(pseudonyms_of(erased))))
    return Identified(aliases, with_erased(people, erased), decisions)


def land(project: Project, found: Identified, written_at: datetime) -> bool:
    """Write the tables of people, and the private table that maps aliases back; whether they differ from before."""
    project.private.write_merged(found.aliases)
    people = found.people
    frames = {"identity": people.identity, "affiliation": people.affiliation, "organisation": people.organisation}
    before = project.facts.read_people()
    if all(_sorted(frame).equals(_sorted(before[table])) for table, frame in frames.items()):
        return False
    project.facts.write_people(frames, written_at)
    return True


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(frame.columns)


def mailmaps(store: FactsFolder) -> tuple[str, ...]:
    """The texts of all `.mailmap` files that stand now."""
    texts = []
    for name in store.repositories():
        documents = store.scan(name, "document").filter(pl.col("kind") == "mailmap", pl.col("until_at").is_null())
        found = documents.join(store.scan(name, "text"), on="blob").select("text").collect()
        texts += found["text"].drop_nulls().to_list()
    return tuple(texts)


def profiles(project: Project, aliases: pl.DataFrame, registry: Registry) -> pl.DataFrame:
    """Frame (alias, at, organisation): what people say of themselves on a forge, of accounts that a commit names."""
    store, key = project.facts, project.alias_key
    names = organisation_names(registry.organisations)
    accounts = {Accounts(key, host).hash(login): alias for alias, login, host in aliases_of_accounts(aliases)}
    stated = [store.read(name, "profile").drop_nulls("company") for name in store.repositories()]
    rows = [
        (accounts[row["account"]], row["seen_at"], organisation)
        for frame in stated
        for row in frame.iter_rows(named=True)
        if row["account"] in accounts and (organisation := named_by(row["company"], names))
    ]
    schema = pl.Schema([("alias", pl.String()), ("at", pl.Datetime("us")), ("organisation", pl.String())])
    return pl.DataFrame(rows, schema=schema, orient="row")


def named_accounts(aliases: pl.DataFrame, key: bytes) -> pl.DataFrame:
    """Frame (alias, account): the accounts on forges that noreply addresses name, hashed with the key."""
    rows = [(alias, Accounts(key, host).hash(login)) for alias, login, host in aliases_of_accounts(aliases)]
    return pl.DataFrame(rows, schema={"alias": pl.String, "account": pl.String}, orient="row")


def accounts_of(project: Project, aliases: pl.DataFrame, named: Iterable[str] = ()) -> list[str]:
    """The accounts on forges that noreply addresses among these aliases name, and those named as "host/login"."""
    key = project.alias_key
    logins = ((host.lower(), login) for host, _, login in (name.partition("/") for name in named))
    more = {Accounts(key, host).hash(login) for host, login in logins}
    return sorted({*named_accounts(aliases, key)["account"], *more})


def aliases_of_accounts(aliases: pl.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Alias, login and host of each noreply address that a platform made for an account."""
    noreply = aliases.filter(pl.col("address").str.contains("(?i)@users\\.noreply\\."))
    for alias, address in noreply.select("alias", "address").iter_rows():
        parsed = parse(address)
        if parsed is not None and parsed.kind == "noreply":
            yield alias, parsed.local, address.rpartition("@")[2].lower().removeprefix("users.noreply.")


def appearances(store: FactsFolder) -> pl.DataFrame:
    """One row (alias, at, sha) per commit and alias that made it; once, in however many clones it lies."""
    commits = [commits_of(store.read(name, "commit")) for name in store.repositories()]
    schema = pl.Schema({"alias": pl.String(), "at": pl.Datetime("us"), "sha": pl.String()})
    return pl.concat(commits).unique(["alias", "sha"], keep="any") if commits else pl.DataFrame(schema=schema)


def _counted_once(aliases: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """The aliases with the number of commits that they made, whatever each clone counted for itself."""
    counts = seen.group_by("alias").agg(pl.len().cast(aliases.schema["commit_count"]).alias("commit_count"))
    counted = aliases.drop("commit_count").join(counts, on="alias", how="left", maintain_order="left")
    return counted.with_columns(pl.col("commit_count").fill_null(0)).select(aliases.columns)


def commits_of(commits: pl.DataFrame) -> pl.DataFrame:
    """The appearances of authors and co-authors in a COMMIT frame."""
    at = pl.col("authored_at").alias("at")
    return pl.concat(
        [
            commits.select(pl.col("author_alias").alias("alias"), at, "sha"),
            commits.select(pl.col("coauthor_aliases").alias("alias"), at, "sha").explode("alias"),
        ]
    ).drop_nulls("alias")
