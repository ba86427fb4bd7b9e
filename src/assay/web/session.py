"""Who is at the dashboard, by the session cookie. Nothing of it is open, on loopback neither."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, HTTPException, Request

from assay.accounts import sessions
from assay.accounts.model import Principal
from assay.kernel.errors import AppError
from assay.web.context import Served

COOKIE = "assay_session"
SIGN_IN = "/sign-in"


def safe_next(wanted: str) -> str:
    """Where to go after signing in: a path of this server, whatever was asked for."""
    odd = any(ord(letter) < 33 or letter == "\\" for letter in wanted)
    parts = urlsplit(wanted) if not odd else None
    if parts is None or parts.scheme or parts.netloc:
        return "/"
    if not wanted.startswith("/") or wanted.startswith(("//", SIGN_IN)):
        return "/"
    return wanted


async def signed_in(request: Request, served: Served) -> Principal:
    """Whose session this request belongs to; whoever has none is led to sign-in and back."""
    try:
        async with served.database.read() as session:
            return await sessions.resume_session(session, request.cookies.get(COOKIE))
    except AppError as error:
        raise _lead_to_sign_in(request) from error


SignedIn = Annotated[Principal, Depends(signed_in)]


def _lead_to_sign_in(request: Request) -> HTTPException:
    if request.headers.get("hx-request") == "true":
        # A script asked: the page itself has to go to sign-in, and come back to where it is.
        shown = urlsplit(request.headers.get("hx-current-url", ""))
        back = shown.path + (f"?{shown.query}" if shown.query else "")
        headers = {"HX-Redirect": f"{SIGN_IN}?next={quote(back or '/', safe='')}"}
        return HTTPException(401, "You are not signed in.", headers)
    back = request.url.path if request.method == "GET" else "/"
    if request.method == "GET" and request.url.query:
        back += f"?{request.url.query}"
    headers = {"Location": f"{SIGN_IN}?next={quote(back, safe='')}", "Cache-Control": "no-store"}
    return HTTPException(303, "You are not signed in.", headers)
