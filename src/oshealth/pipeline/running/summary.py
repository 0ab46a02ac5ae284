"""What a run did, in words: one line for the terminal, Markdown for Prefect's artifact."""

from collections.abc import Sequence

from oshealth.pipeline.watched.order import Order, Outcome


def headline(outcomes: Sequence[Outcome]) -> str:
    """One line: all done, partly done, or failed."""
    bad = [outcome for outcome in outcomes if outcome.end == "failed"]
    if not bad:
        return "all done"
    counts = f"{len(bad)} of {len(outcomes)} steps failed"
    if not any(outcome.stage == "report" and outcome.end != "failed" for outcome in outcomes):
        return f"failed: {counts}"
    unread = sum(outcome.stage == "crawl" for outcome in bad)
    if not unread:
        return f"partly done: {counts}"
    repositories = "1 repository" if unread == 1 else f"{unread} repositories"
    return f"partly done: {counts}; {repositories} could not be read, the report says which; all else is measured"


def summary(order: Order, outcomes: Sequence[Outcome]) -> str:
    """What was crawled and what failed, as Markdown."""
    lines = [
        f"# Run {order.run_id}",
        "",
        f"As of {order.as_of:%-d %B %Y}: {headline(outcomes)}.",
        "",
        "| stage | what | ended | seconds | detail |",
        "|---|---|---|---|---|",
    ]
    for outcome in sorted(outcomes, key=lambda o: o.end != "failed"):
        cells = (outcome.stage, outcome.item, outcome.end, f"{outcome.seconds:.1f}", outcome.detail)
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Text from outside as one cell: it may neither end the cell nor become a link, an image or HTML."""
    plain = " ".join(text.split())
    for character in "\\`*_[]<>|!":
        plain = plain.replace(character, f"\\{character}" if character != "<" else "&lt;")
    return plain
