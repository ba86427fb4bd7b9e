"""Proving a test: three green replays with fresh data, then a red one for every assertion."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assay.browser.footprint import Footprint
from assay.browser.port import LASTING_KINDS
from assay.cases.model import Draft, Proof, ProofRun, Step, Verdict
from assay.cases.texts import in_quotes
from assay.kernel.progress import Progress
from assay.kernel.tasks import all_of
from assay.projects.model import Target
from assay.runs.independence import independent
from assay.runs.model import Outcome, PlannedMutation, ReplayOptions
from assay.runs.mutations import plan
from assay.runs.replay import Replayer

GREEN_REPLAYS = 3
AT_ONCE = 3
_SHORTEST_WAIT = 0.6

Record = Callable[[Outcome, str], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Proven:
    """A proof with its outcomes; ``problem`` says in one sentence why it is none."""

    proof: Proof
    outcomes: tuple[Outcome, ...]
    problem: str = ""
    unkilled: tuple[int, ...] = ()

    @property
    def footprint(self) -> Footprint | None:
        """What of the site's own code the test runs; None where it was not recorded."""
        return next((one.footprint for one in self.outcomes if one.footprint is not None), None)

    @property
    def proven(self) -> bool:
        """Whether the test was green each time and every assertion was killed."""
        return self.proof.proven and not self.problem


@dataclass(slots=True)
class _Work:
    """One proof under way."""

    draft: Draft
    target: Target
    progress: Progress
    record: Record
    runs: list[ProofRun]
    outcomes: list[Outcome]
    room: asyncio.Semaphore
    storage_state: Mapping[str, object] | None = None


class Prover:
    """Proves drafts on a live site."""

    def __init__(self, replayer: Replayer) -> None:
        self._replayer = replayer

    async def prove(
        self,
        draft: Draft,
        target: Target,
        progress: Progress,
        record: Record,
        *,
        storage_state: Mapping[str, object] | None = None,
    ) -> Proven:
        """Replay the draft three times, then with faults; stops when a plain replay is not green.
        The last of the three records what of the site's own code runs.

        ``record`` stores an outcome under a key that is the same when the work is done again
        (``green-1``, ``mutant-4-blank_text``) and gives the short id of the run.
        """
        asserted = tuple(step.number for step in draft.steps if step.assertion is not None)
        if not asserted:
            return Proven(Proof(), (), "The test asserts nothing.")
        room = asyncio.Semaphore(AT_ONCE if independent(draft.steps) else 1)
        work = _Work(draft, target, progress, record, [], [], room, storage_state)
        problem = await self._green(work)
        if not problem:
            await self._red(work)
        proof = Proof(tuple(work.runs), asserted)
        killed = {run.target_step for run in work.runs if _kills(run)}
        unkilled = tuple(number for number in asserted if number not in killed)
        if not problem and unkilled:
            problem = _unkilled(draft.steps, unkilled)
        return Proven(proof, tuple(work.outcomes), problem, unkilled)

    async def _green(self, work: _Work) -> str:
        """Three plain replays; in words what went wrong with the first that was not green."""
        said: list[str] = []
        done = 0

        async def one(number: int) -> None:
            nonlocal done
            async with work.room:
                if said:
                    return
                recorded = number == GREEN_REPLAYS
                outcome = await self._replay(work, None, coverage=recorded)
                if recorded and outcome.verdict is not Verdict.PASSED and not said:
                    # No verdict depends on the recording.
                    outcome = await self._replay(work, None)
                await self._keep(work, outcome, f"green-{number}", None)
                if outcome.verdict is not Verdict.PASSED:
                    said.append(outcome.reason)
                    return
            done += 1
            await work.progress.say(f"{work.draft.name}: replay {done} of {GREEN_REPLAYS} green")

        await all_of([one(number) for number in range(1, GREEN_REPLAYS + 1)])
        return said[0] if said else ""

    async def _red(self, work: _Work) -> None:
        """Faults for every assertion: all on one walk where they can be lifted again, and those
        that the walk did not show red in runs of their own."""
        green = work.outcomes[-1]
        took = _usual(work.outcomes)
        queues = _by_target(plan(work.draft.steps, green))
        await self._walk(work, queues, took)

        async def kill(queue: list[PlannedMutation]) -> None:
            for number, planned in enumerate(queue, 1):
                async with work.room:
                    outcome = await self._replay(work, planned, took)
                    if not outcome.mutated:
                        continue  # the page has nothing that this fault could spoil
                    if _kills(await self._keep(work, outcome, _key(planned, number), planned)):
                        return

        await all_of([kill(queue) for queue in queues.values()])

    async def _walk(
        self,
        work: _Work,
        queues: dict[int | None, list[PlannedMutation]],
        took: Mapping[int, float],
    ) -> None:
        """Try what can be lifted again on one walk; takes the queues that it showed red out."""
        faults = [one for queue in queues.values() for one in queue if not _lasts(one)]
        if not faults:
            return
        async with work.room:
            await work.progress.check()
            walked = await self._replayer.walk(
                work.draft.steps, work.target, faults, took, self._options(work)
            )
        for planned, outcome in walked:
            number = queues.pop(planned.target_step).index(planned) + 1
            await self._keep(work, outcome, _key(planned, number), planned)

    async def _replay(
        self,
        work: _Work,
        planned: PlannedMutation | None,
        took: Mapping[int, float] | None = None,
        *,
        coverage: bool = False,
    ) -> Outcome:
        await work.progress.check()
        options = replace(self._options(work), mutation=planned, coverage=coverage)
        if planned is not None and took is not None:
            options = replace(options, red_timeout=_patience(took, planned))
            if planned.target_step is None:
                options = replace(options, step_timeout=options.red_timeout)
        return await self._replayer.replay(work.draft.steps, work.target, options)

    def _options(self, work: _Work) -> ReplayOptions:
        return ReplayOptions(
            name=work.draft.name,
            baseline=work.draft.baseline,
            storage_state=work.storage_state,
            progress=work.progress,
        )

    async def _keep(
        self, work: _Work, outcome: Outcome, key: str, planned: PlannedMutation | None
    ) -> ProofRun:
        run = ProofRun(
            run_short_id=await work.record(outcome, key),
            mutation=planned.mutation.description if planned else None,
            verdict=outcome.verdict,
            failed_step=outcome.failed_step,
            target_step=planned.target_step if planned else None,
        )
        work.runs.append(run)
        work.outcomes.append(outcome)
        return run


