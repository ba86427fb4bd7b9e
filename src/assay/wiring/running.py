"""The job behind runs that were started without a conversation."""

from __future__ import annotations

from dataclasses import dataclass

from assay.cases import service as cases
from assay.jobs import Job, Jobs, QueueSpec
from assay.kernel.progress import Silent
from assay.projects import targets
from assay.runs import store
from assay.runs.service import RUN_JOB, Order, RunsService
from assay.storage import Database, SecretBox

_QUEUE = "runs"


@dataclass(frozen=True)
class Runner:
    """Does stored runs; one that was interrupted goes on where it stopped."""

    database: Database
    box: SecretBox
    runs: RunsService

    def register(self, jobs: Jobs, *, concurrency: int) -> None:
        """Declare the queue and the job."""
        jobs.queue(QueueSpec(_QUEUE, concurrency, 0.2))
        jobs.register(RUN_JOB, self.do, queue=_QUEUE)

    async def do(self, job: Job) -> None:
        """Do one run, application by application."""
        async with self.database.read() as session:
            run = await store.by_id(session, job.entity_id)
            if run is None:
                return
            rows = await store.cases_of(session, run.id)
            tests = await cases.by_ids(session, [row.test_case_id for row in rows])
            choices = await store.choices_of(session, run.id)
            places = {
                application_id: await targets.target(
                    session,
                    self.box,
                    await targets.place_of(
                        session,
                        run.project_id,
                        application_id,
                        choices.get(application_id, {}).get("environment"),
                        choices.get(application_id, {}).get("preset"),
                    ),
                )
                for application_id in {case.application_id for case in tests}
            }
        order = Order(run.project_id, "api", trigger=run.trigger, environment=run.environment)
        await self.runs.resume(run, order, tests, places, Silent())
