"""`setup.cfg`, and `setup.py` read as syntax: it is never run."""

import ast
import configparser
import re
from collections.abc import Iterator

from oshealth.collect.manifests.entry import Entry, File, Scope, Unreadable
from oshealth.collect.manifests.names import which
from oshealth.collect.manifests.pypi import from_requirement, scope_of
from oshealth.collect.manifests.requirements import check_include
from oshealth.collect.manifests.syntax import refuse_conflict

_KEYWORDS: dict[str, Scope] = {
    "install_requires": "runtime",
    "requires": "runtime",
    "setup_requires": "build",
    "tests_require": "development",
}
MAX_DEPTH = 20
_MARKER = re.compile(r"^\s*(python_|sys_platform|platform_|os_name|implementation_|extra\b)")
_ADDING = {"append", "extend", "insert"}
_Lists = ast.List | ast.Tuple | ast.Set


def setup_cfg(file: File) -> Iterator[Entry]:
    refuse_conflict(file.text)
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(file.text)
    except configparser.Error as error:
        raise Unreadable(f"invalid_ini: {type(error).__name__}") from None
    sections = [("options", option, scope) for option, scope in _KEYWORDS.items() if option != "requires"]
    if parser.has_section("options.extras_require"):
        extras = parser.options("options.extras_require")
        sections += [("options.extras_require", extra, scope_of(extra)) for extra in extras]
    problems: list[str] = []
    for section, option, scope in sections:
        for text in _listed(parser.get(section, option, fallback="")):
            try:
                entry = _declared(file, text)
            except Unreadable as error:
                problems.append(str(error))
                continue
            if entry is not None:
                entry.scope, entry.is_optional = scope, section != "options"
                yield entry
    if problems:
        raise Unreadable(problems[0])


def _listed(value: str) -> list[str]:
    """The requirements of an option: one to a line, or on one line with semicolons between them."""
    texts = value.splitlines() if "\n" in value else value.split(";")
    # What follows a semicolon may be the marker of what stands before it.
    texts = [value] if any(map(_MARKER.match, texts)) and "\n" not in value else texts
    found = (text.partition(" #")[0].strip() for text in texts)
    return [text for text in found if text and not text.startswith("#")]


def _declared(file: File, text: str) -> Entry | None:
    """A requirement; nothing for a list in another file, which is read there."""
    line = _line(file.text, text)
    if not text.startswith("file:"):
        return from_requirement(text, line)
    for path in text.removeprefix("file:").split(","):
        check_include(file, path.strip(), line)
    return None


def _line(text: str, part: str) -> int:
    return text.count("\n", 0, max(text.find(part), 0)) + 1


def setup_py(file: File) -> Iterator[Entry]:
    """What the calls of `setup` name as literals, or as names of literals; what is computed is `Unreadable`."""
    refuse_conflict(file.text)
    try:
        tree = ast.parse(file.text)
    except (SyntaxError, ValueError):
        raise Unreadable("invalid_python: not a Python program") from None
    literals = _Literals(tree)
    computed: list[str] = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) == "setup"):
        for keyword in literals.keywords(call):
            for node, scope, is_optional in _requirements(keyword, literals):
                text = _text(node)
                if text is None:
                    named = keyword.arg or "what setup is given"
                    computed.append(f"computed: line {keyword.value.lineno}: {named} is computed when it runs")
                for line in (text or "").strip().splitlines():
                    if entry := from_requirement(line, node.lineno):
                        entry.scope, entry.is_optional = scope, is_optional
                        yield entry
    if computed and not _names_requirements(file, tree):
        raise Unreadable(computed[0])


