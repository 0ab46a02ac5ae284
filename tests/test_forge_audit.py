"""`oshealth audit` of a repository on a forge of one's own: its responsiveness, or why it is not known."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from forge_line import Line, forge_line
from forge_server import KEY, PLANTED, Fault, ForgeServer
from oshealth.pipeline.collecting.forging import forge_frames
from oshealth.sources import Host
from test_command_line import oshealth

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")
MEASURES = {"first_response", "first_response_newcomer", "never_answered", "review_coverage", "open_issue_age"}


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    with forge_line(tmp_path, monkeypatch) as made:
        yield made


def audit(line: Line, server: ForgeServer, *options: str) -> CompletedProcess[str]:
    """In the project folder, whose sources.toml says that the host is a forge."""
    mirrors = [part for mirror in line.mirrors for part in ("--mirror", mirror)]
    tokens = {f"OSHEALTH_TOKEN_LOCALHOST_{server.port}": f"{PLANTED}-{server.kind}", "OSHEALTH_DEPS_DEV": ""}
    command = ("audit", f"https://{server.host}/{server.world.path}", "--as-of", "2024-06-30", *mirrors, *options)
    return oshealth(*command, folder=line.path, **tokens)


def test_both_forges_give_the_same_responsiveness(line: Line) -> None:
    told = []
    for server in line.servers:
        done = audit(line, server, "--json")
        assert done.returncode == 0, done.stderr
        assert PLANTED not in done.stdout + done.stderr
        rows = {row["metric"]: row for row in json.loads(done.stdout)["measurements"]}
        told.append({name: (row["value"], row["sample_size"]) for name, row in rows.items() if name in MEASURES})
    assert told[0] == told[1]
    assert len(told[0]) >= 3
    assert all(value is not None for value, _ in told[0].values())


SENTENCES = {
    401: "The forge does not accept the token in {}: make a new one, or remove the variable.",
    403: "The forge refuses access to the repository.",
    451: "The forge refuses access to the repository for legal reasons.",
    404: "The forge knows no repository at this address, or does not show it.",
    429: "The forge's limit of requests is spent for another 50 minutes; ask again then.",
}


@pytest.mark.parametrize(("index", "status"), list(enumerate(SENTENCES)))
def test_what_the_forge_does_not_tell_is_one_sentence_said_once(index: int, status: int, line: Line) -> None:
    server = line.servers[index % 2]
    server.always = Fault(status, {"Retry-After": "3000"} if status == 429 else {})
    done = audit(line, server)
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines()[1:])) <= 80
    text = " ".join(done.stdout.split())
    sentence = SENTENCES[status].format(f"OSHEALTH_TOKEN_LOCALHOST_{server.port}")
    assert text.count(sentence) == 1
    assert f"and Never answered: {sentence}" in text


def test_without_a_token_the_forge_says_what_it_wants_one_for(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    for server in line.servers:
        variable = f"OSHEALTH_TOKEN_LOCALHOST_{server.port}"
        monkeypatch.delenv(variable)
        host = Host(name=server.host, forge=server.kind, is_private=True)
        found = forge_frames(f"https://{server.host}/{server.world.path}", (), datetime(2024, 7, 1), KEY, [host])  # noqa: DTZ001
        assert found["issue"].height == 7
        told = found["gap"]["detail"].to_list()
        if server.kind == "gitlab":
            assert not told
        else:
            assert all(detail.endswith(f"The forge tells them only with a token: set {variable}.") for detail in told)
