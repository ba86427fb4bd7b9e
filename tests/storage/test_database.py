"""Sessions keep their promises on both engines."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, func, insert, select, text, update

from assay.kernel.tasks import spawn
from assay.storage import Database
from assay.storage.errors import DatabaseUnavailable, DatabaseUrlInvalid, RowConflict

scratch = Table(
    "scratch",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, unique=True),
    Column("count", Integer, nullable=False, default=0),
)


@pytest.fixture
async def db(database: Database) -> Database:
    async with database.write() as session:
        await session.run_sync(scratch.create)
        await session.execute(insert(scratch).values(id=1, name="one", count=0))
    return database


async def count(db: Database) -> int:
    async with db.read() as session:
        return int(await session.scalar(select(func.count()).select_from(scratch)))


async def test_a_write_session_commits_at_exit_and_rolls_back_on_an_error(db: Database) -> None:
    async with db.write() as session:
        await session.execute(insert(scratch).values(id=2, name="two"))

    async def fail() -> None:
        async with db.write() as session:
            await session.execute(insert(scratch).values(id=3, name="three"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await count(db) == 2


async def test_a_read_session_refuses_to_write(db: Database) -> None:
    async with db.read() as session:
        with pytest.raises(TypeError, match="read session"):
            await session.execute(insert(scratch).values(id=9, name="nine"))


async def test_read_then_write_loses_no_update(db: Database) -> None:
    async def add_one() -> None:
        async with db.write() as session:
            query = select(scratch.c.count).where(scratch.c.id == 1).with_for_update()
            seen = await session.scalar(query)
            await session.execute(update(scratch).values(count=seen + 1))

    await asyncio.gather(*(add_one() for _ in range(30)))
    async with db.read() as session:
        assert await session.scalar(select(scratch.c.count)) == 30


async def test_cancelled_sessions_leave_no_lock_behind(db: Database) -> None:
    async def work(number: int) -> None:
        async with db.write() as session:
            await session.execute(insert(scratch).values(id=number, name=str(number)))
            await session.scalar(select(func.count()).select_from(scratch))

    for number in range(100, 160):
        task = spawn(work(number), name="cancelled")
        await asyncio.sleep((number % 12) * 0.0004)
        task.cancel()
        await asyncio.wait([task])
    await asyncio.wait_for(work(999), 60)
    async with db.read() as session:
        rows = await session.all(select(scratch.c.id).where(scratch.c.id == 999))
    assert len(rows) == 1


async def test_a_cursor_that_is_kept_holds_no_lock_of_a_cancelled_session(
    sqlite_database: Database,
) -> None:
    # SQLite goes on with the transaction of a closed connection while one of its statements lives,
    # and the error of a cancelled task may keep a cursor alive.
    kept: list[object] = []
    slow = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM "

    async def work() -> None:
        async with sqlite_database.write() as session:
            raw = await session.connection.get_raw_connection()
            assert raw.driver_connection is not None
            kept.append(await raw.driver_connection.execute("SELECT 1 UNION SELECT 2"))
            await session.execute(text(f"{slow} (SELECT x FROM n LIMIT 3000000)"))

    task = spawn(work(), name="cancelled")
    await asyncio.sleep(0.3)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert kept
    async with sqlite_database.write() as session:
        await session.execute(text("CREATE TABLE free (id INTEGER)"))


async def test_insert_new_tells_whether_it_inserted(db: Database) -> None:
    async with db.write() as session:
        assert await session.insert_new(scratch, {"id": 5, "name": "five", "count": 0})
        assert not await session.insert_new(scratch, {"id": 6, "name": "five", "count": 0})
        await session.execute(insert(scratch).values(id=7, name="seven"))
    assert await count(db) == 3


async def test_a_conflict_is_translated_and_a_savepoint_survives_it(db: Database) -> None:
    async with db.write() as session:
        with pytest.raises(RowConflict):
            async with session.savepoint():
                await session.execute(insert(scratch).values(id=1, name="again"))
        await session.execute(insert(scratch).values(id=8, name="eight"))
    assert await count(db) == 2


async def test_a_write_session_inside_another_is_a_plain_error(sqlite_database: Database) -> None:
    async with sqlite_database.write():
        with pytest.raises(RuntimeError, match="inside a write session"):
            async with sqlite_database.write():
                pass


async def test_the_blocking_engine_shares_the_data(db: Database) -> None:
    def read() -> int:
        with db.sync_engine.begin() as connection:
            connection.execute(insert(scratch).values(id=4, name="four"))
            return int(connection.execute(select(func.count()).select_from(scratch)).scalar_one())

    assert await asyncio.to_thread(read) == 2
    assert await count(db) == 2


async def test_sqlite_is_durable_and_checks_foreign_keys(sqlite_database: Database) -> None:
    async with sqlite_database.read() as session:
        assert await session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert await session.scalar(text("PRAGMA synchronous")) == 2
        assert await session.scalar(text("PRAGMA foreign_keys")) == 1
        assert await session.scalar(text("PRAGMA busy_timeout")) == 10_000


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite://", "nonsense"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(DatabaseUrlInvalid):
        Database(url)


async def test_an_unreachable_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "assay.db").mkdir()
    before = set(threading.enumerate())
    database = Database(f"sqlite:///{tmp_path}/assay.db")
    for _ in range(20):
        with pytest.raises(DatabaseUnavailable):
            await database.ping()
    await database.close()
    left = [thread.name for thread in set(threading.enumerate()) - before if thread.is_alive()]
    assert not [name for name in left if not name.startswith("asyncio_")]


async def test_a_read_session_sees_one_moment(db: Database) -> None:
    async with db.read() as session:
        first = await session.scalar(select(scratch.c.count).where(scratch.c.id == 1))
        async with db.write() as other:
            await other.execute(update(scratch).values(count=scratch.c.count + 1))
        assert await session.scalar(select(scratch.c.count).where(scratch.c.id == 1)) == first
    async with db.read() as session:
        assert await session.scalar(select(scratch.c.count).where(scratch.c.id == 1)) == first + 1
