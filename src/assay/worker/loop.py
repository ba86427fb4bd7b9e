"""The worker's life: launch, work until told to stop, stop within seconds.

What is being worked on when it stops is released and goes on at the next start, or at once on
another machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from assay.jobs import Jobs

_log = logging.getLogger("assay.worker")
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_CLOSE_WITHIN = 10.0

Closer = Callable[[], Awaitable[None]]


class Worker:
    """Runs the jobs of one process. ``closers`` run after the work has stopped, such as browsers'.

    Start and stop it on the server's event loop, in its lifespan: jobs run on the loop that
    started them.
    """

    def __init__(self, jobs: Jobs, *, closers: tuple[Closer, ...] = ()) -> None:
        self._jobs = jobs
        self._closers = closers

    async def start(self) -> None:
        """Begin to work; ``DataDirectoryInUse`` when SQLite has a worker already."""
        await self._jobs.launch()

    async def stop(self) -> None:
        """Release the running work and close what it used, within ten seconds."""
        try:
            async with asyncio.timeout(_CLOSE_WITHIN):
                await self._jobs.close()
                for close in self._closers:
                    await close()
        except TimeoutError:
            _log.warning("the worker did not stop within %.0f seconds", _CLOSE_WITHIN)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work for as long as the block lasts."""
        await self.start()
        try:
            yield
        finally:
            await asyncio.shield(self.stop())


async def run_alone(worker: Worker, *, ready: Callable[[], None] | None = None) -> None:
    """Work in this process until SIGTERM or Ctrl-C; a second signal ends it the hard way."""
    loop = asyncio.get_running_loop()
    told = asyncio.Event()

    def stop_once() -> None:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
        told.set()

    for number in _SIGNALS:
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop_once)
    async with worker.running():
        if ready is not None:
            ready()
        await told.wait()
