"""Which application a message is about, when no override says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.projects import service, store
from assay.projects.errors import UrlInvalid
from assay.projects.model import Application, Environment, Mentioned, Project
from assay.projects.urls import host_of, path_of, url_key, urls_in, validate_url
from assay.storage.session import ReadSession, WriteSession


async def find_application_for(session: ReadSession, project_id: str, message: str) -> Mentioned:
    """The application that a message names, or that owns a URL in it, else the project's only one.

    An unquoted URL of no known application comes back as ``unknown_url`` with reason ``none``, even
    when there is one application: somebody who gives an address wants that site tested. Quoted
    ones only count when they are known, since they are mostly values to type.
    """
    applications = await store.applications_of(session, project_id)
    environments = await store.project_environments(session, project_id)
    by_id = {application.id: application for application in applications}
    owners = [_owner(url, environments) for url in urls_in(message)]
    owner = next((environment for environment in owners if environment is not None), None)
    if (named := _named(message, applications)) is not None:
        own = owner if owner is not None and owner.application_id == named.id else None
        return Mentioned("named", named, own)
    if owner is not None:
        return Mentioned("url", by_id[owner.application_id], owner)
    unknown = next((url for url in urls_in(message, quoted=False) if _testable(url)), None)
    if unknown is None and len(applications) == 1:
        return Mentioned("only", applications[0])
    return Mentioned("none", unknown_url=unknown)


async def register_application(
    session: WriteSession, project: Project, url: str
) -> tuple[Application, Environment]:
    """A new application for an address of a message, named after its host.

    An application whose default environment has that address is reused, so that a repeated step
    does not register it twice.
    """
    address = validate_url(url)
    await store.lock_project(session, project.id)
    for environment in await store.project_environments(session, project.id):
        if environment.build_id is None and url_key(environment.url) == url_key(address):
            application = await service.get_application(
                session, project.id, environment.application_id
            )
            return application, environment
    return await service.create_application(session, project, name=host_of(address), url=address)


def _named(message: str, applications: Sequence[Application]) -> Application | None:
    """The application with the longest name that stands in the message as words of its own."""
    # A name such as "shop" inside an address says nothing.
    text = message
    for url in urls_in(message):
        text = text.replace(url, " ")
    for application in sorted(applications, key=lambda each: -len(each.name)):
        words = r"\s+".join(re.escape(word) for word in application.name.split())
        if re.search(rf"(?<![\w.-]){words}(?![\w-])", text, re.IGNORECASE):
            return application
        token = application.short_id.partition("_")[2]
        if re.search(rf"\bapp(?:-\S+)?_{token}\b", text):
            return application
    return None


def _owner(url: str, environments: Sequence[Environment]) -> Environment | None:
    """The environment on the host of a URL whose path is the longest that the URL starts with.

    Any path of a known host belongs to it: a test may visit pages beside the start page.
    """
    host, path = host_of(url), path_of(url)
    same_host = [e for e in environments if e.url and host_of(e.url) == host]
    within = [e for e in same_host if f"{path}/".startswith(f"{path_of(e.url)}/")]
    if within:
        return max(within, key=lambda each: len(path_of(each.url)))
    return same_host[0] if same_host else None


def _testable(url: str) -> bool:
    try:
        validate_url(url)
    except UrlInvalid:
        return False
    return True
