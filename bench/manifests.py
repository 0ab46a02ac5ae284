"""Measures reading manifests: time, memory, and agreement with an independent generator of bills of materials.

usage: python bench/manifests.py HISTORIES [CDXGEN]

HISTORIES is a folder of bare repositories. CDXGEN is the command of `@cyclonedx/cdxgen`, installed with
`npm install --ignore-scripts`; it runs without the network: nothing installed, no licence asked for.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
from packageurl import PackageURL

from oshealth.collect.manifests import which
from oshealth.collect.manifests.batch import read_manifests

LOCKS = {
    "npm_lock": "js",
    "yarn": "js",
    "pnpm": "js",
    "gemfile_lock": "ruby",
    "poetry_lock": "py",
    "composer_lock": "php",
}
BESIDE = {"npm_lock": "package.json", "yarn": "package.json", "pnpm": "package.json", "gemfile_lock": "Gemfile"}


def main() -> None:
    histories = sorted(Path(sys.argv[1]).glob("*.git"))
    print("| history | files | bytes | rows | seconds |\n|---|---|---|---|---|")
    for history in histories:
        texts = manifests_at(history, "HEAD")
        start = time.perf_counter()
        frame, _ = read_manifests(texts)
        seconds = time.perf_counter() - start
        size = sum(map(len, texts.values()))
        print(f"| {history.stem} | {len(texts)} | {size:,} | {frame.height:,} | {seconds:.2f} |")
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"\nPeak memory: {own:.0f} MB here and {children:.0f} MB in the child.\n")
    print("| lock file of 3,000 packages | bytes | seconds |\n|---|---|---|")
    for path, text in large_locks():
        start = time.perf_counter()
        frame, _ = read_manifests({path: text})
        assert frame.height == 3000, (path, frame.height)
        print(f"| {path} | {len(text):,} | {time.perf_counter() - start:.2f} |")
    if len(sys.argv) > 2:
        compare(histories, sys.argv[2])


def manifests_at(history: Path, revision: str) -> dict[str, bytes]:
    """The contents of all files at a revision in which dependencies are looked for."""
    listing = git(history, "ls-tree", "-r", "-z", revision).split(b"\0")
    entries = [line.split(b"\t", 1) for line in listing if line]
    wanted = [
        (meta.split()[2], path.decode("utf-8", "replace")) for meta, path in entries if meta.split()[1] == b"blob"
    ]
    wanted = [(blob, path) for blob, path in wanted if which(path)]
    output = git(history, "cat-file", "--batch", given=b"".join(blob + b"\n" for blob, _ in wanted))
    texts, position = {}, 0
    for _, path in wanted:
        end = output.index(b"\n", position)
        size = int(output[position:end].split()[2])
        texts[path] = output[end + 1 : end + 1 + size]
        position = end + size + 2
    return texts


def git(history: Path, *arguments: str, given: bytes = b"") -> bytes:
    return subprocess.run(["git", "-C", history, *arguments], input=given, capture_output=True, check=True).stdout


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


def compare(histories: list[Path], cdxgen: str) -> None:
    print("\n| lock file | here | cdxgen | both | agree |\n|---|---|---|---|---|")
    differences = []
    for history in histories:
        texts = manifests_at(history, "HEAD")
        for path in sorted(texts):
            kind = which(path) or ""
            if kind in LOCKS:
                ours, theirs = ours_of(texts, path), theirs_of(texts, path, cdxgen)
                share = len(ours & theirs) / max(len(ours | theirs), 1)
                print(f"| {history.stem}: {path} | {len(ours)} | {len(theirs)} | {len(ours & theirs)} | {share:.1%} |")
                differences.append((history.stem, path, sorted(ours - theirs), sorted(theirs - ours)))
    for name, path, only_here, only_there in differences:
        print(f"\n{name}: {path}\n  only here: {only_here}\n  only cdxgen: {only_there}")


def ours_of(texts: Mapping[str, bytes], path: str) -> set[str]:
    frame, _ = read_manifests(texts)
    return {plain(purl) for purl in frame.filter(pl.col("path") == path)["purl"].drop_nulls()}


def theirs_of(texts: Mapping[str, bytes], path: str, cdxgen: str) -> set[str]:
    """What cdxgen makes of the lock file and the manifest beside it, in a folder of their own."""
    kind = which(path) or ""
    with tempfile.TemporaryDirectory() as folder:
        manifest = str(Path(path).with_name(BESIDE.get(kind, "")))
        for name in (path, manifest):
            if name in texts:
                (Path(folder) / Path(name).name).write_bytes(texts[name])
        output = Path(folder) / "bom.json"
        options = ["--no-install-deps", "--no-babel", "--no-validate", "--no-recurse", "-t", LOCKS[kind]]
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "FETCH_LICENSE": "false"}
        subprocess.run([cdxgen, *options, "-o", output, folder], env=environment, capture_output=True, check=False)
        components = json.loads(output.read_text()).get("components", []) if output.exists() else []
    return {plain(component["purl"]) for component in components if "purl" in component}


def plain(purl: str) -> str:
    """The package URL without qualifiers: where a package comes from is told by each in its own way."""
    parts = PackageURL.from_string(purl)
    return PackageURL(parts.type, parts.namespace, parts.name, parts.version).to_string()


if __name__ == "__main__":
    main()
