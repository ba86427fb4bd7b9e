"""Signing in and out.

A person signs in with a one-time link that the command line prints, or with an API key, whose reach
the session then has.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assay.accounts import service as accounts
from assay.accounts import sessions
from assay.accounts.model import IssuedSession
from assay.kernel.errors import AppError
from assay.web.context import Served
from assay.web.dashboard.contexts import SignInPage
from assay.web.dashboard.rendering import page
from assay.web.dashboard.routing import from_elsewhere, page_router
from assay.web.session import COOKIE, SIGN_IN, safe_next

router = page_router()


@router.get(SIGN_IN)
async def form(
    request: Request,
    served: Served,
    token: Annotated[str, Query()] = "",
    wanted: Annotated[str, Query(alias="next")] = "/",
) -> Response:
    """The sign-in page; with the token of a one-time link, straight in."""
    target = safe_next(wanted)
    if token:
        try:
            async with served.database.write() as session:
                issued = await sessions.consume_sign_in_link(session, token)
        except AppError as error:
            if await _here_already(request, served):
                return RedirectResponse(target, 303)
            return _form_page(target, error.message, 401)
        return _opened(request, served, issued, target)
    if await _here_already(request, served):
        return RedirectResponse(target, 303)
    return _form_page(target)


@router.post(SIGN_IN)
async def with_key(
    request: Request,
    served: Served,
    key: Annotated[str, Form()] = "",
    wanted: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Open a session with an API key."""
    target = safe_next(wanted)
    if from_elsewhere(request):
        return _form_page(target, "Send the form from this page.", 403)
    try:
        async with served.database.write() as session:
            principal = await accounts.authenticate(session, key.strip())
            issued = await sessions.start_session(
                session, principal.organisation_id, opener=principal
            )
    except AppError as error:
        known = {"unauthenticated": "This API key is not known."}
        return _form_page(target, known.get(error.code, error.message), 401)
    return _opened(request, served, issued, target)


@router.post("/sign-out")
async def leave(request: Request, served: Served) -> Response:
    """End the session."""
    if from_elsewhere(request):
        return RedirectResponse("/", 303)
    async with served.database.write() as session:
        try:
            principal = await sessions.resume_session(session, request.cookies.get(COOKIE))
        except AppError:
            principal = None
        if principal is not None:
            await sessions.end_session(session, principal)
    response = RedirectResponse(SIGN_IN, 303)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", path="/")
    return response


async def _here_already(request: Request, served: Served) -> bool:
    try:
        async with served.database.read() as session:
            await sessions.resume_session(session, request.cookies.get(COOKIE))
    except AppError:
        return False
    return True


def _opened(request: Request, served: Served, issued: IssuedSession, target: str) -> Response:
    response = RedirectResponse(target, 303, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        COOKIE,
        issued.token,
        expires=issued.expires_at,
        httponly=True,
        samesite="lax",
        secure=served.settings.base_url.startswith("https://") or request.url.scheme == "https",
        path="/",
    )
    return response


def _form_page(target: str, problem: str = "", status: int = 200) -> HTMLResponse:
    return page(SignInPage(target, problem), status)
