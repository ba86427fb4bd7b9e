"""The job behind flake certificates."""

from __future__ import annotations

from dataclasses import dataclass

from assay.cases import service as cases
from assay.jobs import Job, Jobs, QueueSpec
from assay.kernel.progress import Silent
from assay.kernel.redaction import Redactor
from assay.projects import targets
from assay.runs import store
from assay.runs.certificate import Certificate
from assay.runs.certifying import CERTIFY_JOB, Certifier
from assay.runs.model import RunStatus
from assay.storage import Database, SecretBox
from assay.wiring.logs import Masks

_QUEUE = "certificates"
_FINAL = {RunStatus.COMPLETED, RunStatus.ERROR, RunStatus.CANCELLED}


@dataclass(frozen=True)
class Certificates:
    """Makes stored certificates, one at a time: tests that meet on a site would disturb each other
    in a way that no seed tells of. One that was interrupted goes on where it stopped."""

    database: Database
    box: SecretBox
    certifier: Certifier
    masks: Masks

    def register(self, jobs: Jobs) -> None:
        """Declare the queue and the job."""
        jobs.queue(QueueSpec(_QUEUE, 1, 1.0))
        jobs.register(CERTIFY_JOB, self.do, queue=_QUEUE)

    async def do(self, job: Job) -> None:
        """Make one certificate; what breaks it ends it with an error."""
        async with self.database.read() as session:
            found = await store.certificate_by_id(session, job.entity_id)
        if found is None or found.status in _FINAL:
            return
        try:
            await self._certify(found)
        except Exception:
            await self.certifier.failed(found)
            raise

    async def _certify(self, found: Certificate) -> None:
        async with self.database.read() as session:
            tests = await cases.by_ids(session, [found.test_case_id])
            if not tests:
                return
            choice = await store.certificate_choices(session, found.id)
            place = await targets.place_of(
                session,
                found.project_id,
                tests[0].application_id,
                choice.get("environment"),
                choice.get("preset"),
            )
            target = await targets.target(session, self.box, place)
        self.masks.learn(f"{found.project_id} certificates", Redactor(target.secrets).mask)
        await self.certifier.certify(found, tests[0], target, Silent())
