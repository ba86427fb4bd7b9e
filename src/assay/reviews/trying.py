"""Trying the forms of base and preview at the same time, in one session on each side."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from urllib.parse import urljoin

from assay.atlas.scout import Scout, find_key, key_of, options_for
from assay.browser.errors import BrowserError
from assay.browser.model import Action, ActionKind, Observation
from assay.browser.port import BrowserPool
from assay.kernel import ids
from assay.kernel.tasks import both
from assay.projects.model import Target
from assay.reviews.clues import Clues
from assay.reviews.differences import Difference, Found, load_found
from assay.reviews.ports import Json, Work
from assay.reviews.stepwise import Moment, Moments, compare_step, expected_of
from assay.reviews.trials import (
    Done,
    Outcome,
    State,
    Trial,
    Way,
    entries,
    form_of,
    fresh_controls,
    in_words,
    judged,
    outcome_of,
    same,
    steady,
    trials_of,
)
from assay.reviews.views import Heard, View, path_of, turn_of, view_of
from assay.reviews.visits import Ear, mask_of, same_place, sign_in

_SENDS = frozenset({"document", "fetch", "xhr"})
_LONGEST = 75.0  # seconds for all forms; what is left then is not tried


@dataclass(frozen=True, slots=True)
class Trying:
    """The forms of two environments. ``about`` is what the change is said to be about;
    ``same_data`` says that both sides evidently show the same data."""

    pool: BrowserPool
    base: Target
    preview: Target
    clues: Clues
    about: str
    same_data: bool
    work: Work

    async def forms(self, paths: Sequence[str], apart: Sequence[str] = ()) -> Found:
        """Where the preview takes or refuses other entries than the base, once per turn.

        The same form on several pages is tried once, and on those in ``apart`` for themselves. A
        difference counts when both sides do the same a second time, with other entries of the
        same sort.
        """

        async def once() -> Json:
            await self.work.say(f"Trying forms on {self.base.url} and {self.preview.url}.")
            async with self.work.browser():
                return asdict(await self._tried(paths, apart))

        return load_found(
            await self.work.journal(f"review:forms:{self.preview.environment_id}", once)
        )

    async def _tried(self, paths: Sequence[str], apart: Sequence[str]) -> Found:
        end = time.monotonic() + _LONGEST
        found: dict[str, Difference] = {}
        notes: list[str] = []
        try:
            async with self._sides() as (before, after):
                if await after.open(path_of(self.preview.url)) is None:
                    why = after.scout.problem
                    return Found(notes=(f"No forms were tried, {self.preview.url} is gone: {why}",))
                pages = [
                    (path, page)
                    for path in paths
                    if not turn_of(path) and (page := await before.open(path)) is not None
                ]
                for trial in trials_of(pages, self.clues, apart):
                    await self.work.check()
                    if time.monotonic() > end:
                        notes.append(f"Not all forms were tried in {_LONGEST:.0f} s")
                        break
                    for told in await self._differing(before, after, trial):
                        found.setdefault(told.title, told)
        except BrowserError as error:
            notes.append(f"Not all forms could be tried: {error.message}")
        return Found(
            tuple(sorted(found.values(), key=lambda one: not one.regression)), tuple(notes)
        )

    async def _differing(self, before: _Side, after: _Side, trial: Trial) -> list[Difference]:
        """What a trial shows; empty when the sides do not differ, or not twice."""
        first = await _both(before, after, trial)
        if judged(trial, *first, self.clues, self.about) is not None:
            second = await _both(before, after, trial)
            told = judged(trial, *second, self.clues, self.about)
            if told is None or not all(map(same, first, second)):
                return []
            # Both took it, so that it is about where they lead: a place that is another one each
            # time tells nothing.
            both_took = all(one.state is State.TAKEN for one in first)
            return [] if both_took and not all(map(steady, first, second)) else [told]
        if not self._beside(trial, first, first, first):
            return []
        # What is counted here counts from what is there: twice the same only where both begin anew.
        anew = []
        for _ in range(2):
            async with self._sides() as (base, preview):
                anew.append(await _both(base, preview, trial))
        one, two = anew
        held = {(each.kind, each.seen) for each in self._beside(trial, one, two, two)}
        told_twice = self._beside(trial, one, two, one)
        return [each for each in told_twice if (each.kind, each.seen) in held]

    def _beside(self, trial: Trial, one: _Pair, two: _Pair, preview: _Pair) -> list[Difference]:
        """What pages show beside the answer, of two outcomes of the base and one of the preview:
        the first thing done that differs."""
        if _UNTOLD & {each.state for each in (*one, *two)}:
            return []
        form = f"The form “{trial.form.title}” on {trial.form.path} {trial.way}"
        steps = [*preview[1].steps[:-1]]
        for base, again, other in zip(one[0].done, two[0].done, preview[1].done, strict=False):
            if not base.words == again.words == other.words:
                return []
            steps.append(other.words)
            moments = Moments(base.moment, again.moment, other.moment)
            found = compare_step(moments, self.clues, same_data=self.same_data)
            if found:
                return [
                    replace(
                        each,
                        title=f"{form}: {each.title}",
                        steps=tuple(steps),
                        expected=expected_of(each, base.moment.after),
                    )
                    for each in found
                ]
        return []

    @asynccontextmanager
    async def _sides(self) -> AsyncIterator[tuple[_Side, _Side]]:
        async with AsyncExitStack() as opened:
            before = await _side(opened, self.pool, self.base)
            yield before, await _side(opened, self.pool, self.preview)


_Pair = tuple[Outcome, Outcome]
_UNTOLD = frozenset({State.UNKNOWN, State.BROKEN})


async def _both(before: _Side, after: _Side, trial: Trial) -> _Pair:
    token = ids.new_token(5).lower()
    # Two environments may share their data: what is new has to be new on both.
    return await both(before.attempt(trial, f"{token}a"), after.attempt(trial, f"{token}b"))


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
        ear = Ear(scout.session, scout.target)
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
        said = tuple(map(mask_of(scout.target), found.said))
        done = [Done(steps[-1], await self._moment(before, ear, token))]
        if found.state is State.TAKEN and trial.way is Way.PLAUSIBLE:
            done += await self._beyond(before, done[0], token)
        return replace(found, said=said, steps=tuple(steps), done=tuple(done))

    async def _beyond(self, before: Observation, sent: Done, token: str) -> list[Done]:
        """Click what came with an entry, as long as all of it stays in the page: what is on a
        server might be others' too."""
        done: list[Done] = []
        scout, last = self.scout, sent
        for key in fresh_controls(before, scout.observation):
            node = find_key(scout.observation, key)
            if not last.moment.alone or node is None:
                break
            earlier, ear = scout.observation, Ear(scout.session, scout.target)
            click = Action(ActionKind.CLICK, node.ref, dialog="dismiss")
            words = in_words(click, node).replace(token, "…")
            if await scout.perform(click) is None or scout.problem or scout.lost:
                break
            last = Done(words, await self._moment(earlier, ear, token))
            done.append(last)
        return done

    async def _moment(self, before: Observation, ear: Ear, token: str) -> Moment:
        """A page before and after something was done; entries that are new are told alike."""
        secrets = mask_of(self.scout.target)

        def mask(text: str) -> str:
            return secrets(text).replace(token, "…")

        def view(page: Observation, heard: Heard) -> View:
            return view_of(path_of(page.url), page, heard, mask)

        heard = await ear.heard()
        known = Heard(storage=heard.storage)
        after = view(self.scout.observation, heard)
        return Moment(view(before, known), after, alone=ear.alone())


async def _side(opened: AsyncExitStack, pool: BrowserPool, target: Target) -> _Side:
    session = await opened.enter_async_context(pool.session(options_for(target)))
    scout = Scout(session, target)
    await sign_in(scout)
    return _Side(scout)
