"""Which project a request is about, and whether its caller may touch it."""

from __future__ import annotations

from assay.accounts.model import Principal
from assay.kernel.ids import canonical_short_id
from assay.projects import store
from assay.projects.errors import (
    ProjectForbidden,
    ProjectNotFound,
    ProjectRequired,
    ResourceNotFound,
)
from assay.projects.model import Project
from assay.storage.session import ReadSession


async def visible_projects(session: ReadSession, principal: Principal) -> list[Project]:
    """The projects that a caller may use, oldest first."""
    found = await store.projects_of(session, principal.organisation_id)
    return [p for p in found if principal.project_id in (None, p.id)]


async def resolve_project(
    session: ReadSession, principal: Principal, project_short_id: str | None
) -> Project:
    """The project of a request whose path names no resource.

    An organisation's key must name it (400), within its organisation (404). A project's key may
    leave it out; any other than its own is 403, existing or not.
    """
    if principal.project_id is not None:
        return await _own_project(session, principal, project_short_id)
    if project_short_id is None:
        raise ProjectRequired("projectShortId is required with an organisation's key.")
    return await _named_project(session, principal, project_short_id)


async def resolve_resource_project(
    session: ReadSession,
    principal: Principal,
    project_short_id: str | None,
    resource_project_id: str | None,
    resource: str,
) -> Project:
    """The project of a request whose path names a resource, which decides it.

    ``resource_project_id`` is the resource's project, ``None`` when there is no such resource;
    ``resource`` says in words what the path named. A foreign resource and none look the same.
    """
    missing = ResourceNotFound(f"There is no {resource}.")
    if principal.project_id is not None:
        project = await _own_project(session, principal, project_short_id)
        if resource_project_id != project.id:
            raise missing
        return project
    named = None
    if project_short_id is not None:
        named = await _named_project(session, principal, project_short_id)
    found = await store.project_by_id(session, resource_project_id) if resource_project_id else None
    if found is None or found.organisation_id != principal.organisation_id:
        raise missing
    if named is not None and named.id != found.id:
        raise ProjectForbidden(f"The {resource} belongs to another project than projectShortId.")
    return found


async def project_of_slug(session: ReadSession, principal: Principal, slug: str) -> Project:
    """The project that a dashboard address starts with."""
    found = await store.project_by_slug(session, slug)
    if (
        found is None
        or found.organisation_id != principal.organisation_id
        or principal.project_id not in (None, found.id)
    ):
        raise ProjectNotFound(f"There is no project {slug}.")
    return found


async def _own_project(
    session: ReadSession, principal: Principal, project_short_id: str | None
) -> Project:
    own = await store.project_by_id(session, principal.project_id or "")
    if own is None:
        raise ProjectForbidden("The project of this API key was deleted.")
    if project_short_id in (None, own.short_id):
        return own
    if canonical_short_id("proj", project_short_id or "") != own.short_id:
        raise ProjectForbidden("projectShortId is not the project of this API key.")
    return own


async def _named_project(
    session: ReadSession, principal: Principal, project_short_id: str
) -> Project:
    canonical = canonical_short_id("proj", project_short_id)
    found = await store.project_by_short_id(session, canonical)
    if found is None or found.organisation_id != principal.organisation_id:
        raise ProjectNotFound(f"There is no project {project_short_id}.")
    return found
