"""Numbers, dates and grades as people read them. Everything here is a pure function of one value."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

from markupsafe import Markup, escape

THIN = "\u202f"
"""A narrow space that no line breaks at: between thousands, and between a number and its unit."""

GRADE_WORDS = {"good": "Good", "watch": "Watch", "poor": "Poor", "unknown": "Not known", "none": "Not graded"}
"""The words that stand beside each grade's sign, so that no grade rests on its colour."""

STATUS_WORDS = {
    "ok": "Read in full",
    "partial": "Read in part: some of its content is missing",
    "shallow": "Only its recent history is there",
    "empty": "Empty: nothing has been recorded in it",
    "unborn": "Its main line is empty",
    "sha256": "Kept in a format that could not be read",
    "corrupt": "Damaged: could not be read",
    "unreachable": "Could not be reached",
    "too_large": "Larger than the limit set for one repository",
    "timed_out": "Reading it took longer than the limit",
    "not crawled": "Not read yet",
}

WHAT_WORDS = {
    "crawl": "The whole repository",
    "commit": "Recorded changes",
    "dependency": "What it needs",
    "forge": "Questions and answers",
    "issue": "Questions",
    "change_request": "Change requests",
    "review": "Reviews",
    "response": "Answers",
    "fork": "Forks",
    "forge_release": "Releases",
    "release": "Releases",
    "text": "Texts",
    "finding": "Findings",
}
"""What a gap concerns; what is not named here is shown under its own key."""

_MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
_SMALL = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ONE = {"people": "person", "persons": "person", "commits": "recorded change", "patches": "patch"}
_MANY = {"commits": "recorded changes", "persons": "people"}
_COUNTRIES = {
    "DK": "Denmark", "SE": "Sweden", "NO": "Norway", "FI": "Finland", "IS": "Iceland", "DE": "Germany",
    "NL": "Netherlands", "BE": "Belgium", "FR": "France", "ES": "Spain", "PT": "Portugal", "IT": "Italy",
    "CZ": "Czechia", "SK": "Slovakia", "SI": "Slovenia", "HR": "Croatia", "AT": "Austria", "CH": "Switzerland",
    "PL": "Poland", "RO": "Romania", "HU": "Hungary", "BG": "Bulgaria", "GR": "Greece", "IE": "Ireland",
    "GB": "United Kingdom", "EE": "Estonia", "LV": "Latvia", "LT": "Lithuania", "LU": "Luxembourg",
    "US": "United States", "CA": "Canada", "UA": "Ukraine", "RS": "Serbia",
}  # fmt: skip


def number(value: float, decimals: int = 0) -> str:
    """12345.6 → "12 346", with narrow spaces between the thousands."""
    return f"{value:,.{decimals}f}".replace(",", THIN).replace("-", "\u2212")


def percent(value: float) -> str:
    """A percentage from 0 to 100, whole, but never rounded to all or to nothing."""
    if 0 < value < 1:
        return f"under{THIN}1{THIN}%"
    if 99 < value < 100:
        return f"{min(value, 99.9):.1f}{THIN}%"
    return f"{number(value)}{THIN}%"


def share(value: float) -> str:
    """A share from 0 to 1 as a percentage."""
    return percent(100 * value)


