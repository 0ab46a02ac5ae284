"""Which files govern, document and automate a project: by their paths alone."""

import re

import polars as pl

from oshealth.facts import DOCUMENT

_PROSE = "md|markdown|mdown|mkd|mdx|rst|rest|txt|text|adoc|asciidoc|org|textile|rdoc|pod|html?|pdf|odt"
# A language may stand between the name and the ending, README_ES.md; and of a licence its own name.
_ENDING = rf"(?:[._-][a-z]{{2}}(?:[_-][a-z]{{2}})?)?(?:\.(?:{_PROSE}))?"
_LICENCE_ENDING = rf"(?:[._-][a-z0-9._+-]*?)?(?:\.(?:{_PROSE}))?"
_NO_PROSE = re.compile(
    r"\.(?:py|pyi|[cm]?[jt]sx?|json5?|vue|svelte|rb|erb|php|java|kts?|scala|go|rs|cc?|cpp|hh?|cs|fs|swift|sh|bash|ps1|bat|"
    r"ya?ml|toml|ini|cfg|xml|css|s[ac]ss|less|sql|png|jpe?g|gif|svg|ico|webp|po|pot|lock|tmpl|template|in)$"
)
_DOCUMENTS = {
    "readme": "readme|lisez[-_]?moi|liesmich|l[eé]eme|leia[-_]?me|leggimi|leesmij",
    "licence": "(?:un)?licen[cs]e(?:s)?|copying|li[zc]en[zc](?:ia|a)?"
    "|(?:mit|bsd|gpl|agpl|lgpl|eupl|apache)[-_]licen[cs]e",
    "contributing": "contributing|contribute|how[-_]to[-_]contribute",
    "code_of_conduct": "code[-_ ]?of[-_ ]?conduct|conduct",
    "security": "security(?:[-_ ]policy)?",
    "governance": "governance|governing|(?:project[-_])?charter",
    # Each line of versions may have its own: CHANGELOG-3.10.md.
    "changelog": r"(?:change[-_ ]?logs?|changes|release[-_ ]?notes)(?:[-_.]v?\d+(?:\.(?:\d+|x))*)?"
    "|history|news|releases?",
    "support": "support",
    "maintainers": "maintainers|owners",
    "authors": "authors|contributors|credits",
    "roadmap": "road[-_ ]?map",
    "adopters": "adopters|users|who[-_]uses[-_]this",
    "citation": "citations?",
    "codeowners": "codeowners",
}
_NAMED = [
    (kind, re.compile(rf"(?:{names}){_LICENCE_ENDING if kind == 'licence' else _ENDING}"))
    for kind, names in _DOCUMENTS.items()
]
_EXACT = {
    "publiccode.yml": "publiccode",
    "publiccode.yaml": "publiccode",
    "citation.cff": "citation",
    # Who approves changes, as Gerrit and Kubernetes' robots read it.
    "owners": "codeowners",
    ".mailmap": "mailmap",
    "security-insights.yml": "security",
    "security_insights.yml": "security",
    "crowdin.yml": "translations",
    ".crowdin.yml": "translations",
    "crowdin.yaml": "translations",
    ".tx/config": "translations",
    ".weblate": "translations",
    ".well-known/security.txt": "security",
    ".github/funding.yml": "funding",
}
_PATTERNS = [
    (kind, re.compile(pattern))
    for kind, pattern in {
        "workflow": r"\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.gitlab/ci/.+\.ya?ml"
        r"|\.gitlab-ci/.+\.ya?ml|jenkinsfile(?:\.[^/]+)?|\.travis\.ya?ml|\.circleci/config\.ya?ml"
        r"|\.?azure-pipelines[^/]*\.ya?ml|\.azure-pipelines/.+\.ya?ml|bitbucket-pipelines\.ya?ml|\.?appveyor\.ya?ml"
        r"|\.drone\.ya?ml|\.woodpecker(?:/[^/]+)?\.ya?ml|\.buildkite/[^/]+\.ya?ml|buildspec\.ya?ml|cloudbuild\.ya?ml"
        r"|\.cirrus\.ya?ml|\.semaphore/[^/]+\.ya?ml|\.builds/[^/]+\.ya?ml|\.build\.ya?ml|wercker\.ya?ml",
        "dependency_updates": r"\.(?:github|gitea|forgejo)/dependabot\.ya?ml|\.dependabot/config\.ya?ml"
        r"|(?:\.(?:github|gitlab|gitea|forgejo)/)?renovate\.json[5c]?|\.renovaterc(?:\.json5?)?|\.pyup\.ya?ml"
        r"|(?:\.(?:github|config)/)?\.?scala-steward\.conf|greenkeeper\.json",
        "issue_template": r"(?:\.(?:github|gitea|forgejo)/|docs/)?issue_template(?:/[^/]+)?\.(?:md|ya?ml)"
        r"|\.gitlab/issue_templates/[^/]+\.md",
        "change_request_template": r"(?:\.(?:github|gitea|forgejo)/|docs/)?pull_request_template(?:/[^/]+)?\.md"
        r"|\.gitlab/merge_request_templates/[^/]+\.md",
        "licence": r"licenses/[^/]+\.txt",
    }.items()
]
_FOLDERS = {"", ".github", ".gitlab", ".gitea", ".forgejo", "docs", "doc", "documentation"}
_ROOT_ONLY = {"licence", "authors", "maintainers", "adopters"}
"""In a folder of documentation these names mean a page about something else."""

KINDS = tuple(dict.fromkeys([*_DOCUMENTS, *_EXACT.values(), *(kind for kind, _ in _PATTERNS)]))
"""The kinds of documents and automation files."""


def kind_of(path: str) -> str | None:
    """What a path is to a project; upper and lower case are the same."""
    lower = path.lower()
    if kind := _EXACT.get(lower):
        return kind
    kind = next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(lower)), None)
    return kind or _named(lower)


def is_changelog(path: str) -> bool:
    """Whether the path is a changelog in the root."""
    return "/" not in path and kind_of(path) == "changelog"


def documents_of(files: pl.DataFrame) -> pl.DataFrame:
    """The rows of `facts.DOCUMENT` among those of `facts.FILE`."""
    path = pl.col("path").str
    near = path.count_matches("/", literal=True) <= 1
    candidates = files.lazy().filter(near | path.starts_with("."), ~pl.col("is_submodule"))
    paths = candidates.select(pl.col("path").unique(maintain_order=True)).collect()["path"].to_list()
    kinds = {path: kind for path in paths if (kind := kind_of(path))}
    schema = {"path": pl.String, "kind": pl.String}
    known = pl.LazyFrame({"path": list(kinds), "kind": list(kinds.values())}, schema=schema)
    rows = candidates.join(known, on="path", how="inner", maintain_order="left")
    return rows.select(DOCUMENT.names()).collect().cast(DOCUMENT)


def _named(lower: str) -> str | None:
    folder, _, name = lower.rpartition("/")
    if folder not in _FOLDERS or _NO_PROSE.search(name):
        return None
    kind = next((kind for kind, pattern in _NAMED if pattern.fullmatch(name)), None)
    return None if folder and kind in _ROOT_ONLY else kind
