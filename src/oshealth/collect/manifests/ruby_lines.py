"""The statements of a Ruby program as text, loops over lists that stand there written out; nothing is evaluated."""

import re
from collections.abc import Iterator

BLOCK = re.compile(r"\bdo\b(\s*\|[^|]*\|)?\s*$")
OPENS = re.compile(r"^\s*(if|unless|case|begin|def|while|until|class|module)\b")
_LOOP = re.compile(
    r"""^\s*(?:%[wi]([\[({<])(?P<words>[^\])}>]*)[\])}>]|\[(?P<list>[^\[\]]*)\])\s*\.each\s*(?:do|(?P<brace>\{))"""
    r"""\s*\|\s*(?P<name>[a-z_]\w*)\s*\|(?P<body>.*)$"""
)
_ELEMENT = re.compile(r"""["']([^"'#]*)["']|:(\w+)""")
_MAX_WORDS = 200
_MAX_STATEMENTS = 50
Statement = tuple[int, str]


def statements(text: str) -> Iterator[Statement]:
    """Lines with their numbers and without comments; one that ends in a comma goes on in the next."""
    waiting = list(_joined(text))
    position = 0
    while position < len(waiting):
        line, statement = waiting[position]
        position += 1
        loop = _LOOP.match(statement)
        if loop is None:
            yield line, statement
            continue
        body = [(line, loop["body"].rpartition("}")[0])] if loop["brace"] and "}" in loop["body"] else []
        if not body:
            body = _body(waiting[position : position + _MAX_STATEMENTS])
            position += len(body) + 1
        for word in _words(loop):
            yield from ((number, _filled(one, loop["name"], word)) for number, one in body)


def _joined(text: str) -> Iterator[Statement]:
    start = 1
    parts: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("__END__"):
            break
        start = start if parts else number
        part = re.sub(r"(^|\s)#(?!\{).*$", "", line).rstrip()
        if not part:
            # A blank line or a comment: within a statement it says nothing, else none has begun.
            continue
        parts.append(part)
        if not part.endswith((",", "\\")):
            yield start, " ".join(parts)
            parts = []
    if parts:
        yield start, " ".join(parts)


def _body(following: list[Statement]) -> list[Statement]:
    """What stands before the end of a loop."""
    depth = 0
    for count, (_, statement) in enumerate(following):
        if re.match(r"^\s*(end\b|\})", statement):
            if depth == 0:
                return following[:count]
            depth -= 1
        elif BLOCK.search(statement) or (OPENS.match(statement) and not re.search(r"\bend\s*$", statement)):
            depth += 1
    return following


def _words(loop: re.Match[str]) -> list[str]:
    if loop["words"] is not None:
        return loop["words"].split()[:_MAX_WORDS]
    return [first or second for first, second in _ELEMENT.findall(loop["list"])][:_MAX_WORDS]


def _filled(statement: str, name: str, word: str) -> str:
    """A statement of a loop's body for one word: within a string, and in place of one."""
    statement = re.sub(rf"#\{{\s*{name}\s*\}}", lambda _: word, statement)
    return re.sub(rf"""(?<![\w."':@]){name}(?![\w"':(])""", lambda _: f'"{word}"', statement)
