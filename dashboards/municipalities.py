"""Which municipalities write code themselves, for which codebases, and since when."""

from pathlib import Path

import duckdb

from oshealth.reports import words
from oshealth.reports.charts import Chart, Row
from oshealth.reports.dashboard import Dashboard, Table, write_dashboard
from oshealth.reports.grid import share_grid
from oshealth.reports.read import NEVER_READ, rows
from oshealth.warehouse import open_warehouse

BY_YEAR = """
select
    p.name as codebase,
    year(c.day) as year,
    coalesce(string_agg(distinct c.name, ', ' order by c.name) filter (where c.type = 'municipality'), '') as name,
    coalesce(sum(c.contribution_count) filter (where c.type = 'municipality'), 0)::bigint as contributions,
    100 * contributions / sum(c.contribution_count) as share,
    coalesce(
        100 * sum(c.contribution_count) filter (where c.name is not null) / sum(c.contribution_count), 0
    ) as known
from contribution_day as c
inner join portfolio as p on c.subject_kind = 'codebase' and c.subject = p.codebase
where c.day <= p.as_of
group by p.name, p.position, year(c.day)
order by p.position, year(c.day)
"""
WHO = """
with worked as (
    select p.codebase, c.organisation, c.name, c.country, c.type, min(c.day) as first_on, max(c.day) as last_on,
        sum(c.contribution_count)::bigint as contributions
    from contribution_day as c
    inner join portfolio as p on c.subject_kind = 'codebase' and c.subject = p.codebase
    where c.day <= p.as_of
    group by p.codebase, c.organisation, c.name, c.country, c.type
),

shared as (
    select *, contributions / sum(contributions) over (partition by codebase) as share
    from worked
)

select
    s.organisation, s.codebase as id, s.name, s.country, p.name as codebase,
    s.contributions, s.share, s.first_on, s.last_on
from shared as s inner join portfolio as p on s.codebase = p.codebase
where s.type = 'municipality'
order by s.last_on desc, s.name, p.position
"""
MEASURED = """
with read_codebase as (
    select codebase, bool_or(commit_count is not null or status in ('ok', 'empty', 'unborn')) as was_read
    from repository_status
    where role = 'own'
    group by codebase
)

select p.name, l.value, if(r.was_read = false, $never_read, l.reason) as reason, a.value as known
from portfolio as p
left join read_codebase as r on p.codebase = r.codebase
left join latest as l
    on p.codebase = l.subject and l.subject_kind = 'codebase' and l.metric = 'municipalities_contributing'
left join latest as a
    on p.codebase = a.subject and a.subject_kind = 'codebase' and a.metric = 'affiliation_coverage'
order by p.position
"""


def build(warehouse: duckdb.DuckDBPyConnection, folder: Path) -> Path:
    """Write municipalities.html from an open warehouse."""
    who = rows(warehouse, WHO)
    municipalities, codebases = {row["organisation"] for row in who}, {row["id"] for row in who}
    found = (
        f"{words.plural(len(municipalities), 'municipality', 'municipalities')} found so far, "
        f"in {words.plural(len(codebases), 'codebase')}."
        if who
        else "None has been found so far."
    )
    dashboard = Dashboard(
        "Which municipalities write code themselves?",
        f"{found} Only work can be counted of which we know on whose behalf it was done; beside each figure stands how "
        "much that is.",
        [_chart(rows(warehouse, BY_YEAR))],
        [_measured(rows(warehouse, MEASURED, never_read=NEVER_READ)), _who(who)],
    )
    return write_dashboard(warehouse, folder / "municipalities.html", dashboard)


def _measured(found: list[Row]) -> Table:
    cells = [
        (
            row["name"],
            f"not known: {row['reason'] or 'not measured'}" if row["value"] is None else words.number(row["value"]),
            "not known" if row["known"] is None else words.percent(row["known"]),
        )
        for row in found
    ]
    headings = ("Codebase", "Municipalities that wrote code", "On whose behalf is known for")
    return Table("In the last year", headings, cells, "No codebase is watched yet.")


def _who(found: list[Row]) -> Table:
    cells = [
        (
            row["name"],
            words.country(row["country"]) or "not known",
            row["codebase"],
            words.number(row["contributions"]),
            words.share(row["share"]),
            words.day(row["first_on"]),
            words.day(row["last_on"]),
        )
        for row in found
    ]
    headings = ("Municipality", "Country", "Codebase", "Contributions", "Share of all", "First", "Last")
    return Table("Who, and since when", headings, cells, "No contribution could be traced to a municipality.")


def _chart(found: list[Row]) -> Chart:
    return share_grid(
        "municipalities",
        "Share of the work that municipalities did themselves, by year",
        "which share of the work municipalities did, and which these were where that changed",
        found,
        {"name": "Municipalities", "contributions": "Contributions"},
    )


if __name__ == "__main__":
    project = Path(__file__).parents[1]
    with open_warehouse(project / "warehouse" / "oshealth.duckdb") as opened:
        print(build(opened, project / "dashboards" / "build"))
