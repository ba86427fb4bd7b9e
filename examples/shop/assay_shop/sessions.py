"""Sessions in a signed cookie: what a visitor has in the cart, who they are, what to say next."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "shop_session"
MAX_AGE = 14 * 24 * 3600


def seal(data: dict[str, Any], secret: bytes) -> str:
    """The cookie's value for a session."""
    body = base64.urlsafe_b64encode(json.dumps(data, separators=(",", ":")).encode()).decode()
    return f"{body}.{_sign(body, secret)}"


def unseal(value: str, secret: bytes) -> dict[str, Any]:
    """The session in a cookie's value; an empty one if it was not sealed by us."""
    body, _, signature = value.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _sign(body, secret).encode()):
        return {}
    try:
        data = json.loads(base64.urlsafe_b64decode(body))
    except (binascii.Error, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _sign(body: str, secret: bytes) -> str:
    return hmac.new(secret, body.encode(), hashlib.sha256).hexdigest()


class SignedSessions:
    """Middleware that gives every request its session and sends it back when it changed."""

    def __init__(self, app: ASGIApp, secret: bytes) -> None:
        self._app = app
        self._secret = secret

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        before = HTTPConnection(scope).cookies.get(COOKIE, "")
        session = unseal(before, self._secret) if before else {}
        scope["session"] = session
        known = json.dumps(session)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and json.dumps(session) != known:
                MutableHeaders(scope=message).append(
                    "set-cookie",
                    f"{COOKIE}={seal(session, self._secret)}; path=/; Max-Age={MAX_AGE};"
                    " HttpOnly; SameSite=Lax",
                )
            await send(message)

        await self._app(scope, receive, send_with_cookie)
