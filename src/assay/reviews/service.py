"""One review, from the diff to the report: read, choose, compare, test, write what is missing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from assay.atlas import service as atlas
from assay.browser.footprint import Footprint
from assay.browser.port import BrowserPool
from assay.cases import service as cases
from assay.cases.meaning import Meaning
from assay.cases.model import CaseStatus, TestCase
from assay.cases.model import Verdict as TestVerdict
from assay.projects import targets
from assay.projects.model import Target
from assay.projects.urls import url_key
from assay.reviews import impact
from assay.reviews.clues import Clues, clues_of
from assay.reviews.differences import Difference, Found
from assay.reviews.errors import DiffUnreadable
from assay.reviews.following import Following
from assay.reviews.gaps import MOST_TESTS, Filled, Filling
from assay.reviews.judging import Site, findings_of_pages, findings_of_tests, verdict_of
from assay.reviews.model import Change, Finding, Phase, Tested, Verdict
from assay.reviews.novelties import use
from assay.reviews.ports import Asked, Author, Chosen, Work
from assay.reviews.reading import read_change
from assay.reviews.report import Report
from assay.reviews.sides import Sides, Wanted, side_by_side
from assay.reviews.testing import Bench, run_tests
from assay.reviews.trying import Trying
from assay.runs.replay import Replayer
from assay.runs.service import RunsService
from assay.storage import Database, SecretBox

_MOST_KNOWN = 200
T = TypeVar("T")


@dataclass(frozen=True)
class Tools:
    """What every review shares."""

    database: Database
    box: SecretBox
    pool: BrowserPool
    runs: RunsService
    replayer: Replayer
    meaning: Meaning


@dataclass
class Clock:
    """How long the parts of one review took."""

    phases: list[Phase] = field(default_factory=list)

    async def time(self, name: str, work: Awaitable[T]) -> T:
        """Await the work and note its seconds."""
        started = time.monotonic()
        try:
            return await work
        finally:
            self.phases.append(Phase(name, time.monotonic() - started))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is there to test an application with: tests, the oldest first, drafts, the newest first,
    and what tests run of the site's own code."""

    tests: list[TestCase]
    drafts: list[TestCase]
    footprints: dict[str, Footprint]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change is tested and what it is compared with, if anything."""

    preview: Target
    base: Target | None


class Reviewer:
    """Carries out change reviews."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def review(self, asked: Asked, work: Work, author: Author) -> Report:
        """Review a change on its environments. Whatever was begun is found again after a restart.

        Raises ``Stopped`` as the work does; what the change or the site does is in the report.
        """
        head = Report(
            Verdict.COULD_NOT_VERIFY,
            "",
            asked.title,
            description=asked.description,
            head_commit=asked.head_commit,
        )
        change, unread = await self._read(asked)
        if change is None:
            why = f"the change could not be read: {unread}"
            return replace(head, why=why)
        head = replace(head, files=change.files)
        await work.say(_told(change))
        if not change.running:
            verdict, why = verdict_of(change, (), (), "")
            return replace(head, verdict=verdict, why=why)
        clues = await asyncio.to_thread(clues_of, change)
        parts = [
            await _Part(self._tools, asked, work, author, change, clues).test(chosen)
            for chosen in asked.places
        ]
        return _joined(head, change, parts)

    async def _read(self, asked: Asked) -> tuple[Change | None, str]:
        if asked.diff is None:
            return None, asked.unread
        try:
            return await asyncio.to_thread(read_change, asked.diff), ""
        except DiffUnreadable as error:
            return None, error.message


def _told(change: Change) -> str:
    files = len(change.files)
    skipped = files - len(change.running)
    text = f"Read the change: {files} file{'s' if files != 1 else ''}"
    return (
        f"{text}, {skipped} of them with no effect on the running application."
        if (skipped)
        else f"{text}."
    )


@dataclass(frozen=True)
class _Tried:
    """What testing one application came to."""

    place: Place
    tested: tuple[Tested, ...] = ()
    findings: tuple[Finding, ...] = ()
    differences: tuple[Difference, ...] = ()
    compared: tuple[str, ...] = ()
    gaps: tuple[impact.Gap, ...] = ()
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""
    phases: tuple[Phase, ...] = ()


