"""Trying the forms of base and preview at the same time, in one session on each side."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, replace
from urllib.parse import urljoin

from assay.atlas.scout import Scout, find_key, key_of, options_for
from assay.browser.errors import BrowserError
from assay.browser.model import Action, ActionKind, Observation
from assay.browser.port import BrowserPool
from assay.kernel import ids
from assay.projects.model import Target
from assay.reviews.clues import Clues
from assay.reviews.compare import Difference, load_difference
from assay.reviews.ports import Json, Work
from assay.reviews.trials import (
    Outcome,
    State,
    Trial,
    entries,
    form_of,
    in_words,
    judged,
    outcome_of,
    same,
    trials_of,
)
from assay.reviews.visits import same_place, sign_in

_SENDS = frozenset({"document", "fetch", "xhr"})
_LONGEST = 75.0  # seconds for all forms; what is left then is not tried


async def try_forms(
    pool: BrowserPool,
    base: Target,
    preview: Target,
    paths: Sequence[str],
    clues: Clues,
    about: str,
    work: Work,
) -> list[Difference]:
    """Where the preview takes or refuses other entries than the base, once per turn.

    A difference counts when both sides do the same a second time, with other entries of the same
    sort.
    """

    async def once() -> Json:
        await work.say(f"Trying forms on {base.url} and {preview.url}.")
        async with work.browser():
            found = await _tried(pool, base, preview, paths, clues, about, work)
        return [asdict(one) for one in found]

    data = await work.journal(f"review:trials:{preview.environment_id}", once)
    return [load_difference(one) for one in data]


async def _tried(
    pool: BrowserPool,
    base: Target,
    preview: Target,
    paths: Sequence[str],
    clues: Clues,
    about: str,
    work: Work,
) -> list[Difference]:
    end = time.monotonic() + _LONGEST
    found: dict[str, Difference] = {}
    try:
        async with AsyncExitStack() as opened:
            before = await _side(opened, pool, base)
            after = await _side(opened, pool, preview)
            pages = [
                (path, page) for path in paths if (page := await before.open(path)) is not None
            ]
            for trial in trials_of(pages, clues):
                await work.check()
                if time.monotonic() > end:
                    break
                first = await _both(before, after, trial)
                if judged(trial, *first, clues, about) is None:
                    continue
                second = await _both(before, after, trial)
                told = judged(trial, *second, clues, about)
                if told is not None and all(map(same, first, second)):
                    found.setdefault(told.title, told)
    except BrowserError:
        return []  # one side went away: what was seen until then cannot be told from that
    return sorted(found.values(), key=lambda one: not one.regression)


async def _both(before: _Side, after: _Side, trial: Trial) -> tuple[Outcome, Outcome]:
    token = ids.new_token(5).lower()
    return await asyncio.gather(before.attempt(trial, token), after.attempt(trial, token))


@dataclass(slots=True)
class _Side:
    """One environment with a session in it."""

    scout: Scout

    async def open(self, path: str) -> Observation | None:
        effect = await self.scout.goto(urljoin(self.scout.target.url, path))
        return self.scout.observation if effect is not None else None

    async def attempt(self, trial: Trial, token: str) -> Outcome:
        """Fill the form in and send it; ``unknown`` when it is not there or cannot be used."""
        scout = self.scout
        if await self.open(trial.form.path) is None:
            return Outcome(State.UNKNOWN)
        view = form_of(trial.form, scout.observation)
        if view is None:
            return Outcome(State.UNKNOWN)
        nodes = {node.ref: node for node in view.fields}
        planned = [
            (key_of(scout.observation, nodes[str(one.target)]), one)
            for one in entries(view, trial.way, token)
        ]
        last = None
        steps = [f"Open {trial.form.path}"]
        for key, action in planned:
            node = find_key(scout.observation, key)
            if node is not None:  # an earlier entry may have taken it away
                await scout.perform(replace(action, target=node.ref))
                last = key
                steps.append(in_words(action, node))
        view = form_of(trial.form, scout.observation)
        if view is None or scout.lost:
            return Outcome(State.UNKNOWN)
        before = scout.observation
        if view.submit is not None:
            if "disabled" in view.submit.states:
                return Outcome(State.REFUSED)
            send = Action(ActionKind.CLICK, view.submit.ref, dialog="dismiss")
            steps.append(in_words(send, view.submit))
        else:
            field = find_key(scout.observation, last) if last is not None else None
            send = Action(ActionKind.PRESS, (field or view.fields[-1]).ref, value="Enter")
            steps.append("Press Enter")
        effect = await scout.perform(send)
        if effect is None or scout.problem:
            return Outcome(State.UNKNOWN)
        answers = [
            one
            for one in effect.exchanges
            if one.resource in _SENDS and same_place(one.url, scout.target)
        ]
        found = outcome_of(trial, before, scout.observation, answers, token)
        return replace(found, steps=tuple(steps))


async def _side(opened: AsyncExitStack, pool: BrowserPool, target: Target) -> _Side:
    session = await opened.enter_async_context(pool.session(options_for(target)))
    scout = Scout(session, target)
    await sign_in(scout)
    return _Side(scout)
