"""The four questions, each answered in plain sentences from the figures at hand. Pure functions of figures by id."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from oshealth.reports import words
from oshealth.reports.figures import QUESTIONS, Figure, Question, Section, families
from oshealth.reports.years import Year

Figures = Mapping[str, Figure]

_NEARLY_ALL = 0.95
_MOST_NAMED = 4
_SLOW_DAYS = 90
_MOSTLY = 0.5


def sections(figures: Iterable[Figure], quiet_since: date | None = None, last: Year | None = None) -> list[Section]:
    """The four questions with their figures, then every other family that has any.

    `quiet_since` is the day of the last contribution where nobody contributed in the last year, `last` the last year in
    which somebody did. Where the last contribution is some months old the first answer begins with that.
    """
    every = list(figures)
    by_id = {figure.metric: figure for figure in every}
    known = {question.family: question for question in QUESTIONS}
    found = []
    for number, (family, members) in enumerate(families(every).items()):
        question = known.get(family) or Question(f"family-{number}", family, family)
        said = answer(question, by_id, members)
        if quiet_since and question.key in _QUIET:
            said = _QUIET[question.key](by_id, quiet_since, last)
        elif question.key == "leave":
            said = f"{_slow(by_id, last)} {said}".strip()
        found.append(Section(question, said, members))
    return found


def answer(question: Question, by_id: Figures, members: list[Figure]) -> str:
    """One or two sentences; where nothing is known, why. Most families beyond the four questions have none."""
    if question.family == "Activity":
        return _activity(by_id) or ""
    if question.key not in _ANSWERS:
        return ""
    return _ANSWERS[question.key](by_id) or _nothing_known(members)


def _nothing_known(members: list[Figure]) -> str:
    if not members:
        return "Not known: nothing of this has been measured yet."
    reasons = dict.fromkeys(f.why for f in members if not f.is_known)
    return words.sentence(f"Not known: {next(iter(reasons))}") if reasons else "See its figures."


def _value(figures: Figures, metric: str) -> float | None:
    figure = figures.get(metric)
    return None if figure is None else figure.value


def _slow(figures: Figures, last: Year | None) -> str:
    """That the work slackens, which no count of people tells: it may look better the less is done."""
    as_of = max((figure.as_of for figure in figures.values()), default=None)
    if last is None or as_of is None or (as_of - last.last_on).days <= _SLOW_DAYS:
        return ""
    change = _value(figures, "activity_change")
    fewer = f"; {words.percent(-change)} fewer contributions than the year before" if change and change < 0 else ""
    return f"The last contribution is of {words.day(last.last_on)}{fewer}."


def _leave(figures: Figures) -> str | None:
    half = _value(figures, "contributor_absence_factor")
    said = []
    if half is not None:
        did = "made more than half of the last year’s contributions"
        said.append(f"One person {did}" if half == 1 else f"{_people(half)} together {did}")
    if knowing := _knowing(figures):
        said.append(knowing)
    return words.sentence("; ".join(said)) if said else None


def _knowing(figures: Figures) -> str | None:
    """What happens when those who know most leave: of the code changed lately, else of all of it."""
    for metric, files, nobody in (
        ("recent_bus_factor", "recently changed files", "nobody who knows them"),
        ("truck_factor", "files", "no author left"),
    ):
        count = _value(figures, metric)
        if count is not None:
            who = _people(count).lower()
            return (
                f"if {who} left, more than half of the {files} would have {nobody}"
                if count
                else (f"more than half of the {files} have {nobody}")
            )
    return None


def _quiet_leave(figures: Figures, since: date, _: Year | None) -> str:
    text = f"{_nobody(since)} Whether those who know the code can still be asked, its history cannot tell."
    knowing = _knowing(figures)
    return f"{text} When it stopped: {knowing}." if knowing else text


def _work(figures: Figures) -> str | None:
    known = _value(figures, "affiliation_coverage")
    said = [text for text in (_suppliers(figures), _municipalities(figures)) if text]
    if not said:
        return None if known is None else _hardly_known(known)
    text = words.sentence("; ".join(said))
    if known is not None and known < 80:
        text += f" On whose behalf the work was done is known for {words.percent(known)} of it."
    return text


def _hardly_known(known: float) -> str:
    much = f"only {words.percent(known)}" if known >= 1 else "hardly any" if known else "none"
    return (
        f"Not known: on whose behalf people work is known for {much} of the last year’s contributions. "
        "Ask whoever runs oshealth to write down for whom the busiest of them work."
    )


def _suppliers(figures: Figures) -> str | None:
    share, top = _value(figures, "supplier_share"), _value(figures, "top_supplier_share")
    if share is None:
        return None
    if share == 0:
        return _none_of("supplier", figures) or "No supplier contributed in the last year"
    much = "all" if share == 100 else words.percent(share)
    largest = figures.get("top_supplier_share")
    name = largest.evidence.get("supplier") if largest else None
    if top == share:
        who = f"{name}, a supplier," if name else "One supplier"
        return f"{who} made {much} of the last year’s contributions"
    begin = f"Suppliers made {much} of the last year’s contributions"
    if not top:
        return begin
    much = "nearly all of it" if top > _NEARLY_ALL * share else words.percent(top)
    return f"{begin}, {name or 'the largest of them'} {much}"


def _municipalities(figures: Figures) -> str | None:
    count = _value(figures, "municipalities_contributing")
    if count is None:
        return None
    if count == 0:
        return _none_of("municipality", figures) or "no municipality wrote code itself"
    names = figures["municipalities_contributing"].evidence.get("municipalities")
    who = words.count_of(count, "municipality", "municipalities")
    named = f" ({words.series(names)})" if isinstance(names, list) and 0 < len(names) <= _MOST_NAMED else ""
    return f"{who}{named} wrote code {'itself' if count == 1 else 'themselves'}"


def _none_of(kind: str, figures: Figures) -> str | None:
    """Nobody of a kind was found, though not all are known; nothing where all are."""
    known = _value(figures, "affiliation_coverage")
    if known is None or known == 100:
        return None
    return f"no {kind} is among those we know{f' ({words.percent(known)})' if known >= 80 else ''}"


def _quiet_work(_: Figures, since: date, last: Year | None) -> str:
    if last is None:
        return _nobody(since)
    begin = f"{_nobody(since)} Who did the work in {last.year}, until then"
    if not last.known:
        return f"{begin}, is not known."
    missing = words.share(1 - last.coverage)
    if last.coverage < _MOSTLY:
        return f"{begin}, is not known for {missing} of it; known: {last.said}."
    return f"{begin}: {last.said}{f'; of {missing} it is not known' if last.coverage < 1 else ''}."


def _nobody(since: date) -> str:
    return f"Nobody has contributed since {words.day(since)}."


def _activity(figures: Figures) -> str | None:
    now, change = figures.get("activity"), _value(figures, "activity_change")
    if now is None or now.value is None:
        return None
    who = now.evidence.get("persons")
    text = words.plural(now.value, "contribution") + " in the last year"
    if isinstance(who, int):
        text += f", by {words.count_of(who, 'person', 'people')}"
    if change is not None:
        much = f"{words.percent(abs(change))} {'fewer' if change < 0 else 'more'} than" if change else "as many as"
        text += f": {much} the year before"
    return words.sentence(text)


def _ship(figures: Figures) -> str | None:
    yearly = _value(figures, "releases_per_year")
    since = _value(figures, "days_since_release")
    waiting = _value(figures, "unreleased_commits")
    if yearly is None and since is None:
        return None
    if yearly == 0 and since is None:
        return "No release has ever been found: no version tag, and no version in a changelog."
    said = []
    if yearly is not None:
        said.append(
            f"{words.count_of(yearly, 'release').capitalize()} in the last year"
            if yearly
            else "No release in the last year"
        )
    if since is not None:
        said.append(f"the last one {_ago(since)}")
    if waiting:
        said.append(f"{words.plural(waiting, 'recorded change')} {_is(waiting)} in no release yet")
    said += _never_released(figures)
    return words.sentence("; ".join(said))


def _never_released(figures: Figures) -> list[str]:
    """Repositories that were never released, with what was done there: none of it counts as waiting."""
    waiting = figures.get("unreleased_commits")
    found = waiting.evidence.get("never_released") if waiting and waiting.is_known else None
    if not isinstance(found, dict) or not found:
        return []
    name = words.short_repository(next(iter(found))).rpartition("/")[2]
    who = f"{name} (" if len(found) == 1 else f"{words.count_of(len(found), 'repository', 'repositories')} (with "
    return [
        f"{who}{words.plural(sum(found.values()), 'change')}) {'was' if len(found) == 1 else 'were'} never released"
    ]


def _open(figures: Figures) -> str | None:
    """The sentence of the measure that asks just this, with its own licence; without it, what is closed is counted."""
    down, closed = figures.get("open_all_the_way_down"), figures.get("non_open_dependencies")
    own = figures.get("licence_declared")
    names = own.evidence.get("licence") if own is not None and own.is_known else None
    own_licence = f" Its own licence: {words.series([str(name) for name in names])}." if names else ""
    if down is not None and down.is_known:
        because = words.sentence(f"{str(down.label).capitalize()}: {down.evidence.get('because', 'see the findings')}")
        return because if down.label == "yes" else because + own_licence
    if closed is not None and closed.value:
        count = words.count_of(closed.value, "component")
        return f"No: it needs {count} that {_is(closed.value)} not open source.{own_licence}"
    asked = down or closed
    why = asked.why if asked else "its components have not been examined yet"
    return words.sentence(f"Not known: {why}") + own_licence


def _people(count: float) -> str:
    return words.count_of(count, "person", "people").capitalize()


def _is(count: float) -> str:
    return "is" if count == 1 else "are"


def _ago(days: float) -> str:
    if days < 60:
        return f"{words.plural(round(days), 'day')} ago"
    if days < 730:
        return f"{words.plural(round(days / 30.44), 'month')} ago"
    return f"{words.number(days / 365.25, 0 if days > 3650 else 1).removesuffix('.0')} years ago"


_ANSWERS: Mapping[str, Callable[[Figures], str | None]] = {
    "leave": _leave,
    "work": _work,
    "ship": _ship,
    "open": _open,
}
_QUIET: Mapping[str, Callable[[Figures, date, Year | None], str]] = {"leave": _quiet_leave, "work": _quiet_work}