@dataclass(frozen=True)
class _Part:
    """The review of one application."""

    tools: Tools
    asked: Asked
    work: Work
    author: Author
    change: Change
    clues: Clues

    async def test(self, chosen: Chosen) -> _Tried:
        clock = Clock()
        place, known = await self._place(chosen)
        about = f"{self.asked.description} {self.asked.context}".strip()
        plan = await clock.time("selecting", self._plan(known, about))
        paths = impact.paths_of(plan, known.tests)
        sides = await clock.time("comparing", self._compare(place, about, paths))
        if sides.unreachable:
            return _Tried(
                place, problem=sides.unreachable, gaps=plan.gaps, phases=tuple(clock.phases)
            )
        bench = Bench(self.tools.runs, self.tools.replayer, self.asked, self.work)
        if plan.selections:
            await self.work.say(
                f"Running {len(plan.selections)} "
                f"test{'s' if len(plan.selections) != 1 else ''} on {place.preview.url}."
            )
        tested = await clock.time(
            "testing",
            run_tests(
                bench,
                plan.selections,
                known.tests,
                self.clues.copy_edits,
                place.preview,
                place.base,
            ),
        )
        written = await clock.time(
            "writing tests", self._fill(plan, known.tests, tested, sides, place, bench)
        )
        tested += written.tested
        followed = await clock.time("following tests", self._follow(place, sides, tested, known))
        tried = await clock.time(
            "trying forms",
            self._try(place, sides, tested, [*sides.differences, *followed.differences], about),
        )
        differences = (*sides.differences, *followed.differences, *tried.differences)
        site = Site(place.preview.application_short_id, place.preview.url)
        findings = findings_of_tests(
            tested, self.change, site, compared=place.base is not None
        ) + findings_of_pages(differences, self.change, site)
        return _Tried(
            place,
            tuple(tested),
            tuple(findings),
            tuple(one for one in differences if not one.regression),
            sides.paths,
            tuple(gap for gap in plan.gaps if gap not in written.filled),
            written.dropped,
            (*_notes(place), *sides.notes, *followed.notes, *tried.notes),
            phases=tuple(clock.phases),
        )

    async def _plan(self, known: _Known, about: str) -> impact.Plan:
        kinds = [file.kind for file in self.change.running]
        rank = self.tools.meaning.rank
        return await asyncio.to_thread(
            impact.plan,
            self.clues,
            known.tests,
            kinds,
            about,
            rank,
            footprints=known.footprints,
        )

    async def _place(self, chosen: Chosen) -> tuple[Place, _Known]:
        async with self.tools.database.read() as session:
            project = self.asked.project_id
            preview = await targets.place_of(
                session, project, chosen.application_id, chosen.environment_id, chosen.preset_id
            )
            base = await targets.place_of(
                session, project, chosen.application_id, None, chosen.preset_id
            )
            same = base.environment.id == preview.environment.id or url_key(
                base.environment.url
            ) == url_key(preview.environment.url)
            before = None if same else await targets.target(session, self.tools.box, base)
            after = await targets.target(session, self.tools.box, preview)
            found, drafts = [
                await cases.list_cases(
                    session,
                    project,
                    application_id=chosen.application_id,
                    status=status,
                    ephemeral=False,
                    limit=_MOST_KNOWN,
                )
                for status in (CaseStatus.ENABLED, CaseStatus.DRAFT)
            ]
            footprints = await cases.footprints(session, [test.id for test in found])
        found.reverse()
        return Place(after, before), _Known(found, drafts, footprints)

    async def _compare(self, place: Place, about: str, paths: Sequence[str]) -> Sides:
        async with self.tools.database.read() as session:
            where = place.base or place.preview
            known = await atlas.recall(session, where.environment_id)
        return await side_by_side(
            self.tools.pool,
            place.preview,
            place.base,
            known,
            Wanted(self.clues, about, tuple(paths)),
            self.work,
        )

    async def _follow(
        self, place: Place, sides: Sides, tested: Sequence[Tested], known: _Known
    ) -> Found:
        """What else related tests that pass, and drafts, show on the preview only, where no test
        and no page has told the verdict yet."""
        base = place.base
        if base is None or _told_already(tested, sides.differences):
            return Found()
        good = [test.test_id for test in tested if _related(test)]
        async with self.tools.database.read() as session:
            by_id = {test.id: test for test in await cases.by_ids(session, good)}
        following = Following(
            self.tools.replayer, base, place.preview, self.clues, sides.same_data, self.work
        )
        drafts = impact.drafts_of(self.clues, known.drafts, tested=bool(tested))
        return await following.tests([by_id[one] for one in good if one in by_id], drafts)

    async def _try(
        self,
        place: Place,
        sides: Sides,
        tested: Sequence[Tested],
        known: Sequence[Difference],
        about: str,
    ) -> Found:
        """What forms take on both sides, where nothing has told the verdict yet."""
        if place.base is None or _told_already(tested, known):
            return Found()
        trying = Trying(
            self.tools.pool,
            place.base,
            place.preview,
            self.clues,
            about,
            sides.same_data,
            self.work,
        )
        return await trying.forms(sides.paths, sides.apart)

    async def _fill(
        self,
        plan: impact.Plan,
        tests: Sequence[TestCase],
        tested: Sequence[Tested],
        sides: Sides,
        place: Place,
        bench: Bench,
    ) -> Filled:
        if _broken(tested):
            # The verdict stands, and what is broken is no ground to write tests on.
            return Filled()
        filling = Filling(
            self.clues,
            tests,
            place.preview,
            place.base,
            self.author,
            self.work,
            bench,
            self.tools.database,
        )
        used = await use(self.tools.pool, place.preview, sides.fresh, self.clues, self.work)
        fresh = await filling.fresh(used.cases, plan.gaps)
        left = [gap for gap in plan.gaps if gap not in fresh.filled]
        rest = await filling.gaps(left, MOST_TESTS - len(fresh.tested))
        return Filled(
            (*fresh.tested, *rest.tested),
            (*fresh.filled, *rest.filled),
            (*fresh.dropped, *rest.dropped, *used.notes),
        )


