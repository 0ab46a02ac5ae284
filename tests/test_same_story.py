"""The same story told by GitHub and by GitLab gives the same rows of every table, but for the forges' own ids."""

from contextlib import ExitStack
from datetime import timedelta

import polars as pl
import pytest

from forge_server import KEY, ForgeServer, forge_server
from forge_world import ANN, BO, CY, ROBOT, Item, World, small_world
from oshealth.collect.forges.accounts import Accounts
from oshealth.collect.forges.reading import ForgeRequest, NoPages, read_forge
from oshealth.facts import FORGE_TABLES

Frames = dict[str, pl.DataFrame]
OWN = {
    "review": ["review"],  # the forge's id of it
    "forge_repository": ["forge", "etag", "read_at"],
    "profile": ["is_member"],  # GitLab does not tell it
}
"""What each forge says in its own way, by table."""
LATER = 24 * 200 + 5.0


def crawl(server: ForgeServer, earlier: Frames) -> Frames:
    asked = ForgeRequest(server.repository, "town/app", server.now.replace(tzinfo=None))
    found = read_forge(server.forge(), asked, earlier, NoPages())
    assert found.error is None
    return {**earlier, **found.frames}


def plain(frame: pl.DataFrame, table: str, host: str) -> pl.DataFrame:
    """Accounts as the logins that they are hashed from, and addresses without their host."""
    accounts = Accounts(KEY, host)
    logins = {accounts.hash(person.login): person.login for person in (ANN, BO, CY, ROBOT)}
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    named = frame.with_columns(pl.col(texts).replace(logins).str.replace(host, "forge", literal=True))
    order = [name for name in ("number", "account", "submitted_at") if name in frame.columns]
    return named.drop(OWN.get(table, [])).sort(order, maintain_order=True) if order else named.drop(OWN.get(table, []))


def happen(world: World) -> None:
    """What happens in the night: one thing of each kind."""
    world.change(2, closed=None, updated=LATER)  # an issue is opened again
    world.change(4, closed=LATER, comments=((ROBOT, 30.1), (BO, 40), (CY, LATER)))
    world.items = [item for item in world.items if item.number != 7]  # it was transferred to another repository
    world.change(14, merged=LATER, merged_by=ANN)  # its author merges it, answered though it was
    world.change(13, closed=None, updated=LATER)  # a request is opened again
    world.change(18, merged=LATER, merged_by=BO, reviews=((BO, "approved", LATER - 1),))
    world.change(3, author=None, comments=((None, 21), (None, 24)))  # the one who answered goes, too
    world.items.append(Item("issue", 21, None, LATER, comments=((BO, LATER + 1),)))
    world.releases = (*world.releases, ("v1.1.0-rc1", LATER), ("weekly", LATER))
    world.forks = (*world.forks, "club/app")
    world.stars += 1


@pytest.fixture(scope="module")
def nights() -> list[list[Frames]]:
    """By forge what stands after each of three nights; in the second much happens, in the third nothing."""
    told = []
    with ExitStack() as stack:
        for server in [stack.enter_context(forge_server(kind, small_world())) for kind in ("github", "gitlab")]:
            frames: Frames = {}
            seen = []
            for night in range(3):
                server.now += timedelta(days=night)
                if night == 1:
                    happen(server.world)
                frames = crawl(server, frames)
                seen.append({table: plain(frame, table, server.host) for table, frame in frames.items()})
            told.append(seen)
    return told


@pytest.mark.parametrize("table", FORGE_TABLES)
@pytest.mark.parametrize("night", range(3))
def test_every_table_is_the_same_each_night(table: str, night: int, nights: list[list[Frames]]) -> None:
    hub, lab = (seen[night][table] for seen in nights)
    assert not hub.is_empty()
    assert hub.rows() == lab.rows()


def row(frames: Frames, table: str, **key: object) -> dict[str, object]:
    return frames[table].filter(**key).row(0, named=True)


@pytest.mark.parametrize("forge", [0, 1])
def test_every_oddity_is_what_it_should_be(forge: int, nights: list[list[Frames]]) -> None:
    first, second, third = nights[forge]
    answered = {number: who for _, kind, number, who, _ in first["response"].rows()}
    assert row(first, "issue", number=3)["author_kind"] == "ghost"
    assert (answered[3], answered[4]) == ("cy", "bo")  # not the ghost's own, not the bot's
    merged = row(first, "change_request", number=12)
    assert merged["merged_by_account"] == merged["author_account"] == "bo"
    assert 12 not in answered
    assert row(first, "change_request", number=14)["state"] == "open"
    assert row(second, "issue", number=2)["closed_at"] is None
    assert row(second, "change_request", number=13)["state"] == "open"
    assert second["issue"].filter(number=7).is_empty()
    assert second["response"].filter(number=7).is_empty()
    assert 3 not in {number for _, _, number, *_ in second["response"].rows()}  # of two ghosts nobody knows
    assert row(second, "review", number=18)["reviewer_account"] == "bo"
    released = second["forge_release"].select("name", "version", "is_prerelease").rows()
    assert released == [("v1.0.0", "1.0.0", False), ("v1.1.0-rc1", "1.1.0-rc1", True), ("weekly", None, False)]
    assert all(third[table].equals(second[table]) for table in FORGE_TABLES)
