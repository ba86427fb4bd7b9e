"""Commands that work on the data folder itself: first set-up, keys, sign-in links.

This module is imported only by the commands that need it: it loads the database.
"""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from assay import accounts, projects
from assay.accounts.errors import KeyNotFound
from assay.cli.client import kept
from assay.kernel.clock import iso
from assay.settings import Settings, load
from assay.storage import Database
from assay.wiring.build import open_database

T = TypeVar("T")
ORGANISATION = "My organisation"
PROJECT = "My project"


@dataclass(frozen=True)
class FirstSetUp:
    """What is there to work with; ``key`` only when it was made just now."""

    organisation_id: str
    organisation: str
    project_short_id: str
    project_slug: str
    key: str | None


def settings_of(data: Path | None, host: str | None = None, port: int | None = None) -> Settings:
    """The settings with the command line's flags on top."""
    given: dict[str, Any] = {}
    if data is not None:
        given["data"] = str(data)
    if host is not None:
        given["host"] = host
    if port is not None:
        given["port"] = str(port)
    return load(given)


async def set_up(database: Database) -> FirstSetUp:
    """Make organisation, project and key when there are none; else change nothing."""
    async with database.write() as session:
        organisations = await accounts.list_organisations(session)
        if organisations:
            first = organisations[0]
            found = await projects.list_projects(session, first.id)
            return FirstSetUp(first.id, first.name, found[0].short_id, found[0].slug, None)
        organisation = await accounts.create_organisation(session, ORGANISATION)
        project = await projects.create_project(session, organisation.id, PROJECT)
        issued = await accounts.create_key(
            session, organisation.id, name="First key", project_id=project.id
        )
    return FirstSetUp(
        organisation.id, organisation.name, project.short_id, project.slug, issued.token
    )


async def with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do something on the data folder's database, beside a server that may be running on it."""
    database = await open_database(settings)
    try:
        return await work(database)
    finally:
        await database.close()


async def untouched(database: Database) -> bool:
    """Whether no application was ever registered, as before the first start."""
    async with database.read() as session:
        for organisation in await accounts.list_organisations(session):
            for project in await projects.list_projects(session, organisation.id):
                if await projects.list_applications(session, project.id):
                    return False
    return True


async def new_key(
    database: Database, name: str, project: str | None, *, whole: bool = False
) -> dict[str, str]:
    """A new key of a project, the first one if none is named, or of the ``whole`` organisation."""
    first = await set_up(database)
    async with database.write() as session:
        project_id = None
        if not whole:
            found = await projects.resolve_project(
                session,
                accounts.Principal(first.organisation_id),
                project or first.project_short_id,
            )
            project_id = found.id
        issued = await accounts.create_key(
            session, first.organisation_id, name=name, project_id=project_id
        )
    return {"apiKey": issued.token}


async def keys_shown(database: Database) -> list[dict[str, str]]:
    """The first organisation's keys that still work, oldest first, as commands show them."""
    first = await set_up(database)
    async with database.read() as session:
        names = {
            one.id: one.short_id
            for one in await projects.list_projects(session, first.organisation_id)
        }
        found = await accounts.list_keys(session, first.organisation_id)
    return [
        {
            "hint": f"{key.hint}…",
            "name": key.name,
            "projectShortId": names.get(key.project_id or "", "") or "(all)",
            "createdAt": iso(key.created_at),
            "lastUsedAt": iso(key.last_used_at) if key.last_used_at else "never used",
        }
        for key in found
        if key.revoked_at is None
    ]


async def revoke_key(database: Database, start: str) -> dict[str, str]:
    """Refuse a key from now on; it is named by itself or by how it starts."""
    first = await set_up(database)
    start = start.strip().removesuffix("…")
    async with database.write() as session:
        found = [
            key
            for key in await accounts.list_keys(session, first.organisation_id)
            if key.revoked_at is None and start.startswith(key.hint)
        ]
        if len(found) != 1:
            raise KeyNotFound(
                f"No key starts with “{start[:12]}”; see `assay keys list`."
                if not found
                else f"{len(found)} keys start so; no key was revoked."
            )
        await accounts.revoke_key(session, first.organisation_id, found[0].id)
    return {"revoked": f"{found[0].hint}…", "name": found[0].name}


async def new_project(database: Database, name: str) -> dict[str, str]:
    """A new project of the first organisation."""
    first = await set_up(database)
    async with database.write() as session:
        made = await projects.create_project(session, first.organisation_id, name)
    return {"shortId": made.short_id, "name": made.name, "slug": made.slug}


async def new_sign_in_link(database: Database, base_url: str) -> str:
    """A link that signs one person in to the first organisation, once."""
    first = await set_up(database)
    return await sign_in_link(database, first.organisation_id, base_url)


async def sign_in_link(database: Database, organisation_id: str, base_url: str) -> str:
    """A link that signs one person in, once."""
    async with database.write() as session:
        token = await accounts.create_sign_in_link(session, organisation_id)
    return f"{base_url}/sign-in?token={token}"


def write_client_file(path: Path, url: str, key: str | None) -> None:
    """Keep server address and key for the client commands, readable by this user only."""
    known = {**kept(path), "url": url}
    if key is not None:
        known["apiKey"] = key
    path.parent.mkdir(parents=True, exist_ok=True)
    # A process that is killed in the middle must leave the old file whole: it holds the key.
    fresh = path.with_name(f".{path.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        os.fchmod(handle, 0o600)
        json.dump(known, file)
        file.flush()
        os.fsync(handle)
    fresh.replace(path)
