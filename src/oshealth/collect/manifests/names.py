"""Which parser reads a file, by its path alone: the one place with the names of manifests."""

import re
from functools import lru_cache

_BY_NAME = {
    "package.json": "npm",
    "package-lock.json": "npm_lock",
    "npm-shrinkwrap.json": "npm_lock",
    ".package-lock.json": "npm_lock",
    "yarn.lock": "yarn",
    "pnpm-lock.yaml": "pnpm",
    "pnpm-workspace.yaml": "pnpm_workspace",
    "pyproject.toml": "pyproject",
    "poetry.lock": "poetry_lock",
    "uv.lock": "uv_lock",
    "pdm.lock": "pdm_lock",
    "pylock.toml": "pylock",
    "pipfile": "pipfile",
    "pipfile.lock": "pipfile_lock",
    "setup.cfg": "setup_cfg",
    "setup.py": "setup_py",
    "gemfile": "gemfile",
    "gems.rb": "gemfile",
    "gemfile.lock": "gemfile_lock",
    "gems.locked": "gemfile_lock",
    "composer.json": "composer",
    "composer.lock": "composer_lock",
    "pom.xml": "maven",
    "gradle.lockfile": "gradle_lock",
    "buildscript-gradle.lockfile": "gradle_lock",
    "gradle.properties": "gradle_properties",
    "go.mod": "go",
    "go.sum": "go_sum",
    "cargo.toml": "cargo",
    "cargo.lock": "cargo_lock",
    "packages.config": "packages_config",
    "directory.packages.props": "dotnet",
    "directory.build.props": "dotnet",
    "directory.build.targets": "dotnet",
    "packages.lock.json": "packages_lock",
    "global.json": "dotnet_global",
    "dotnet-tools.json": "dotnet_tools",
    ".gitmodules": "submodules",
    ".pre-commit-config.yaml": "pre_commit",
    ".pre-commit-config.yml": "pre_commit",
    ".gitlab-ci.yml": "gitlab_ci",
    ".gitlab-ci.yaml": "gitlab_ci",
    "action.yml": "workflow",
    "action.yaml": "workflow",
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
    "makefile": "script",
    "gnumakefile": "script",
    "vagrantfile": "script",
    "postinst": "script",
    "preinst": "script",
    "user-data": "script",
}

_BY_SUFFIX = {
    ".gemspec": "gemspec",
    ".gradle": "gradle",
    ".gradle.kts": "gradle",
    ".versions.toml": "gradle_catalogue",
    ".csproj": "dotnet",
    ".fsproj": "dotnet",
    ".vbproj": "dotnet",
    ".dockerfile": "dockerfile",
    ".containerfile": "dockerfile",
    ".gitlab-ci.yml": "gitlab_ci",
    ".sh": "script",
    ".bash": "script",
    ".zsh": "script",
    ".ksh": "script",
    ".dash": "script",
    ".mk": "script",
}

_CODE = r"(py|pyi|rb|go|rs|js|ts|tsx|java|kt|php|cs|md|rst|txt|json|toml|html)$"

_BY_PATTERN = [
    (
        re.compile(r"(^|/)((sys|system|apt|os|deb)[-_](requirements|packages|dependencies)\.txt|dependencies)$"),
        "system_packages",
    ),
    (re.compile(r"(^|/)\.(github|gitea|forgejo)/workflows/[^/]+\.ya?ml$"), "workflow"),
    (re.compile(r"(^|/)(requirements|constraints)/[^/]+\.(txt|in)$"), "requirements"),
    (re.compile(r"(^|/)[^/]*(requirements|constraints)[^/]*\.(txt|in|pip|lock)$"), "requirements"),
    (re.compile(r"(^|/)pylock\.[^/]+\.toml$"), "pylock"),
    (re.compile(r"(^|/)gemfile[._-][^/]+\.lock$"), "gemfile_lock"),
    (re.compile(r"(^|/)gemfiles/[^/]+\.gemfile\.lock$"), "gemfile_lock"),
    (re.compile(r"(^|/)(gemfile[._-](?!(tt|erb)$)[^/.]+|gemfiles/[^/]+\.gemfile)$"), "gemfile"),
    (re.compile(rf"(^|/)(dockerfile|containerfile)[._-](?![^/]*\.{_CODE})(?!{_CODE})[^/]+$"), "dockerfile"),
    (re.compile(r"(^|/)(docker-)?compose[^/]*\.ya?ml$"), "compose"),
    (re.compile(r"(^|/)(\.gitlab(-ci)?/.*|ci/gitlab(/.*)?|\.?gitlab-ci/.*)\.ya?ml$"), "gitlab_ci"),
    (re.compile(r"(^|/)gradle/dependency-locks/[^/]+\.lockfile$"), "gradle_lock"),
    # Programs without a suffix, by where they lie or what they are called; their first line says what runs them.
    (
        re.compile(
            r"(^|/)(s?bin|scripts?|hooks?|tools?)/[\w-]+$|(^|/)[\w-]*(setup|install|bootstrap|provision)[\w-]*$"
        ),
        "program",
    ),
]

