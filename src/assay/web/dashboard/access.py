"""Finding what an address names, within what its reader may see; anything else is not found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.accounts.model import Principal
from assay.cases import service as cases
from assay.cases.model import TestCase
from assay.chats.errors import ConversationNotFound
from assay.chats.model import Conversation
from assay.chats.service import Chats
from assay.kernel.errors import AppError, Kind
from assay.projects.model import Application, Project
from assay.projects.scope import project_of_slug, visible_projects
from assay.projects.service import find_application
from assay.runs import service as runs
from assay.runs.model import Run
from assay.storage import ReadSession, WriteSession
from assay.web.dashboard.contexts import Link, Shell
from assay.web.dashboard.errors import PageNotFound
from assay.web.dashboard.routing import csrf_token


@dataclass(frozen=True, slots=True)
class Place:
    """A project whose pages are asked for, and the others that the reader could go to."""

    principal: Principal
    project: Project
    projects: tuple[Project, ...]

    @property
    def base(self) -> str:
        """Where the addresses of the project start."""
        return base_of(self.project)

    def shell(self, title: str, section: str, *crumbs: Link) -> Shell:
        """What surrounds a page of this project."""
        return shell_of(self.principal, self.projects, title, section, self.project, crumbs)


def base_of(project: Project) -> str:
    """Where the addresses of a project start."""
    return f"/p/{project.slug}"


def shell_of(
    principal: Principal,
    projects: Sequence[Project],
    title: str,
    section: str,
    project: Project | None = None,
    crumbs: Sequence[Link] = (),
) -> Shell:
    """What surrounds a page; a person with one project is always in it."""
    if project is None and len(projects) == 1:
        project = projects[0]
    return Shell(
        title=title,
        section=section,
        project=Link(project.name, base_of(project)) if project else None,
        projects=tuple(Link(one.name, base_of(one)) for one in projects),
        crumbs=tuple(crumbs),
        csrf=csrf_token(principal),
    )


async def place_of(session: ReadSession | WriteSession, principal: Principal, slug: str) -> Place:
    """The project of an address, if this person may see it."""
    try:
        project = await project_of_slug(session, principal, slug)
    except AppError as error:
        raise _absent(error) from error
    found = await visible_projects(session, principal)
    return Place(principal, project, tuple(found))


async def conversation_in(
    session: ReadSession | WriteSession, chats: Chats, place: Place, name: str
) -> Conversation:
    """A conversation of this project."""
    try:
        found = await chats.find(session, name)
    except AppError as error:
        raise _absent(error) from error
    if found.project_id != place.project.id:
        raise _absent(ConversationNotFound(""))
    return found


async def case_in(session: ReadSession | WriteSession, place: Place, name: str) -> TestCase:
    """A test of this project."""
    try:
        return await cases.get(session, name, [place.project.id])
    except AppError as error:
        raise _absent(error) from error


async def run_in(session: ReadSession, place: Place, name: str) -> Run:
    """A run of this project."""
    try:
        return await runs.get(session, name, [place.project.id])
    except AppError as error:
        raise _absent(error) from error


async def application_in(session: ReadSession, place: Place, name: str) -> Application:
    """An application of this project."""
    try:
        return await find_application(session, place.project.id, name)
    except AppError as error:
        raise _absent(error) from error


def _absent(error: AppError) -> AppError:
    """Malformed and foreign names read like those of nothing."""
    if error.kind in {Kind.NOT_FOUND, Kind.INVALID, Kind.FORBIDDEN}:
        return PageNotFound("There is nothing at this address, or you may not see it.")
    return error
