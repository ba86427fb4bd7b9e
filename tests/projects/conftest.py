"""A project with one application, and a stranger's beside it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from assay import accounts, projects
from assay.accounts import Principal
from assay.projects import Application, Environment, Project
from assay.storage import Database


@dataclass(frozen=True)
class World:
    """Ours: two projects, the first with an application. Theirs: the same in another place."""

    organisation_id: str
    project: Project
    sibling: Project
    application: Application
    environment: Environment
    foreign: Project
    foreign_application: Application

    @property
    def wide(self) -> Principal:
        return Principal(self.organisation_id, key_id="wide")

    @property
    def narrow(self) -> Principal:
        return Principal(self.organisation_id, self.project.id, key_id="narrow")


@pytest.fixture
async def world(database: Database) -> World:
    async with database.write() as session:
        ours = await accounts.create_organisation(session, "Ours")
        theirs = await accounts.create_organisation(session, "Theirs")
        project = await projects.create_project(session, ours.id, "Web shop")
        sibling = await projects.create_project(session, ours.id, "Web shop")
        foreign = await projects.create_project(session, theirs.id, "Foreign")
        application, environment = await projects.create_application(
            session, project, name="Corner Store", url="http://127.0.0.1:9000/store"
        )
        stranger, _ = await projects.create_application(
            session, foreign, name="Stranger", url="http://127.0.0.1:9001/"
        )
    return World(ours.id, project, sibling, application, environment, foreign, stranger)
