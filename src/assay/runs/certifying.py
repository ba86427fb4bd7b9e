"""Making flake certificates: one plain replay of a test, then replays under seeded disturbance.

Each replay is stored when it ended, so that a certificate is gone on with after a restart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assay.cases.model import CaseStatus, TestCase, Verdict
from assay.kernel import clock, ids
from assay.kernel.progress import Progress, Stopped
from assay.kernel.redaction import Redactor
from assay.projects.model import Target
from assay.runs import store
from assay.runs.certificate import Certificate, Disturbed
from assay.runs.disturbing import DisturbanceKind, disturbance, kind_of
from assay.runs.errors import CertificateNotFound, NotCertifiable
from assay.runs.model import Outcome, Purpose, ReplayOptions, Run, RunStatus
from assay.runs.replay import Replayer
from assay.runs.service import Guard, Order, RunsService, unguarded
from assay.storage import ArtifactStore, Database, ReadSession, WriteSession

CERTIFY_JOB = "runs.certify"


async def begin(
    session: WriteSession,
    test: TestCase,
    *,
    replays: int,
    seed: int,
    kind: DisturbanceKind | None = None,
    environment: str = "",
    choices: Mapping[str, Any] | None = None,
) -> Certificate:
    """Store a certificate with no replay made yet; raises NotCertifiable for drafts and the like.

    ``kind`` makes every replay one of this kind, instead of all kinds in turn. Replay number n
    has the seed ``seed + n - 1``.
    """
    if test.status is not CaseStatus.ENABLED:
        raise NotCertifiable(
            f"“{test.name}” ({test.short_id}) is {test.status.value}: only enabled tests can be"
            " certified, for an unproven one may pass whatever the site does."
        )
    now = clock.now()
    made = Certificate(
        id=ids.new_uuid(),
        short_id=ids.new_short_id("cert"),
        project_id=test.project_id,
        test_case_id=test.id,
        status=RunStatus.INITIATED,
        wanted=replays,
        seed=seed,
        kind=kind,
        environment=environment,
        created_at=now,
        updated_at=now,
    )
    await store.insert_certificate(session, made, choices or {})
    return made


async def get(session: ReadSession, name: str, project_ids: Sequence[str]) -> Certificate:
    """The certificate with this id or short id, if it lies in one of the projects.

    Raises CertificateNotFound.
    """
    found = await store.certificate_by_id(session, name)
    if found is None or found.project_id not in project_ids:
        raise CertificateNotFound(f"There is no certificate “{name}”.")
    return found


class Certifier:
    """Makes what is left of a certificate."""

    def __init__(
        self,
        database: Database,
        replayer: Replayer,
        runs: RunsService,
        artifacts: ArtifactStore,
    ) -> None:
        self._database = database
        self._replayer = replayer
        self._runs = runs
        self._artifacts = artifacts

    async def certify(
        self,
        certificate: Certificate,
        test: TestCase,
        target: Target,
        progress: Progress,
        *,
        guard: Guard = unguarded,
    ) -> Certificate:
        """Make the replays that are missing, one after the other, and end the certificate.

        ``Stopped`` passes through: cancelled work is marked so, what was lost to another worker is
        left to that one. ``guard`` is called in every write, as in an ``Order``.
        """
        certificate = await self._save(certificate, RunStatus.RUNNING, guard)
        while not certificate.done:
            number = len(certificate.disturbed) + 1 if certificate.control else 0
            try:
                made = await self._replay(certificate, number, test, target, progress)
            except Stopped as stopped:
                if stopped.reason == "cancelled":
                    await self._save(certificate, RunStatus.CANCELLED, guard, ended=True)
                raise
            certificate = replace(certificate, replays=(*certificate.replays, made))
            certificate = await self._save(certificate, RunStatus.RUNNING, guard)
            await progress.say(f"“{test.name}”: {made.disturbance}: {_said(made)}.")
        return await self._save(certificate, RunStatus.COMPLETED, guard, ended=True)

    async def failed(self, certificate: Certificate) -> None:
        """End a certificate whose replays could not be made."""
        async with self._database.write() as session:
            await store.save_certificate(
                session, certificate.id, at=clock.now(), status=RunStatus.ERROR, ended=True
            )

    async def _replay(
        self,
        certificate: Certificate,
        number: int,
        test: TestCase,
        target: Target,
        progress: Progress,
    ) -> Disturbed:
        seed = certificate.seed + max(0, number - 1)
        kind = (certificate.kind or kind_of(seed)) if number else None
        # What a clean replay recorded is of no use to anybody; the rest moves to the kept run.
        scratch = f"certificates/{certificate.short_id}/{number}"
        folder = self._artifacts.folder(scratch)
        options = ReplayOptions(
            name=test.name,
            evidence=folder,
            baseline=test.baseline,
            disturbance=disturbance(kind, seed) if kind else None,
            refused=await self._runs.refused(test),
            progress=progress,
        )
        outcome = await self._replayer.replay(test.steps, target, options)
        made = Disturbed(
            number=number,
            kind=kind,
            seed=seed,
            verdict=outcome.verdict,
            reason="" if outcome.verdict is Verdict.PASSED else outcome.reason,
            failed_step=outcome.failed_step,
            healed=bool(outcome.heals),
            seconds=outcome.seconds,
        )
        if not made.clean:
            run = await self._kept(certificate, test, outcome, target, folder)
            made = replace(made, reason=_mask(target, made.reason), run_short_id=run.short_id)
        await self._artifacts.delete(f"certificates/{certificate.short_id}")
        return made

    async def _kept(
        self,
        certificate: Certificate,
        test: TestCase,
        outcome: Outcome,
        target: Target,
        folder: Path,
    ) -> Run:
        """Keep a replay that was not a clean pass as a run of its own, to be read step by step."""
        order = Order(
            certificate.project_id,
            f"certificate-{certificate.short_id}",
            trigger="API",
            environment=certificate.environment,
        )
        return await self._runs.record(
            order, test, outcome, target, Purpose.CERTIFICATE, folder=folder
        )

    async def _save(
        self,
        certificate: Certificate,
        status: RunStatus,
        guard: Guard,
        *,
        ended: bool = False,
    ) -> Certificate:
        now = clock.now()
        async with self._database.write() as session:
            await guard(session)
            await store.save_certificate(
                session,
                certificate.id,
                at=now,
                status=status,
                replays=certificate.replays,
                ended=ended,
            )
        finished = now if ended else certificate.finished_at
        return replace(certificate, status=status, updated_at=now, finished_at=finished)


def _said(made: Disturbed) -> str:
    if made.healed:
        return "passed, on a similar element"
    verdict = made.verdict
    return "could not verify" if verdict is Verdict.COULD_NOT_VERIFY else verdict.value


def _mask(target: Target, text: str) -> str:
    return Redactor(target.secrets, names=target.user_names).mask(text)
