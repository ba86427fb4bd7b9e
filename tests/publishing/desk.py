"""Everything between a webhook and what the forge then shows, around a scripted assistant."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
from fastapi import FastAPI

from assay.accounts.model import Principal
from assay.chats.credentials import CredentialKeeper
from assay.chats.model import Answer, Page
from assay.chats.service import Chats
from assay.chats.turns import TurnContext, Turns
from assay.forge import AppSecret, Provider, Secret, TokenSecret
from assay.jobs import Jobs, JobsConfig
from assay.kernel import clock
from assay.projects.model import Application, Project
from assay.projects.service import create_application
from assay.reviews.publishing import (
    Connection,
    Connections,
    Forges,
    NewConnection,
    RepositoryLink,
    Timing,
    Triggers,
    store,
)
from assay.reviews.publishing import publication_store as publications
from assay.reviews.publishing.model import Publication, State
from assay.settings import load
from assay.storage import Database, SecretBox
from assay.web import errors
from assay.web.context import Services
from assay.web.hooks import receiving
from assay.wiring.publishing import publishing
from tests.chats.conftest import Scripted, add_project
from tests.forge.github_site import GitHubSite
from tests.forge.test_github import PRIVATE, PUBLIC

HOOK_SECRET = "a webhook secret of enough length"
BASE_URL = "https://assay.test"
PREVIEW = "https://pr-{number}.preview.test"
QUICK = Timing(poll=0.2, sweep=0.3, lease=30.0, first_retry=0.3, slowest_retry=1.0)
TOKEN = "good-personal-token"


def verdict_answer(verdict: str, text: str = "", **review: Any) -> Answer:
    """The answer of a finished review."""
    data = {"verdict": verdict, "headCommit": None, "tests": {}, "findings": [], **review}
    return Answer(text or f"**{verdict}**: said so.", review=data)


@dataclass
class Desk:
    """What a test talks to."""

    database: Database
    jobs: Jobs
    chats: Chats
    assistant: Scripted
    project: Project
    application: Application
    connection: Connection
    connections: Connections
    triggers: Triggers
    client: httpx.AsyncClient
    site: Any
    asked: list[Page] = field(default_factory=list)

    async def hook(
        self,
        event: str,
        payload: dict[str, Any],
        *,
        secret: str = HOOK_SECRET,
        delivery: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Send a webhook as its forge would."""
        body = json.dumps(payload).encode()
        sent = {"content-type": "application/json"}
        if self.connection.provider is Provider.GITHUB:
            digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
            sent |= {
                "x-github-event": event,
                "x-github-delivery": delivery or str(uuid4()),
                "x-hub-signature-256": f"sha256={digest}",
            }
        else:
            sent |= {
                "x-gitlab-event": event,
                "x-gitlab-event-uuid": delivery or str(uuid4()),
                "x-gitlab-token": secret,
            }
        path = f"/hooks/{self.connection.provider.value}"
        return await self.client.post(path, content=body, headers={**sent, **(headers or {})})

    async def publications(self) -> list[Publication]:
        """All of them, newest first."""
        async with self.database.read() as session:
            return await publications.in_state(session, *State)

    async def until(self, done: Callable[[list[Publication]], bool], within: float = 40) -> None:
        """Wait for something that the publications show."""
        end = time.monotonic() + within
        while not done(found := await self.publications()):
            if time.monotonic() > end:
                raise AssertionError(f"not in {within} s: {found}")
            await asyncio.sleep(0.05)

    async def dealt_with(self, within: float = 40) -> list[Publication]:
        """Wait until every delivery has its outcome; gives the publications that there are then."""
        end = time.monotonic() + within
        long_ago, later = clock.now() - timedelta(days=1), clock.now() + timedelta(days=1)
        while True:
            async with self.database.read() as session:
                left = await store.open_deliveries(session, long_ago, later)
            if not left:
                return await self.publications()
            if time.monotonic() > end:
                raise AssertionError(f"deliveries not dealt with in {within} s: {left}")
            await asyncio.sleep(0.05)

    async def settled(self, count: int = 1, within: float = 40) -> list[Publication]:
        """Wait until so many publications are there and done."""
        await self.until(
            lambda found: len(found) == count and all(p.state is State.DONE for p in found), within
        )
        return await self.publications()


def secret_of(site: Any) -> Secret:
    """What the connection to a stand-in authenticates with."""
    if isinstance(site, GitHubSite):
        site.app_key = PUBLIC
        return AppSecret("77", PRIVATE, "4242")
    return TokenSecret(TOKEN)


@asynccontextmanager
async def open_desk(
    database: Database,
    site: Any,
    *,
    preview: str = PREVIEW,
    automatic: bool = True,
    native_reviews: bool = True,
    timing: Timing = QUICK,
    launch: bool = True,
) -> AsyncIterator[Desk]:
    """A desk on a database and a stand-in."""
    box = SecretBox(b"k" * 32)
    jobs = Jobs(database, JobsConfig())
    assistant = Scripted()
    Turns(database, jobs, assistant).register(polling=0.05)
    chats = Chats(jobs, CredentialKeeper(box))
    connections, forges = Connections(box), Forges()
    triggers = publishing(database, jobs, connections, forges, chats, box, BASE_URL, timing=timing)
    await jobs.prepare()
    project, application, connection = await _connected(
        database,
        connections,
        site,
        preview=preview,
        automatic=automatic,
        native_reviews=native_reviews,
    )
    app = FastAPI()
    errors.install(app)
    app.include_router(receiving.router)
    app.state.services = services_of(database, box, jobs, chats, connections, triggers)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url=BASE_URL)
    if launch:
        await jobs.launch()
    try:
        yield Desk(
            database,
            jobs,
            chats,
            assistant,
            project,
            application,
            connection,
            connections,
            triggers,
            client,
            site,
        )
    finally:
        await client.aclose()
        await jobs.close()
        await forges.close()


async def _connected(
    database: Database,
    connections: Connections,
    site: Any,
    *,
    preview: str,
    automatic: bool,
    native_reviews: bool,
) -> tuple[Project, Application, Connection]:
    """A project whose application has its repository at the stand-in."""
    hub = isinstance(site, GitHubSite)
    async with database.write() as session:
        project = await add_project(session)
        application, _ = await create_application(
            session, project, name="Shop", url="https://shop.test"
        )
        repository = "acme/shop" if hub else "acme/web/shop"
        connection = await connections.create(
            session,
            Principal(project.organisation_id),
            NewConnection(
                provider=Provider.GITHUB if hub else Provider.GITLAB,
                base_url=site.url,
                name="Forge",
                secret=secret_of(site),
                webhook_secret=HOOK_SECRET,
                links=(RepositoryLink(repository, project.id, application.id, preview),),
                automatic=automatic,
                native_reviews=native_reviews,
            ),
        )
    return project, application, connection


def services_of(
    database: Database,
    box: SecretBox,
    jobs: Jobs,
    chats: Chats,
    connections: Connections,
    triggers: Triggers,
) -> Services:
    """The services that webhooks need; nothing else is there."""
    settings = load({"data": str(Path(database.url.database or ".").parent)}, environ={})
    nothing = cast(Any, None)
    return Services(settings, database, box, nothing, jobs, chats, nothing, connections, triggers)


async def approve(turn: TurnContext) -> Answer:
    """A review that finds nothing."""
    return verdict_answer("approved", "**Approved**: 3 of 3 tests passed.")
