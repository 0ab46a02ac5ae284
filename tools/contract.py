"""Hold every GraphQL query and every recorded REST answer against what the forges publish of their interfaces.

`make contract` fetches the descriptions and runs `tools/contract.py .contract/node_modules .contract/gitlab.json`.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_client_schema, build_schema, parse, validate
from jsonschema import Draft202012Validator

ROOT = Path(__file__).parents[1]
QUERIES = ROOT / "src" / "oshealth" / "collect" / "forge_queries"
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
    mistakes = [*query_mistakes(github_schema(modules), "github"), *answer_mistakes(modules)]
    if gitlab.exists():
        mistakes += query_mistakes(gitlab_schema(gitlab), "gitlab")
    else:
        sys.stderr.write("GitLab's schema could not be had: its queries were not checked.\n")
    sys.stderr.write("".join(f"{mistake}\n" for mistake in mistakes))
    sys.stdout.write(f"{len(mistakes)} mistakes\n")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