def _by_target(planned: Sequence[PlannedMutation]) -> dict[int | None, list[PlannedMutation]]:
    queues: dict[int | None, list[PlannedMutation]] = {}
    for item in planned:
        queues.setdefault(item.target_step, []).append(item)
    return queues


def _key(planned: PlannedMutation, number: int) -> str:
    """What a run under a fault is stored as, the same when the proof is done again."""
    at = planned.target_step or planned.at_step
    return f"mutant-{at}-{planned.mutation.kind}-{number}"


def _lasts(planned: PlannedMutation) -> bool:
    """Whether the fault lasts, as one in what the site answers does."""
    return planned.mutation.kind in LASTING_KINDS


def _usual(outcomes: Sequence[Outcome]) -> dict[int, float]:
    """How long each step takes: the shortest of the plain replays, which disturb each other."""
    took: dict[int, float] = {}
    for step in (step for outcome in outcomes for step in outcome.steps):
        took[step.number] = min(step.seconds, took.get(step.number, step.seconds))
    return took


def _patience(took: Mapping[int, float], planned: PlannedMutation) -> float:
    """How long a spoilt step may take: three times what it took when green, at least a moment."""
    return max(_SHORTEST_WAIT, 3 * took.get(planned.at_step, 0.0))


def _kills(run: ProofRun) -> bool:
    return (
        run.mutation is not None
        and run.verdict is Verdict.FAILED
        and (run.target_step is None or run.failed_step == run.target_step)
    )


def _unkilled(steps: Sequence[Step], numbers: Sequence[int]) -> str:
    lines = [in_quotes(step.text) for step in steps if step.number in numbers]
    return f"No fault could be found that makes {', '.join(lines)} fail."
