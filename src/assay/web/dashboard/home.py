"""The home page, the list of conversations, and starting one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from assay.accounts.model import Principal
from assay.cases import service as cases
from assay.chats import store as chats_store
from assay.chats.model import Conversation, ConversationKind, Source
from assay.kernel.errors import AppError
from assay.projects.model import Application, Project
from assay.projects.scope import visible_projects
from assay.projects.service import default_environment, list_applications
from assay.storage import ReadSession
from assay.web.context import Served, Services
from assay.web.dashboard import views, words
from assay.web.dashboard.access import base_of, conversation_in, place_of, shell_of
from assay.web.dashboard.contexts import (
    ApplicationRow,
    ChatsPage,
    ConversationRow,
    HomePage,
    ProjectBlock,
)
from assay.web.dashboard.rendering import page
from assay.web.dashboard.routing import Sender, page_router
from assay.web.session import SignedIn

router = page_router()
_ON_HOME = 12
_ON_PAGE = 40
_EXAMPLES = (
    "Create 3 tests for login on https://shop.example.com",
    "Explore the site and tell me what you find",
    "Run all tests",
    "What happened in the last run?",
)


@router.get("/")
async def home(served: Served, principal: SignedIn) -> Response:
    """Applications and conversations of every project that the person may see."""
    async with served.database.read() as session:
        projects = await visible_projects(session, principal)
        blocks = [await _block(session, served, project) for project in projects]
    shell = shell_of(principal, projects, "Home", "home")
    return page(HomePage(shell, tuple(blocks), _EXAMPLES))


@router.get("/p/{slug}")
async def project_home(slug: str, served: Served, principal: SignedIn) -> Response:
    """The home page with one project on it."""
    async with served.database.read() as session:
        place = await place_of(session, principal, slug)
        block = await _block(session, served, place.project)
    return page(HomePage(place.shell(place.project.name, "home"), (block,), _EXAMPLES))


@router.get("/p/{slug}/chat")
async def chats(
    slug: str, served: Served, principal: SignedIn, before: Annotated[str, Query()] = ""
) -> Response:
    """All conversations of a project, last changed first."""
    async with served.database.read() as session:
        place = await place_of(session, principal, slug)
        start = None
        if before:
            last = await conversation_in(session, served.chats, place, before)
            start = (last.updated_at, last.id)
        found = await served.chats.list_conversations(
            session, place.project.id, limit=_ON_PAGE, before=start
        )
        rows = await _conversations(session, found, place.base)
    older = f"{place.base}/chat?before={found[-1].short_id}" if len(found) == _ON_PAGE else ""
    return page(ChatsPage(place.shell("Conversations", "chats"), rows, older))


@router.post("/p/{slug}/chat")
async def start(
    request: Request, slug: str, served: Served, sender: Sender, message: Annotated[str, Form()]
) -> Response:
    """Start a conversation and go to it."""
    return RedirectResponse(await _start(served, sender, slug, message), 303)


async def _start(served: Services, sender: Principal, slug: str, message: str) -> str:
    async with served.database.write() as session:
        place = await place_of(session, sender, slug)
        found = await served.chats.create_conversation(
            session, place.project, message, source=Source.UI
        )
    return f"{place.base}/chat/{found.conversation.short_id}"


async def _block(session: ReadSession, served: Services, project: Project) -> ProjectBlock:
    base = base_of(project)
    tallies = await cases.tally(session, project.id)
    applications = [
        await _application(session, application, base, tallies.get(application.id, {}))
        for application in await list_applications(session, project.id)
    ]
    found = await served.chats.list_conversations(session, project.id, limit=_ON_HOME)
    return ProjectBlock(
        name=project.name,
        slug=project.slug,
        start_url=f"{base}/chat",
        applications=tuple(applications),
        conversations=await _conversations(session, found, base),
        older=f"{base}/chat" if len(found) == _ON_HOME else "",
    )


async def _application(
    session: ReadSession, application: Application, base: str, tally: views.Tally
) -> ApplicationRow:
    try:
        site = (await default_environment(session, application)).url
    except AppError:
        # An application may be without an environment for a while.
        site = ""
    return ApplicationRow(
        name=application.name,
        url=f"{base}/apps/{application.short_id}",
        kind=application.kind.value,
        site=site,
        statuses=views.status_counts(tally),
        verdicts=views.verdict_counts(views.tally_verdicts(tally)),
    )


async def _conversations(
    session: ReadSession, found: Sequence[Conversation], base: str
) -> tuple[ConversationRow, ...]:
    newest = await chats_store.newest_messages(session, [one.id for one in found])
    return tuple(
        ConversationRow(
            title=one.title or "New conversation",
            url=f"{base}/chat/{one.short_id}",
            chip=words.conversation(one, newest.get(one.id)),
            review=one.kind is ConversationKind.CHANGE_REVIEW,
            changed_at=one.updated_at,
        )
        for one in found
    )
