"""The job behind runs that were started without a conversation."""

from __future__ import annotations

from dataclasses import dataclass

from assay.cases import service as cases
from assay.cases.model import TestCase
from assay.jobs import Job, Jobs, QueueSpec
from assay.kernel import clock
from assay.kernel.progress import Silent
from assay.kernel.redaction import Redactor
from assay.projects import targets
from assay.projects.model import Target
from assay.runs import store
from assay.runs.model import Run, RunStatus
from assay.runs.service import RUN_JOB, Order, RunsService
from assay.storage import Database, ReadSession, SecretBox
from assay.wiring.logs import Masks

_QUEUE = "runs"


@dataclass(frozen=True)
class Runner:
    """Does stored runs; one that was interrupted goes on where it stopped."""

    database: Database
    box: SecretBox
    runs: RunsService
    masks: Masks

    def register(self, jobs: Jobs, *, concurrency: int) -> None:
        """Declare the queue and the job."""
        jobs.queue(QueueSpec(_QUEUE, concurrency, 1.0))
        jobs.register(RUN_JOB, self.do, queue=_QUEUE)

    async def do(self, job: Job) -> None:
        """Do one run, application by application; what breaks it ends it with an error."""
        async with self.database.read() as session:
            run = await store.by_id(session, job.entity_id)
            tests, places = await self._read(session, run) if run else ([], {})
        if run is None:
            return
        order = Order(run.project_id, "api", trigger=run.trigger, environment=run.environment)
        try:
            await self.runs.resume(run, order, tests, await self._targets(run, places), Silent())
        except Exception:
            async with self.database.write() as session:
                await store.save_run(
                    session,
                    run.id,
                    {"status": RunStatus.ERROR.value, "finished_at": clock.now()},
                )
            raise

    async def _read(
        self, session: ReadSession, run: Run
    ) -> tuple[list[TestCase], dict[str, dict[str, str | None]]]:
        rows = await store.cases_of(session, run.id)
        tests = await cases.by_ids(session, [row.test_case_id for row in rows])
        choices = await store.choices_of(session, run.id)
        return tests, {case.application_id: choices.get(case.application_id, {}) for case in tests}

    async def _targets(
        self, run: Run, places: dict[str, dict[str, str | None]]
    ) -> dict[str, Target]:
        found: dict[str, Target] = {}
        async with self.database.read() as session:
            for application_id, choice in places.items():
                place = await targets.place_of(
                    session,
                    run.project_id,
                    application_id,
                    choice.get("environment"),
                    choice.get("preset"),
                )
                found[application_id] = await targets.target(session, self.box, place)
        secrets = [secret for target in found.values() for secret in target.secrets]
        self.masks.learn(f"{run.project_id} runs", Redactor(secrets).mask)
        return found
