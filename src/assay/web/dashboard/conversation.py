"""The page of one conversation: showing it, adding to it, ending its work, following it live."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from assay.web.context import Served
from assay.web.dashboard import live
from assay.web.dashboard.access import conversation_in, place_of
from assay.web.dashboard.contexts import ConversationPage, Link
from assay.web.dashboard.rendering import page
from assay.web.dashboard.routing import Sender, page_router, wants_parts
from assay.web.dashboard.thread import Parts, mark_of, parts_of
from assay.web.session import SignedIn

router = page_router()
_PATH = "/p/{slug}/chat/{short_id}"


@router.get(_PATH)
async def show(
    slug: str,
    short_id: str,
    served: Served,
    principal: SignedIn,
    before: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """A conversation with its newest messages, or those before a place in it."""
    async with served.database.read() as session:
        place = await place_of(session, principal, slug)
        found = await conversation_in(session, served.chats, place, short_id)
        parts = await parts_of(session, served, place, found.id, before=before)
    conversation = parts.conversation
    shell = place.shell(parts.heading.title, "chats", Link("Conversations", f"{place.base}/chat"))
    return page(
        ConversationPage(
            shell=shell,
            append_url=f"{place.base}/chat/{conversation.short_id}",
            heading=parts.heading,
            thread=parts.thread,
            tests=parts.tests,
            review=parts.review,
            controls=parts.controls,
            stream=parts.stream,
        )
    )


@router.post(_PATH)
async def append(
    request: Request,
    slug: str,
    short_id: str,
    served: Served,
    sender: Sender,
    message: Annotated[str, Form()],
) -> Response:
    """Add a message; the answer follows by the stream, or on the page that is loaded again."""
    async with served.database.write() as session:
        place = await place_of(session, sender, slug)
        found = await conversation_in(session, served.chats, place, short_id)
        await served.chats.append(session, found.id, message)
    return await _after(request, slug, short_id, served, sender)


@router.post(_PATH + "/cancel")
async def cancel(
    request: Request, slug: str, short_id: str, served: Served, sender: Sender
) -> Response:
    """End the running turn and those queued behind it."""
    async with served.database.write() as session:
        place = await place_of(session, sender, slug)
        found = await conversation_in(session, served.chats, place, short_id)
        await served.chats.cancel(session, found.id)
    return await _after(request, slug, short_id, served, sender)


@router.get(_PATH + "/parts")
async def parts(
    slug: str,
    short_id: str,
    served: Served,
    principal: SignedIn,
    seen: Annotated[str, Query()] = "",
) -> Response:
    """What changed since ``seen``: nothing, or every part that can change."""
    async with served.database.read() as session:
        place = await place_of(session, principal, slug)
        found = await conversation_in(session, served.chats, place, short_id)
        if mark_of(found) == seen:
            return Response(status_code=204)
        now = await parts_of(session, served, place, found.id)
    return _swapped(now)


@router.get(_PATH + "/events")
async def events(slug: str, short_id: str, served: Served, principal: SignedIn) -> Response:
    """Server-sent events with the parts that change, until the work is done."""
    async with served.database.read() as session:
        place = await place_of(session, principal, slug)
        found = await conversation_in(session, served.chats, place, short_id)
    return StreamingResponse(
        live.follow(served, place, found.id),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def _after(
    request: Request, slug: str, short_id: str, served: Served, sender: Sender
) -> Response:
    if not wants_parts(request):
        return RedirectResponse(f"/p/{slug}/chat/{short_id}", 303)
    async with served.database.read() as session:
        place = await place_of(session, sender, slug)
        found = await conversation_in(session, served.chats, place, short_id)
        now = await parts_of(session, served, place, found.id)
    return _swapped(now)


def _swapped(now: Parts) -> Response:
    return HTMLResponse("\n".join(live.pieces(now).values()))