def _text(node: ast.expr) -> str | None:
    """A requirement; of one whose version is filled in when it runs, the name alone."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    pattern: ast.expr | None = None
    if isinstance(node, ast.JoinedStr):
        pattern = node.values[0] if node.values else None
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        pattern = node.left
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        pattern = node.func.value
    if not isinstance(pattern, ast.Constant) or not isinstance(pattern.value, str):
        return None
    name = re.match(r"^\s*([A-Za-z0-9][\w.-]*)\s*(\[[\w\s,.-]*\])?\s*[=<>~!]=?", pattern.value)
    return name[1] if name else None


def _names_requirements(file: File, tree: ast.Module) -> bool:
    """Whether the program names a list of requirements of the repository: what it computes is read there."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    paths = (file.beside(text) for text in texts if text.endswith((".txt", ".in", ".pip")))
    return any(path in file.others and which(path) == "requirements" for path in paths if path)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _requirements(keyword: ast.keyword, literals: "_Literals") -> Iterator[tuple[ast.expr, Scope, bool]]:
    if keyword.arg is None:
        yield keyword.value, "runtime", False
    elif keyword.arg in _KEYWORDS:
        for node in literals.items(keyword.value):
            yield node, _KEYWORDS[keyword.arg], False
    elif keyword.arg == "extras_require":
        value = literals.resolved(keyword.value)
        if not isinstance(value, ast.Dict):
            yield keyword.value, "runtime", True
            return
        for name, texts in zip(value.keys, value.values, strict=True):
            extra = name.value if isinstance(name, ast.Constant) else ""
            for node in literals.items(texts):
                yield node, scope_of(str(extra)), True


class _Literals:
    """Lists that names and sums of lists stand for, without evaluating anything."""

    def __init__(self, tree: ast.Module) -> None:
        self._names: dict[str, ast.expr] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self._names.setdefault(target.id, node.value)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                self._names.setdefault(node.target.id, node.value)
        added: dict[str, list[ast.expr]] = {}
        for name, value in _additions(tree):
            # The first assignment is the name's own value.
            if self._names.get(name) is not value:
                added.setdefault(name, []).append(value)
        for name, values in added.items():
            self._add(name, values)

    def _add(self, name: str, values: list[ast.expr]) -> None:
        known = self._names.get(name)
        extras = [value for value in values if isinstance(value, ast.Dict)]
        if isinstance(known, ast.Dict):
            tables = [known, *extras]
            self._names[name] = ast.Dict(
                [k for one in tables for k in one.keys], [v for one in tables for v in one.values]
            )
        elif known is not None and len(extras) < len(values):
            lists = [known, *(value for value in values if not isinstance(value, ast.Dict))]
            self._names[name] = ast.List([ast.Starred(one) for one in lists])

    def keywords(self, call: ast.Call) -> Iterator[ast.keyword]:
        """The keywords of a call, those of a dictionary that it is given too; what is neither has no name."""
        for keyword in call.keywords:
            value = self.resolved(keyword.value)
            if keyword.arg is not None:
                yield keyword
            elif isinstance(value, ast.Call) and _name(value.func) == "todict":
                continue  # NumPy's description of a part that is built
            elif isinstance(value, ast.Call) and _name(value.func) == "dict":
                yield from value.keywords
            elif isinstance(value, ast.Dict):
                for key, one in zip(value.keys, value.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        yield ast.keyword(key.value, one)
            else:
                yield keyword

    def resolved(self, node: ast.expr) -> ast.expr:
        for _ in range(MAX_DEPTH):
            if not isinstance(node, ast.Name) or node.id not in self._names:
                return node
            node = self._names[node.id]
        return node

    def items(self, node: ast.expr, depth: int = 0) -> Iterator[ast.expr]:
        """The elements of a list; a node that is none of a list's forms is given as it stands."""
        node = self.resolved(node)
        if depth > MAX_DEPTH:
            yield node
        elif isinstance(node, _Lists):
            for element in node.elts:
                yield from (
                    self.items(element.value, depth + 1)
                    if isinstance(element, ast.Starred)
                    else [self.resolved(element)]
                )
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            yield from self.items(node.left, depth + 1)
            yield from self.items(node.right, depth + 1)
        else:
            yield node


def _additions(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """What a program puts into lists and tables that have names, and what it gives these names instead elsewhere."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and isinstance(node.op, ast.Add):
            yield node.target.id, node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            name = _name(node.func.value) if isinstance(node.func.value, ast.Name) else ""
            if name and node.func.attr in _ADDING:
                is_one = node.func.attr != "extend"
                yield name, ast.List([node.args[-1]]) if is_one else node.args[0]
            elif name and node.func.attr == "update" and isinstance(node.args[0], ast.Dict):
                yield name, node.args[0]
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            yield from _assigned(node.targets[0], node.value)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        if isinstance(value, _Lists):
            yield target.id, value
        elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) and _name(value.left) == target.id:
            yield target.id, value.right
    elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
        name = target.value.id
        # "All of them" is made of what is known already.
        if not any(_name(node) == name for node in ast.walk(value) if isinstance(node, ast.Name)):
            yield name, ast.Dict([target.slice], [value])
