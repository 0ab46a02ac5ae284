"""Make the package's table of municipalities from the public data set of the mxmap project.

    python tools/make_municipalities.py SOURCE.tsv

reads columns country, id, name, region, domain, population and the corrections beside this file, and writes
src/oshealth/people/data/municipalities.tsv. A domain is taken when it can be one municipality's mail domain: it
stands beside one row only, is no public suffix, no host's, and no association's or province's.
"""

import csv
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from publicsuffixlist import PublicSuffixList

from oshealth.people.names import fold, spelt, tokens

HERE = Path(__file__).parent
TARGET = HERE.parent / "src" / "oshealth" / "people" / "data" / "municipalities.tsv"
COLUMNS = ("organisation", "country", "code", "name", "region", "population", "domains")
OFFICIAL = {"DK", "SE", "FI", "NO", "DE", "NL"}
HEADER = """\
# Municipalities of sixteen countries with their mail domains, made by tools/make_municipalities.py.
# From the public data set of the mxmap project: MIT licence, (c) 2026 David Huser and contributors; see NOTICE.
# domains: separated by spaces, each perhaps with the days it was used: domain@2007-01-01..2015-01-01
"""


def main(source: Path) -> None:
    with source.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    rules = tomllib.loads((HERE / "municipality_corrections.toml").read_text("utf-8"))
    usable = usable_domains(rows, rules)
    lines = [line(row, usable, rules["municipality"].get(row["id"].lower(), {})) for row in rows]
    TARGET.write_text(HEADER + "\t".join(COLUMNS) + "\n" + "".join(lines), "utf-8")


def usable_domains(rows: list[dict[str, str]], rules: dict[str, Any]) -> set[str]:
    """Those that can be one municipality's mail domain."""
    suffixes = PublicSuffixList()
    counts = Counter(row["domain"] for row in rows)
    registered = Counter(suffixes.privatesuffix(domain) for domain in counts if domain)
    found = set()
    for row in rows:
        domain, owner = row["domain"], suffixes.privatesuffix(row["domain"])
        zone = next((zone for zone in rules["zones"] if domain.endswith(f".{zone}")), None)
        is_own = registered[owner] == 1 and owner not in rules["hosts"]
        is_joint = bool(owner) and owner.startswith(tuple(rules["joint_prefixes"]))
        if not owner or counts[domain] > 1 or is_joint or not (is_own or zone):
            continue
        if row["country"] not in rules["resembling"] or zone or resembles(owner.partition(".")[0], row["name"]):
            found.add(domain)
    return found


def resembles(label: str, name: str) -> bool:
    """Whether the label holds the beginning of a word of the name, or all its initials."""
    plain = spelt("".join(tokens(label)))
    parts = [spelt(word) for word in tokens(name)]
    return any(len(part) > 2 and part[:5] in plain for part in parts)


def line(row: dict[str, str], usable: set[str], correction: dict[str, Any]) -> str:
    official = row["id"].partition("-")[2] if row["country"] in OFFICIAL else ""
    values = (
        row["id"].lower(),
        row["country"],
        correction.get("code", official),
        correction.get("name", whole_name(row)),
        row["region"],
        row["population"],
        " ".join(correction.get("domains", [row["domain"]] if row["domain"] in usable else [])),
    )
    return "\t".join(values) + "\n"


def whole_name(row: dict[str, str]) -> str:
    """The name; in Sweden the source lacks the last letter of many ("Tranå" of "Tranås"), which the domain has."""
    label = row["domain"].partition(".")[0]
    for ending in ("s", "n"):
        if row["country"] == "SE" and label == fold(row["name"] + ending):
            return row["name"] + ending
    return row["name"]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
