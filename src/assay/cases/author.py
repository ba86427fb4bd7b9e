"""Writing a test from a manual test case: do it on the live site, then assert what was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from assay.browser.errors import BrowserError
from assay.browser.model import ActionKind
from assay.browser.port import BrowserPool
from assay.cases import own_names
from assay.cases.checks import evaluate
from assay.cases.clauses import CaseText, Clause, Phrase, Verb
from assay.cases.doing import Doer
from assay.cases.expect_more import asked_attributes
from assay.cases.expectations import compile_expected, derive
from assay.cases.extracting import extract
from assay.cases.facts import Check, Facts
from assay.cases.hands import Hands, Undone
from assay.cases.meaning import Meaning
from assay.cases.model import Draft, Step
from assay.cases.plain import parse_case
from assay.cases.preparing import prepare
from assay.cases.recorder import Recorder
from assay.cases.scouting import Scout
from assay.cases.sessions import session_options
from assay.cases.texts import in_quotes
from assay.cases.trail import Compiled, Proposed, ReadBefore, Trail
from assay.cases.unseen import not_seen
from assay.kernel.ids import new_token
from assay.kernel.progress import Progress
from assay.projects.model import Target

_DERIVED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Assertions:
    """Assertion steps by the moment after which they belong; -1 stands for the end."""

    by_moment: dict[int, list[Step]]
    unchecked: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Recorded:
    """A recording: the draft, what must be read earlier in another one, and what was shown last."""

    draft: Draft
    reads: tuple[ReadBefore, ...] = ()
    shown: str = ""


class Author:
    """Turns manual test cases into drafts on real pages, with no model."""

    def __init__(self, pool: BrowserPool, meaning: Meaning) -> None:
        self._pool = pool
        self._meaning = meaning

    async def write(self, case: CaseText, target: Target, progress: Progress, key: str) -> Draft:
        """Do the case's steps on the site, compile its expected result, and give the draft.

        A step that cannot be done ends in a draft whose ``problem`` says why. A relative result
        ("one more than before") needs a second recording that reads the value first. A name that
        the case gives is tried twice: where the site takes it only once, each run gets its own.
        """
        # The first case of a process loads the model, which other requests do without.
        await asyncio.to_thread(self._meaning.warm)
        first = await self._record(case, target, progress, key, ())
        draft = first.draft
        if first.reads:
            again = await self._record(case, target, progress, key, first.reads)
            if not again.reads and len(again.draft.unchecked) <= len(draft.unchecked):
                return again.draft
        elif names := own_names.entered(case.text, draft.steps):
            return await self._apart(case, target, progress, first, names)
        return draft

    async def _apart(
        self,
        case: CaseText,
        target: Target,
        progress: Progress,
        first: _Recorded,
        names: tuple[str, ...],
    ) -> Draft:
        """The draft, or one with names of its own where doing the same again is not the same."""
        draft = first.draft
        flawed = bool(draft.problem or draft.unchecked)
        if not flawed:
            await progress.say("Doing it again, to see whether the site keeps what is made.")
            again = await self._record(case, target, progress, draft.key, ())
            kept = own_names.more(again.shown, first.shown, names)
            if not kept and not own_names.worse(again.draft, draft):
                return draft
        own = replace(parse_case(own_names.apart(case.text, names)), name=case.name)
        fresh = (await self._record(own, target, progress, draft.key, ())).draft
        if own_names.worse(fresh, draft) or (flawed and not own_names.worse(draft, fresh)):
            return draft
        return replace(fresh, goal=draft.goal, notes=(*fresh.notes, own_names.told(names)))

    async def _record(
        self,
        case: CaseText,
        target: Target,
        progress: Progress,
        key: str,
        reads: tuple[ReadBefore, ...],
    ) -> _Recorded:
        asked = asked_attributes(case.text)
        async with self._pool.session(session_options(target, attributes=asked)) as session:
            # What an earlier recording made may still be there.
            recorder = Recorder(session, target, f"{key} {new_token()}")
            hands = Hands(
                recorder,
                Scout(self._pool, target, self._meaning, progress),
                self._meaning,
                progress,
            )
            problem = ""
            candidates: tuple[str, ...] = ()
            reader = _Reader(recorder, list(reads))
            marks: list[tuple[int, tuple[str, ...]]] = []
            try:
                await self._perform(case, hands, reader, marks)
            except Undone as undone:
                problem, candidates = undone.message, undone.candidates
            except BrowserError as error:
                problem = error.message
            goal = case.text or "; ".join(clause.text for clause in case.steps)
            expected = "; ".join(case.expected)
            if problem:
                draft = recorder.draft(
                    key,
                    case.name,
                    goal,
                    expected,
                    unchecked=case.expected,
                    problem=problem,
                    candidates=candidates,
                )
                return _Recorded(draft, (), recorder.observation.text)
            return await self._asserted(case, recorder, key, goal, expected, reader, marks)

    async def _perform(
        self,
        case: CaseText,
        hands: Hands,
        reader: _Reader,
        marks: list[tuple[int, tuple[str, ...]]],
    ) -> None:
        first = case.steps[0] if case.steps else None
        opens = first is not None and first.verb is Verb.OPEN and (first.path or first.start)
        if not opens or case.preconditions:
            await hands.recorder.open(hands.recorder.target.url)
            await prepare(hands, case.preconditions, case.steps)
        doer = Doer(hands)
        for index, clause in enumerate(case.steps):
            await reader.read_due()
            try:
                await doer.carry_out(case.steps, index)
            except Undone as undone:
                raise Undone(
                    f"Step {index + 1} ({in_quotes(clause.text)}): {undone.message}",
                    undone.candidates,
                ) from undone
            if inline := _inline(clause):
                if index + 1 == len(case.steps):
                    await doer.finish()
                marks.append((len(hands.recorder.moments) - 1, inline))
            await hands.progress.say(f"Did step {index + 1}: {clause.text}")
        await doer.finish()

    async def _asserted(
        self,
        case: CaseText,
        recorder: Recorder,
        key: str,
        goal: str,
        expected: str,
        reader: _Reader,
        marks: list[tuple[int, tuple[str, ...]]],
    ) -> _Recorded:
        if recorder.opened and recorder.observation.omitted:
            await recorder.look(whole=True)
        trail = recorder.trail(f"{case.name} {goal}")
        # Comparing sentences by their meaning takes milliseconds each, too many for the loop.
        compiled = await asyncio.to_thread(_compile, case, trail, marks, self._meaning)
        needs = tuple(
            {item.needs.text: item.needs for item in compiled.proposals if item.needs}.values()
        )
        assertions = await _settle(recorder, trail, compiled)
        recorder.steps[:] = _interleave(recorder, assertions)
        draft = recorder.draft(
            key,
            case.name,
            goal,
            expected,
            unchecked=assertions.unchecked,
            notes=(*assertions.notes, *_unseen(recorder, assertions)),
        )
        return _Recorded(draft, () if reader.used else needs, recorder.observation.text)


class _Reader:
    """Reads values on the way, just before the moments that change them."""

    def __init__(self, recorder: Recorder, reads: list[ReadBefore]) -> None:
        self._recorder = recorder
        self._reads = sorted(reads, key=lambda item: item.before)
        self._added = 0
        self.used = bool(reads)

    async def read_due(self) -> None:
        """Read every value whose moment comes next."""
        recorder = self._recorder
        while self._reads and len(recorder.moments) - self._added >= self._reads[0].before:
            read = self._reads.pop(0)
            back = recorder.observation.url
            if read.page:
                await recorder.open(read.page)
            value = extract(read.extraction, recorder.observation, recorder.values.render)
            if value is not None:
                await recorder.extract(read.extraction, value, read.text)
            if read.page:
                await recorder.open(back)
                self._added += 2


def _inline(clause: Clause) -> tuple[str, ...]:
    """Results that the steps themselves ask for."""
    own = (clause.value,) if clause.verb is Verb.VERIFY and clause.value else ()
    return (*own, *clause.expected)


def _compile(
    case: CaseText, trail: Trail, marks: list[tuple[int, tuple[str, ...]]], meaning: Meaning
) -> Compiled:
    """Compile what the end must show, and what single steps must show right after them."""
    if not marks and not case.expected:
        return Compiled(derive(trail)[:_DERIVED_AT_MOST])
    parts = [
        _pinned(compile_expected(wanted, _until(trail, moment), meaning), moment)
        for moment, wanted in marks
    ]
    if case.expected:
        parts.append(compile_expected(case.expected, trail, meaning))
    return Compiled(
        tuple(item for part in parts for item in part.proposals),
        tuple(item for part in parts for item in part.unchecked),
    )


def _until(trail: Trail, moment: int) -> Trail:
    """The trail as it was right after one of its moments."""
    if moment < 0:
        return trail
    last = trail.moments[moment].step.number
    return replace(
        trail,
        moments=trail.moments[: moment + 1],
        now=trail.moments[moment].after,
        typed=tuple(item for item in trail.typed if item.step <= last),
    )


def _pinned(compiled: Compiled, moment: int) -> Compiled:
    """Proposals for "now" bound to the moment that was meant."""
    return replace(
        compiled,
        proposals=tuple(
            replace(item, moment=moment)
            if item.moment is None and item.follow_up is None and moment >= 0
            else item
            for item in compiled.proposals
        ),
    )


async def _settle(recorder: Recorder, trail: Trail, compiled: Compiled) -> Assertions:
    """Keep the proposals that hold, clause by clause; do the follow-ups that some need."""
    held: list[tuple[Proposed, Step]] = []
    failed: set[str] = set()
    notes: list[str] = []
    later = [item for item in compiled.proposals if item.follow_up is not None]
    for item in compiled.proposals:
        if item.follow_up is not None:
            continue
        check = _checked(item, trail, recorder) if item.needs is None else None
        if check is not None and check.ok:
            held.append((item, _step(item, recorder)))
            continue
        failed.add(item.clause)
        if check is not None and item.clause:
            notes.append(f"{in_quotes(item.clause)} did not hold: {check.seen}.")
    by_moment: dict[int, list[Step]] = {}
    for item, step in held:
        if item.clause not in failed:
            by_moment.setdefault(-1 if item.moment is None else item.moment, []).append(step)
    count = len(recorder.moments)
    for item in later:
        if item.clause in failed or item.needs is not None:
            failed.add(item.clause)
            continue
        done = await _follow_up(recorder, item)
        if done and evaluate(item.assertion, recorder.observation, recorder.facts()).ok:
            by_moment.setdefault(len(recorder.moments) - 1, []).append(_step(item, recorder))
        else:
            failed.add(item.clause)
    if len(recorder.moments) > count and -1 in by_moment:
        by_moment.setdefault(count - 1, []).extend(by_moment.pop(-1))
    unchecked = dict.fromkeys([*compiled.unchecked, *(clause for clause in failed if clause)])
    return Assertions(by_moment, tuple(unchecked), tuple(dict.fromkeys(notes)))


def _unseen(recorder: Recorder, assertions: Assertions) -> tuple[str, ...]:
    """What may hide what was expected, where something could not be checked."""
    said = not_seen(recorder.observation, Phrase("")) if assertions.unchecked else ""
    return (said.strip(),) if said else ()


async def _follow_up(recorder: Recorder, item: Proposed) -> bool:
    follow = item.follow_up
    assert follow is not None
    last = recorder.moments[-1]
    if last.step.text == follow.text:
        return True
    try:
        if follow.kind == "reload":
            await recorder.act(ActionKind.RELOAD, text=follow.text)
        else:
            await recorder.open(follow.url, follow.text)
    except BrowserError:
        return False
    return True


def _checked(item: Proposed, trail: Trail, recorder: Recorder) -> Check:
    """Whether a proposal holds at its moment, and what was seen instead."""
    if item.moment is None or not trail.moments:
        return evaluate(item.assertion, trail.now, recorder.facts())
    moment, so_far = trail.moments[item.moment], trail.moments[: item.moment + 1]
    render: Callable[[str], str] = recorder.values.render
    facts = Facts(
        variables=recorder.variables,
        exchanges=moment.effect.exchanges,
        downloads=moment.effect.downloads,
        status=moment.effect.status,
        render=render,
        dialogs=moment.effect.dialogs,
        console_errors=tuple(line for one in so_far for line in one.effect.console_errors),
        failed_requests=tuple(line for one in so_far for line in one.effect.failed_requests),
    )
    return evaluate(item.assertion, moment.after, facts)


def _step(item: Proposed, recorder: Recorder) -> Step:
    assertion = replace(item.assertion, source=item.assertion.source or item.clause)
    return Step(number=0, text=recorder.neutral(item.text), assertion=assertion)


def _interleave(recorder: Recorder, assertions: Assertions) -> list[Step]:
    """The recorded steps with each assertion behind the action it belongs to, numbered anew."""
    merged: list[Step] = []
    moment = -1
    for step in recorder.steps:
        merged.append(step)
        if step.action is not None:
            moment += 1
            merged += assertions.by_moment.get(moment, [])
    merged += assertions.by_moment.get(-1, [])
    return [replace(step, number=number) for number, step in enumerate(merged, 1)]
