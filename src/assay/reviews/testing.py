"""Running tests on the preview, and those that fail there on the base as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assay.cases.codec import dump_steps, load_steps
from assay.cases.model import Step, TestCase
from assay.cases.model import Verdict as TestVerdict
from assay.projects.model import Target
from assay.reviews.clues import CopyEdit
from assay.reviews.impact import RELATED
from assay.reviews.model import Selection, Tested
from assay.reviews.ports import Asked, Json, Work
from assay.runs.model import Purpose, ReplayOptions, RunTestCase
from assay.runs.replay import Replayer
from assay.runs.service import Order, RunsService

_PASSED = TestVerdict.PASSED
_STOPS = ".!?:… "
_TELLING = 8  # characters of a text that is not part of another by chance


@dataclass(frozen=True)
class Bench:
    """The tools that tests are run with, and for whom."""

    runs: RunsService
    replayer: Replayer
    asked: Asked
    work: Work

    async def run(self, key: str, tests: Sequence[TestCase], target: Target) -> dict[str, _Ran]:
        """Run tests on a target once; an order given again finds the same run. By test id."""
        if not tests:
            return {}
        order = self._order(key, target)
        async with self.work.browser():
            done = await self.runs.run(order, tests, target, self.work, drafts=True)
        return {row.test_case_id: _Ran(row, done.run.short_id) for row in done.cases}

    def _order(self, key: str, target: Target) -> Order:
        return Order(
            project_id=self.asked.project_id,
            key=f"review-{key}-{target.application_id}",
            conversation_id=self.asked.conversation_id,
            turn_id=self.asked.turn_id,
            trigger="REVIEW",
            environment=f"{target.environment_name} ({target.url})",
            guard=self.work.guard,
        )

    async def reworded(self, test: TestCase, edits: Sequence[CopyEdit], target: Target) -> bool:
        """Whether a test passes once it expects the texts that the change put in place of others.

        False as well when the test has none of them.
        """
        steps = with_edits(test.steps, edits)
        if steps == test.steps:
            return False

        async def once() -> Json:
            options = ReplayOptions(
                name=test.name,
                baseline=test.baseline,
                refused=await self.runs.refused(test),
                progress=self.work,
            )
            async with self.work.browser():
                outcome = await self.replayer.replay(steps, target, options)
            await self.runs.record(
                self._order(f"reworded-{test.id}", target), test, outcome, target, Purpose.RUN
            )
            return outcome.verdict.value

        return bool(await self.work.journal(f"review:reworded:{test.id}", once) == _PASSED.value)


@dataclass(frozen=True, slots=True)
class _Ran:
    row: RunTestCase
    run_short_id: str

    @property
    def verdict(self) -> TestVerdict:
        return self.row.verdict or TestVerdict.COULD_NOT_VERIFY


async def run_tests(
    bench: Bench,
    selections: Sequence[Selection],
    tests: Sequence[TestCase],
    edits: Sequence[CopyEdit],
    preview: Target,
    base: Target | None,
    *,
    key: str = "selected",
    origin: str = "selected",
) -> list[Tested]:
    """What became of each chosen test, on the preview and, where it did not pass, on the base.

    ``key`` tells these runs from others of the review.
    """
    by_id = {test.id: test for test in tests}
    chosen = [by_id[one.test_id] for one in selections if one.test_id in by_id]
    first = await bench.run(f"preview-{key}", chosen, preview)
    doubtful = [test for test in chosen if first[test.id].verdict is not _PASSED]
    before = await bench.run(f"base-{key}", doubtful, base) if base is not None else {}
    # What does not fail on the base has to fail twice on the preview: once may be chance.
    news = [
        test
        for test in doubtful
        if test.id in before and before[test.id].verdict is not TestVerdict.FAILED
    ]
    again = await bench.run(f"again-{key}", news or ([] if base else doubtful), preview)
    why = {one.test_id: one for one in selections}
    found = [
        _tested(first[test.id], why[test.id], origin, before.get(test.id), again.get(test.id))
        for test in chosen
    ]
    for place, test in enumerate(found):
        if test.verdict is not _PASSED and test.again is not _PASSED:
            case = by_id[test.test_id]
            if edits and await bench.reworded(case, edits, preview):
                found[place] = replace(test, reworded=True)
    return found


def _tested(
    ran: _Ran, why: Selection, origin: str, before: _Ran | None, again: _Ran | None
) -> Tested:
    row = ran.row
    step = next((one for one in row.steps if one.number == row.failed_step), None)
    return Tested(
        test_id=row.test_case_id,
        name=row.name,
        verdict=ran.verdict,
        reason=row.reason,
        selected_because=why.reason,
        origin=origin,
        failed_step=row.failed_step,
        step=step.text if step else "",
        base=before.verdict if before else None,
        base_reason=before.row.reason if before else "",
        again=again.verdict if again else None,
        healed=bool(row.heals),
        related=why.score >= RELATED,
        evidence=f"/runs/{ran.run_short_id}",
    )


def with_edits(steps: Sequence[Step], edits: Sequence[CopyEdit]) -> tuple[Step, ...]:
    """The steps of a test with old wordings replaced by the new ones, wherever they are read.

    What the test enters stays as it is: only names of elements and expected texts are wording. Of a
    message a test may expect a part.
    """
    changed = []
    for step, data in zip(steps, dump_steps(steps), strict=True):
        entered: dict[str, Json] = {n: data[n] for n in ("value", "files") if n in data}
        worded = {**_walk(data, edits), **entered}
        expected = step.assertion.text if step.assertion is not None else ""
        whole = next((one.new for one in edits if _is_part(expected, one)), "")
        if whole:
            worded["assertion"]["text"] = whole
        changed.append(worded if step.secret is False else data)
    return load_steps(changed)


def _walk(value: Json, edits: Sequence[CopyEdit]) -> Json:
    if isinstance(value, str):
        for edit in edits:
            value = _put(edit, value)
        return value
    if isinstance(value, list):
        return [_walk(item, edits) for item in value]
    if isinstance(value, dict):
        return {key: _walk(item, edits) for key, item in value.items()}
    return value


def _put(edit: CopyEdit, text: str) -> str:
    """A text with the new words in place of the old, with or without the stop at their end."""
    if edit.old in text:
        return text.replace(edit.old, edit.new)
    old, new = edit.old.rstrip(_STOPS), edit.new.rstrip(_STOPS)
    return text.replace(old, new) if len(old) >= _TELLING else text


def _is_part(text: str, edit: CopyEdit) -> bool:
    """Whether a text is a part of the old words alone; without their stop they are whole."""
    inside = text in edit.old.rstrip(_STOPS) and text not in edit.new
    return len(text) >= _TELLING and " " in text and inside and text != edit.old.rstrip(_STOPS)
