"""Hold every GraphQL query and every recorded REST answer against what the forges publish of their interfaces.

`make contract` fetches the descriptions and runs `tools/contract.py .contract/node_modules .contract/gitlab.json`.
"""

import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_client_schema, build_schema, execute, parse, validate
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import forge_shapes as shapes  # noqa: E402 (it lies beside the tests)
from forge_world import Item, World, small_world  # noqa: E402

QUERIES = ROOT / "src" / "oshealth" / "collect" / "forges" / "queries"
RECORDED = ROOT / "tests" / "recorded"
ANSWERS = {
    "github_repository": ("/repos/{owner}/{repo}", False),
    "github_issue": ("/repos/{owner}/{repo}/issues", True),
    "github_comment": ("/repos/{owner}/{repo}/issues/comments", True),
    "github_release": ("/repos/{owner}/{repo}/releases", True),
}
"""By recording where it was answered, and whether it is one of a list."""


def github_schema(modules: Path) -> GraphQLSchema:
    """As published. It is not valid by itself, so it is taken as it is."""
    text = (modules / "@octokit" / "graphql-schema" / "schema.graphql").read_text(encoding="utf-8")
    return build_schema(text, assume_valid=True)


def gitlab_schema(path: Path) -> GraphQLSchema:
    """As published: the answer to an introspection, or its SDL."""
    text = path.read_text(encoding="utf-8")
    if not text.lstrip().startswith("{"):
        return build_schema(text, assume_valid=True)
    told = json.loads(text)
    return build_client_schema(told.get("data", told), assume_valid=True)


def query_mistakes(schema: GraphQLSchema, forge: str) -> Iterator[str]:
    """What a published schema says of the queries."""
    for path in sorted(QUERIES.glob(f"{forge}_*.graphql")):
        for error in validate(schema, parse(path.read_text(encoding="utf-8"))):
            yield f"{path.name}: {error.message}"


def played_mistakes(schema: GraphQLSchema, forge: str) -> Iterator[str]:
    """What a published schema says of the answers that the tests' server plays: they must be such as a forge gives."""
    world = small_world()
    answers = list((_of_github if forge == "github" else _of_gitlab)(world))
    for (query, answer), order in itertools.product(answers, _ORDERS[forge]):
        document = parse((QUERIES / f"{forge}_{query}.graphql").read_text(encoding="utf-8"))
        given = {**_VARIABLES, "order": order, "since": "2024-01-01T00:00:00Z"}
        told = execute(schema, document, answer, field_resolver=_said, type_resolver=_kind, variable_values=given)
        for error in told.errors or ():
            yield f"the server's answer to {forge}_{query}: {'/'.join(map(str, error.path or ()))}: {error.message}"
        if not told.errors and told.data != answer:
            yield f"the server's answer to {forge}_{query} holds more than was asked for"


_VARIABLES = {"owner": "town", "name": "app", "path": "town/app", "id": "1", "iid": "1", "first": 100}
_ORDERS = {
    "github": ({"field": "CREATED_AT", "direction": "ASC"}, {"field": "UPDATED_AT", "direction": "DESC"}),
    "gitlab": ("CREATED_ASC", "UPDATED_DESC"),
}


def _said(source: Any, info: Any, **_: Any) -> Any:
    """What stands in the answer under the name that the query gives to a field."""
    return source[info.path.key]


def _kind(value: Any, *_: Any) -> str:
    return str(value.get("__typename") or ("PullRequest" if "reviews" in value else "Issue"))


def _listed(world: World, kind: str, node: Any) -> dict[str, Any]:
    return shapes.paged([node(item) for item in world.items if item.kind == kind], 100, None)


def _notes(item: Item) -> dict[str, Any]:
    return shapes.paged(shapes.lab_notes(item), 100, None)


def _of_github(world: World) -> Iterator[tuple[str, Any]]:
    overview = shapes.hub_overview(world, "github.com")
    talked, reviewed = world.items[4], world.items[11]
    issues, requests = (_listed(world, kind, shapes.hub_node) for kind in ("issue", "change_request"))
    yield "overview", {"repository": overview}
    yield "releases", {"repository": {"releases": overview["releases"]}}
    yield "issues", {"repository": {"all": {"totalCount": 7}, "issues": issues}}
    yield "change_requests", {"repository": {"all": {"totalCount": 8}, "pullRequests": requests}}
    yield "comments", {"node": {"comments": shapes.paged(shapes.hub_comments(talked), 100, None)}}
    yield "reviews", {"node": {"reviews": shapes.paged(shapes.hub_reviews(reviewed), 100, None)}}


def _of_gitlab(world: World) -> Iterator[tuple[str, Any]]:
    issues, requests = (_listed(world, kind, shapes.lab_node) for kind in ("issue", "change_request"))
    yield "issues", {"project": {"all": {"count": 7}, "issues": issues}}
    yield "change_requests", {"project": {"all": {"count": 8}, "mergeRequests": requests}}
    yield "issue_notes", {"project": {"subject": {"notes": _notes(world.items[4])}}}
    yield "change_request_notes", {"project": {"subject": {"notes": _notes(world.items[11])}}}


def answer_mistakes(modules: Path) -> Iterator[str]:
    """What the published description says of the recorded answers."""
    text = (modules / "@octokit" / "openapi" / "generated" / "api.github.com.deref.json").read_text(encoding="utf-8")
    paths = json.loads(text)["paths"]
    for name, (path, is_listed) in ANSWERS.items():
        found = paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        schema = _nullable(found["items"] if is_listed else found)
        recorded = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
        for error in Draft202012Validator(schema).iter_errors(recorded):
            yield f"{name}.json: {'/'.join(map(str, error.path))}: {error.message[:200]}"


def _nullable(schema: Any) -> Any:
    """OpenAPI 3.0's `nullable` in the words of JSON Schema."""
    if isinstance(schema, list):
        return [_nullable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _nullable(value) for key, value in schema.items() if key != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


def main(modules: Path, gitlab: Path) -> int:
    """Print every mistake; the exit status."""
    mistakes = list(answer_mistakes(modules))
    schemas = {"github": github_schema(modules)}
    if gitlab.exists():
        schemas["gitlab"] = gitlab_schema(gitlab)
    else:
        sys.stderr.write("GitLab's schema could not be had: its queries were not checked.\n")
    for forge, schema in schemas.items():
        mistakes += [*query_mistakes(schema, forge), *played_mistakes(schema, forge)]
    sys.stderr.write("".join(f"{mistake}\n" for mistake in mistakes))
    sys.stdout.write(f"{len(mistakes)} mistakes\n")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
