"""One repository that tries everything at once, for tests of the whole line."""

from pathlib import Path

from repositories import Content, Repo, submodule, symlink

SCRIPT = "</script><script>alert(1)</script>"
ACTING = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202egnp.exe\u2066\x7f"
"""Clears a terminal, names its window, turns what follows red and around."""

MALLORY = f"Mallory {ACTING}'&quot; <mallory@evil.example>"
TRENT = "Trent [bold]*`|_ <trent@evil.example>"
COLLIDING = (b"x\xff.py", rb"x\xff.py", rb"x\x5cxff.py")


def hostile_repository(path: Path) -> Repo:
    """Hostile names, paths, texts and objects, of two people in January 2024."""
    repo = Repo(path)
    repo.commit(_texts(), author=MALLORY)
    repo.commit(dict.fromkeys(_paths(), "1\n"), author=MALLORY, coauthors=[TRENT])
    repo.commit({"link": symlink("/etc/passwd"), "sub": submodule()}, author=TRENT, date=2**62)
    _name_a_path_twice(repo)
    repo.commit({"side.py": "1\n"}, author=TRENT, branch=f"{SCRIPT}\u202e\x9b", parents=[repo.sha()])
    # An older publiccode.yml, and one that would be read for all the months after it.
    repo.commit({"publiccode.yml": yaml_bomb(12)}, author=TRENT)
    repo.tag("v1.0.0")
    repo.tag(f"v1.1.0-{SCRIPT}\u202e\x9b", message=f"{ACTING}\n-----BEGIN PGP SIGNATURE-----\n")
    return repo


def nested_licence(depth: int) -> str:
    """An expression in which each level is the second part of an AND whose first part leaves six choices."""
    expression = "curl"
    for _ in range(depth):
        expression = f"(MIT OR ISC OR Zlib OR X11 OR 0BSD OR NTP) AND (Unlicense OR ({expression}))"
    return expression


def yaml_bomb(depth: int) -> str:
    """Each level merges the one before nine times."""
    levels = (f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, depth))
    return "a0: &a0 {k: v}\n" + "".join(levels)


def _paths() -> list[str | bytes]:
    odd = ["-rf", "a\nb.py", ":(top)c.py", ".. /up.py", f"src/{ACTING}.py", f"src/{SCRIPT}.py"]
    return [*COLLIDING, *odd, f"{ACTING}/package.json", f"docs/{ACTING}{SCRIPT}/Dockerfile"]


def _texts() -> dict[str | bytes, Content]:
    told = f"\\e[2J{SCRIPT}"
    needs = f'"left\\u001b[2Jpad": "{SCRIPT}\\u009b", "@evil/{SCRIPT}": "*", "kept": "1.0.0"'
    return {
        "README.md": f"{ACTING}{SCRIPT}",
        "package.json": f'{{"name": "{SCRIPT}", "license": "{SCRIPT}", "dependencies": {{{needs}}}}}',
        "requirements.txt": f"flask{ACTING}==1.0\nrequests=={SCRIPT}\n",
        "Dockerfile": f"FROM evil.example/{ACTING}{SCRIPT}:latest\nRUN apt-get install google-chrome-stable{ACTING}\n",
        "publiccode.yml": f'publiccodeYmlVersion: 0x{"f" * 9_000}\nname: "{told}"\nlegal: {{license: "{told}"}}\n',
        "LICENSE": f"{ACTING}{SCRIPT}" + "\n" * 190_000,
        "COPYING": "\n" * 190_000 + "x" * 200,
        "CHANGELOG.md": f"## 1.0.0 {SCRIPT}\n\n## 1.1.0 {ACTING}\n" + f"# 1{' ' * 390}!\n" * 500 + "\n" * 3_000_000,
        "NEWS": "\n" * 6_000_000,
        ".mailmap": f"{ACTING} <mallory@evil.example> <trent@evil.example>\n" + " " * 1_000_000,
        "pyproject.toml": f"a{'.a' * 400_000} = 1",
        "composer.json": f'{{"license": "{nested_licence(7)}"}}',
        ".github/workflows/ci.yml": f"jobs:\n  a:\n    steps:\n      - uses: evil/{SCRIPT}@main\n",
    }


def _name_a_path_twice(repo: Repo) -> None:
    """A tree that git's check tolerates, since old histories hold such."""
    raw = b""
    for line in repo.git("ls-tree", "-z", "main").encode(errors="surrogateescape").split(b"\0")[:-1]:
        told, _, name = line.partition(b"\t")
        mode, _, sha = told.split()
        raw += mode.lstrip(b"0") + b" " + name + b"\0" + bytes.fromhex(sha.decode())
    for content in (b"1\n2\n", b"1\n3\n"):
        raw += b"100644 zwice.py\0" + bytes.fromhex(repo.write_object("blob", content))
    repo.commit_tree(raw)
