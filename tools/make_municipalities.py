"""Make the package's table of municipalities from the public data set of the mxmap project.

    python tools/make_municipalities.py SOURCE.tsv

reads columns country, id, name, region, domain, population and the corrections beside this file, and writes
src/oshealth/people/data/municipalities.tsv. A domain is taken when it can be one municipality's mail domain: it
stands beside one row only, is no public suffix, and is no host's.
"""

import csv
import sys
import tomllib
from collections import Counter
from pathlib import Path

from publicsuffixlist import PublicSuffixList

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
    rows = list(csv.DictReader(source.open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))
    corrections = tomllib.loads((HERE / "municipality_corrections.toml").read_text("utf-8"))
    usable = usable_domains(rows, set(corrections["hosts"]))
    lines = [line(row, usable, corrections["municipality"].get(row["id"].lower(), {})) for row in rows]
    TARGET.write_text(HEADER + "\t".join(COLUMNS) + "\n" + "".join(lines), "utf-8")


def usable_domains(rows: list[dict[str, str]], hosts: set[str]) -> set[str]:
    suffixes = PublicSuffixList()
    counts = Counter(row["domain"] for row in rows)
    registered = Counter(suffixes.privatesuffix(domain) for domain in counts if domain)
    return {
        domain
        for domain, count in counts.items()
        if domain and count == 1 and (owner := suffixes.privatesuffix(domain))
        if owner not in hosts and (registered[owner] == 1 or domain != owner)
    }


def line(row: dict[str, str], usable: set[str], correction: dict[str, object]) -> str:
    own = [row["domain"]] if row["domain"] in usable else []
    domains = correction.get("domains", own)
    values = (
        row["id"].lower(),
        row["country"],
        correction.get("code", row["id"].partition("-")[2] if row["country"] in OFFICIAL else ""),
        correction.get("name", row["name"]),
        correction.get("region", row["region"]),
        correction.get("population", row["population"]),
        " ".join(domains) if isinstance(domains, list) else "",
    )
    return "\t".join(str(value) for value in values) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
