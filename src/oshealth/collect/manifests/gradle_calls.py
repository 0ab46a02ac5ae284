"""Where Gradle build scripts name modules: what configurations take in, and what gives versions to it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Strings first: globs such as "**/*.java" look like comments.
_COMMENT = re.compile(
    r"""("{3}.*?"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')|/\*.*?(?:\*/|\Z)|//[^\n]*+""", re.DOTALL
)
# Configurations whose names are known count wherever they are called, others only where dependencies are declared.
_KNOWN = re.compile(
    r"^(?:[a-z]\w*?(?:[iI]mplementation|[aA]pi|[cC]ompileOnly|[rR]untimeOnly|[cC]ompile|[rR]untime|[pP]rocessor|"
    r"[dD]evelopmentOnly|[cC]lasspath|[kK]apt|[kK]sp)|implementation|api|compileOnly|compileOnlyApi|runtimeOnly|compile|"
    r"runtime|annotationProcessor|developmentOnly|classpath|kapt|ksp|coreLibraryDesugaring|provided)$"
)
_NO_CONFIGURATION = re.compile(
    r"^(exclude|module|because|substitute|using|with|project|files|fileTree|kotlin|version|group|name|url|uri|maven|id|apply|"
    r"select|prefer|strictly|require|reject|force|set|from|remove\w*|add\w*|knownModule|mergeJar|platform|enforcedPlatform|"
    r"dependency|dependencySet|entry|mavenBom|bom|def|val|var|if|println|it)$"
)
_ITEM = (
    r"""(?:(?:enforcedPlatform|platform|testFixtures|dependencies\.create)[ \t]*+\(?[ \t]*+)?"""
    r"""(?:["'][^"'\n]++["']|(?:rootProject\.)?libs(?:\.\w++)++|kotlin\(\s*+["'][\w-]++["'](?:\s*+,\s*+["'][^"'\n]++["'])?\s*+\))"""
    r"""[ \t)]*+"""
)
_CALL = re.compile(rf"""(?<![\w.$])["']?([A-Za-z]\w*+)["']?(?:[ \t]++|[ \t]*+\(\s*+)({_ITEM}(?:,\s*+{_ITEM})*+)""")
_PIECE = re.compile(
    r"""["']([^"'\n]++)["']|(?:rootProject\.)?(libs(?:\.\w++)++)|kotlin\(\s*+["']([\w-]++)["'](?:\s*+,\s*+["']([^"'\n]++)["'])?"""
)
_MODULE = re.compile(r"^[\w.${}-]+:[\w.${}-]+(?::[^:\s]*)*$")
_BLOCK = re.compile(r"\b(dependencies|constraints|dependencyManagement)\s*+(?:\([^()\n]*+\)\s*+)?\{")
_DEPENDENCY = re.compile(r"""\b(?:dependency|mavenBom)[ \t]*+\(?[ \t]*+["']([^"'\n]++)["']""")
_SET = re.compile(
    r"""\bdependencySet[ \t]*+\(?[ \t]*+group\s*+[:=]\s*+["']([^"']++)["']\s*+,"""
    r"""\s*+version\s*+[:=]\s*+["']([^"']++)["']\s*+\)?\s*+\{([^}]*+)\}"""
)
_ENTRY = re.compile(r"""\bentry[ \t]*+\(?[ \t]*+["']([^"'\n]++)["']""")


@dataclass(frozen=True, slots=True)
class Call:
    """One module that a configuration takes in, by notation ("group:name:version") or by a catalogue's accessor."""

    configuration: str
    notation: str
    offset: int
    is_constraint: bool

    @property
    def is_accessor(self) -> bool:
        return self.notation.startswith("libs.")


def without_comments(text: str) -> str:
    """The text with its comments blanked, every line where it was."""
    return _COMMENT.sub(lambda match: match[0] if match[1] else re.sub(r"[^\n]", " ", match[0]), text)


def called_names(texts: Iterable[str]) -> set[str]:
    """The modules, as "group:name", that any script takes in."""
    found = (call for text in texts for call in calls(without_comments(text)) if not call.is_constraint)
    return {":".join(call.notation.split(":")[:2]) for call in found}


def is_configuration(name: str) -> bool:
    return bool(_KNOWN.match(name))


def calls(text: str) -> Iterator[Call]:
    """The modules that a script without comments names, in the script's order."""
    blocks = list(_blocks(text))
    for match in _CALL.finditer(text):
        kinds = {kind for kind, start, end in blocks if start <= match.start() < end}
        if not is_configuration(match[1]) and ("dependencies" not in kinds or _NO_CONFIGURATION.match(match[1])):
            continue
        if "dependencyManagement" in kinds:
            continue
        for piece in _PIECE.finditer(match[2]):
            notation = piece[1] or piece[2] or _of_kotlin(piece[3], piece[4])
            if piece[1] is None or _MODULE.match(notation):
                yield Call(match[1], notation, match.start(2) + piece.start(), "constraints" in kinds)


def _of_kotlin(name: str, version: str | None) -> str:
    return f"org.jetbrains.kotlin:kotlin-{name}" + (f":{version}" if version else "")


def managed(text: str) -> Iterator[str]:
    """The notations with versions that a script's constraints and dependency management give to those without."""
    yield from (call.notation for call in calls(text) if call.is_constraint and not call.is_accessor)
    spans = [(start, end) for kind, start, end in _blocks(text) if kind == "dependencyManagement"]
    for match in _DEPENDENCY.finditer(text):
        if any(start <= match.start() < end for start, end in spans):
            yield match[1]
    for match in _SET.finditer(text):
        yield from (f"{match[1]}:{entry[1]}:{match[2]}" for entry in _ENTRY.finditer(match[3]))


def _blocks(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each block that matters; one that is never closed ends with the text."""
    opened = {match.end() - 1: match[1] for match in _BLOCK.finditer(text)}
    stack: list[tuple[str | None, int]] = []
    for brace in re.finditer(r"[{}]", text):
        if brace[0] == "{":
            stack.append((opened.get(brace.start()), brace.start()))
        elif stack:
            kind, start = stack.pop()
            if kind:
                yield kind, start, brace.end()
    yield from ((kind, start, len(text)) for kind, start in stack if kind)
