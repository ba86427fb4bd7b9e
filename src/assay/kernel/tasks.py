"""Background tasks that are neither collected too early nor fail in silence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

Result = TypeVar("Result")
Other = TypeVar("Other")

_log = logging.getLogger("assay.tasks")
_running: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, Result], *, name: str) -> asyncio.Task[Result]:
    """Start a task, keep a reference until it ends, and log the exception it ends with.

    The event loop itself only holds weak references, so a bare task may vanish half done.
    """
    task = asyncio.get_running_loop().create_task(work, name=name)
    _running.add(task)
    task.add_done_callback(_finished)
    return task


async def stop(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait until it has ended; its own failure was logged by ``spawn``."""
    task.cancel()
    await asyncio.wait([task])


async def in_group(work: Callable[[asyncio.TaskGroup], Awaitable[Result]]) -> Result:
    """What ``work`` gives, once the tasks that it started in the group have ended too.

    When one raises, the others end before its error is passed on, as it is.
    """
    try:
        async with asyncio.TaskGroup() as group:
            return await work(group)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def all_of(work: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Do all at once; when one raises, the others end before its error is passed on."""

    async def start(group: asyncio.TaskGroup) -> None:
        for one in work:
            group.create_task(one)

    await in_group(start)


async def both(
    one: Coroutine[Any, Any, Result], other: Coroutine[Any, Any, Other]
) -> tuple[Result, Other]:
    """What two pieces of work give that are done at once; when one raises, the other ends first."""

    async def start(group: asyncio.TaskGroup) -> tuple[asyncio.Task[Result], asyncio.Task[Other]]:
        return group.create_task(one), group.create_task(other)

    first, second = await in_group(start)
    return first.result(), second.result()


def _finished(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("background task %s failed", task.get_name(), exc_info=error)
