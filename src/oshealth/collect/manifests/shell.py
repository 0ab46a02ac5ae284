"""What shell commands install, download and add as package sources; read as text, never run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from oshealth.collect.manifests.entry import Entry, File, Scope, Source
from oshealth.collect.manifests.installers import installed
from oshealth.collect.manifests.purls import from_download, from_git
from oshealth.collect.manifests.requirements import package_source
from oshealth.collect.manifests.shell_lines import MAX_CHARACTERS, logical_lines, pipelines

_ASSIGNMENT = re.compile(
    r"^(?:(?:export|local|readonly|declare(?:\s+-\w+)*|ARG|ENV)\s+)?([A-Za-z_]\w*)\+?=(.*)$", re.DOTALL
)
_HEAD = re.compile(
    r"""^(?:(?:function\s+[\w:.-]+\s*(?:\(\s*\))?|[\w:.-]+\s*\(\s*\))\s*[{(]|\(?[\w.*?+"'\[\]/-]{1,100}\)(?=\s))\s*"""
)
"""The beginning of a function, or of an arm of `case`, on the line of its first command."""
_LOOP = re.compile(r"^for\s+(\w+)\s+in\s+(\S.*)$", re.DOTALL)
_VARIABLE = re.compile(r"\$(?:\{([A-Za-z_]\w*)(?:\[[@*]\])?(?::?-([^}]*))?\}|([A-Za-z_]\w*))")
_WORD = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])+""")
_KEYWORDS = {
    "if",
    "then",
    "else",
    "elif",
    "do",
    "while",
    "until",
    "!",
    "{",
    "(",
    "time",
    "exec",
    "command",
    "eval",
    "nohup",
}
_WRAPPERS = {
    "sudo",
    "env",
    "nice",
    "ionice",
    "chroot",
    "timeout",
    "retry",
    "doas",
    "su",
    "run0",
    "xargs",
    "stdbuf",
    "yes",
}
_WITH_VALUE = {"-u", "--user", "-g", "-n", "-c", "-k", "-D", "-C"}
# What a line that installs, downloads, adds a source or sets a variable cannot do without.
_TELLING = re.compile(
    r"=|install|add|remote|curl|wget|aria2c|axel|clone|\bdeb|uris:|\b(?:for|in|i|get|require|ar|ppa)\b", re.I
)
_DEB_LINE = re.compile(r"\bdeb(?:-src)?\s+(?:\[[^\]]*\]\s*)?(https?://[^\s\"']+)")
_DEB822 = re.compile(r"^\s*URIs:\s*(\S+)", re.IGNORECASE)
_FETCHED = re.compile(
    r"^https?://github\.com/[^/]+/[^/]+/releases/(?:latest/)?download/|^/(?:\S+/)?s?bin/|"
    r"\.(deb|rpm|snap|flatpak|appimage|run|bin|jar|war|exe|msi|iso|sh|bash|py|pl|zip|tgz|txz|tar|z|gz|xz|bz2|zst|7z|whl|gem)$",
    re.IGNORECASE,
)
_DATA = re.compile(r"\.(asc|gpg|key|pub|list|repo|txt|json|yaml|yml|md)$", re.IGNORECASE)
_SHELLS = {
    "sh",
    "bash",
    "zsh",
    "dash",
    "python",
    "python3",
    "perl",
    "ruby",
    "node",
    "tar",
    "dpkg",
    "gunzip",
    "sudo",
    "bsdtar",
}
_DISTRIBUTIONS = re.compile(r"(^|\.)(debian|ubuntu|canonical|alpinelinux|fedoraproject|raspbian|centos|opensuse)\.")
_RUN_BY_SHELL = re.compile(r"#!\s*\S*/(?:env\s+(?:-\S+\s+)*)?(?:ba|da|k|z)?sh\b")
_MAX_VALUE = 4000
_ANSWER = re.compile(r"\$\([^()]*\)|`[^`]*`")
"""What another command answers."""
_ANY = "$…"
_MAX_WRAPPERS = 5
_LIST = re.compile(r"\bDEPENDENCIES\b|\b(?:sys|system|apt|os|deb)[-_](?:requirements|packages|dependencies)\.txt\b")
"""A list of packages that is read by itself."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the file around a script says of its commands."""

    source: Source
    scope: Scope = "runtime"
    distribution: str | None = None  # "debian", "alpine" …: of the container image
    variables: dict[str, str] = field(default_factory=dict)


def script(file: File) -> Iterator[Entry]:
    """The commands of a script; what lies in a folder for tests, development or CI is not what users run."""
    scope: Scope = "runtime"
    if re.search(
        r"(^|[/._-])(tests?|spec|ci|dev|devel|development|lint|bench|examples?|docs?|\.github|\.gitlab)[/._-]",
        file.path,
    ):
        scope = "development"
    yield from commands(file.text, Setting("script", scope))


def program(file: File) -> Iterator[Entry]:
    """The same of a file that its first line alone shows to be a shell's."""
    if _RUN_BY_SHELL.match(file.text):
        yield from script(file)


def commands(text: str, setting: Setting, first_line: int = 1) -> Iterator[Entry]:
    variables = dict(setting.variables)
    for line, logical in logical_lines(text):
        if not _TELLING.search(logical):
            continue
        yield from _sources(logical, first_line + line - 1)
        for command, following in pipelines(logical):
            if loop := _LOOP.match(command):
                variables[loop[1]] = expand(loop[2], variables)[:_MAX_VALUE]
            if assigned := _assigned(command, variables):
                variables |= assigned
                continue
            words = _words(_unwrapped(command), variables)
            for entry in _entries(words, following, setting):
                entry.line = first_line + line - 1
                if entry.source != "package_source":
                    entry.source, entry.scope = setting.source, setting.scope
                yield entry


def _assigned(command: str, variables: dict[str, str]) -> dict[str, str] | None:
    """The variable that a command sets, and nothing else does; `None` where it does something else."""
    match = _ASSIGNMENT.match(command)
    if match is None or re.match(r"""["']?(\$\(|`)""", match[2]):
        return None
    # Quoted pieces and plain ones side by side, or a list in brackets; a command after them uses them for itself alone.
    value = _without_answers(match[2])
    if not re.match(r"""^(?:\([^()]*\)|(?:"[^"]*"|'[^']*'|[^\s"'()])*)\s*$""", value):
        return None
    value = expand(re.sub(r"""^\(|\)\s*$|["']""", "", value), {match[1]: "", **variables})
    if "+=" in command[: match.start(2)]:
        value = f"{variables.get(match[1], '')} {value}"
    return {match[1]: value.strip()[:_MAX_VALUE]}


def _without_answers(text: str) -> str:
    return _ANSWER.sub(lambda answer: "" if _LIST.search(answer[0]) else _ANY, text)


def expand(text: str, variables: dict[str, str]) -> str:
    """Text with the variables that are known; others stay as they stand."""
    return _VARIABLE.sub(lambda match: variables.get(match[1] or match[3], match[2] or match[0]), text)


def _unwrapped(command: str) -> str:
    """A command out of `$( … )`, `( … )`, a function and an arm of `case`; what another one answers is not known."""
    command = _HEAD.sub("", command)
    before = re.split(r"\$\(|`", command, maxsplit=1)[0]
    if re.search(r"\b(install|add)\b", before):
        command = _without_answers(command)
    command = command.strip("(){} \t`")
    # A bracket that closes a variable is the variable's.
    command += "}" if re.search(r"\$\{[^{}\s]*$", command[-200:]) else ""
    if read := re.search(r"\s<\(\s*([^()]*)", command):
        return read[1]
    return re.sub(r"""^\w+=\$\(|\$\(|\)"?$""", " ", command)


def _words(command: str, variables: dict[str, str]) -> list[str]:
    """The words of a command from its program on, without what wraps it."""
    words = [
        re.sub(r"""\\(.)|["']""", r"\1", word) for word in _WORD.findall(expand(command, variables)[:MAX_CHARACTERS])
    ]
    # An array or a quoted list may hold several words.
    words = [part for word in words for part in (word.split() if " " in word else [word])]
    if "xargs" in words[:_MAX_WRAPPERS] and not _LIST.search(command):
        # What the program is given besides, something else tells.
        words = [*words[: words.index("<")], _ANY] if "<" in words else [*words, _ANY]
    position, is_wrapped = 0, False
    while position < len(words):
        word = words[position].lstrip("(@-") if position == 0 else words[position]
        words[position] = word
        if word in _KEYWORDS or _ASSIGNMENT.match(word):
            position += 1
        elif word.rpartition("/")[2] in _WRAPPERS:
            position, is_wrapped = position + 1, True
        elif is_wrapped and word.startswith("-"):
            position += 2 if word in _WITH_VALUE else 1
        elif is_wrapped and ((word.startswith("/") and "bin/" not in word) or re.match(r"^[\d.]+[smh]?$", word)):
            position += 1
        else:
            break
    return words[position:]


def _entries(words: list[str], following: str, setting: Setting) -> Iterator[Entry]:
    if not words:
        return
    program = words[0].rpartition("/")[2]
    if program in {"curl", "wget", "aria2c", "axel"}:
        yield from _downloads(words, following)
    elif program == "git" and "clone" in words[:6]:
        yield from _clones(words)
    else:
        yield from installed(program, words[1:], setting.distribution)


def _downloads(words: list[str], following: str) -> Iterator[Entry]:
    """Addresses of files that run or are unpacked: by their name, by the pipe, or by the name they are saved under."""
    next_program = next(iter(following.split()), "").rpartition("/")[2]
    saved = {
        words[number + 1]
        for number, word in enumerate(words[:-1])
        if re.match(r"^-\w*[oO]$|^--output(-document)?$", word)
    }
    # An address such as ".../current" says less than the name that the file gets.
    names = sorted(name.rpartition("/")[2] for name in saved if _FETCHED.search(name) and "$" not in name)
    for word in words[1:]:
        if (
            not re.match(r"^(https?|ftp)://", word)
            or "$" in word.partition("?")[0].partition("://")[2].partition("/")[0]
        ):
            continue
        path = word.partition("?")[0].partition("#")[0]
        # A key or a list that is piped on through sudo is no program.
        is_data = bool(_DATA.search(path)) or "gpg" in following
        is_program = _FETCHED.search(path) or next_program in _SHELLS or any(map(_FETCHED.search, saved))
        if is_program and not is_data:
            entry = from_download(word, source="script")
            if entry.ecosystem == "generic" and not _FETCHED.search(path) and names:
                entry.name = names[0]
            yield entry


def _clones(words: list[str]) -> Iterator[Entry]:
    branches = [words[number + 1] for number, word in enumerate(words[:-1]) if word in {"-b", "--branch"}]
    address = next(
        (word for word in words if re.match(r"^(https?://|git@|git://|ssh://)", word) and "$" not in word), None
    )
    if address:
        yield from_git(address, branches[0] if branches else None, source="script")


def _sources(line: str, number: int) -> Iterator[Entry]:
    """Package sources of makers: `deb` lines, wherever they are written from, and their newer form."""
    addresses = _DEB_LINE.findall(line) + _DEB822.findall(line)
    addresses += re.findall(r"(?:--add-repo[= ]|remote-add\s+(?:--\S+\s+)*\S+\s+)[\"']?(https?://[^\s\"']+)", line)
    addresses += re.findall(r"\b(?:zypper\s+(?:-\S+\s+)*(?:ar|addrepo))\s+(?:-\S+\s+)*[\"']?(https?://[^\s\"']+)", line)
    for address in addresses:
        entry = package_source(address, number)
        if entry is not None and not _DISTRIBUTIONS.search(entry.name):
            yield entry
    is_removed = re.search(r"add-apt-repository\s.*(?:--remove|-r)\b", line)
    for owner in [] if is_removed else re.findall(r"\bppa:([\w.+-]+/[\w.+-]+)", line):
        yield Entry("generic", f"ppa:{owner}", None, None, number, "build", source="package_source", is_pinned=False)