def plural(count: float, one: str, many: str | None = None) -> str:
    """1, "repository" → "1 repository"; 2, "repository", "repositories" → "2 repositories"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def quantity(value: float, unit: str) -> str:
    """A value with its unit: "3 people", "81 %", "4 per year", "0.42"."""
    if unit == "%":
        return percent(value)
    if unit in {"0–1", "0-1", "ratio", "share"}:
        return number(value, 2)
    digits = number(value) if value == round(value) else number(value, 0 if abs(value) >= 10 else 1).removesuffix(".0")
    if unit in {"", "count", "label"}:
        return digits
    return f"{digits} {_one(unit) if digits == '1' else _MANY.get(unit, unit)}"


def component(purl: str) -> str:
    """A package URL as people read it: "@town/map 1.0.0 (npm)", "viewer.deb (from files.example.org)"."""
    kind, _, rest = purl.removeprefix("pkg:").partition("/")
    place, _, inside = rest.partition("#")
    place, _, query = place.partition("?")
    name, at, version = place.rpartition("@")
    host = re.search(r"(?:^|&)download_url=[a-z]+://([^/&]+)", unquote(query))
    said = f"{name} {version}" if at else version
    where = f"from {host[1]}" if host else kind
    return f"{unquote(said)} ({where})" + (f", {unquote(inside)}" if inside else "")


def label(name: str, evidence: Mapping[str, Any]) -> str:
    """A label as people read it: a licence that is there is called by its name."""
    names = series([str(one) for one in evidence.get("licence") or ()])
    if name == "approved" and names:
        return f"{names} (approved by the OSI)"
    return names or "not recognised" if name == "other" else name


def _one(unit: str) -> str:
    """One of what a unit counts: "municipalities" → "municipality"."""
    return _ONE.get(unit) or (f"{unit[:-3]}y" if unit.endswith("ies") else unit.removesuffix("s"))


def day(moment: date | datetime | None) -> str:
    """A date like "1 October 2024", or "not known"."""
    return "not known" if moment is None else day_of(moment.year, moment.month, moment.day)


def day_of(year: int, month_number: int, day_number: int) -> str:
    """As `day`; a month that there is not stays a number."""
    name = _MONTHS[month_number - 1] if 1 <= month_number <= 12 else str(month_number)
    return f"{day_number} {name} {year}"


def count_of(count: float, one: str, many: str | None = None) -> str:
    """Small whole numbers as words: "three people"."""
    if count == int(count) and 0 <= count < len(_SMALL):
        return f"{_SMALL[int(count)]} {one if count == 1 else many or one + 's'}"
    return plural(count, one, many)


def month(moment: date | datetime) -> str:
    """A month like "October 2024"."""
    return f"{_MONTHS[moment.month - 1]} {moment.year}"


def country(code: str | None) -> str:
    """A country's English name, or its code where we have none."""
    return "" if code is None else _COUNTRIES.get(code, code)


def series(items: Sequence[str]) -> str:
    """A list in a sentence: "a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def sentence(text: str) -> str:
    """The text with a capital first letter and a full stop."""
    text = text.strip()
    is_name = "." in text.partition(" ")[0].rstrip(".")  # a file's, say: "sources.toml names no owner"
    begin = text[:1] if is_name else text[:1].upper()
    return f"{begin}{text[1:]}{'' if text[-1:] in {'', '.', '!', '?', '…'} else '.'}"


def heading(key: str) -> str:
    """A key as a heading: "last_release_at" → "Last release at"."""
    spaced = re.sub(r"[_\s]+", " ", key).strip()
    return spaced[:1].upper() + spaced[1:]


def limits(good: float, watch: float, unit: str, *, is_higher_better: bool) -> str:
    """A measure's bands in words: "Good: 3 people or more. Watch: 2 people or more. Poor: less."."""
    enough, beyond = (" or more", "less") if is_higher_better else (" or less", "more")
    said = [f"Good: {quantity(good, unit)}{'' if _is_end(good, unit) else enough}."]
    if watch != good:
        said.append(f"Watch: {quantity(watch, unit)}{enough}.")
    return " ".join([*said, f"Poor: {beyond}."])


def _is_end(value: float, unit: str) -> bool:
    """Whether nothing lies beyond: no dependency fewer than none, no share of more than all."""
    return value == 0 or (unit == "%" and value == 100)


def marked(text: str) -> Markup:
    """A text whose `quoted` parts are code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  (escaped just before)


def with_titles(text: str, titles: Mapping[str, str]) -> str:
    """A text whose ids of measures are their titles, by which alone a page calls them."""
    return re.sub(
        r"`?\b([a-z]+(?:_[a-z]+)+)\b`?", lambda id_: f"“{titles[id_[1]]}”" if id_[1] in titles else id_[0], text
    )


def short_repository(repository: str) -> str:
    """What people call it: "github.com/owner/name" → "owner/name"."""
    return repository.partition("/")[2] or repository
