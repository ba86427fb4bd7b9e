"""Spawned tasks are kept, and their failures logged."""

from __future__ import annotations

import asyncio
import gc

import pytest

from assay.kernel.tasks import spawn, stop


async def test_failures_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise ValueError("broken")

    task = spawn(fail(), name="the failing one")
    await asyncio.wait([task])
    assert "the failing one" in caplog.text
    assert "broken" in caplog.text


async def test_tasks_survive_collection_and_can_be_stopped() -> None:
    started = asyncio.Event()

    async def wait() -> None:
        started.set()
        await asyncio.Event().wait()

    task = spawn(wait(), name="waiting")
    gc.collect()
    await started.wait()
    await stop(task)
    assert task.cancelled()
