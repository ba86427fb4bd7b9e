"""One JSON shape for every error, whatever raised it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from assay.kernel import ids
from assay.kernel.errors import AppError, Kind

_log = logging.getLogger("assay.web")

STATUS = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_LARGE: 413,
    Kind.LIMITED: 429,
    Kind.UNAVAILABLE: 503,
    Kind.INTERNAL: 500,
}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# Which kind of body was taken; part of the place of a problem, but no field.
_TAGS = {"pr", "rawChanges", "usernamePassword", "httpBasic"}
_HIDDEN = {"body", "query", "path", "header"}


def error_response(
    status: int, message: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    """The error shape of the contract."""
    return JSONResponse({"message": message}, status, headers)


def of_app_error(error: AppError) -> JSONResponse:
    """An expected failure as its status, with ``Retry-After`` where it helps."""
    if error.kind is Kind.UNAVAILABLE:
        # What cannot be reached is for the operator to know, not for every caller.
        reference = ids.new_token(8)
        _log.error("%s: %s (%s)", error.code, error.message, reference)
        words = f"Assay cannot do this right now (reference {reference}). Try again in a moment."
        return error_response(STATUS[error.kind], words, {"Retry-After": "5"})
    status = STATUS[error.kind]
    headers: dict[str, str] = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(error.retry_after)))
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return error_response(status, error.message, headers)


def in_words(problems: Sequence[Any]) -> str:
    """Validation problems as one sentence each, naming the field."""
    lines: list[str] = []
    for problem in problems:
        place = [str(part) for part in problem["loc"] if part not in _HIDDEN]
        place = [part for part in place if not part.startswith(("Application", "ChangeReview"))]
        field = ".".join(part for part in place if part not in _TAGS)
        lines.append(_sentence(problem["type"], field, problem))
    return " ".join(dict.fromkeys(lines))


def _sentence(kind: str, field: str, problem: Any) -> str:
    if kind == "json_invalid":
        return "The request body is not valid JSON."
    named = field or "The request body"
    context = problem.get("ctx") or {}
    if kind == "null":
        return f"{f'{field}.' if field else ''}{context['field']} must not be null: leave it out."
    sentences = {
        "missing": f"{named} is required.",
        "blank": f"{named} must not be empty.",
        "environment": f"{named} {problem.get('msg')}.",
        "string_unicode": f"{named} must be valid Unicode text.",
        "string_type": f"{named} must be a string.",
        "string_too_short": f"{named} must not be empty.",
        "too_short": f"{named} must not be empty.",
        "list_type": f"{named} must be a list.",
        "int_parsing": f"{named} must be a whole number.",
        "int_type": f"{named} must be a whole number.",
        "bool_type": f"{named} must be true or false.",
        "string_pattern_mismatch": f"{named} does not match {context.get('pattern', '')}.",
        "union_tag_not_found": f"{_tag(context)} is required.",
        "union_tag_invalid": f"{_tag(context)} must be {context.get('expected_tags', '')}.",
        "model_attributes_type": f"{named} must be a JSON object.",
        "model_type": f"{named} must be a JSON object.",
        "dict_type": f"{named} must be a JSON object.",
    }
    if kind in sentences:
        return sentences[kind]
    if kind == "greater_than_equal":
        return f"{named} must be at least {context['ge']}."
    if kind == "string_too_long":
        return f"{named} must have at most {context['max_length']} characters."
    if kind in {"literal_error", "enum"}:
        return f"{named} must be {context.get('expected', 'one of the allowed values')}."
    return f"{named}: {problem.get('msg', 'is not valid')}."


def _tag(context: Mapping[str, Any]) -> str:
    """The field that tells the kinds of a body apart."""
    return str(context.get("discriminator", "kind")).strip("'")


def install(app: FastAPI) -> None:
    """Answer every error of this app in the one shape."""

    @app.exception_handler(AppError)
    async def _app_error(request: Request, error: AppError) -> JSONResponse:
        if error.kind is Kind.INTERNAL:
            return _unforeseen(request, error)
        return of_app_error(error)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        problems = error.errors()
        kind = request.headers.get("content-type", "")
        if "json" not in kind and any(problem["loc"] == ("body",) for problem in problems):
            words = "Send the body as JSON, with Content-Type: application/json."
            return error_response(400, words)
        return error_response(400, in_words(problems))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        words = {
            400: "The request body is not valid JSON.",
            404: f"There is nothing at {request.url.path}.",
            405: f"{request.method} is not allowed at {request.url.path}.",
        }
        message = words.get(error.status_code, str(error.detail))
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = _allowed(request)
        return error_response(error.status_code, message, headers)

    @app.exception_handler(Exception)
    async def _any(request: Request, error: Exception) -> JSONResponse:
        return _unforeseen(request, error)


def _allowed(request: Request) -> str:
    """The methods of every route at this address; the framework only names the first route's.

    An address that is documented as it is written is not an id of the routes above it.
    """
    documented = request.app.openapi()["paths"].get(request.url.path)
    if documented is not None:
        return ", ".join(method for method in _METHODS if method.lower() in documented)
    found = [method for method in _METHODS if _answers(request, method)]
    return ", ".join(found)


def _answers(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)


def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    reference = ids.new_token(8)
    _log.error("%s %s failed (%s)", request.method, request.url.path, reference, exc_info=error)
    return error_response(
        500, f"Something broke inside Assay (reference {reference}). Try again in a moment."
    )
