"""Who may do what: the rules of the Chat API, case by case."""

from __future__ import annotations

import pytest

from assay import projects
from assay.kernel.errors import AppError, Kind
from assay.kernel.ids import ShortIdMalformed, with_slug
from assay.projects.errors import ProjectNotFound
from assay.storage import Database
from tests.projects.conftest import World

UNKNOWN = "proj_doesNotExist"


async def outcome(world: World, database: Database, who: str, sent: str | None) -> str:
    principal = world.wide if who == "wide" else world.narrow
    async with database.read() as session:
        try:
            found = await projects.resolve_project(session, principal, sent)
        except AppError as error:
            return error.kind.value
    return found.slug


async def test_without_a_resource(world: World, database: Database) -> None:
    own, sibling = world.project.short_id, world.sibling.short_id
    foreign = world.foreign.short_id
    expected = [
        ("wide", None, Kind.INVALID),
        ("wide", own, "web-shop"),
        ("wide", with_slug(own, "any_slug"), "web-shop"),
        ("wide", sibling, "web-shop-2"),
        ("wide", foreign, Kind.NOT_FOUND),
        ("wide", UNKNOWN, Kind.NOT_FOUND),
        ("wide", "nonsense", Kind.INVALID),
        ("narrow", None, "web-shop"),
        ("narrow", own, "web-shop"),
        ("narrow", with_slug(own, "web-shop"), "web-shop"),
        ("narrow", sibling, Kind.FORBIDDEN),
        ("narrow", foreign, Kind.FORBIDDEN),
        ("narrow", UNKNOWN, Kind.FORBIDDEN),
        ("narrow", "nonsense", Kind.INVALID),
    ]
    for who, sent, wanted in expected:
        assert await outcome(world, database, who, sent) == wanted, (who, sent)


async def test_with_a_resource(world: World, database: Database) -> None:
    own, sibling, foreign = world.project, world.sibling, world.foreign
    cases = [
        (world.wide, None, own.id, "web-shop"),
        (world.wide, own.short_id, own.id, "web-shop"),
        (world.wide, sibling.short_id, own.id, Kind.FORBIDDEN),
        (world.wide, foreign.short_id, own.id, Kind.NOT_FOUND),
        (world.wide, UNKNOWN, own.id, Kind.NOT_FOUND),
        (world.wide, None, foreign.id, Kind.NOT_FOUND),
        (world.wide, own.short_id, foreign.id, Kind.NOT_FOUND),
        (world.wide, None, None, Kind.NOT_FOUND),
        (world.narrow, None, own.id, "web-shop"),
        (world.narrow, own.short_id, own.id, "web-shop"),
        (world.narrow, sibling.short_id, own.id, Kind.FORBIDDEN),
        (world.narrow, UNKNOWN, None, Kind.FORBIDDEN),
        (world.narrow, None, sibling.id, Kind.NOT_FOUND),
        (world.narrow, None, foreign.id, Kind.NOT_FOUND),
        (world.narrow, None, None, Kind.NOT_FOUND),
    ]
    async with database.read() as session:
        for number, (principal, sent, resource, wanted) in enumerate(cases):
            try:
                found = await projects.resolve_resource_project(
                    session, principal, sent, resource, "conversation chat_x"
                )
                got: str = found.slug
            except AppError as error:
                got = error.kind
            assert got == wanted, number


async def test_visible_projects_and_slugs(world: World, database: Database) -> None:
    async with database.read() as session:
        wide = await projects.visible_projects(session, world.wide)
        narrow = await projects.visible_projects(session, world.narrow)
        assert {project.id for project in wide} == {world.project.id, world.sibling.id}
        assert narrow == [world.project]
        found = await projects.project_of_slug(session, world.wide, "web-shop")
        assert found == world.project
        for principal, slug in ((world.wide, "foreign"), (world.narrow, "web-shop-2")):
            with pytest.raises(ProjectNotFound):
                await projects.project_of_slug(session, principal, slug)


async def test_look_ups_stay_within_the_project(world: World, database: Database) -> None:
    async with database.read() as session:
        short_id = world.application.short_id
        found = await projects.find_application(session, world.project.id, short_id)
        assert found == world.application
        for project, application in (
            (world.sibling, world.application),
            (world.project, world.foreign_application),
        ):
            with pytest.raises(AppError) as caught:
                await projects.find_application(session, project.id, application.short_id)
            assert caught.value.kind is Kind.NOT_FOUND
        with pytest.raises(ShortIdMalformed):
            await projects.find_application(session, world.project.id, "nonsense")
        foreign_id = await projects.application_project_id(
            session, world.foreign_application.short_id
        )
        assert foreign_id == world.foreign.id
        (preset, *_others) = await projects.list_presets(session, world.sibling.id)
        with pytest.raises(AppError):
            await projects.find_preset(session, world.project.id, preset.short_id)
