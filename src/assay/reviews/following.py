"""Following tests that pass on base and preview at the same time, page by page.

A test looks at what it asserts. What else its steps do is compared with what they do on the base.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from assay.browser.errors import BrowserError
from assay.browser.model import Observation
from assay.browser.port import Session
from assay.cases.model import CaseStatus, Step, TestCase
from assay.cases.model import Verdict as TestVerdict
from assay.kernel import ids
from assay.kernel.tasks import both
from assay.projects.model import Target
from assay.reviews.clues import Clues
from assay.reviews.differences import Difference, Found, load_found
from assay.reviews.model import FindingKind
from assay.reviews.ports import Json, Work
from assay.reviews.stepwise import Moment, Moments, compare_step, expected_of
from assay.reviews.testing import with_edits
from assay.reviews.views import View, path_of, view_of
from assay.reviews.visits import Ear, mask_of
from assay.runs.model import Outcome, ReplayOptions
from assay.runs.replay import Replayer

MOST_FOLLOWED = 4
_LONGEST = 60.0  # seconds for all tests; what is left then is not followed
_LOOKS = 8  # at most, until a page looks the same twice
_PAUSE = 0.15  # seconds between them


@dataclass(frozen=True, slots=True)
class Following:
    """Two environments on which tests are followed. ``same_data`` says that they evidently show the
    same data."""

    replayer: Replayer
    base: Target
    preview: Target
    clues: Clues
    same_data: bool
    work: Work

    async def tests(self, tests: Sequence[TestCase], drafts: Sequence[TestCase] = ()) -> Found:
        """What steps of the first of these tests do on the preview only, once per turn; each
        difference was seen twice.

        Of drafts it counts too that the preview no longer does a step that the base does: what a
        draft expects may be open, but its steps were done when it was written.
        """
        followed = [*tests[:MOST_FOLLOWED], *drafts]
        if not followed:
            return Found()

        async def once() -> Json:
            told = " and ".join(
                f"{len(some)} {word}{'s' if len(some) != 1 else ''}"
                for some, word in ((tests[:MOST_FOLLOWED], "test"), (drafts, "draft"))
                if some
            )
            await self.work.say(f"Following {told} on {self.base.url} and {self.preview.url}.")
            async with self.work.browser():
                return asdict(await self._followed(followed))

        return load_found(
            await self.work.journal(f"review:following:{self.preview.environment_id}", once)
        )

    async def _followed(self, tests: Sequence[TestCase]) -> Found:
        end = time.monotonic() + _LONGEST
        found: dict[tuple[str, str], Difference] = {}
        notes: list[str] = []
        drafts: list[str] = []
        for number, test in enumerate(tests):
            if time.monotonic() > end:
                notes.append(f"{number} of {len(tests)} tests were followed in {_LONGEST:.0f} s")
                break
            differing = await self._differing(test)
            if differing is not None and test.status is CaseStatus.DRAFT:
                drafts.append(f"“{test.name}”")
            for one in differing or ():
                # What several tests come across is told with the first of them.
                found.setdefault((one.kind.value, one.seen), one)
        if drafts and not found:
            notes.append(
                f"The steps of drafts ({', '.join(drafts)}) do the same on both sides, which alone "
                "approves nothing"
            )
        return Found(tuple(found.values()), tuple(notes))

    async def _differing(self, test: TestCase) -> list[Difference] | None:
        """How the sides differ; None where it cannot be told, as the base does not do the steps."""
        first, other = await self._both(test, test.steps)
        if not first.passed:
            return None
        if not other.passed:
            # What failed once only, or could not be verified, is neither alike nor different.
            undone = test.status is CaseStatus.DRAFT and await self._undone(test, other)
            return undone or None
        if not self._compared(test, first.seen, first.seen, other.seen):
            return []
        again, second = await self._both(test, test.steps)
        if not (again.passed and second.passed):
            return []
        told = self._compared(test, first.seen, again.seen, other.seen)
        held = {
            (one.kind, one.title)
            for one in self._compared(test, first.seen, again.seen, second.seen)
        }
        return [one for one in told if (one.kind, one.title) in held]

    async def _undone(self, draft: TestCase, first: Followed) -> list[Difference]:
        """That the preview does not do a step of a draft, twice, also in the new words of the
        change."""
        base, preview = await self._both(draft, with_edits(draft.steps, self.clues.copy_edits))
        place = first.outcome.failed_step
        failed = first.failed and preview.failed and preview.outcome.failed_step == place
        step = next((one for one in draft.steps if one.number == place), None)
        if not failed or step is None or not base.seen:
            return []
        before = next((one for one in base.seen if one.step.number == place), base.seen[-1])
        found = Difference(
            FindingKind.CONTENT_CHANGED,
            f"“{step.text[:80]}” of the draft “{draft.name[:80]}” no longer does what it did",
            preview.outcome.reason,
            before.moment.before.landed,
            regression=True,
            steps=tuple(one.text for one in draft.steps if one.number <= step.number),
            expected=f"the page is {before.moment.after.landed}",
        )
        return [found]

    async def _both(self, test: TestCase, steps: Sequence[Step]) -> tuple[Followed, Followed]:
        """What steps of a test do on each side; in new words on the preview only."""
        # The same entries on both sides, so that pages that show them are alike.
        seed = ids.new_token(6)
        options = ReplayOptions(
            name=test.name,
            seed=seed,
            baseline=test.baseline,
            pictures=False,
            bare=True,
            progress=self.work,
        )
        before, after = Watcher(self.base), Watcher(self.preview)
        ran = await both(
            self.replayer.replay(test.steps, self.base, replace(options, watch=before)),
            self.replayer.replay(steps, self.preview, replace(options, watch=after)),
        )
        return Followed(ran[0], before.seen), Followed(ran[1], after.seen)

    def _compared(
        self, test: TestCase, base: Sequence[Seen], again: Sequence[Seen], preview: Sequence[Seen]
    ) -> list[Difference]:
        """The differences of the first step that has any; what follows follows from it."""
        for one, two, three in zip(base, again, preview, strict=False):
            moments = Moments(one.moment, two.moment, three.moment)
            found = compare_step(moments, self.clues, same_data=self.same_data)
            if found:
                steps = tuple(step.text for step in test.steps if step.number <= one.step.number)
                return [
                    replace(
                        each,
                        title=f"“{one.step.text[:80]}” of “{test.name[:80]}”: {each.title}",
                        steps=steps,
                        expected=expected_of(each, one.moment.after),
                    )
                    for each in found
                ]
        return []


@dataclass(frozen=True, slots=True)
class Seen:
    """One action of a test with what it did."""

    step: Step
    moment: Moment


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of a test on one side."""

    outcome: Outcome
    seen: list[Seen]

    @property
    def passed(self) -> bool:
        return self.outcome.verdict is TestVerdict.PASSED

    @property
    def failed(self) -> bool:
        return self.outcome.verdict is TestVerdict.FAILED


@dataclass(slots=True)
class Watcher:
    """Looks at the page after each action of a replay."""

    target: Target
    seen: list[Seen] = field(default_factory=list)
    _ear: Ear | None = None
    _before: View | None = None
    _lost: bool = False

    async def __call__(self, session: Session, step: Step) -> None:
        if step.action is None or self._lost:
            return
        try:
            await self._look(session, step)
        except BrowserError:
            # What comes after a page that cannot be looked at has nothing to be compared with.
            self._lost = True

    async def _look(self, session: Session, step: Step) -> None:
        page = await _still(session)
        ear = self._ear or Ear(session, self.target)
        view = view_of(path_of(page.url), page, await ear.heard(), mask_of(self.target))
        if self._before is not None:
            self.seen.append(Seen(step, Moment(self._before, view, alone=ear.alone())))
        self._before = view
        self._ear = Ear(session, self.target)


async def _still(session: Session) -> Observation:
    """The page once two looks in a row show the same."""
    page = await session.observe()
    for _ in range(_LOOKS):
        await asyncio.sleep(_PAUSE)
        last, page = page, await session.observe()
        if (last.url, last.text) == (page.url, page.text):
            break
    return page
