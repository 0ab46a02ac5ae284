"""The facts of one subject, and what is made of them once for all days: commits in order, who contributed, paths."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Literal

import polars as pl

from oshealth import facts
from oshealth.derive import release_list
from oshealth.derive.automation import automation_files, pins_of
from oshealth.derive.containment import Ancestry, ancestry, first_releases, landings, with_releases
from oshealth.derive.contributions import contributions_of
from oshealth.derive.file_history import FileHistory
from oshealth.derive.needs import needs_of
from oshealth.derive.publiccode import PublicCode, read_publiccode
from oshealth.derive.read_at import ReadAt, why_other_branches, why_other_manifests
from oshealth.derive.reviewed import Reviewed, reviewed_of
from oshealth.derive.source_files import is_source
from oshealth.derive.users import Directory, directory_of
from oshealth.facts import stood_before
from oshealth.licences.decisions import Decisions
from oshealth.licences.judging import judged
from oshealth.sources import Codebase

SCHEMAS: dict[str, pl.Schema] = {**facts.TABLES, **facts.PEOPLE, **facts.PACKAGES}


@dataclass(frozen=True)
class Subject:
    """What is measured: one repository, or a codebase with all of its own repositories."""

    kind: Literal["repository", "codebase"]
    id: str
    repositories: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Facts:
    """All tables of a subject, every row of any day. `Snapshot` cuts them at a day.

    `tables` holds the frames by the table's name, those of people too; a table that is missing has no rows. Rows of a
    former home already bear the name of the home of today. `upstream_shas` are the commits of the declared upstream:
    where they occur here they are inherited.
    """

    subject: Subject
    tables: Mapping[str, pl.DataFrame]
    codebase: Codebase | None = None
    upstream_shas: frozenset[str] = frozenset()
    decisions: Decisions = field(default_factory=Decisions)
    """What licences.toml of the project folder says."""
    uncollected: frozenset[str] = frozenset()
    """Repositories whose facts are older than the collecting of dependencies."""
    read_at: Mapping[str, ReadAt] = field(default_factory=dict)
    """Of which moments `dependency` and `branch` tell, by repository; one that is missing: of any."""

    def table(self, name: str) -> pl.DataFrame:
        """The frame of a table, without rows where the table was not collected."""
        found = self.tables.get(name)
        return SCHEMAS[name].to_frame() if found is None else found

    @cached_property
    def commits(self) -> pl.DataFrame:
        """COMMIT once by SHA with `is_merge` and `is_inherited`, in the order in which they became known."""
        rank = {name: index for index, name in enumerate(self.subject.repositories)}
        order = pl.col("repository").replace_strict(rank, default=len(rank), return_dtype=pl.Int32)
        rows = self.table("commit").with_columns(order.alias("_rank"))
        rows = rows.sort("_rank", "position").unique("sha", keep="first", maintain_order=True)
        inherited = pl.col("sha").is_in(pl.Series(list(self.upstream_shas), dtype=pl.String).implode())
        return rows.select(
            pl.exclude("_rank"),
            (pl.col("parents").list.len() > 1).alias("is_merge"),
            inherited.alias("is_inherited"),
        ).sort("known_at", maintain_order=True)

    @cached_property
    def people(self) -> pl.DataFrame:
        """Who made each commit without merges, bots and inherited ones included; see `contributions_of`."""
        return contributions_of(
            self.commits.filter(~pl.col("is_merge")),
            self.table("identity"),
            self.table("affiliation"),
            self.table("organisation"),
        )

    @cached_property
    def contributions(self) -> pl.DataFrame:
        """What persons and shared accounts did here, in the order in which it became known."""
        own = ~pl.col("is_inherited") & pl.col("kind").is_in(["person", "shared"])
        return self.people.filter(own).drop("is_inherited")

    @cached_property
    def bot_contributions(self) -> pl.DataFrame:
        own = ~pl.col("is_inherited") & pl.col("kind").is_in(["bot", "machine"])
        return self.people.filter(own).drop("is_inherited")

    @cached_property
    def tree(self) -> pl.DataFrame:
        """FILE of any day with `is_source`: neither vendored, generated, binary, a lock file nor a submodule."""
        return self.table("file").with_columns((is_source("path") & ~pl.col("is_submodule")).alias("is_source"))

    @cached_property
    def file_history(self) -> FileHistory:
        """Who changed which file, as arrays: what authorship and knowledge are computed from."""
        return FileHistory.of(self.table("change"), self.table("commit"), self.people, self.tree)

    @cached_property
    def reviewed(self) -> Reviewed:
        """Who reviewed which changes; see `reviewed_of`."""
        tables = {name: self.table(name) for name in ("review", "change_request", "commit", "identity")}
        return reviewed_of(tables, self.file_history.changes)

    @cached_property
    def ancestry(self) -> Ancestry:
        return ancestry(self.table("commit"))

    @cached_property
    def mentions(self) -> pl.DataFrame:
        """RELEASE rows of its own, not those at the upstream's commits, by their moment; without one they are none."""
        named = release_list.with_tags_versions(pl.concat([self.table("release"), self.table("forge_release")]))
        own = release_list.own(named, self.upstream_shas)
        return own.filter(pl.col("released_at").is_not_null()).sort("released_at", maintain_order=True)

    def releases_before(self, end: datetime) -> pl.DataFrame:
        """One row per version mentioned before a moment; worked out once for all days that know the same mentions."""
        known = self.mentions["released_at"].search_sorted(end, side="left")
        if known not in self._releases:
            self._releases[known] = release_list.merge(self.mentions.head(known))
        return self._releases[known]

    @cached_property
    def _releases(self) -> dict[int, pl.DataFrame]:
        return {}

    @cached_property
    def stable_releases(self) -> pl.DataFrame:
        """The stable releases of all days."""
        return release_list.stable(release_list.merge(self.mentions))

    @cached_property
    def first_releases(self) -> pl.DataFrame:
        """The first stable release that contains each commit, of all days."""
        return first_releases(self.ancestry, self.stable_releases)

    @cached_property
    def released_commits(self) -> pl.DataFrame:
        """Its own commits without merges, with the first stable release of all days that contains each."""
        own = self.commits.filter(~pl.col("is_merge") & ~pl.col("is_inherited"))
        return with_releases(own, self.first_releases, self.landings)

    @cached_property
    def landings(self) -> pl.DataFrame:
        """When the default branch came to contain each commit."""
        return landings(self.ancestry, self.table("commit"))

    @cached_property
    def automation_files(self) -> pl.DataFrame:
        """FILE rows of any day that automate, by `kind`; see `automation_files`."""
        return automation_files(self.table("file"))

    @cached_property
    def pins(self) -> dict[str, tuple[int, int]]:
        """By blob of workflows, Dockerfiles and the like: references pinned, and all of them."""
        return pins_of(self.automation_files, self.table("text"))

    @cached_property
    def organisation_names(self) -> dict[str, str]:
        return dict(self.table("organisation").select("organisation", "name").drop_nulls().iter_rows())

    @cached_property
    def directory(self) -> Directory:
        """The organisations known, by id and by name."""
        return directory_of(self.table("organisation"))

    @cached_property
    def public_codes(self) -> dict[str, PublicCode]:
        """By blob what each publiccode.yml said."""
        blobs = self.table("document").filter(pl.col("kind") == "publiccode").select("blob").unique()
        texts = self.table("text").join(blobs, on="blob", how="semi").unique("blob")
        return {blob: read_publiccode(text) for blob, text in texts.select("blob", "text").drop_nulls().iter_rows()}

    @cached_property
    def judged(self) -> pl.DataFrame:
        """What is known of the licence of each package needed, and who says so; see `licences.judging.JUDGED`."""
        rows = self.table("dependency")
        vendored = rows.filter(pl.col("source") == "vendored").select("repository", "path").unique()
        files = self.table("file").join(vendored, on=["repository", "path"], how="semi")
        of_each = [
            files.filter(stood_before(self.read_at.get(name, ReadAt()).manifests_at), pl.col("repository") == name)
            for name in self.subject.repositories
        ]
        texts = self.table("text").select("blob", "text").drop_nulls().unique("blob")
        texts = pl.concat([files.clear(), *of_each]).join(texts, on="blob").select("repository", "path", "text")
        of_copies = {(repository, path): text for repository, path, text in texts.iter_rows()}
        return judged(rows, self.table("package"), of_copies, self.decisions)

    @cached_property
    def needs(self) -> pl.DataFrame:
        """What each repository needs, once by package; see `needs_of`."""
        return needs_of(self.table("dependency"), self.judged)

    @cached_property
    def parts(self) -> dict[str, "Facts"]:
        """The facts of each repository alone."""
        return {name: self.of_repository(name) for name in self.subject.repositories}

    def of_repository(self, repository: str) -> "Facts":
        """The facts of one repository alone."""
        alone = {
            name: frame.filter(pl.col("repository") == repository) if "repository" in frame.columns else frame
            for name, frame in self.tables.items()
        }
        return replace(self, subject=Subject("repository", repository, (repository,)), tables=alone)

    def why_other_manifests(self, end: datetime) -> str | None:
        """Why `dependency` tells nothing of the trees before a moment, if so."""
        files = self.table("file")
        whys = (
            why_other_manifests(read_at, files.filter(pl.col("repository") == name), end)
            for name, read_at in self.read_at.items()
            if name in self.subject.repositories
        )
        return next(filter(None, whys), None)

    def why_other_branches(self, end: datetime) -> str | None:
        """The same of `branch`."""
        whys = (why_other_branches(at, end) for name, at in self.read_at.items() if name in self.subject.repositories)
        return next(filter(None, whys), None)
