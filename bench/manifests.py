"""Reading manifests: time, memory, and agreement with an independent generator of bills of materials.

That generator is `@cyclonedx/cdxgen`, installed apart with `npm install --ignore-scripts` and named by the variable
CDXGEN. It runs without the network: nothing is installed, no licence is asked for.
"""

import json
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from packageurl import PackageURL

from oshealth.collect.manifests import which
from oshealth.collect.manifests.batch import read_manifests

TITLE = "Manifests"
LANGUAGES = {"npm_lock": "js", "yarn": "js", "pnpm": "js", "gemfile_lock": "ruby"}
BESIDE = {"npm_lock": "package.json", "yarn": "package.json", "pnpm": "package.json", "gemfile_lock": "Gemfile"}
OWN_PACKAGES = "0.0.0-use.local"
"""The version that Yarn gives to the packages of the repository itself."""
Texts = Mapping[str, bytes]


@dataclass(frozen=True)
class Comparison:
    """One lock file, read by both: package URLs without qualifiers."""

    name: str
    ours: frozenset[str]
    theirs: frozenset[str]
    own_count: int

    @property
    def share(self) -> float:
        return len(self.ours & self.theirs) / max(1, len(self.ours | self.theirs))


def chapter(histories: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        trees = {bundle: manifests_of(bundle, Path(folder)) for bundle in bundles(histories)}
    names = {bundle: str(bundle.relative_to(histories)) for bundle in trees}
    yield from _trees({names[bundle]: texts for bundle, texts in trees.items()})
    yield from _locks()
    command = os.environ.get("CDXGEN")
    if command is None:
        yield "\nAgreement with cdxgen was not measured in this run: CDXGEN names no command."
        return
    yield from _agreement([one for bundle, texts in trees.items() for one in compare(names[bundle], texts, command)])


def bundles(histories: Path) -> list[Path]:
    return sorted(path for path in histories.glob("*/*") if path.is_file())


def _trees(trees: Mapping[str, Texts]) -> Iterator[str]:
    yield "All manifests, scripts and pages at the head of each history, child process included.\n"
    yield "| history | files | bytes | rows | seconds | of them CPU |\n|---|---|---|---|---|---|"
    for name, texts in trees.items():
        wall, cpu, frame = _timed(texts)
        size = sum(map(len, texts.values()))
        yield f"| {name} | {len(texts)} | {size:,} | {frame.height:,} | {wall:.2f} | {cpu:.2f} |"
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in whose)
    yield f"\nAt most {own:.0f} MB in the process and {child:.0f} MB in its child."


def _locks() -> Iterator[str]:
    yield "\n| lock file of 3,000 packages | bytes | seconds | of them CPU |\n|---|---|---|---|"
    for path, text in large_locks():
        wall, cpu, frame = _timed({path: text.encode()})
        assert frame.height == 3000, (path, frame.height)
        yield f"| {path} | {len(text):,} | {wall:.2f} | {cpu:.2f} |"


def _agreement(comparisons: list[Comparison]) -> Iterator[str]:
    yield "\nPackage URLs of each lock file, beside those of cdxgen; the repository's own packages counted apart.\n"
    yield "| lock file | here | cdxgen | agree | own packages that only cdxgen lists |\n|---|---|---|---|---|"
    for one in comparisons:
        yield f"| {one.name} | {len(one.ours)} | {len(one.theirs)} | {one.share:.2%} | {one.own_count} |"
    for one in comparisons:
        for side, different in (("here", one.ours - one.theirs), ("in cdxgen", one.theirs - one.ours)):
            if different:
                yield f"\nOnly {side}, {one.name}: {', '.join(sorted(different))}"


def _timed(texts: Texts) -> tuple[float, float, pl.DataFrame]:
    """Wall time, CPU time with that of the child, and the rows; the median run of three."""
    runs = []
    for _ in range(3):
        before, start = os.times(), time.perf_counter()
        frame, _ = read_manifests(texts)
        wall, after = time.perf_counter() - start, os.times()
        runs.append((wall, sum(after[:4]) - sum(before[:4])))
    wall, cpu = sorted(runs)[1]
    return wall, cpu, frame


