"""The gate before the API: who is asking, may they, and is the body small enough.

It stands before the framework reads a body, so that the checks come in the contract's order:
401, 403 (key, suspended organisation), 413, and only then 400 and what handlers say.
"""

from __future__ import annotations

import time
from collections import deque

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assay.accounts import service as accounts
from assay.accounts.model import Principal
from assay.kernel.errors import AppError, Kind
from assay.storage import Database
from assay.web.errors import of_app_error

_MINUTE = 60.0


class BodyTooLarge(AppError):
    """The request's body is larger than this server takes."""

    kind = Kind.TOO_LARGE
    code = "body_too_large"


class TooManyRequests(AppError):
    """More requests than this server takes from one key in a minute."""

    kind = Kind.LIMITED
    code = "too_many_requests"


class ApiGate:
    """ASGI middleware for paths below ``/v1/``; puts ``principal`` into the request's state."""

    def __init__(
        self, app: ASGIApp, *, database: Database, max_body: int, requests_per_minute: int
    ) -> None:
        self._app = app
        self._database = database
        self._max_body = max_body
        self._limit = requests_per_minute
        self._seen: dict[str, deque[float]] = {}
        self._noted: dict[str, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        try:
            principal = await self._principal(scope)
            self._count(principal)
            body = await self._body(scope, receive)
        except AppError as error:
            await of_app_error(error)(scope, receive, send)
            return
        scope.setdefault("state", {})["principal"] = principal
        await self._app(scope, _replayed(body, receive), send)

    async def _principal(self, scope: Scope) -> Principal:
        header = next(
            (value for name, value in scope["headers"] if name == b"authorization"), b""
        ).decode("latin-1")
        kind, _, token = header.partition(" ")
        async with self._database.read() as session:
            principal = await accounts.authenticate(
                session, token.strip() if kind.lower() == "bearer" else None
            )
        await self._note_use(principal)
        return principal

    async def _note_use(self, principal: Principal) -> None:
        key, now = principal.key_id or "", time.monotonic()
        if now - self._noted.get(key, -_MINUTE) < _MINUTE:
            return
        self._noted[key] = now
        async with self._database.write() as session:
            await accounts.note_use(session, principal)

    def _count(self, principal: Principal) -> None:
        if self._limit <= 0:
            return
        now = time.monotonic()
        seen = self._seen.setdefault(principal.key_id or "", deque())
        while seen and now - seen[0] > _MINUTE:
            seen.popleft()
        if len(seen) >= self._limit:
            wait = _MINUTE - (now - seen[0])
            raise TooManyRequests(
                f"More than {self._limit} requests in a minute. Try again in {wait:.0f} s.",
                retry_after=wait,
            )
        seen.append(now)

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        message = f"The request body is larger than {self._max_body:,} bytes."
        length = next((v for n, v in scope["headers"] if n == b"content-length"), b"0")
        if length.isdigit() and int(length) > self._max_body:
            raise BodyTooLarge(message)
        parts: list[bytes] = []
        size = 0
        while True:
            event = await receive()
            if event["type"] != "http.request":
                return b"".join(parts)
            parts.append(event.get("body", b""))
            size += len(parts[-1])
            if size > self._max_body:
                raise BodyTooLarge(message)
            if not event.get("more_body", False):
                return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body that was read already, then whatever comes after it."""
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
