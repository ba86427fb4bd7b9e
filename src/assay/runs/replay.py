"""Replays and walks of tests, each in a fresh context of one browser."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assay.browser.errors import BrowserError
from assay.browser.port import BrowserPool
from assay.cases.model import Assertion, AssertionKind, Step, Verdict
from assay.cases.sessions import session_options
from assay.projects.model import Target
from assay.runs.evidence import collected
from assay.runs.model import Outcome, PlannedMutation, ReplayOptions
from assay.runs.replaying import Replaying, sentence
from assay.runs.walking import Killed, Walk


class Replayer:
    """Replays tests in fresh contexts of one browser."""

    def __init__(self, pool: BrowserPool) -> None:
        self._pool = pool

    async def replay(
        self, steps: Sequence[Step], target: Target, options: ReplayOptions | None = None
    ) -> Outcome:
        """Do all steps; never raises for what the site does. ``Stopped`` passes through."""
        options = options or ReplayOptions()
        started = time.monotonic()
        if not steps:
            return Outcome(Verdict.COULD_NOT_VERIFY, "The test has no steps.")
        if not options.bare and not any(step.assertion is not None for step in steps):
            return Outcome(Verdict.COULD_NOT_VERIFY, "The test asserts nothing.")
        opened = session_options(
            target,
            storage_state=options.storage_state,
            evidence=options.evidence,
            attributes=_attributes(steps),
        )
        opened = replace(opened, disturbance=options.disturbance, coverage=options.coverage)
        try:
            async with self._pool.session(opened) as session:
                outcome = await Replaying(session, target, options).run(steps)
                if options.coverage:
                    outcome = replace(outcome, footprint=await session.footprint())
        except BrowserError as error:
            outcome = Outcome(Verdict.COULD_NOT_VERIFY, sentence(error.message))
        seconds = time.monotonic() - started
        return replace(outcome, seconds=seconds, evidence=collected(options.evidence))

    async def walk(
        self,
        steps: Sequence[Step],
        target: Target,
        faults: Sequence[PlannedMutation],
        took: Mapping[int, float],
        options: ReplayOptions,
    ) -> Killed:
        """Do all steps once, each fault put in at its step and taken out again when it was seen.

        Gives the faults that turned their step red, each with what a run under it says.

        ``took`` are the seconds that steps take without a fault, by number. Never raises for what
        the site does; ``Stopped`` passes through.
        """
        opened = session_options(
            target, storage_state=options.storage_state, attributes=_attributes(steps)
        )
        try:
            async with self._pool.session(opened) as session:
                walk = Walk(session, target, options, faults=faults, took=took)
                await walk.run(steps)
        except BrowserError:
            return ()
        return tuple(walk.killed)


def _attributes(steps: Sequence[Step]) -> frozenset[str]:
    """The attributes that the steps assert."""

    def of(assertion: Assertion) -> set[str]:
        own = {assertion.column} if assertion.kind is AssertionKind.ATTRIBUTE else set()
        return own.union(*(of(option) for option in assertion.options))

    asserted = [of(step.assertion) for step in steps if step.assertion is not None]
    return frozenset(set[str]().union(*asserted))
