"""Writing reviews back: a job per publication, and a sweeper that leaves no check pending.

Everything that is written to a forge is first looked for there, and noted here as soon as it is
done, so a process may be killed anywhere: the next attempt goes on and doubles nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from assay.forge import Forge
from assay.jobs import Job, Jobs, QueueSpec
from assay.kernel import clock, ids
from assay.kernel.errors import AppError, Kind
from assay.reviews.publishing import publication_store as store
from assay.reviews.publishing import store as connection_store
from assay.reviews.publishing.connections import Connections
from assay.reviews.publishing.errors import ConnectionNotFound
from assay.reviews.publishing.forges import Forges
from assay.reviews.publishing.model import (
    Connection,
    Publication,
    ReviewResult,
    State,
    Timing,
)
from assay.reviews.publishing.ports import Reviewing
from assay.reviews.publishing.writing import AGAIN, Writing
from assay.storage import Database, WriteSession

PUBLISH_JOB = "reviews.publish"
QUEUE = "forges"
NO_PREVIEW = ReviewResult(
    "couldNotVerify",
    "No preview environment",
    "**Could not verify**: no preview environment was reported for this commit in time. Let your "
    "deployment report one, set a preview address for the repository, or comment "
    "`@assay` with the address.",
)
LOST = ReviewResult(
    "couldNotVerify",
    "The review was lost",
    "**Could not verify**: the conversation of this review is gone.",
)
_log = logging.getLogger("assay.reviews.publishing")


class Publisher:
    """Carries publications to their forges. One object per process."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        connections: Connections,
        forges: Forges,
        reviewing: Reviewing,
        *,
        base_url: str,
        timing: Timing | None = None,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._connections = connections
        self._forges = forges
        self._reviewing = reviewing
        self._base_url = base_url
        self._timing = timing or Timing()
        self._writing: set[str] = set()

    def register(self) -> None:
        """Declare the queue, the job and the sweeper."""
        self._jobs.queue(QueueSpec(QUEUE, 8, self._timing.poll))
        self._jobs.register(PUBLISH_JOB, self.publish, queue=QUEUE)
        self._jobs.periodic("review sweeper", self._timing.sweep, self.sweep)

    async def enqueue(self, session: WriteSession, publication_id: str) -> None:
        """Have a publication written, in the caller's transaction."""
        await self._jobs.enqueue(session, PUBLISH_JOB, publication_id)

    async def publish(self, job: Job) -> None:
        """Write what is to be written for one publication now."""
        if job.entity_id in self._writing:
            return
        self._writing.add(job.entity_id)
        try:
            await self._publish(job)
        finally:
            self._writing.discard(job.entity_id)

    async def sweep(self) -> None:
        """End what has ended elsewhere, and enqueue what nobody writes."""
        await self._collect_results()
        now = clock.now()
        async with self._database.read() as session:
            waiting = await store.due(session, now)
        waiting = [one for one in waiting if one not in self._writing]
        live = await self._jobs.live(PUBLISH_JOB) if waiting else set()
        for publication_id in waiting:
            if publication_id not in live:
                async with self._database.write() as session:
                    await self.enqueue(session, publication_id)
        await self._drop_removed(now)

    async def forget_old(self) -> None:
        """Drop what deliveries told and, much later, that they came."""
        now, timing = clock.now(), self._timing
        async with self._database.write() as session:
            await connection_store.forget_news(session, now - timedelta(seconds=timing.keep_news))
            await connection_store.forget_deliveries(
                session, now - timedelta(seconds=timing.keep_deliveries)
            )

    async def _drop_removed(self, now: datetime) -> None:
        """Delete removed connections once their checks have ended, or could not be for an hour."""
        async with self._database.read() as session:
            if not await connection_store.any_removed(session):
                return
        async with self._database.write() as session:
            await connection_store.drop_removed(session, now - timedelta(hours=1))

    async def _collect_results(self) -> None:
        now = clock.now()
        ended: list[tuple[str, ReviewResult]] = []
        async with self._database.read() as session:
            for one in await store.in_state(session, State.WAITING, State.RUNNING):
                result = None
                if one.conversation_id is not None:
                    result = (await self._reviewing.progress(session, one.conversation_id)).result
                elif one.deadline is not None and one.deadline < now:
                    result = NO_PREVIEW
                if result is not None:
                    ended.append((one.id, result))
        for publication_id, result in ended:
            async with self._database.write() as session:
                if await store.end(session, publication_id, result):
                    await self.enqueue(session, publication_id)

    async def _publish(self, job: Job) -> None:
        token = ids.new_uuid()
        now = clock.now()
        async with self._database.write() as session:
            held = await store.claim(
                session,
                job.entity_id,
                worker=job.worker_id,
                token=token,
                now=now,
                until=now + timedelta(seconds=self._timing.lease),
            )
            publication = await store.by_id(session, job.entity_id) if held else None
        if publication is None:
            return
        writing = Writing(
            self._database,
            token,
            base_url=self._base_url,
            lease=self._timing.lease,
            mask=lambda s, text: self._reviewing.mask(s, publication.project_id, text),
        )
        try:
            connection, forge = await self._open(publication)
            await writing.write(connection, forge, publication)
        except AppError as error:
            await self._put_off(publication, token, error)
        finally:
            async with self._database.write() as session:
                await store.change_held(
                    session, publication.id, token, lease_token=None, lease_until=None
                )

    async def _open(self, publication: Publication) -> tuple[Connection, Forge]:
        async with self._database.read() as session:
            connection, secret = await self._connections.get(session, publication.connection_id)
        return connection, await self._forges.of(connection, secret, publication.repository)

    async def _put_off(self, publication: Publication, token: str, error: AppError) -> None:
        """Try again later, or give up when that cannot help."""
        _log.warning("publication %s: %s", publication.id, error.message)
        age = (clock.now() - publication.created_at).total_seconds()
        passing = error.kind in (Kind.LIMITED, Kind.UNAVAILABLE, Kind.FORBIDDEN)
        values: dict[str, object] = {"problem": error.message}
        if isinstance(error, ConnectionNotFound) or not passing or age > self._timing.give_up:
            values["state"] = State.DONE.value
            values["started"] = True
        else:
            pause = self._timing.first_retry * 2 ** min(publication.tries, 10)
            pause = max(min(pause, self._timing.slowest_retry), error.retry_after or 0)
            values["next_at"] = clock.now() + timedelta(seconds=pause)
            values["tries"] = publication.tries + 1
            values["problem"] = f"{AGAIN}{error.message}"
        async with self._database.write() as session:
            await store.change_held(session, publication.id, token, **values)