def manifests_of(bundle: Path, folder: Path) -> dict[str, bytes]:
    """The contents, at the head, of all files in which dependencies are looked for."""
    clone = folder / f"{bundle.parent.name}+{bundle.name}"
    subprocess.run(["git", "clone", "--bare", "--quiet", bundle, clone], check=True)
    listing = [line.split(b"\t", 1) for line in git(clone, "ls-tree", "-r", "-z", "HEAD").split(b"\0") if line]
    files = [(meta.split()[2], path.decode("utf-8", "replace")) for meta, path in listing if b" blob " in meta]
    wanted = [(blob, path) for blob, path in files if which(path)]
    output = git(clone, "cat-file", "--batch", given=b"".join(blob + b"\n" for blob, _ in wanted))
    texts, position = {}, 0
    for _, path in wanted:
        end = output.index(b"\n", position)
        size = int(output[position:end].split()[2])
        texts[path] = output[end + 1 : end + 1 + size]
        position = end + size + 2
    return texts


def git(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    return subprocess.run(["git", "-C", folder, *arguments], input=given, capture_output=True, check=True).stdout


def large_locks() -> Iterator[tuple[str, str]]:
    numbers = range(3000)
    packages = {f"node_modules/pkg{n}": {"version": f"1.0.{n}", "integrity": "sha512-" + "a" * 88} for n in numbers}
    yield "package-lock.json", json.dumps({"lockfileVersion": 3, "packages": {"": {}, **packages}}, indent=2)
    yield (
        "yarn.lock",
        "".join(
            f'pkg{n}@^1.0.0:\n  version "1.0.{n}"\n  resolved "https://r.example/p{n}.tgz#{"a" * 40}"\n'
            f'  dependencies:\n    pkg{(n + 1) % 3000} "^1.0.0"\n\n'
            for n in numbers
        ),
    )
    snapshots = "".join(f"  pkg{n}@1.0.{n}:\n    dependencies:\n      pkg0: 1.0.0\n" for n in numbers)
    listed = "".join(f"  pkg{n}@1.0.{n}:\n    resolution: {{integrity: sha512-{'a' * 88}}}\n" for n in numbers)
    yield "pnpm-lock.yaml", f"lockfileVersion: '9.0'\n\npackages:\n{listed}\nsnapshots:\n{snapshots}"
    wheels = "".join(f'    {{ url = "https://f.example/{n}.whl", hash = "sha256:{"a" * 64}" }},\n' for n in range(6))
    yield (
        "uv.lock",
        "".join(
            f'[[package]]\nname = "pkg{n}"\nversion = "1.0.{n}"\nsource = {{ registry = "https://r.example" }}\n'
            f'dependencies = [\n    {{ name = "pkg0" }},\n]\nwheels = [\n{wheels}]\n\n'
            for n in numbers
        ),
    )
    yield "Gemfile.lock", "GEM\n  specs:\n" + "".join(f"    gem{n} (1.0.{n})\n      gem0 (~> 1.0)\n" for n in numbers)
    yield "requirements.txt", "".join(f"pkg{n}==1.0.{n} --hash=sha256:{'a' * 64}\n" for n in numbers)


def compare(name: str, texts: Texts, command: str) -> Iterator[Comparison]:
    frame, _ = read_manifests(texts)
    for path in sorted(path for path in texts if which(path) in LANGUAGES):
        ours = {plain(purl) for purl in frame.filter(pl.col("path") == path)["purl"].drop_nulls()}
        theirs = theirs_of(texts, path, command)
        own = {purl for purl in theirs if purl.endswith(f"@{OWN_PACKAGES}")}
        yield Comparison(f"{name}: {path}", frozenset(ours), frozenset(theirs - own), len(own))


def theirs_of(texts: Texts, path: str, command: str) -> set[str]:
    """What cdxgen makes of the lock file and the manifest beside it, in a folder of their own."""
    kind = which(path) or ""
    with tempfile.TemporaryDirectory() as folder:
        for name in (path, str(Path(path).with_name(BESIDE[kind]))):
            if name in texts:
                (Path(folder) / Path(name).name).write_bytes(texts[name])
        output = Path(folder) / "bom.json"
        options = ["--no-install-deps", "--no-babel", "--no-validate", "--no-recurse", "-t", LANGUAGES[kind]]
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "FETCH_LICENSE": "false"}
        subprocess.run([command, *options, "-o", output, folder], env=environment, capture_output=True, check=False)
        components = json.loads(output.read_text()).get("components", []) if output.exists() else []
    return {plain(component["purl"]) for component in components if "purl" in component}


def plain(purl: str) -> str:
    """The package URL without qualifiers: where a package comes from, each of the two tells in its own way."""
    parts = PackageURL.from_string(purl)
    return PackageURL(parts.type, parts.namespace, parts.name, parts.version).to_string()
