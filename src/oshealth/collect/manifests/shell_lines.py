"""The lines and simple commands of a shell script as a shell takes them; nothing is evaluated."""

import re
from collections.abc import Iterator

MAX_CHARACTERS = 40_000
_MAX_LIST_LINES = 300
_MAX_LOOKED_AT = 50_000
_MAX_NESTED = 3
_OPENING = re.compile(
    r"""^\s*(?:(?:export|local|readonly|typeset|declare(?:\s+-\w+)*)\s+)?[A-Za-z_]\w*\+?=(["'(])(.*)$""", re.DOTALL
)
_CUT = re.compile(r"""((?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|\$\([^)]*\)|[^"'\\;&|])+)|(\|\||&&|[;&|])""")
_SHELL = r"(?:ba|da|z|k)?sh"
_GIVEN = re.compile(rf"""\b(?:{_SHELL}|su)\s(?:[^"']{{0,80}}\s)?-\w*c\w*\s+(["'])(.*)\1\s*$""", re.DOTALL)
_READ = re.compile(rf"^(?:\S*/)?(?:{_SHELL}|source|\.)\s[^<]{{0,80}}<\(\s*([^()]*)")

Line = tuple[int, str]


def logical_lines(text: str) -> Iterator[Line]:
    """Lines with their numbers, continuations joined, comments left out.

    A variable's list in quotes or brackets is joined to one line, too; what stands within may be commands, so these
    lines follow by themselves.
    """
    lines = list(_continued(text))
    left, last = _MAX_LOOKED_AT, -1
    for position, (number, line) in enumerate(lines):
        if position <= last:
            # Behind the closing quote stands what the joined line has, too.
            if position < last or line.rstrip().endswith(('"', "'", ")")):
                yield number, line
            continue
        opening = _OPENING.match(line) if left > 0 else None
        end = _end(lines, position, opening[1], opening[2]) if opening else position
        if end is None:
            left -= _MAX_LIST_LINES
        last = end or position
        yield number, " ".join(one for _, one in lines[position : last + 1])[:MAX_CHARACTERS]


def _continued(text: str) -> Iterator[Line]:
    start, is_open = 1, False
    parts: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("#"):
            continue
        if not is_open:
            start, parts = number, []
        is_open = line.rstrip().endswith("\\")
        parts.append(line.rstrip().removesuffix("\\"))
        if not is_open:
            yield start, re.sub(r"\s#\s.*$", "", " ".join(parts))[:MAX_CHARACTERS]
    if is_open:
        yield start, " ".join(parts)


def _end(lines: list[Line], position: int, opener: str, rest: str) -> int | None:
    """The line that closes what a line opens, that line itself where nothing stays open; `None`: none is near."""
    if _closes(rest, opener):
        return position
    following = range(position + 1, min(position + _MAX_LIST_LINES, len(lines)))
    return next((number for number in following if _closes(lines[number][1], opener)), None)


def _closes(text: str, opener: str) -> bool:
    if opener == "(":
        return ")" in text
    return (text.count(opener) - text.count(f"\\{opener}")) % 2 == 1


def pipelines(line: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Each simple command, those too that a shell is given in quotes, with the one that it is piped into."""
    parts = [(match[1] or "", match[2] or "") for match in _CUT.finditer(line)]
    for number, (command, _) in enumerate(parts):
        if not command.strip():
            continue
        is_piped = number + 2 < len(parts) and parts[number + 1][1] == "|"
        if (given := _GIVEN.search(command)) and depth < _MAX_NESTED:
            for inner, following in pipelines(given[2].replace('\\"', '"'), depth + 1):
                # What another command answers is run.
                yield inner, following or ("sh" if inner.startswith("$(") else "")
        elif read := _READ.match(command.strip()):
            yield read[1], "sh"
        else:
            yield command.strip(), parts[number + 2][0].strip() if is_piped else ""
