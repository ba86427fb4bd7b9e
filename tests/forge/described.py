"""Holds a stand-in's requests and answers against a published description, both ways."""

from __future__ import annotations

import json
import re
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

FOLDER = Path(__file__).parent / "description"


class _Request:
    def __init__(self, method: str, path: str, query: Any, headers: Any, body: bytes) -> None:
        self.method = method.lower()
        self.host_url = "http://localhost"
        self.path = path
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(query), header=Headers(headers), cookie=ImmutableMultiDict()
        )
        self.content_type = "application/json" if body else ""
        self.body = body or None


class _Response:
    def __init__(self, status: int, body: bytes) -> None:
        self.status_code = status
        self.headers = Headers()
        self.data = body
        self.content_type = "application/json"


class Description:
    """A description of a JSON API."""

    def __init__(self, path: Path) -> None:
        self.document: dict[str, Any] = json.loads(path.read_text())

    @cached_property
    def _openapi(self) -> OpenAPI:
        return OpenAPI.from_dict(self.document)

    def request_problem(self, method: str, path: str, query: Any, body: bytes) -> str:
        """Why a request is not as described; empty when it is."""
        query = list(query)
        unknown = {name for name, _ in query} - self._query_names(method, path)
        if unknown:
            return f"{method} {path}: no such query parameters: {sorted(unknown)}"
        try:
            self._openapi.validate_request(_Request(method, path, query, {}, body))
        except OpenAPIError as error:
            return f"{method} {path}: {error} {error.__cause__ or ''}"
        return ""

    def answer_problem(self, method: str, path: str, status: int, body: bytes) -> str:
        """Why an answer is not as described; empty when it is."""
        try:
            self._openapi.validate_response(
                _Request(method, path, [], {}, b""), _Response(status, body)
            )
        except OpenAPIError as error:
            return f"{method} {path} {status}: {error} {error.__cause__ or ''}"[-1500:]
        return ""

    def _query_names(self, method: str, path: str) -> set[str]:
        """The query parameters of the operation that a path belongs to; the check itself lets
        others pass."""
        for template, operations in self.document["paths"].items():
            pattern = re.sub(r"\\\{[^/]+\\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path) and method.lower() in operations:
                given = operations[method.lower()].get("parameters", [])
                found = [self._resolved(one) for one in given]
                return {one["name"] for one in found if one["in"] == "query"}
        return set()

    def _resolved(self, value: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in value:
            _, _, kind, name = value["$ref"].split("/")
            value = self.document["components"][kind][name]
        return value

    def filled(self, schema: str, **values: Any) -> Any:
        """The least object that a schema allows, with these values in it."""
        found = self._least({"$ref": f"#/components/schemas/{schema}"})
        return merged(found, values)

    def _least(self, schema: dict[str, Any], depth: int = 0) -> Any:
        schema = self._resolved(schema)
        kind = schema.get("type", "object" if "properties" in schema else "")
        if schema.get("nullable") or kind == "null" or (isinstance(kind, list) and "null" in kind):
            return None
        for several in ("oneOf", "anyOf"):
            if several in schema:
                optional = {"type": "null"} in schema[several]
                return None if optional else self._least(schema[several][0], depth)
        if "allOf" in schema:
            found: dict[str, Any] = {}
            for part in schema["allOf"]:
                found |= self._least(part, depth)
            return found
        if "enum" in schema:
            return schema["enum"][0]
        if "const" in schema:
            return schema["const"]
        match kind:
            case "object":
                properties = schema.get("properties", {})
                return {
                    n: self._least(properties[n], depth + 1) for n in schema.get("required", [])
                }
            case "array":
                return []
            case "integer" | "number":
                return 1
            case "boolean":
                return False
            case "string":
                formats = {"uri": "https://example.test/", "date-time": "2026-01-01T00:00:00Z"}
                return formats.get(schema.get("format", ""), "text")
        return None


def merged(base: Any, values: Any) -> Any:
    """``values`` over ``base``, objects key by key."""
    if isinstance(base, dict) and isinstance(values, dict):
        return {**base, **{key: merged(base.get(key), inner) for key, inner in values.items()}}
    return values


@cache
def github_description() -> Description:
    """GitHub's, trimmed."""
    return Description(FOLDER / "github.json")


@cache
def gitlab_description() -> Description:
    """GitLab's, made of other people's types."""
    return Description(FOLDER / "gitlab.json")


@cache
def gitlab_webhooks() -> Description:
    """The types of GitLab's webhooks."""
    return Description(FOLDER / "gitlab_webhooks.json")
