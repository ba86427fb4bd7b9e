"""New tests for changed areas that no test reaches, kept for the review alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from assay.cases import service as cases
from assay.cases.model import TestCase
from assay.projects.model import Target
from assay.reviews.clues import Clues
from assay.reviews.covered import runs_each
from assay.reviews.impact import RELATED, Gap, match, reach_of
from assay.reviews.model import Selection, Tested
from assay.reviews.novelties import Case, files_of
from assay.reviews.ports import Author, Json, NewTest, Work
from assay.reviews.testing import Bench, run_tests
from assay.storage import Database

MOST_TESTS = 3
_TESTS_EACH = 1


@dataclass(frozen=True, slots=True)
class Filled:
    """Tests that were written now, which gaps they fill, and what could not be written."""

    tested: tuple[Tested, ...] = ()
    filled: tuple[Gap, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filling:
    """Writing tests for one application of a change, with everything that takes."""

    clues: Clues
    known: Sequence[TestCase]
    preview: Target
    base: Target | None
    author: Author
    work: Work
    bench: Bench
    database: Database

    async def fresh(self, cases_: Sequence[Case], open_: Sequence[Gap]) -> Filled:
        """Have a test written of each case for something new, and run it on preview and base."""
        found = Filled()
        for number, case in enumerate(cases_):
            name = case.fresh.text
            await self.work.say(f"Writing a test for {name}, which is new, on {self.preview.url}.")
            key = f"review:fresh:{self.preview.environment_id}:{number}"
            data = await self.work.journal(key, partial(self._case, case))
            new = [NewTest(*one) for one in data]
            made = [test for test in new if test.proven]
            if not made:
                short = [_short(_named(case), test) for test in new] or [
                    f"No test could be written for {name}, which is new."
                ]
                found = replace(found, dropped=(*found.dropped, *short))
                continue
            reason = f"{case.fresh.path} has something new, so it was written now: {name}"
            tested = await self._tried(made, reason, f"fresh-{number}")
            files = files_of(case, self.clues)
            reached = [gap for gap in open_ if gap.file in files]
            found = replace(
                found, tested=(*found.tested, *tested), filled=(*found.filled, *reached)
            )
        return found

    async def gaps(self, open_: Sequence[Gap], most: int = MOST_TESTS) -> Filled:
        """Write a test for each of the first gaps and run it on preview and base.

        What was there before the change is written against the base, so that the test holds what
        the change must not break; what is new, or cannot be written there, against the preview. A
        test counts when it is proven and does reach the area.
        """
        found = Filled()
        names = {test.name for test in self.known}
        for gap in _worth(open_)[:most]:
            new = await self._written(gap)
            made = [test for test in new.tests if test.name not in names]
            if not made:
                found = replace(found, dropped=(*found.dropped, *new.missing[:2]))
                continue
            names.update(test.name for test in made)
            where = "as it was before the change" if new.at_base else "as the change made it"
            reason = (
                f"no test reached {gap.file}, so it was written now, for “{gap.feature}” {where}"
            )
            tested = await self._tried(made, reason, gap.feature)
            found = Filled(
                (*found.tested, *tested), (*found.filled, gap), (*found.dropped, *new.missing[:1])
            )
        return found

    async def _case(self, case: Case) -> Json:
        written = await self.author.write_case(case.name, case.text, self.preview)
        return [[one.test_id, one.name, one.proven, one.reason] for one in written]

    async def _written(self, gap: Gap) -> _New:
        """Proven tests that reach one gap, written where they can be; remembered by the turn."""

        async def at(target: Target) -> Json:
            await self.work.say(f"Writing a test for “{gap.feature}” on {target.url}.")
            tests, missing = await self.author.write([gap.feature], _TESTS_EACH, target)
            return {
                "tests": [[one.test_id, one.name, one.proven, one.reason] for one in tests],
                "missing": missing,
            }

        missing: list[str] = []
        first = [] if self.base is None or gap.new else [self.base]
        for target in [*first, self.preview]:
            key = f"review:write:{target.environment_id}:{gap.feature}"[:180]
            data = await self.work.journal(key, partial(at, target))
            found = [NewTest(*one) for one in data["tests"]]
            sign = "-" if target is self.base else "+"
            reaching = await self._reaching(gap, found, sign)
            if reaching:
                return _New(tuple(reaching), tuple(data["missing"]), target is self.base)
            missing = [*data["missing"], *(_short(gap.feature, test) for test in found)]
        return _New((), tuple(missing), at_base=False)

    async def _reaching(self, gap: Gap, tests: Sequence[NewTest], sign: str) -> list[NewTest]:
        """The proven ones that reach a gap: by what they do, or by the changed lines that they
        ran, as those are before (``-``) or after the change (``+``)."""
        proven = {test.test_id: test for test in tests if test.proven}
        if not proven:
            return []
        file = next(one for one in self.clues.files if one.path == gap.file)
        async with self.database.read() as session:
            stored = await cases.by_ids(session, list(proven))
            ran = await cases.footprints(session, list(proven))
        return [
            proven[one.id]
            for one in stored
            if match(file, reach_of(one))[0] >= RELATED
            or (one.id in ran and runs_each(file.file, ran[one.id], sign))
        ]

    async def _tried(self, made: Sequence[NewTest], reason: str, key: str) -> list[Tested]:
        async with self.database.read() as session:
            tests = await cases.by_ids(session, [test.test_id for test in made])
        return await run_tests(
            self.bench,
            [Selection(test.id, test.name, reason, 1.0) for test in tests],
            tests,
            self.clues.copy_edits,
            self.preview,
            self.base,
            key=key[:60],
            origin="created",
        )


def _worth(open_: Sequence[Gap]) -> list[Gap]:
    """Gaps with words to ask tests for, one of each."""
    by_feature = {gap.feature: gap for gap in reversed(open_) if gap.feature}
    return list(reversed(by_feature.values()))


@dataclass(frozen=True, slots=True)
class _New:
    tests: tuple[NewTest, ...]
    missing: tuple[str, ...]
    at_base: bool


def _named(case: Case) -> str:
    return case.name.removeprefix("New: ")


def _short(feature: str, test: NewTest) -> str:
    if test.proven:
        return f"A test was written for “{feature}” that does not reach it: “{test.name}”."
    why = test.reason or "it could not be proven"
    return f"A test for “{feature}” stayed a draft: {why}"
