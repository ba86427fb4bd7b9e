"""One replay that tries many faults: each is put into the page at its step and taken out again.

A run for every fault repeats the same steps only to come to the same page. Here the page is as
asserted, a fault is put in, the assertion has to be red for a while, the fault is lifted and the
assertion has to be green again before the walk goes on; where it is not, the walk ends there and
what is left needs runs of its own. (On the sample shop's checkout, ten faults took 22 s in runs of
their own and 4 s in one walk.)
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assay.browser.errors import BrowserError
from assay.browser.port import Mutation
from assay.cases.model import Step, Verdict
from assay.cases.texts import in_quotes, shorten
from assay.runs.model import Outcome, PlannedMutation, StepOutcome
from assay.runs.replaying import Replaying, StepFailed, sentence

# The fault is put in anew whenever the page changes, so an assertion that stays red for some looks
# stays red.
_RED_SECONDS = 0.2
_DEAD_SECONDS = 0.6
# Of the step's usual time, which is of three replays that disturbed each other: twice is late.
_LATE = 2.0
_GREEN_SECONDS = 2.0


Killed = tuple[tuple[PlannedMutation, Outcome], ...]


@dataclass
class Walk(Replaying):
    """A replay with faults on its way; only faults of the page, which can be lifted."""

    faults: Sequence[PlannedMutation] = ()
    took: Mapping[int, float] = field(default_factory=dict)
    killed: list[tuple[PlannedMutation, Outcome]] = field(default_factory=list)

    async def _step(self, step: Step, rest: Sequence[Step]) -> None:
        due = [planned for planned in self.faults if planned.at_step == step.number]
        if step.assertion is not None:
            await self._assert(step, self.options.assertion_timeout)
            for planned in due:
                if await self._spoilt(step, planned):
                    return
        elif not due or not await self._dead(step, rest, due[0]):
            await super()._step(step, rest)

    async def _spoilt(self, step: Step, planned: PlannedMutation) -> bool:
        """Whether the assertion is red with the fault; raises StepFailed if it stays so after."""
        started = time.monotonic()
        if not await self._put(await self._fitted(planned, step)):
            return False
        seen = ""
        try:
            await self._assert(step, max(_RED_SECONDS, 3 * self.look_seconds), rarely=True)
        except StepFailed as failed:
            seen = failed.seen
        await self._lift()
        await self._assert(step, _GREEN_SECONDS)
        if seen:
            self._kill(planned, step, seen, time.monotonic() - started)
        return bool(seen)

    async def _dead(self, step: Step, rest: Sequence[Step], planned: PlannedMutation) -> bool:
        """Do an action whose control is dead; False when it has still to be done, alive."""
        if not await self._put(await self._fitted(planned, step)):
            return False
        started = time.monotonic()
        patience = max(_DEAD_SECONDS, _LATE * self.took.get(step.number, 0.0))
        usual = self.options
        self.options = replace(usual, step_timeout=patience)
        try:
            await self._act(step, rest)
        except StepFailed as failed:
            seen = failed.seen
        except BrowserError as error:
            seen = sentence(error.message)
        else:
            return True
        finally:
            self.options = usual
            await self._lift()
        self._kill(planned, step, seen, time.monotonic() - started)
        return False

    async def _lift(self) -> None:
        self.page = None
        await self.session.lift()

    async def _put(self, mutation: Mutation) -> bool:
        self.page = None
        placed = await self.session.mutate(mutation, passing=True)
        # What a fault does to the console is no news of the site's.
        self.mutated = self.mutated or placed
        return placed

    def _kill(self, planned: PlannedMutation, step: Step, seen: str, seconds: float) -> None:
        red = StepOutcome(step.number, step.text, False, seconds, seen)
        reason = f"Step {step.number} ({in_quotes(shorten(step.text, 80))}): {seen}."
        outcome = Outcome(
            verdict=Verdict.FAILED,
            reason=reason.replace("..", "."),
            failed_step=step.number,
            steps=(*self.done, red),
            seconds=sum(one.seconds for one in self.done) + seconds,
            mutation=planned.mutation.description,
            mutated=True,
        )
        self.killed.append((planned, outcome))