def _broken(tested: Sequence[Tested]) -> bool:
    """Whether a test fails with the change that passes without it."""
    return any(
        test.verdict is TestVerdict.FAILED and test.base is TestVerdict.PASSED for test in tested
    )


def _told_already(tested: Sequence[Tested], differences: Sequence[Difference]) -> bool:
    return _broken(tested) or any(one.regression for one in differences)


def _related(test: Tested) -> bool:
    """Whether a test passed as it was recorded and has to do with the change."""
    return test.verdict is TestVerdict.PASSED and not test.healed and test.related


def _notes(place: Place) -> tuple[str, ...]:
    if place.base is not None:
        return ()
    return (
        (
            "The environment is the application's default one, so there was nothing to compare it "
            "with: whether a failure is new could not be told"
        ),
    )


def _joined(head: Report, change: Change, parts: Sequence[_Tried]) -> Report:
    tested = tuple(test for part in parts for test in part.tested)
    findings = tuple(one for part in parts for one in part.findings)
    problem = next((part.problem for part in parts if part.problem), "")
    verdict, why = verdict_of(change, tested, findings, problem)
    bases = [part.place.base for part in parts if part.place.base is not None]
    return replace(
        head,
        verdict=verdict,
        why=why,
        tested=tested,
        findings=tuple(sorted(findings, key=lambda one: not one.blocking)),
        differences=tuple(one for part in parts for one in part.differences),
        compared=tuple(path for part in parts for path in part.compared),
        gaps=tuple(gap for part in parts for gap in part.gaps),
        dropped=tuple(text for part in parts for text in part.dropped),
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
        environment=", ".join(_named(part.place.preview) for part in parts),
        base=", ".join(_named(base) for base in bases),
        phases=tuple(phase for part in parts for phase in part.phases),
    )


def _named(target: Target) -> str:
    return f"{target.environment_name} ({target.url})"
