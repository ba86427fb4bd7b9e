"""Commands that work on the data folder itself: first set-up, keys, sign-in links.

This module is imported only by the commands that need it: it loads the database.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay import accounts, projects
from assay.settings import Settings, load
from assay.storage import Database

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


async def sign_in_link(database: Database, organisation_id: str, base_url: str) -> str:
    """A link that signs one person in, once."""
    async with database.write() as session:
        token = await accounts.create_sign_in_link(session, organisation_id)
    return f"{base_url}/sign-in?token={token}"


def write_client_file(path: Path, url: str, key: str | None) -> None:
    """Keep server address and key for the client commands, readable by this user only."""
    known: dict[str, str] = {}
    if path.exists():
        known = json.loads(path.read_text())
    known["url"] = url
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
