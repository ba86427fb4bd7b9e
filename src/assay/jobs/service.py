"""The job runner's face: register handlers, enqueue in a transaction, launch, close."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from assay.jobs import store
from assay.jobs.errors import JobsNotRunning, JobUnknown
from assay.jobs.lock import WorkerLock
from assay.jobs.model import Handler, Job, JobsConfig, Json, Memo, Periodic, QueueSpec
from assay.jobs.runner import Runner
from assay.jobs.serialiser import Codec, JsonSerialiser
from assay.kernel import clock, ids
from assay.kernel.tasks import spawn, stop
from assay.storage import Database, WriteSession

_log = logging.getLogger("assay.jobs")
_SQLITE_WORKER = "sqlite"


class Jobs:
    """Durable work on one database.

    ``prepare`` is enough to enqueue; ``launch`` also works, on the event loop that calls it. Jobs
    are delivered at least once: a handler's effects must be idempotent and fenced.
    """

    def __init__(
        self,
        database: Database,
        config: JobsConfig | None = None,
        *,
        codecs: Sequence[Codec] = (),
        clean: Callable[[str], str] | None = None,
        lock: WorkerLock | None = None,
    ) -> None:
        self._database = database
        self._config = config or JobsConfig()
        self._runner = Runner(database.sync_engine, JsonSerialiser(codecs, clean))
        self._handlers: dict[str, tuple[Handler, str]] = {}
        self._queues: dict[str, QueueSpec] = {}
        self._periodics: list[tuple[str, float, Periodic]] = []
        self._running: dict[asyncio.Task[Any], str] = {}
        self._suspects: set[str] = set()
        self._upkeep: list[asyncio.Task[None]] = []
        self._prepared = False
        self._closing = False
        self.launched = False
        path = self._config.lock_path
        self._lock = lock or (WorkerLock(path) if path and database.is_sqlite else None)
        # SQLite has one worker, whose next start must find its own work; elsewhere an id that
        # came back would hide which worker died.
        self.worker_id = _SQLITE_WORKER if database.is_sqlite else ids.new_uuid()

    def queue(self, spec: QueueSpec) -> None:
        """Declare a queue; before ``launch``."""
        self._queues[spec.name] = spec

    def register(self, name: str, handler: Handler, *, queue: str) -> None:
        """Say who does jobs called ``name`` and on which declared queue; before ``launch``."""
        if queue not in self._queues:
            raise JobUnknown(f"No queue is called {queue}.")
        self._handlers[name] = (handler, queue)

    def periodic(self, name: str, every: float, work: Periodic) -> None:
        """Run ``work`` each ``every`` seconds in every live worker; it must be idempotent."""
        self._periodics.append((name, every, work))

    async def prepare(self) -> None:
        """Make the job tables usable; needed before ``enqueue``, harmless to repeat."""
        if not self._prepared:
            await self._runner.prepare()
            self._prepared = True

    async def enqueue(self, session: WriteSession, name: str, entity_id: str) -> None:
        """Add a job to the caller's transaction: it exists if and only if that one commits."""
        if not self._prepared:
            raise JobsNotRunning("Work cannot be accepted before the job runner is prepared.")
        if name not in self._handlers:
            raise JobUnknown(f"No job is called {name}.")
        queue = self._handlers[name][1]
        job_id = f"{name}:{entity_id}:{ids.new_token(8)}"
        await session.run_sync(
            lambda connection: self._runner.enqueue(connection, queue, job_id, (name, entity_id))
        )

    async def live(self, name: str) -> set[str]:
        """The entities with a waiting or begun job called ``name``, seen in no session."""
        found = await self._runner.live(f"{name}:")
        return {job_id.split(":")[1] for job_id in found}

    async def launch(self) -> None:
        """Begin to work. Raises ``DataDirectoryInUse`` when SQLite already has a worker."""
        if self._lock is not None:
            await asyncio.to_thread(self._lock.acquire)
        await self.prepare()
        await self.beat()
        await self._runner.launch(self._dispatch, self.worker_id, list(self._queues.values()))
        self.launched = True
        config = self._config
        chores: list[tuple[str, float, Periodic]] = [
            ("heartbeat", config.heartbeat, self.beat),
            ("reaper", config.reap_every, self.reap),
            ("retention", config.retention_every, self.forget_old),
            *self._periodics,
        ]
        self._upkeep = [spawn(_repeat(*chore), name=f"jobs-{chore[0]}") for chore in chores]

    async def close(self) -> None:
        """Stop working: running handlers are cancelled and go on at the next start."""
        self._closing = True
        self._runner.hush()
        for task in self._upkeep:
            await stop(task)
        self._upkeep = []
        await self._stop_handlers()
        was_launched, self.launched = self.launched, False
        await self._runner.close()
        self._prepared = False
        if was_launched:
            async with self._database.write() as session:
                await store.forget_workers(session, [self.worker_id])
        if self._lock is not None:
            self._lock.release()

    async def beat(self) -> None:
        """Write this worker's heartbeat."""
        async with self._database.write() as session:
            await store.beat(session, self.worker_id, socket.gethostname()[:255], clock.now())

    async def reap(self) -> list[str]:
        """Return the begun work of dead workers to its queues; tells which were found dead.

        A worker is dead when it was silent too long, or when begun work names it and no heartbeat
        does. Work this worker began but no longer runs is returned as well.
        """
        since = clock.now() - timedelta(seconds=self._config.silent_after)
        pending = await self._runner.pending()
        async with self._database.read() as session:
            alive = await store.living(session, since) | {self.worker_id}
            silent = set(await store.silent(session, since)) - {self.worker_id}
        dead = sorted((silent | set(pending.values())) - alive - {""})
        if dead:
            count = await self._runner.recover(dead)
            _log.warning("returned %d jobs of %d silent workers", count, len(dead))
            async with self._database.write() as session:
                await store.forget_workers(session, dead)
        await self._resume_orphans(pending)
        return dead

    async def forget_old(self) -> None:
        """Delete what ended longer ago than the retention time."""
        before = clock.now() - timedelta(days=self._config.retention_days)
        # In batches with pauses: a long delete would hold SQLite's only write lock.
        deleted = await self._runner.forget_ended(clock.iso(before))
        while deleted:
            await asyncio.sleep(0.2)
            deleted = await self._runner.forget_ended(clock.iso(before))
        async with self._database.write() as session:
            await store.forget_steps(session, before)

    async def _dispatch(self, job_id: str, name: str, entity_id: str) -> dict[str, Any]:
        """Run one handler. The rim: whatever it raises is logged here and ends here."""
        task = asyncio.current_task()
        if self._closing or task is None:
            # Leaves the row pending, so that the next start finds it.
            raise asyncio.CancelledError
        found = self._handlers.get(name)
        if found is None:
            _log.error("no handler for job %s", name)
            return {"ok": False, "reason": "unknown job"}
        self._running[task] = job_id
        try:
            await found[0](Job(name, entity_id, self.worker_id, self._memo(f"{name}:{entity_id}")))
        except Exception:  # noqa: BLE001 - the rim: recorded and ended here
            reference = ids.new_token(8)
            _log.exception("job %s of %s failed, reference %s", name, entity_id, reference)
            return {"ok": False, "reason": reference}
        finally:
            self._running.pop(task, None)
        return {"ok": True}

    def _memo(self, job_key: str) -> Memo:
        async def remember(key: str, work: Callable[[], Awaitable[Json]]) -> Json:
            async with self._database.read() as session:
                known = await store.step_result(session, job_key, key)
            if known is None:
                result = await work()
                async with self._database.write() as session:
                    await store.save_step(session, job_key, key, result, clock.now())
                    known = await store.step_result(session, job_key, key)
            return None if known is None else known[0]

        return remember

    async def _stop_handlers(self) -> None:
        tasks = list(self._running)
        for task in tasks:
            task.cancel()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=self._config.close_within)
            for task in late:
                _log.warning("job of %s did not stop in time", self._running.get(task))

    async def _resume_orphans(self, pending: dict[str, str]) -> None:
        """Return jobs that are begun here by the database's word, but that nobody here runs.

        A claim and its start are two steps in DBOS, and an error between them leaves such a row.
        Only a job seen twice counts, because a task ends shortly before its row does.
        """
        mine = {job_id for job_id, worker in pending.items() if worker == self.worker_id}
        orphans = mine - set(self._running.values())
        for job_id in sorted(orphans & self._suspects):
            _log.warning("job %s was begun here but does not run: returned to its queue", job_id)
            await self._runner.resume(job_id)
        self._suspects = orphans


async def _repeat(name: str, every: float, work: Periodic) -> None:
    """A chore's loop: one failure is logged and does not end the chore."""
    while True:
        await asyncio.sleep(every)
        try:
            await work()
        except Exception:  # noqa: BLE001 - the rim of a chore: the next round tries again
            _log.exception("the %s of this worker failed", name)
