"""All SQL of the jobs room on its own tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from assay.jobs.tables import job_steps, job_workers
from assay.storage import ReadSession, WriteSession


async def beat(session: WriteSession, worker_id: str, host: str, at: datetime) -> None:
    """Say that a worker lives; a worker that was taken for dead appears again."""
    changed = await session.execute(
        update(job_workers).where(job_workers.c.id == worker_id).values(seen_at=at)
    )
    if changed.rowcount == 0:
        await session.insert_new(
            job_workers, {"id": worker_id, "host": host, "started_at": at, "seen_at": at}
        )


async def living(session: ReadSession, since: datetime) -> set[str]:
    """The workers heard of at or after ``since``."""
    rows = await session.all(select(job_workers.c.id).where(job_workers.c.seen_at >= since))
    return {row[0] for row in rows}


async def forget_workers(session: WriteSession, worker_ids: Sequence[str]) -> None:
    """Drop the heartbeat rows of workers that ended or were reaped."""
    await session.execute(delete(job_workers).where(job_workers.c.id.in_(list(worker_ids))))


async def silent(session: ReadSession, before: datetime) -> list[str]:
    """The workers not heard of since ``before``."""
    rows = await session.all(select(job_workers.c.id).where(job_workers.c.seen_at < before))
    return [row[0] for row in rows]


async def step_result(session: ReadSession, job_key: str, step_key: str) -> tuple[Any] | None:
    """The stored result of a sub-step, boxed because the result itself may be null."""
    row = await session.first(
        select(job_steps.c.result).where(
            job_steps.c.job_key == job_key, job_steps.c.step_key == step_key
        )
    )
    return None if row is None else (row[0],)


async def save_step(
    session: WriteSession, job_key: str, step_key: str, result: Any, at: datetime
) -> None:
    """Store a sub-step's result unless another execution was first."""
    await session.insert_new(
        job_steps,
        {"job_key": job_key, "step_key": step_key, "result": result, "created_at": at},
    )


async def forget_steps(session: WriteSession, before: datetime) -> None:
    """Drop sub-step results older than ``before``."""
    await session.execute(delete(job_steps).where(job_steps.c.created_at < before))
