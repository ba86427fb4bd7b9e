"""DBOS behind a small face: the only module that starts, stops or asks the library.

DBOS is one object per process and keeps its functions in a global registry, so there is one
workflow, ``assay.job``, whose arguments are the job's name and the id of the entity.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from assay.jobs.errors import JobsAlreadyRunning
from assay.jobs.model import QueueSpec
from assay.jobs.serialiser import JsonSerialiser

_NAME = "assay"
# One constant version: DBOS only recovers and dequeues work of its own version, and turns accepted
# before an upgrade must go on after it.
_VERSION = "assay"
_WORKFLOW = "assay.job"
_SCHEMA = "dbos"
_LIVE = ["ENQUEUED", "PENDING", "DELAYED"]
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]

Dispatch = Callable[[str, str, str], Awaitable[dict[str, Any]]]


class Runner:
    """Owns the DBOS objects of one process."""

    _launched: ClassVar[bool] = False

    def __init__(self, engine: Engine, serialiser: JsonSerialiser) -> None:
        self._engine = engine
        self._serialiser = serialiser
        self._client: DBOSClient | None = None
        self._dbos: DBOS | None = None
        # DBOS calls block; its own async variants would replace the loop's default executor.
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="jobs")

    async def prepare(self) -> None:
        """Bring DBOS's tables up to date and connect the client that enqueues."""
        if self._client is None:
            self._client = await self._call(self._connect)

    def enqueue(self, connection: Connection, queue: str, job_id: str, args: Sequence[str]) -> None:
        """Add a job row through the caller's connection; it starts once the caller commits."""
        options: EnqueueOptions = {
            "workflow_name": _WORKFLOW,
            "queue_name": queue,
            "workflow_id": job_id,
            "app_version": _VERSION,
        }
        self._connected().enqueue_in_transaction(connection, options, *args)

    async def launch(
        self, dispatch: Dispatch, executor_id: str, queues: Sequence[QueueSpec]
    ) -> None:
        """Start working on the running event loop; recovers what ``executor_id`` left behind."""
        if Runner._launched:
            # DBOS would hand back its first object in silence, on the other one's database.
            raise JobsAlreadyRunning("This process already runs jobs: close those first.")
        Runner._launched = True
        self._quiet(logging.WARNING)
        self._dbos = DBOS(config=self._config(executor_id))

        @DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=None)
        async def run(name: str, entity_id: str) -> dict[str, Any]:
            return await dispatch(DBOS.workflow_id or "", name, entity_id)

        # Rows first: DBOS looks for new queues once a second, but reads known ones at launch.
        await self._call(lambda: self._save_queues(queues))
        # Not in a thread: DBOS runs workflows on the loop that it finds running here, and async
        # engines and browser objects are bound to theirs.
        DBOS.launch()

    def hush(self) -> None:
        """Say nothing more of tasks that end: they are made to. Comes before ``close``."""
        self._quiet(logging.ERROR)

    async def close(self) -> None:
        """Stop dequeuing and let DBOS go; work that has not ended stays pending."""
        if self._dbos is not None:
            await self._call(lambda: DBOS.destroy(destroy_registry=True))
            self._dbos = None
            Runner._launched = False
        if self._client is not None:
            await self._call(self._client.destroy)
            self._client = None
        self._threads.shutdown(wait=False)

    async def recover(self, executor_ids: Sequence[str]) -> int:
        """Put what dead executors had begun back into its queues; safe to repeat."""
        handles = await self._call(lambda: DBOS._recover_pending_workflows(list(executor_ids)))
        return len(handles)

    async def pending(self) -> dict[str, str]:
        """Begun jobs and the executor of each, by job id."""
        found = await self._list(status="PENDING")
        return {status.workflow_id: status.executor_id or "" for status in found}

    async def resume(self, job_id: str) -> None:
        """Put one begun job back into its queue."""
        await self._call(lambda: self._connected().resume_workflow(job_id))

    async def live(self, prefix: str) -> list[str]:
        """The ids that start with ``prefix`` of jobs that wait or run."""
        found = await self._list(status=_LIVE, workflow_id_prefix=prefix)
        return [status.workflow_id for status in found]

    async def forget_ended(self, before_iso: str, limit: int = 500) -> int:
        """Delete at most ``limit`` ended jobs created before a time; tells how many."""
        found = await self._list(status=_ENDED, end_time=before_iso, limit=limit)
        ids = [status.workflow_id for status in found]
        if ids:
            await self._call(lambda: self._connected().delete_workflows(ids))
        return len(ids)

    async def _list(self, **filters: Any) -> list[Any]:
        client = self._connected()
        found: list[Any] = await self._call(
            lambda: client.list_workflows(**filters, load_input=False, load_output=False)
        )
        return found

    def _connected(self) -> DBOSClient:
        if self._client is None:
            raise RuntimeError("the job runner was used before prepare() or after close()")
        return self._client

    def _connect(self) -> DBOSClient:
        self._quiet(logging.WARNING)
        url = self._engine.url.render_as_string(hide_password=False)
        DBOS.migrate(url, schema=_SCHEMA)
        return DBOSClient(
            system_database_engine=self._engine,
            dbos_system_schema=_SCHEMA,
            serializer=self._serialiser,
            application_name=_NAME,
        )

    def _config(self, executor_id: str) -> DBOSConfig:
        return {
            "name": _NAME,
            "system_database_engine": self._engine,
            "system_database_url": self._engine.url.render_as_string(hide_password=False),
            "dbos_system_schema": _SCHEMA,
            "application_version": _VERSION,
            "executor_id": executor_id,
            "serializer": self._serialiser,
            "log_level": "WARNING",
            "run_migrations": False,
            "use_listen_notify": False,
            "enable_otlp": False,
            "max_executor_threads": 32,
        }

    def _save_queues(self, queues: Sequence[QueueSpec]) -> None:
        client = self._connected()
        for queue in queues:
            client.register_queue(
                queue.name,
                worker_concurrency=queue.concurrency,
                polling_interval_sec=queue.polling,
            )

    async def _call(self, work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    @staticmethod
    def _quiet(level: int) -> None:
        logging.getLogger("dbos").setLevel(level)
