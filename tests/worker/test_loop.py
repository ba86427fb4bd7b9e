"""A worker of its own: works until told to stop, and releases what it was doing."""

from __future__ import annotations

import asyncio
import os
import signal

from assay.jobs import Job, Jobs, QueueSpec
from assay.kernel.tasks import spawn
from assay.storage import Database
from assay.worker import Worker, run_alone


async def test_stops_at_sigterm_and_leaves_its_job_for_the_next_start(
    sqlite_database: Database,
) -> None:
    begun = asyncio.Event()
    closed: list[str] = []

    async def slow(job: Job) -> None:
        begun.set()
        await asyncio.sleep(600)

    async def close_browser() -> None:
        closed.append("browser")

    jobs = Jobs(sqlite_database)
    jobs.queue(QueueSpec("test", polling=0.03))
    jobs.register("test.slow", slow, queue="test")
    await jobs.prepare()
    async with sqlite_database.write() as session:
        await jobs.enqueue(session, "test.slow", "a")
    alone = spawn(run_alone(Worker(jobs, closers=(close_browser,))), name="alone")
    await asyncio.wait_for(begun.wait(), 60)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(alone, 60)
    assert closed == ["browser"]
    after = Jobs(sqlite_database)
    await after.prepare()
    assert await after.live("test.slow") == {"a"}
    await after.close()
