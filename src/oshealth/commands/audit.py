"""`oshealth audit`: one repository, once, in the terminal."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.text import Text

from oshealth import __version__
from oshealth.clock import now
from oshealth.collect.git_command import check_git
from oshealth.commands.audit_text import show
from oshealth.commands.environment import hosts, mirrors
from oshealth.commands.status import BAND_REACHED, PARTLY_DONE
from oshealth.commands.terminal import Terminal, say
from oshealth.pipeline.auditing.audit import WHOLE, Audit, Audited, audit
from oshealth.pipeline.collecting.look_ups import told
from oshealth.pipeline.watched.order import past_day
from oshealth.visible import visible_json

WORSE = {"watch": {"watch", "poor"}, "poor": {"poor"}}


@dataclass(frozen=True)
class AuditOutput:
    """What is made of the answer."""

    as_json: bool
    html: Path | None
    with_names: bool
    fail_on: str | None
    sbom: Path | None = None
    is_offline: bool = False


def audit_repository(target: str, as_of: date | None, options: Sequence[str] | None, output: AuditOutput) -> int:
    """Audit and print; the exit status."""
    started_at = now()
    day = past_day(as_of, started_at.date())
    order = Audit(
        target=target,
        as_of=day,
        started_at=started_at,
        mirrors=mirrors(options),
        with_names=output.with_names,
        page=output.html,
        sbom=output.sbom,
        is_offline=output.is_offline,
        hosts=hosts(),
    )
    check_git()
    console = Terminal(stderr=True)
    with console.status(_Doing(target)):
        answer = audit(order)
    is_whole = answer.status in WHOLE
    if output.as_json:
        if not is_whole:
            say(f"oshealth: {target}: {answer.detail}", is_error=True)
        say(visible_json(json.dumps(_object(answer), ensure_ascii=False, indent=2)))
    else:
        show(Terminal(), answer)
    if output.fail_on and any(row["grade"] in WORSE[output.fail_on] for row in answer.measurements):
        return BAND_REACHED
    return 0 if is_whole else PARTLY_DONE


@dataclass(frozen=True)
class _Doing:
    """What is done now; asked again for each picture of the terminal."""

    target: str

    def __rich__(self) -> Text:
        return Text(f"Reading {self.target} …" + (f" {look_ups}" if (look_ups := told()) else ""))


def _object(answer: Audited) -> dict[str, object]:
    return {
        "target": answer.target,
        "head": answer.head,
        "as_of": answer.as_of.isoformat(),
        "tool_version": __version__,
        "measurements": answer.measurements,
        "gaps": answer.gaps,
    }
