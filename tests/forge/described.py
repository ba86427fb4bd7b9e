"""Holds a stand-in's requests and answers against a published description, both ways."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

GITHUB = Path(__file__).parent / "description" / "github.json"


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
        self._openapi = OpenAPI.from_dict(self.document)

    def request_problem(self, method: str, path: str, query: Any, body: bytes) -> str:
        """Why a request is not as described; empty when it is."""
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

    def filled(self, schema: str, **values: Any) -> Any:
        """The least object that a schema allows, with these values in it."""
        found = self._least({"$ref": f"#/components/schemas/{schema}"})
        return merged(found, values)

    def _least(self, schema: dict[str, Any], depth: int = 0) -> Any:
        if "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        if schema.get("nullable"):
            return None
        for several in ("oneOf", "anyOf"):
            if several in schema:
                return self._least(schema[several][0], depth)
        if "allOf" in schema:
            found: dict[str, Any] = {}
            for part in schema["allOf"]:
                found |= self._least(part, depth)
            return found
        if "enum" in schema:
            return schema["enum"][0]
        match schema.get("type", "object" if "properties" in schema else ""):
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
    return Description(GITHUB)
