"""Which application a message is about."""

from __future__ import annotations

import asyncio

import pytest

from assay import projects
from assay.storage import Database
from tests.projects.conftest import World


async def ask(world: World, database: Database, message: str) -> projects.Mentioned:
    async with database.read() as session:
        return await projects.find_application_for(session, world.project.id, message)


@pytest.mark.parametrize(
    ("message", "reason", "unknown"),
    [
        ("Create a login test", "only", None),
        ("Test corner   store please", "named", None),
        ("Open http://127.0.0.1:9000/store/cart and look", "url", None),
        ("Open http://127.0.0.1:9000/elsewhere", "url", None),
        ("Test http://127.0.0.1:9001/", "none", "http://127.0.0.1:9001/"),
        ('Type "https://typed.example/" into Website', "only", None),
        ("Test http://169.254.169.254/", "only", None),
    ],
)
async def test_one_application(
    world: World, database: Database, message: str, reason: str, unknown: str | None
) -> None:
    found = await ask(world, database, message)
    assert (found.reason, found.unknown_url) == (reason, unknown)
    expected = None if unknown else world.application.id
    assert (found.application.id if found.application else None) == expected


async def test_several_applications(world: World, database: Database) -> None:
    async with database.write() as session:
        admin, staging = await projects.create_application(
            session,
            world.project,
            name="Corner Store Admin",
            url="http://127.0.0.1:9000/store/admin",
        )
    assert (await ask(world, database, "Create a login test")).reason == "none"
    named = await ask(world, database, "Test the corner store admin")
    assert named.application == admin
    owned = await ask(world, database, "See http://127.0.0.1:9000/store/admin/users")
    assert (owned.application, owned.environment) == (admin, staging)
    shop = await ask(world, database, "See http://127.0.0.1:9000/store/administer")
    assert shop.application is not None
    assert shop.application.id == world.application.id
    by_id = await ask(world, database, f"Test {admin.short_id}")
    assert by_id.application == admin


async def test_an_address_registers_an_application_once(world: World, database: Database) -> None:
    async def register() -> str:
        async with database.write() as session:
            application, environment = await projects.register_application(
                session, world.sibling, "http://127.0.0.1:9300/"
            )
            assert application.default_environment_id == environment.id
            assert application.name == "127.0.0.1:9300"
            return application.id

    assert len(set(await asyncio.gather(*(register() for _ in range(5))))) == 1
