"""A subject as it was known at the end of one day: what metrics name as their parameters."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import numpy as np
import polars as pl

from oshealth.derive import authorship, knowledge, release_list
from oshealth.derive.ages import ages_of
from oshealth.derive.cadence import release_intervals
from oshealth.derive.containment import first_releases, with_releases
from oshealth.derive.deployments import Deployment, deployments
from oshealth.derive.facts_of import Facts, Subject
from oshealth.derive.fork import Fork, fork_of
from oshealth.derive.openness import Openness, openness_of
from oshealth.derive.own_licence import OwnLicence, is_manifest, own_licence, standing_texts
from oshealth.derive.publiccode import PublicCode
from oshealth.derive.questions import Questions, questions_of, unknown_reviews
from oshealth.derive.spread import Spread, spread_of, yearly_spreads
from oshealth.derive.users import User, declared_users
from oshealth.derive.window import Window, window_before
from oshealth.facts import stood_before
from oshealth.measure import NotKnownError
from oshealth.sources import Codebase, repository_id


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Every table cut at the end of the UTC day `as_of`, on first use."""

    facts: Facts
    as_of: date

    @property
    def subject(self) -> Subject:
        return self.facts.subject

    @property
    def codebase(self) -> Codebase | None:
        """What sources.toml says of the subject; nothing in an audit."""
        return self.facts.codebase

    @cached_property
    def end(self) -> datetime:
        """The first moment after `as_of`."""
        return self.window.end

    @cached_property
    def window(self) -> Window:
        """The 365 days up to `as_of`."""
        return window_before(self.as_of)

    @cached_property
    def all_commits(self) -> pl.DataFrame:
        """COMMIT once by SHA with `is_merge` and `is_inherited`, merges and inherited ones included."""
        return _known(self.facts.commits, self.end)

    @cached_property
    def commits(self) -> pl.DataFrame:
        """COMMIT without merges and inherited ones."""
        return self.all_commits.filter(~pl.col("is_merge") & ~pl.col("is_inherited"))

    @cached_property
    def contributions(self) -> pl.DataFrame:
        """One row per commit and person or shared account, with the organisation at the time; no bots."""
        return _known(self.facts.contributions, self.end)

    @cached_property
    def bot_contributions(self) -> pl.DataFrame:
        """The same for bots and machines."""
        return _known(self.facts.bot_contributions, self.end)

    @cached_property
    def window_contributions(self) -> pl.DataFrame:
        """Contributions whose author's date lies in the window."""
        return within(self.contributions, self.window)

    @cached_property
    def authorship(self) -> pl.DataFrame:
        """Degree of authorship: file_number, repository, file, person, changes, is_first_author, doa, is_author."""
        return authorship.of(self.facts.file_history, self.end)

    @cached_property
    def knowledge(self) -> pl.DataFrame:
        """Recent knowledge: file_number, repository, file, person, knowledge, knows, last_position."""
        return knowledge.of(self.facts.file_history, self.end, self.facts.reviewed.read)

    @cached_property
    def tree(self) -> pl.DataFrame:
        """FILE as of the end of the day."""
        return self.facts.tree.filter(stood_before(self.end))

    @cached_property
    def source_file_count(self) -> int:
        """How many files of the tree are neither vendored, generated, binary, lock files nor submodules."""
        return len(self.facts.file_history.files_at(self.end))

    @cached_property
    def documents(self) -> pl.DataFrame:
        return self.facts.table("document").filter(stood_before(self.end))

    @property
    def texts(self) -> pl.DataFrame:
        return self.facts.table("text")

    @cached_property
    def releases(self) -> pl.DataFrame:
        """One row per version released by then; a mention without a moment is left out."""
        return self.facts.releases_before(self.end)

    @cached_property
    def stable_releases(self) -> pl.DataFrame:
        return release_list.stable(self.releases)

    @cached_property
    def first_releases(self) -> pl.DataFrame:
        """For each commit in a stable release the first such: repository, sha, version, released_at."""
        if self._is_as_on_all_days:
            return self.facts.first_releases.filter(pl.col("released_at") < self.end)
        return first_releases(self.facts.ancestry, self.stable_releases)

    @cached_property
    def released_commits(self) -> pl.DataFrame:
        """Own commits without merges: repository, sha, authored_at, landed_at, released_at (null: in none yet)."""
        if self._is_as_on_all_days:
            commits = _known(self.facts.released_commits, self.end)
            moment = pl.col("released_at")
            return commits.with_columns(pl.when(moment < self.end).then(moment))
        return with_releases(self.commits, self.first_releases, self.facts.landings)

    @cached_property
    def _is_as_on_all_days(self) -> bool:
        """Whether the list of releases is the beginning of that of all days.

        A later release never displaces a commit's first one: then what was worked out once for all days holds.
        """
        return self.facts.stable_releases.filter(pl.col("released_at") < self.end).equals(self.stable_releases)

    @cached_property
    def release_intervals(self) -> dict[str, list[float]]:
        """Days between the last ten stable releases of each repository."""
        return release_intervals(self.stable_releases)

    @cached_property
    def spans(self) -> pl.DataFrame:
        """One row per person: when their first and last contributions were made, `first_at` and `last_at`."""
        authored = pl.col("authored_at")
        spans = self.contributions.group_by("person").agg(first_at=authored.min(), last_at=authored.max())
        return spans.filter(pl.col("first_at").is_not_null())

    @cached_property
    def window_spread(self) -> Spread:
        """The window's contributions by organisation."""
        return spread_of(self.window_contributions, self.facts.organisation_names)

    @cached_property
    def spreads_by_year(self) -> dict[int, Spread]:
        """All contributions by organisation, for each calendar year."""
        return yearly_spreads(self.contributions, self.facts.organisation_names)

    @cached_property
    def author_organisations(self) -> pl.DataFrame:
        """For whom each person last contributed: person, organisation (null: unknown), organisation_type."""
        last = [pl.col(name).last() for name in ("organisation", "organisation_type")]
        return _known(self.facts.people, self.end).group_by("person").agg(last)

    @cached_property
    def automation_files(self) -> pl.DataFrame:
        """Files of the tree that automate: repository, kind, path, blob."""
        return self.facts.automation_files.filter(stood_before(self.end))

    @property
    def pins(self) -> dict[str, tuple[int, int]]:
        return self.facts.pins

    @cached_property
    def tree_sizes(self) -> dict[str, int]:
        """How many files of any sort stand in each repository; those without any are left out."""
        return dict(self.tree.group_by("repository").len().iter_rows())

    @cached_property
    def public_codes(self) -> dict[str, PublicCode]:
        """What the publiccode.yml of each repository says, where there is one."""
        found = self.documents.filter(pl.col("kind") == "publiccode").select("repository", "blob")
        read = self.facts.public_codes
        return {repository: read[blob] for repository, blob in found.iter_rows() if blob in read}

    @cached_property
    def users(self) -> tuple[User, ...]:
        """Who uses it, as publiccode.yml said on the day and sources.toml says today."""
        names = [name for code in self.public_codes.values() for name in code.used_by]
        ids = self.codebase.users if self.codebase else ()
        return declared_users(ids, names, self.facts.directory) if ids or names else ()

    @property
    def needs(self) -> pl.DataFrame:
        """What each repository needs, once by package, with its licence; see `derive.needs`."""
        _check(self.facts.why_other_manifests(self.end))
        return self.facts.needs

    @cached_property
    def openness(self) -> Openness:
        """What of it counts for whether the subject is open all the way down."""
        _check(self.facts.why_other_manifests(self.end))
        return openness_of(self.facts, self.own_licences, self.public_codes)

    @cached_property
    def own_licences(self) -> dict[str, OwnLicence]:
        """What each repository that has files says of its own licence."""
        texts = self.texts.select("blob", "text").drop_nulls().unique("blob")
        # A licence file whose text was not stored, too long or no text, is not recognised, but it is there.
        files = self.documents.filter(pl.col("kind") == "licence").join(texts, on="blob", how="left")
        files = files.with_columns(pl.col("text").fill_null(""))
        files = files.filter(~pl.col("path").str.contains("/") | pl.col("path").str.starts_with("LICENSES/"))
        rooted = self.tree.filter(
            pl.col("path").is_in([path for path in self.tree["path"].unique() if is_manifest(path)])
        )
        manifests = dict(standing_texts(rooted.join(texts, on="blob").select("repository", "path", "text").iter_rows()))
        licences = dict(standing_texts(files.select("repository", "path", "text").iter_rows()))
        declared = {repository: code.licence for repository, code in self.public_codes.items()}
        return {
            name: own_licence(declared.get(name), manifests.get(name, {}), licences.get(name, {}))
            for name in sorted(self.tree_sizes)
        }

    @cached_property
    def ages(self) -> pl.DataFrame:
        """How old the versions of direct dependencies are; see `derive.ages`."""
        return ages_of(self.needs, self.facts.table("package_release"), self.end)

    @property
    def upstream(self) -> str | None:
        """The repository that the subject is a fork of, as sources.toml says or a forge that was asked for forks."""
        known = (*self.codebase.repository, *self.codebase.found_forks) if self.codebase else ()
        upstream = next((r.fork_of for r in known if r.id == self.subject.id), None)
        return repository_id(upstream) if upstream and self.subject.kind == "repository" else None

    @cached_property
    def fork(self) -> Fork | None:
        """What a fork does not share with its upstream; nothing where the subject is no fork."""
        if self.upstream is None:
            return None
        patches = self.facts.table("patch").filter(pl.col("known_at") < self.end)
        found = self.codebase.found_forks if self.codebase else ()
        is_declared = all(fork.id != self.subject.id for fork in found)
        return fork_of(self.upstream, self.all_commits, patches, is_declared=is_declared)

    @cached_property
    def deployments(self) -> tuple[Deployment, ...]:
        """Municipalities whose name a branch bears; looked for in forks alone."""
        return deployments(self.branches, self.organisations) if self.fork else ()

    @cached_property
    def questions(self) -> Questions:
        """Issues and change requests that humans opened on the forge, as they stood."""
        return questions_of(self.facts, self.end)

    @property
    def branches(self) -> pl.DataFrame:
        _check(self.facts.why_other_branches(self.end))
        return self.facts.table("branch")

    @property
    def reviewing(self) -> dict[str, object]:
        """What of the reviews counts in `knowledge`."""
        return self.facts.reviewed.evidence(self.end, unknown_reviews(self.facts))

    @property
    def organisations(self) -> pl.DataFrame:
        return self.facts.table("organisation")

    @cached_property
    def maintainability(self) -> pl.DataFrame:
        """MAINTAINABILITY of the commits known by then."""
        once = self.facts.table("maintainability").unique("sha", maintain_order=True)
        return once.join(self.commits.select("sha", "authored_at"), on="sha")


def _check(why_not: str | None) -> None:
    if why_not:
        raise NotKnownError(why_not)


def within(contributions: pl.DataFrame, window: Window) -> pl.DataFrame:
    """Rows whose author's date lies in a window; those with an invalid date lie in none."""
    authored = pl.col("authored_at")
    return contributions.filter((authored >= window.start) & (authored < window.end))


def _known(rows: pl.DataFrame, end: datetime) -> pl.DataFrame:
    """The rows known before a moment, of a frame in the order of `known_at`."""
    return rows.head(int(np.searchsorted(rows["known_at"].to_numpy(), np.datetime64(end, "us"))))
