"""The four questions, each answered in plain sentences from the figures at hand. Pure functions of figures by id."""

from collections.abc import Callable, Iterable, Mapping

from oshealth.reports import words
from oshealth.reports.figures import QUESTIONS, Figure, Question, Section, families

Figures = Mapping[str, Figure]


def sections(figures: Iterable[Figure]) -> list[Section]:
    """The four questions with their figures, then every other family that has any."""
    every = list(figures)
    by_id = {figure.metric: figure for figure in every}
    known = {question.family: question for question in QUESTIONS}
    found = []
    for number, (family, members) in enumerate(families(every).items()):
        question = known.get(family) or Question(f"family-{number}", family, family)
        found.append(Section(question, answer(question, by_id, members), members))
    return found


def answer(question: Question, by_id: Figures, members: list[Figure]) -> str:
    """One or two sentences; where nothing is known, why. Families beyond the four questions have none."""
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


def _leave(figures: Figures) -> str | None:
    half = _value(figures, "contributor_absence_factor")
    code = _value(figures, "truck_factor")
    recent = _value(figures, "recent_bus_factor")
    said = []
    if half is not None:
        said.append(
            "One person made more than half of the last year’s contributions"
            if half == 1
            else f"{_people(half)} together made more than half of the last year’s contributions"
        )
    knowing, which = (recent, "recently changed code") if recent is not None else (code, "code")
    if knowing is not None:
        said.append(
            f"if {_people(knowing).lower()} left, half of the {which} or more would have nobody who knows it"
            if knowing
            else f"nobody is left who knows half of the {which}"
        )
    if not said:
        return None
    return words.sentence("; ".join(said))


def _work(figures: Figures) -> str | None:
    known = _value(figures, "affiliation_coverage")
    supplier = _value(figures, "supplier_share")
    top = _value(figures, "top_supplier_share")
    municipalities = _value(figures, "municipalities_contributing")
    said = []
    if supplier is not None:
        said.append(_suppliers(supplier, top))
    if municipalities is not None:
        who = "no municipality" if municipalities == 0 else _count(municipalities, "municipality", "municipalities")
        said.append(f"{who} wrote code themselves" if municipalities > 1 else f"{who} wrote code itself")
    if not said and known is not None:
        much = f"only {words.percent(known)}" if known else "none"
        return f"Not known: for {much} of the last year’s work do we know on whose behalf it was done."
    if not said:
        return None
    text = words.sentence("; ".join(said))
    if known is not None and known < 80:
        text += f" For only {words.percent(known)} of the work do we know on whose behalf it was done."
    return text


def _suppliers(share: float, top: float | None) -> str:
    much = "all" if share == 100 else words.percent(share)
    if share == 0:
        return "No supplier contributed in the last year"
    if top == share:
        return f"One supplier made {much} of the last year’s contributions"
    largest = f", the largest of them {words.percent(top)}" if top else ""
    return f"Suppliers made {much} of the last year’s contributions{largest}"


def _ship(figures: Figures) -> str | None:
    yearly = _value(figures, "releases_per_year")
    since = _value(figures, "days_since_release")
    waiting = _value(figures, "unreleased_commits")
    if yearly is None and since is None:
        return None
    if yearly == 0 and since is None:
        return "No release has ever been found."
    said = []
    if yearly is not None:
        said.append(
            f"{_count(yearly, 'release').capitalize()} in the last year" if yearly else "No release in the last year"
        )
    if since is not None:
        said.append(f"the last one {_ago(since)}")
    if waiting:
        said.append(f"{words.plural(waiting, 'recorded change')} since then {_is(waiting)} waiting for the next")
    return words.sentence("; ".join(said))


def _open(figures: Figures) -> str | None:
    closed = _value(figures, "non_open_dependencies")
    coverage = _value(figures, "licence_coverage")
    own = figures.get("licence_declared")
    own_licence = f"Its own licence: {own.text}." if own is not None and own.is_known else ""
    if closed:
        text = f"No: it needs {_count(closed, 'component')} that {_is(closed)} not open source."
    elif closed == 0 and coverage is not None and coverage >= 98:
        text = "Yes: every component whose licence is known is open source."
    elif closed == 0:
        seen = (
            ""
            if coverage is None
            else f", but the licence is known for only {words.percent(coverage)} of its components"
        )
        text = f"Not known for sure: nothing closed was found{seen}."
    else:
        figure = figures.get("non_open_dependencies")
        text = words.sentence(f"Not known: {figure.why if figure else 'its components have not been examined yet'}")
    return f"{text} {own_licence}".strip()


def _people(count: float) -> str:
    return _count(count, "person", "people").capitalize()


_SMALL = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def _count(count: float, one: str, many: str | None = None) -> str:
    """Small whole numbers as words: "three people"."""
    if count == int(count) and 0 <= count <= 12:
        return f"{_SMALL[int(count)]} {one if count == 1 else many or one + 's'}"
    return words.plural(count, one, many)


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
