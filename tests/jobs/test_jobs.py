"""Durable jobs: part of the caller's transaction, recovered, reaped, kept apart, forgotten."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text

from assay.jobs import (
    Codec,
    DataDirectoryInUse,
    Handler,
    Job,
    Jobs,
    JobsAlreadyRunning,
    JobsConfig,
    JobUnknown,
    QueueSpec,
    WorkerLock,
)
from assay.jobs.serialiser import JsonSerialiser
from assay.jobs.tables import job_steps, job_workers
from assay.kernel import clock
from assay.storage import Database

JOB = "test.job"
made: list[Jobs] = []


def make(database: Database, handler: Handler, config: JobsConfig | None = None) -> Jobs:
    """A runner with one queue and one job."""
    jobs = Jobs(database, config)
    jobs.queue(QueueSpec("test", concurrency=2, polling=0.03))
    jobs.register(JOB, handler, queue="test")
    made.append(jobs)
    return jobs


async def enqueue(database: Database, jobs: Jobs, *entities: str) -> None:
    """Accept jobs, each in a transaction of its own."""
    for entity in entities:
        async with database.write() as session:
            await jobs.enqueue(session, JOB, entity)


async def until_idle(jobs: Jobs) -> None:
    """Wait until no job waits or runs."""
    async with asyncio.timeout(60):
        while await jobs.live(JOB):  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.03)


@pytest.fixture(autouse=True)
async def _closed() -> AsyncIterator[None]:
    """Close every runner of a test even when it failed: a process can run only one."""
    made.clear()
    yield
    for jobs in made:
        if jobs.launched:
            await jobs.close()


@pytest.fixture
def done() -> list[str]:
    """What the handlers of a test did."""
    return []


async def test_runs_on_the_loop_that_launched_it(database: Database, done: list[str]) -> None:
    loop = asyncio.get_running_loop()

    async def handler(job: Job) -> None:
        assert asyncio.get_running_loop() is loop
        done.append(job.entity_id)

    jobs = make(database, handler)
    await jobs.prepare()
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - it must leave the session
        async with database.write() as session:
            await jobs.enqueue(session, JOB, "rolled back")
            raise ZeroDivisionError
    await jobs.launch()
    await enqueue(database, jobs, "a", "b", "c")
    await until_idle(jobs)
    assert sorted(done) == ["a", "b", "c"]
    async with database.write() as session:
        with pytest.raises(JobUnknown):
            await jobs.enqueue(session, "nobody's", "x")
    await jobs.close()
    # The loop's own threads still work after DBOS has gone.
    assert await asyncio.to_thread(lambda: 1) == 1


async def test_a_second_runner_in_one_process_is_refused(sqlite_database: Database) -> None:
    async def handler(job: Job) -> None:
        raise AssertionError("unused")

    first, second = make(sqlite_database, handler), make(sqlite_database, handler)
    await first.launch()
    with pytest.raises(JobsAlreadyRunning):
        await second.launch()
    await second.close()
    await first.close()
    third = make(sqlite_database, handler)
    await third.launch()
    await third.close()


async def test_a_failing_job_ends_and_leaves_no_detail(database: Database, done: list[str]) -> None:
    async def handler(job: Job) -> None:
        done.append(job.entity_id)
        raise ZeroDivisionError("a secret detail")

    jobs = make(database, handler)
    await jobs.launch()
    await enqueue(database, jobs, "a")
    await until_idle(jobs)
    await jobs.close()
    assert done == ["a"]
    schema = "" if database.is_sqlite else "dbos."
    async with database.read() as session:
        stored = (await session.execute(text(f"SELECT * FROM {schema}workflow_output"))).all()
    assert stored
    assert "secret detail" not in str(stored)


async def test_a_step_is_remembered_across_a_stop(database: Database, done: list[str]) -> None:
    async def work() -> list[int]:
        done.append("work")
        return [len(done)]

    async def first(job: Job) -> None:
        assert await job.step("k", work) == [1]
        done.append("waiting")
        await asyncio.sleep(600)

    jobs = make(database, first)
    await jobs.launch()
    await enqueue(database, jobs, "a")
    async with asyncio.timeout(60):
        while "waiting" not in done:  # noqa: ASYNC110 - set by the handler under test
            await asyncio.sleep(0.02)
    await jobs.close()

    async def second(job: Job) -> None:
        assert await job.step("k", work) == [1]
        done.append("end")

    again = make(database, second)
    await again.launch()
    if not database.is_sqlite:
        await again.reap()
    await until_idle(again)
    await again.close()
    assert done == ["work", "waiting", "end"]


async def test_the_reaper_returns_the_work_of_a_silent_worker(
    database: Database, done: list[str]
) -> None:
    async def handler(job: Job) -> None:
        done.append(job.entity_id)

    jobs = make(database, handler)
    await jobs.prepare()
    await enqueue(database, jobs, "a", "b", "c")
    schema = "" if database.is_sqlite else "dbos."
    now = clock.now()
    async with database.write() as session:
        for worker, seen in (
            ("silent", now - timedelta(minutes=1)),
            ("alive", now + timedelta(minutes=5)),
        ):
            await session.execute(
                insert(job_workers).values(id=worker, host="h", started_at=now, seen_at=seen)
            )
        for worker, entity in (("silent", "a"), ("vanished", "b"), ("alive", "c")):
            await session.execute(
                text(
                    f"UPDATE {schema}workflow_status SET status='PENDING', executor_id=:worker "
                    "WHERE workflow_uuid LIKE :job"
                ),
                {"worker": worker, "job": f"{JOB}:{entity}:%"},
            )
    await jobs.launch()
    assert await jobs.reap() == ["silent", "vanished"]
    async with asyncio.timeout(60):
        while len(done) < 2:  # noqa: ASYNC110 - set by the handler under test
            await asyncio.sleep(0.02)
    assert sorted(done) == ["a", "b"]
    async with asyncio.timeout(60):
        # A job's row ends a little after its handler.
        while await jobs.live(JOB) != {"c"}:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert await jobs.reap() == []
    await jobs.close()
    async with database.read() as reading:
        left = await reading.all(select(job_workers.c.id))
    assert [row[0] for row in left] == ["alive"]


async def test_a_begun_job_that_nobody_runs_is_returned(
    database: Database, done: list[str]
) -> None:
    async def handler(job: Job) -> None:
        done.append(job.entity_id)

    jobs = make(database, handler)
    await jobs.launch()
    await enqueue(database, jobs, "a")
    await until_idle(jobs)
    schema = "" if database.is_sqlite else "dbos."
    async with database.write() as session:
        await session.execute(text(f"UPDATE {schema}workflow_status SET status='PENDING'"))
    await jobs.reap()
    assert done == ["a"]
    await jobs.reap()
    async with asyncio.timeout(60):
        while done != ["a", "a"]:  # noqa: ASYNC110 - set by the handler under test
            await asyncio.sleep(0.02)
    await jobs.close()


async def test_retention_forgets_what_ended(database: Database, done: list[str]) -> None:
    async def handler(job: Job) -> None:
        await job.step("k", lambda: asyncio.sleep(0, "x"))

    jobs = make(database, handler, JobsConfig(retention_days=0))
    await jobs.launch()
    await enqueue(database, jobs, "a", "b")
    await until_idle(jobs)
    await asyncio.sleep(0.05)
    await jobs.forget_old()
    schema = "" if database.is_sqlite else "dbos."
    async with database.read() as session:
        assert await session.scalar(text(f"SELECT count(*) FROM {schema}workflow_status")) == 0
        assert await session.scalar(select(func.count()).select_from(job_steps)) == 0
    await jobs.close()


async def test_one_worker_on_sqlite(sqlite_database: Database, tmp_path: Path) -> None:
    async def handler(job: Job) -> None:
        raise AssertionError("unused")

    path = tmp_path / "worker.lock"
    held = WorkerLock(path)
    held.acquire()
    held.acquire()
    jobs = make(sqlite_database, handler, JobsConfig(lock_path=path))
    with pytest.raises(DataDirectoryInUse, match=str(tmp_path)) as refused:
        await jobs.launch()
    assert "--data" in refused.value.message
    await jobs.close()
    held.release()
    assert not held.held
    free = make(sqlite_database, handler, JobsConfig(lock_path=path))
    await free.launch()
    await free.close()


def test_values_are_stored_as_readable_json_without_secrets() -> None:
    class Note:
        def __init__(self, said: str) -> None:
            self.said = said

    codec = Codec("note", Note, lambda note: {"said": note.said}, lambda found: Note(**found))
    serialiser = JsonSerialiser([codec], lambda said: said.replace("hunter2", "***"))
    written = serialiser.serialize(
        {"args": ("a", 1, None, [True]), "kwargs": {}, "n": Note("my hunter2"), "e": OSError("x")}
    )
    assert "hunter2" not in written
    assert json.loads(written)["n"]["value"] == {"said": "my ***"}
    back = serialiser.deserialize(written)
    assert back["args"] == ("a", 1, None, [True])
    assert back["n"].said == "my ***"
    assert str(back["e"]) == "OSError"
    with pytest.raises(TypeError, match="object"):
        serialiser.serialize(object())
