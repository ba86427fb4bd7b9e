"""Running tests and keeping what happened, so that it can be gone on with after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assay.cases import service as cases
from assay.cases.model import CaseStatus, TestCase, Verdict
from assay.kernel import clock, ids
from assay.kernel.progress import Progress, Stopped
from assay.kernel.redaction import Redactor
from assay.kernel.tasks import all_of
from assay.projects.model import Target
from assay.runs import healing, store
from assay.runs.codec import outcome_values
from assay.runs.errors import RunNotFound
from assay.runs.independence import independent
from assay.runs.model import Outcome, Purpose, ReplayOptions, Run, RunResult, RunStatus, RunTestCase
from assay.runs.replay import Replayer
from assay.storage import ArtifactStore, Database, ReadSession, WriteSession

RUN_JOB = "runs.run"
_AT_ONCE = 2

Guard = Callable[[WriteSession], Awaitable[None]]


async def unguarded(session: WriteSession) -> None:
    """The guard of work that only one worker can have."""


@dataclass(frozen=True, slots=True)
class Order:
    """For whom a run is made. With a turn, ``key`` names the run within it: the same order given
    again finds the same run. ``guard`` is called in every write and raises when the work was lost
    to another worker."""

    project_id: str
    key: str
    conversation_id: str | None = None
    turn_id: str | None = None
    trigger: str = "CHAT"
    environment: str = ""
    guard: Guard = unguarded


@dataclass(frozen=True, slots=True)
class Ran:
    """A run with what became of each of its tests."""

    run: Run
    cases: tuple[RunTestCase, ...]


class RunsService:
    """Runs stored tests with evidence on; those that cannot meet on the site two at a time."""

    def __init__(self, database: Database, replayer: Replayer, artifacts: ArtifactStore) -> None:
        self._database = database
        self._replayer = replayer
        self._artifacts = artifacts

    async def begin(
        self,
        order: Order,
        tests: Sequence[TestCase],
        *,
        drafts: bool = False,
        also: Callable[[WriteSession, Run], Awaitable[None]] | None = None,
    ) -> tuple[Run, bool]:
        """Store a run with the tests that may run, none of them done yet; finds it when it is
        there. Disabled tests are left out, and drafts unless asked for by name. ``also`` writes in
        the same transaction, such as the job that will do the run."""
        allowed = {CaseStatus.ENABLED, CaseStatus.DRAFT} if drafts else {CaseStatus.ENABLED}
        chosen = [test for test in tests if test.status in allowed]
        now = clock.now()
        run = Run(
            id=ids.new_uuid(),
            short_id=ids.new_short_id("run"),
            project_id=order.project_id,
            conversation_id=order.conversation_id,
            turn_id=order.turn_id,
            trigger=order.trigger,
            purpose=Purpose.RUN,
            mutation=None,
            status=RunStatus.INITIATED,
            result=None,
            created_at=now,
            updated_at=now,
            test_count=len(chosen),
            environment=order.environment,
        )
        async with self._database.write() as session:
            await order.guard(session)
            if not await store.insert_run(session, run, order.key) and order.turn_id:
                known = await store.by_turn_key(session, order.turn_id, order.key)
                if known is not None:
                    return known, False
            await store.insert_cases(
                session, [_waiting(run.id, test, place) for place, test in enumerate(chosen)]
            )
            if also is not None:
                await also(session, run)
        return run, True

    async def run(
        self,
        order: Order,
        tests: Sequence[TestCase],
        target: Target,
        progress: Progress,
        *,
        drafts: bool = False,
    ) -> Ran:
        """Run the tests; a run that was begun before is gone on with where it stopped."""
        run, _ = await self.begin(order, tests, drafts=drafts)
        targets = {test.application_id: target for test in tests}
        return await self.resume(run, order, tests, targets, progress)

    async def resume(
        self,
        run: Run,
        order: Order,
        tests: Sequence[TestCase],
        targets: Mapping[str, Target],
        progress: Progress,
    ) -> Ran:
        """Run what is left of a stored run and give all of it; ``targets`` are by application.

        ``Stopped`` passes through; a cancelled run is marked so, one lost to another worker is
        left for that worker.
        """
        if run.status in {RunStatus.COMPLETED, RunStatus.CANCELLED, RunStatus.ERROR}:
            return await self._told(run.id)
        await self._save(order, run.id, {"status": RunStatus.RUNNING.value})
        known = {test.id: test for test in tests}
        waiting = [case for case in (await self._told(run.id)).cases if case.verdict is None]
        try:
            alone: list[tuple[RunTestCase, TestCase]] = []
            together: list[tuple[RunTestCase, TestCase]] = []
            for case in waiting:
                if (test := known.get(case.test_case_id)) is not None:
                    (together if independent(test.steps) else alone).append((case, test))
            room = asyncio.Semaphore(_AT_ONCE)

            async def one(case: RunTestCase, test: TestCase) -> None:
                async with room:
                    target = targets[test.application_id]
                    await self._one(run, case, test, order, target, progress)

            await all_of([one(case, test) for case, test in together])
            for case, test in alone:
                await one(case, test)
        except Stopped as stopped:
            if stopped.reason == "cancelled":
                await self._end(order, run.id, RunStatus.CANCELLED, None)
            raise
        done = await self._told(run.id)
        await self._end(order, run.id, RunStatus.COMPLETED, result_of(done.cases))
        return await self._told(run.id)

    async def record(
        self,
        order: Order,
        test: TestCase,
        outcome: Outcome,
        target: Target,
        purpose: Purpose = Purpose.PROOF,
        *,
        folder: Path | None = None,
    ) -> Run:
        """Store a finished replay as a run of its own, such as each run of a proof.

        The files of its evidence, if it left any, lie below ``folder`` and are moved from there.
        """
        now = clock.now()
        passed = outcome.verdict is Verdict.PASSED
        run = Run(
            id=ids.new_uuid(),
            short_id=ids.new_short_id("run"),
            project_id=order.project_id,
            conversation_id=order.conversation_id,
            turn_id=order.turn_id,
            trigger=order.trigger,
            purpose=purpose,
            mutation=outcome.mutation,
            status=RunStatus.COMPLETED,
            result=RunResult.PASSED if passed else RunResult.FAILED,
            created_at=now,
            updated_at=now,
            test_count=1,
            environment=order.environment,
            finished_at=now,
        )
        mask = Redactor(target.secrets, names=target.user_names).mask
        row = {**_waiting(run.id, test, 0), **outcome_values(outcome, mask)}
        row["status"] = RunStatus.COMPLETED.value
        if folder is not None:
            prefix = f"runs/{run.short_id}/{test.short_id}"
            row["evidence"] = _keys(prefix, folder, outcome.evidence)
            for key, path in zip(row["evidence"], outcome.evidence, strict=True):
                await self._artifacts.take(key, path)
        async with self._database.write() as session:
            await order.guard(session)
            if not await store.insert_run(session, run, order.key) and order.turn_id:
                known = await store.by_turn_key(session, order.turn_id, order.key)
                if known is not None:
                    return await _recorded_again(session, known, run, row)
            await store.insert_cases(session, [row])
        return run

    async def _one(
        self,
        run: Run,
        case: RunTestCase,
        test: TestCase,
        order: Order,
        target: Target,
        progress: Progress,
    ) -> None:
        await progress.say(f"Running “{test.name}”.")
        prefix = f"runs/{run.short_id}/{test.short_id}"
        folder = self._artifacts.folder(prefix)
        outcome = await self._replayer.replay(
            test.steps,
            target,
            ReplayOptions(
                name=test.name,
                evidence=folder,
                baseline=test.baseline,
                refused=await self.refused(test),
                progress=progress,
            ),
        )
        mask = Redactor(target.secrets, names=target.user_names).mask
        values = {
            **outcome_values(outcome, mask),
            "status": RunStatus.COMPLETED.value,
            "evidence": _keys(prefix, folder, outcome.evidence),
        }
        async with self._database.write() as session:
            await order.guard(session)
            await store.save_case(session, case.id, values)
            await store.save_run(session, run.id, {"updated_at": clock.now()})
            await healing.note(session, run, test, outcome.heals, target)
            await cases.save_verdict(session, test.id, outcome.verdict, mask(outcome.reason))
        await progress.say(f"“{test.name}”: {_said(outcome.verdict)}.")

    async def refused(self, test: TestCase) -> dict[int, frozenset[str]]:
        """By step, the elements that people said this test must not be done on."""
        async with self._database.read() as session:
            return await healing.refused_in(session, test)

    async def _told(self, run_id: str) -> Ran:
        async with self._database.read() as session:
            run = await store.by_id(session, run_id)
            if run is None:
                raise RunNotFound("The run was deleted while it was under way.")
            return Ran(run, tuple(await store.cases_of(session, run_id)))

    async def _save(self, order: Order, run_id: str, values: dict[str, Any]) -> None:
        async with self._database.write() as session:
            await order.guard(session)
            await store.save_run(session, run_id, {**values, "updated_at": clock.now()})

    async def _end(
        self, order: Order, run_id: str, status: RunStatus, result: RunResult | None
    ) -> None:
        values = {
            "status": status.value,
            "result": result.value if result else None,
            "finished_at": clock.now(),
        }
        await self._save(order, run_id, values)


async def get(session: ReadSession, run_id: str, project_ids: Sequence[str]) -> Run:
    """The run with this id or short id, if it lies in one of the projects; raises RunNotFound."""
    run = await store.by_id(session, run_id)
    if run is None or run.project_id not in project_ids:
        raise RunNotFound(f"There is no run “{run_id}”.")
    return run


def result_of(done: Sequence[RunTestCase]) -> RunResult:
    """A run of nothing is skipped; anything but passed makes it failed."""
    if not done:
        return RunResult.SKIPPED
    passed = all(case.verdict is Verdict.PASSED for case in done)
    return RunResult.PASSED if passed else RunResult.FAILED


async def _recorded_again(
    session: WriteSession, known: Run, newer: Run, row: dict[str, Any]
) -> Run:
    """Replay done again after a restart: its run tells what was seen last, as the proof will."""
    changed = {
        "mutation": newer.mutation,
        "result": newer.result.value if newer.result else None,
        "updated_at": newer.updated_at,
        "finished_at": newer.finished_at,
    }
    await store.save_run(session, known.id, changed)
    seen = {key: value for key, value in row.items() if key not in {"id", "run_id"}}
    for case in await store.cases_of(session, known.id):
        await store.save_case(session, case.id, seen)
    return replace(
        known,
        mutation=newer.mutation,
        result=newer.result,
        updated_at=newer.updated_at,
        finished_at=newer.finished_at,
    )


def _waiting(run_id: str, test: TestCase, place: int) -> dict[str, Any]:
    return {
        "id": ids.new_uuid(),
        "run_id": run_id,
        "test_case_id": test.id,
        "test_case_short_id": test.short_id,
        "position": place,
        "name": test.name,
        "status": RunStatus.INITIATED.value,
        "verdict": None,
        "reason": "",
        "failed_step": None,
        "steps": [],
        "heals": [],
        "evidence": [],
        "console_errors": [],
        "failed_requests": [],
        "seconds": 0.0,
    }


def _keys(prefix: str, folder: Path, files: Sequence[Path]) -> list[str]:
    return [f"{prefix}/{path.relative_to(folder).as_posix()}" for path in files]


def _said(verdict: Verdict) -> str:
    return "could not verify" if verdict is Verdict.COULD_NOT_VERIFY else verdict.value


cases_of = store.cases_of
list_runs = store.list_runs
runs_of_test = store.runs_of_test
tally = store.tally

__all__ = [
    "Order",
    "Ran",
    "RunsService",
    "cases_of",
    "get",
    "list_runs",
    "result_of",
    "runs_of_test",
    "tally",
    "unguarded",
]
