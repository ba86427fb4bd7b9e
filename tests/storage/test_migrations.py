"""Migrations bring any database to exactly the rooms' tables, and back to nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from assay.storage import Database, migrate
from assay.storage.errors import SchemaTooNew
from assay.storage.migrate import current_revision, downgrade, owned, scripts
from assay.wiring.tables import load_tables
from tests.conftest import ENGINES, PostgresServer


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new/assay.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url)
    yield database
    await database.close()


def difference(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"include_name": owned, "compare_type": True}
    )
    return list(compare_metadata(context, load_tables()))


async def test_migrated_is_equal_to_the_tables(empty: Database) -> None:
    await migrate(empty)
    async with empty.read() as session:
        assert await session.run_sync(difference) == []
        head = scripts().get_current_head()
        assert await session.run_sync(current_revision) == head
    await migrate(empty)


async def test_down_and_up_again(empty: Database) -> None:
    await migrate(empty)
    async with empty.write() as session:
        await session.run_sync(downgrade)
        names = await session.run_sync(lambda c: inspect(c).get_table_names())
    assert names == ["alembic_version"]
    await migrate(empty)
    async with empty.read() as session:
        assert await session.run_sync(difference) == []


async def test_starts_at_the_same_time_do_not_collide(empty_url: str) -> None:
    starts = [Database(empty_url) for _ in range(4)]
    await asyncio.gather(*(migrate(database) for database in starts))
    async with starts[0].read() as session:
        assert await session.scalar(text("SELECT count(*) FROM alembic_version")) == 1
    for database in starts:
        await database.close()


async def test_data_of_a_newer_version_is_refused(empty: Database) -> None:
    await migrate(empty)
    async with empty.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNew, match="newer Assay"):
        await migrate(empty)
