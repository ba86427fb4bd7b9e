"""A whole server in this process: real services and database, requests straight to the app."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from assay import accounts, projects
from assay.accounts.model import Organisation
from assay.cli.serving import application
from assay.projects.model import Application, Environment, Project
from assay.settings import load
from assay.wiring.build import Assay, build
from assay.worker.loop import Worker

NAMES = ("own", "other", "foreign")


@dataclass
class Site:
    """A server with two organisations; ``own`` and ``other`` are projects of the first one."""

    assay: Assay
    app: FastAPI
    client: httpx.AsyncClient
    organisations: dict[str, Organisation]
    projects: dict[str, Project]
    applications: dict[str, Application]
    environments: dict[str, Environment]
    keys: dict[str, str]

    async def send(
        self, method: str, path: str, body: Any = None, *, key: str | None = "own", **options: Any
    ) -> httpx.Response:
        """A request; ``key`` names one of the site's keys."""
        headers = dict(options.pop("headers", {}))
        if key is not None:
            headers["Authorization"] = f"Bearer {self.keys[key]}"
        if body is not None:
            options["json"] = body
        return await self.client.request(method, path, headers=headers, **options)

    async def chat(self, message: str = "help", **more: Any) -> dict[str, Any]:
        """A new conversation of the own project."""
        answer = await self.send("POST", "/v1/chat", {"message": message, **more})
        assert answer.status_code == 202, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def finished(self, chat: str) -> dict[str, Any]:
        """A conversation once its newest answer is final."""
        for _ in range(400):
            found: dict[str, Any] = (await self.send("GET", f"/v1/chat/{chat}")).json()
            if found["messages"][0]["status"] in {"COMPLETED", "FAILED", "CANCELLED"}:
                return found
            await asyncio.sleep(0.05)
        raise AssertionError("the answer did not come")


def said(answer: httpx.Response, status: int, *words: str) -> None:
    """The one assertion of the one error shape."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert isinstance(body["message"], str)
    assert body["message"]
    assert answer.headers["content-type"] == "application/json"
    for word in words:
        assert word.lower() in body["message"].lower(), body["message"]


async def _fill(assay: Assay) -> None:
    async with assay.database.write() as session:
        first = await accounts.create_organisation(session, "First")
        second = await accounts.create_organisation(session, "Second")
        for name, organisation in zip(NAMES, (first, first, second), strict=True):
            project = await projects.create_project(session, organisation.id, name)
            await projects.create_application(
                session, project, name=f"{name} shop", url=f"https://{name}.example.com"
            )


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with both organisations, to copy from."""
    folder = tmp_path_factory.mktemp("site")

    async def make() -> None:
        assay = await build(load({"data": str(folder)}, environ={}))
        await assay.jobs.prepare()
        await _fill(assay)
        await assay.jobs.close()
        await assay.database.close()

    asyncio.run(make())
    return folder


async def site_of(assay: Assay) -> Site:
    """A built Assay with its app, ready for requests though nothing works yet."""
    await assay.jobs.prepare()
    keys: dict[str, str] = {}
    rows: dict[str, Any] = {"p": {}, "a": {}, "e": {}, "o": {}}
    async with assay.database.write() as session:
        for organisation in await accounts.list_organisations(session):
            issued = await accounts.create_key(session, organisation.id, name="all")
            keys[f"all of {organisation.name}"] = issued.token
            for project in await projects.list_projects(session, organisation.id):
                rows["o"][project.name] = organisation
                rows["p"][project.name] = project
                found = await projects.list_applications(session, project.id)
                rows["a"][project.name] = found[0]
                rows["e"][project.name] = await projects.default_environment(session, found[0])
                issued = await accounts.create_key(
                    session, organisation.id, name="one", project_id=project.id
                )
                keys[project.name] = issued.token
    app = application(assay)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://assay.test")
    return Site(assay, app, client, rows["o"], rows["p"], rows["a"], rows["e"], keys)


@pytest.fixture
async def site(filled: Path, tmp_path: Path) -> AsyncIterator[Site]:
    """A server that accepts and reads; nothing is worked on."""
    shutil.copytree(filled, tmp_path / "data")
    assay = await build(load({"data": str(tmp_path / "data"), "max_body": 20_000}, environ={}))
    found = await site_of(assay)
    yield found
    await found.client.aclose()
    await assay.jobs.close()
    await assay.database.close()


@pytest.fixture
async def working(filled: Path, tmp_path: Path) -> AsyncIterator[Site]:
    """A server that also works, as ``assay up`` does."""
    shutil.copytree(filled, tmp_path / "data")
    assay = await build(load({"data": str(tmp_path / "data")}, environ={}))
    found = await site_of(assay)
    worker = Worker(assay.jobs, closers=(assay.pool.close, assay.database.close))
    async with worker.running():
        yield found
        await found.client.aclose()
