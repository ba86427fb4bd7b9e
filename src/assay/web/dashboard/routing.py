"""What every route of the dashboard has in common: error pages, headers, and forms of our own."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from assay.accounts.model import Principal
from assay.kernel.errors import AppError, Kind
from assay.web.dashboard.contexts import ErrorPage
from assay.web.dashboard.errors import FormRefused, FormTooLarge
from assay.web.dashboard.rendering import page
from assay.web.errors import STATUS
from assay.web.session import SignedIn

LARGEST_FORM = 1_000_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_TITLES = {
    Kind.NOT_FOUND: "Not found",
    Kind.FORBIDDEN: "Not allowed",
    Kind.INVALID: "That did not work",
    Kind.CONFLICT: "No longer possible",
    Kind.TOO_LARGE: "Too large",
}


class PageRoute(APIRoute):
    """Answers expected failures with a page, and sets the headers that guard every answer."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        inner: Callable[[Request], Awaitable[Response]] = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                _check_size(request)
                response = await inner(request)
            except AppError as error:
                if error.kind not in _TITLES:
                    raise
                response = _error_page(_TITLES[error.kind], error.message, STATUS[error.kind])
            except RequestValidationError:
                response = _error_page(
                    "That did not work", "Something is missing in the form.", 400
                )
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return handler


def page_router() -> APIRouter:
    """A router for pages; they are no part of the API's description."""
    return APIRouter(route_class=PageRoute, include_in_schema=False)


def csrf_token(principal: Principal) -> str:
    """What the forms of a session carry; only its own pages can know it."""
    key = (principal.session_id or "").encode()
    return hmac.new(key, b"dashboard form", hashlib.sha256).hexdigest()


def from_elsewhere(request: Request) -> bool:
    """Whether the page of another site sent this form."""
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None:
        return fetched not in {"same-origin", "none"}
    # Browsers that do not say so still name the page's origin.
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc != request.headers.get("host", "")


def check_form(
    request: Request, principal: SignedIn, csrf: Annotated[str, Form()] = ""
) -> Principal:
    """Let a form through only if a page of this session sent it."""
    known = hmac.compare_digest(csrf.encode(), csrf_token(principal).encode())
    if not known or from_elsewhere(request):
        raise FormRefused("The form is out of date. Go back, reload the page and send it again.")
    return principal


Sender = Annotated[Principal, Depends(check_form)]


def wants_parts(request: Request) -> bool:
    """Whether the page's script asks, which puts parts in place by itself."""
    return request.headers.get("hx-request") == "true"


def _check_size(request: Request) -> None:
    if request.method != "POST":
        return
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST_FORM:
        raise FormTooLarge(f"A form must be smaller than {LARGEST_FORM:,} bytes.")


def _error_page(title: str, message: str, status: int) -> Any:
    return page(ErrorPage(title, message), status)
