"""App maps are kept once, however often they are stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from assay import accounts, projects
from assay.atlas import service
from assay.atlas.findings import broken_link
from assay.atlas.model import ActionEdge, AppMap, Field, Form, Purpose, State
from assay.projects.model import Target
from assay.storage import Database

KNOWN = AppMap(
    states=(State("s1", "http://a/", "Home", "Hi", "page", "f1", 0, trail=("Open",)),),
    actions=(ActionEdge("s1", "s2", "click “Next”", "opens /next"),),
    forms=(
        Form("f1", "s1", "http://a/", Purpose.LOGIN, "Log in",
             (Field("Email", "textbox", "email", "email", True, {"max": "3"}, ("a",)),), "Go"),
    ),
    findings=(broken_link("Gone", "http://a/", "http://a/gone", "answers 404"),),
    seconds=1.5,
    actions_used=3,
    stopped_by="states",
    notes=("a note",),
    explored_at=datetime(2030, 1, 1, tzinfo=UTC),
)  # fmt: skip


async def test_a_map_comes_back_as_it_was_kept(database: Database) -> None:
    target = await _target(database)
    for expected in (1, 0):
        async with database.write() as session:
            assert await service.keep(session, target, KNOWN) == expected
    async with database.read() as session:
        assert await service.recall(session, target.environment_id) == KNOWN


async def test_a_second_exploration_adds_to_the_first(database: Database) -> None:
    target = await _target(database)
    later = replace(
        KNOWN,
        states=(State("s2", "http://a/next", "Next", "Next", "page", "f2", 1),),
        explored_at=datetime(2030, 1, 2, tzinfo=UTC),
    )
    async with database.write() as session:
        await service.keep(session, target, KNOWN)
        await service.keep(session, target, later)
    async with database.read() as session:
        found = await service.recall(session, target.environment_id)
        assert found is not None
        assert {state.id for state in found.states} == {"s1", "s2"}
        assert found.explored_at == later.explored_at
        assert await service.recall(session, "never explored") is None


async def _target(database: Database) -> Target:
    async with database.write() as session:
        organisation = await accounts.create_organisation(session, "Ours")
        project = await projects.create_project(session, organisation.id, "P")
        application, environment = await projects.create_application(
            session, project, name="A", url="http://a.test/"
        )
    return Target(
        project.id, application.id, application.short_id, "A", environment.id, "E", "http://a/",
        frozenset({"a"}),
    )  # fmt: skip
