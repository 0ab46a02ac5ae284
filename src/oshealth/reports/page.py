"""One HTML page: templates, the Vega bundle and the charts' data, in one file that asks nothing of any network.

Text from repositories is hostile. It reaches a page in two ways only: through Jinja's autoescape, or as JSON in which
no `<`, `>` or `&` is left, inside a script element that no browser runs. The scripts that do run are named by their
hash in the page's Content-Security-Policy, so that no other one can.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import jinja2
from markupsafe import Markup

from oshealth.reports import words
from oshealth.reports.charts import Chart
from oshealth.reports.sparkline import sparkline

_BUNDLING = Lock()
_FILTERS = (
    "number",
    "percent",
    "share",
    "quantity",
    "day",
    "month",
    "country",
    "series",
    "sentence",
    "heading",
    "marked",
)


def write_page(path: Path, template: str, *, charts: Sequence[Chart] = (), **context: Any) -> Path:
    """Render a template of this folder to a file. Charts without data are left out; the bundle comes with the first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _put(path, render_page(template, charts=charts, **context))
    return path


def _put(path: Path, text: str) -> None:
    """Whoever opens the page meanwhile sees the one before or the new one, each whole."""
    target = path.resolve()  # a link stays a link
    if target.exists() and not target.is_file():  # /dev/stdout, say
        target.write_text(text, encoding="utf-8")
        return
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def render_page(template: str, *, charts: Sequence[Chart] = (), **context: Any) -> str:
    """The page's text; see `write_page`."""
    drawn = [chart for chart in charts if chart.rows]
    scripts = [bundle(), _asset("page.js")] if drawn else []
    return (
        _environment()
        .get_template(template)
        .render(
            charts={chart.key: chart for chart in drawn},
            chart_data=script_json({chart.key: chart.spec for chart in drawn}),
            scripts=[Markup(script) for script in scripts],  # noqa: S704  (our own, checked by `bundle`)
            policy=content_security_policy(scripts),
            style=Markup(_asset("page.css")),  # noqa: S704  (a file beside this one)
            **context,
        )
    )


def script_json(value: object) -> Markup:
    """JSON that can stand in a script element: `<`, `>`, `&` and all that is not ASCII are written as escapes."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"), default=str)
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(safe)  # noqa: S704  (the three characters that matter in a script element are gone)


def content_security_policy(scripts: Sequence[str]) -> str:
    """Nothing may be loaded or asked for; only these scripts may run. Styles are the page's own."""
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "connect-src 'none'; base-uri 'none'; form-action 'none'"
    )


def bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, about 900 kB. Made once per process; it takes about a second."""
    with _BUNDLING:  # pages are drawn side by side, and whoever comes second waits rather than makes another
        return _bundle()


@cache
def _bundle() -> str:
    import vl_convert  # noqa: PLC0415  (slow to start, and pages without charts do without it)

    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    if "</script" in script.lower() or "<!--" in script:
        raise ValueError("the Vega bundle holds text that would end its script element")
    return script


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    return Path(__file__).with_name("templates").joinpath(name).read_text(encoding="utf-8")


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: Mapping[str, Any] = {name: getattr(words, name) for name in _FILTERS}
    environment.filters.update(filters, short=words.short_repository, plural=words.plural)
    environment.globals.update(
        GRADE=words.GRADE_WORDS, STATUS=words.STATUS_WORDS, WHAT=words.WHAT_WORDS, sparkline=sparkline
    )
    return environment