_PAGE = re.compile(
    r"\.(html?|xhtml|jinja2?|j2|njk|twig|erb|haml|slim|hbs|handlebars|mustache|ejs|pug|liquid|phtml|blade\.php|cshtml|"
    r"razor|jsp|vue|svelte|astro|ftl)$"
)
FIXTURES = (
    r"(?:^|/)(?:tests?|specs?|__tests__)/(?:.+/)?(?:fixtures|testdata)/|(?:^|/)(?:testdata|__fixtures__|tests?/data)/"
    r"|\{\{[^/]*\}\}"
)
"""What tests feed to the program, as GitHub Linguist tells it, or what new projects are made of, whose path has gaps to
fill ("{{name}}/setup.py"): nothing of it is needed, whatever it names."""
_FIXTURE = re.compile(FIXTURES)
_FOR_TESTS = re.compile(
    r"(?:^|/)(?:tests?|specs?|e2e|__tests__|test[-_ ](?:cases?|infra(?:structure)?|env(?:ironment)?|setup)"
    r"|(?:acceptance|e2e|functional|integration|load|performance|smoke|system|ui|unit)[-_]?tests?)/"
)
# Folders that hold other people's work; a licence file at the root of one of their children is the evidence.
_VENDOR = re.compile(
    r"(^|/)(vendor|vendors|vendored|third[-_]?party|thirdparty|3rdparty|external|externals|extern|node_modules|"
    r"bower_components|_vendor|contrib|libs?)/"
)
_CARRIED = re.compile(r"(^|/)(node_modules|bower_components|vendor|vendors|third[-_]?party|thirdparty|3rdparty)/")
_LICENCE = re.compile(
    r"(^|/)((un)?licen[cs]e|copying|mit-licen[cs]e|gpl-licen[cs]e)([._-][a-z0-9._-]+)?$|(^|/)[^/]+[._-]licen[cs]e(\.(txt|md))?$"
)


@lru_cache(maxsize=65536)
def which(path: str) -> str | None:
    """The name of the parser that reads the file, `None` when no dependency is looked for in it."""
    lower = path.lower()
    if _FIXTURE.search(lower):
        return None
    if _LICENCE.search(lower) and _VENDOR.search(lower):
        return "vendored"
    name = lower.rpartition("/")[2]
    parser = _BY_NAME.get(name) or _by_suffix(name)
    if parser is None:
        parser = next((parser for pattern, parser in _BY_PATTERN if pattern.search(lower)), None)
    if parser is None and _PAGE.search(name):
        parser = "page"
    if parser and _CARRIED.search(lower):
        return "vendored" if parser in {"npm", "composer"} else None
    return parser


def is_for_tests(path: str) -> bool:
    """Whether the file lies in a folder for tests: what it names develops the product, and no user runs it."""
    return _FOR_TESTS.search(path.lower()) is not None


def is_manifest(path: str) -> bool:
    """Whether the file declares dependencies: manifests, lock files, containers, workflows, vendored licences."""
    return which(path) not in {None, "script", "program", "page"}


def is_script(path: str) -> bool:
    """Whether the file is a script in which installs and downloads are looked for."""
    return which(path) in {"script", "program"}


def is_page(path: str) -> bool:
    """Whether the file is a page or a page's template in which third-party scripts are looked for."""
    return which(path) == "page"


def _by_suffix(name: str) -> str | None:
    start = name.find(".")
    while start != -1:
        if parser := _BY_SUFFIX.get(name[start:]):
            return parser
        start = name.find(".", start + 1)
    return None
