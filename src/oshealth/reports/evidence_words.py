"""How the parts of the evidence are called on a page. What is not named here is shown under its own key."""

HEADINGS = {
    "largest_shares_percent": "Shares of the busiest people",
    "persons": "People who contributed",
    "persons_in_window": "People who contributed in the last year",
    "persons_the_year_before": "People who contributed the year before",
    "stayed": "Of them stayed",
    "came": "People who came",
    "authors": "Authors of any of them",
    "knowing": "People who know any of them",
    "files_with_author_left": "Files that have an author",
    "files_known_left": "Files that somebody knows",
    "orphaned": "Files without an author who is active",
    "folders": "Folders",
    "work": "Of last year’s changes, theirs alone",
    "organisations": "Who contributed",
    "unknown": "Not known",
    "total": "In all",
    "by_type": "By type of organisation",
    "by_country": "By country",
    "window": "Last year",
    "years": "Year by year",
    "lacking": "Changes of the original that it lacks",
    "never_released": "Never released: changes in them",
    "files_by_organisation": "Files that nobody else knows, by organisation",
    "files_then_without_an_active_author": "Files that would have no active author then",
    "now": "Contributions in the last year",
    "before": "Contributions in the year before",
    "signed": "Signed tags",
    "tags": "Tags in all",
    "nine_in_ten_within_days": "Days within which nine in ten were released",
    "median_days": "Middle interval in days, by repository",
    "newest_shared_on": "Newest change that both have",
    "upstream": "The original",
    "is_declared": "Named by whoever runs oshealth",
    "reviews_counted": "Reviews counted",
    "reviews_left_out": "Reviews left out: nobody knows whose they are, or of which files",
    "reviews_not_known": "Reviews that are not known",
    "patches_upstream": "Changes that the original has, too",
    "on": "Date",
}
"""By key; other keys have their underscores taken out."""

SHARES = frozenset({"folders", "work", "files_by_organisation", "files_then_without_an_active_author"})
"""Keys whose numbers are shares from 0 to 1."""

PERCENTAGES = frozenset({"largest_shares_percent", "window", "years"})
"""Keys whose numbers are percentages from 0 to 100."""

COUNTRIES = frozenset({"countries", "by_country"})
"""Keys whose entries stand under the codes of countries."""

STEPS = frozenset({"files_with_author_left", "files_known_left"})
"""Keys of lists that begin with now and go on with each one who leaves."""

HIDDEN = frozenset({"people"})
"""Keys that repeat the figure: persons are counted and not listed."""

LINES = (
    ({"folder", "orphaned", "repository"}, "{repository}, {folder}: {orphaned} files"),
    ({"name", "type", "count"}, "{name} ({type}): {count}"),
    ({"check", "present", "repository", "where"}, "{repository}, {check}: {present} ({where})"),
    ({"check", "present", "repository", "pinned", "of"}, "{repository}, {check}: {present} ({pinned} of {of})"),
    (
        {"document", "path", "repository", "unchanged_days"},
        "{repository}, {document}: {path}, {unchanged_days} days old",
    ),
    ({"path", "licence", "matched"}, "{path}: {licence}"),
    ({"name", "rule"}, "{name}: {rule}"),
    ({"name", "version", "newest", "years"}, "{name} {version}: {years} years behind {newest}"),
    ({"name", "path"}, "{name} ({path})"),
    ({"name", "last_release"}, "{name}, last released on {last_release}"),
    ({"repository", "version", "on"}, "{repository} {version}, {on}"),
    ({"municipality", "country", "branches"}, "{municipality}: {branches}"),
)
"""Items with these keys are said like this; the first that fits."""
