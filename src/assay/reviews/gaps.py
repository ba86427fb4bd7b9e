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
from assay.reviews.ports import Author, Json, NewTest, Work
from assay.reviews.testing import Bench, run_tests
from assay.storage import Database

MOST_GAPS = 3
_TESTS_EACH = 1


@dataclass(frozen=True, slots=True)
class Filled:
    """Tests that were written now, which gaps they fill, and what could not be written."""

    tested: tuple[Tested, ...] = ()
    filled: tuple[Gap, ...] = ()
    dropped: tuple[str, ...] = ()


async def fill(
    open_: Sequence[Gap],
    clues: Clues,
    known: Sequence[TestCase],
    preview: Target,
    base: Target | None,
    author: Author,
    work: Work,
    bench: Bench,
    database: Database,
) -> Filled:
    """Write a test for each of the first gaps and run it on preview and base.

    What was there before the change is written against the base, so that the test holds what the
    change must not break; what is new, or cannot be written there, against the preview. A test
    counts when it is proven and does reach the area.
    """
    found = Filled()
    names = {test.name for test in known}
    for gap in _worth(open_):
        new = await _written(gap, clues, preview, base, author, work, database)
        made = [test for test in new.tests if test.name not in names]
        if not made:
            found = replace(found, dropped=(*found.dropped, *new.missing[:2]))
            continue
        names.update(test.name for test in made)
        tested = await _tried(gap, made, clues, new.at_base, preview, base, bench, database)
        found = Filled(
            (*found.tested, *tested), (*found.filled, gap), (*found.dropped, *new.missing[:1])
        )
    return found


def _worth(open_: Sequence[Gap]) -> list[Gap]:
    """Gaps with words to ask tests for, one of each."""
    by_feature = {gap.feature: gap for gap in reversed(open_) if gap.feature}
    return list(reversed(by_feature.values()))[:MOST_GAPS]


@dataclass(frozen=True, slots=True)
class _New:
    tests: tuple[NewTest, ...]
    missing: tuple[str, ...]
    at_base: bool


async def _written(
    gap: Gap,
    clues: Clues,
    preview: Target,
    base: Target | None,
    author: Author,
    work: Work,
    database: Database,
) -> _New:
    """Proven tests that reach one gap, written where they can be; remembered by the turn."""

    async def at(target: Target) -> Json:
        await work.say(f"Writing a test for “{gap.feature}” on {target.url}.")
        tests, missing = await author.write([gap.feature], _TESTS_EACH, target)
        return {
            "tests": [[one.test_id, one.name, one.proven, one.reason] for one in tests],
            "missing": missing,
        }

    missing: list[str] = []
    for target in [preview] if base is None or gap.new else [base, preview]:
        key = f"review:write:{target.environment_id}:{gap.feature}"[:180]
        data = await work.journal(key, partial(at, target))
        found = [NewTest(*one) for one in data["tests"]]
        reaching = await _reaching(gap, clues, found, database, "-" if target is base else "+")
        if reaching:
            return _New(tuple(reaching), tuple(data["missing"]), target is base)
        missing = [*data["missing"], *(_short(gap, test) for test in found)]
    return _New((), tuple(missing), at_base=False)


async def _reaching(
    gap: Gap, clues: Clues, tests: Sequence[NewTest], database: Database, sign: str
) -> list[NewTest]:
    """The proven tests that reach a gap, by what they do or by the changed lines that they ran, as
    those are before (``-``) or after the change (``+``)."""
    proven = {test.test_id: test for test in tests if test.proven}
    if not proven:
        return []
    file = next(one for one in clues.files if one.path == gap.file)
    async with database.read() as session:
        stored = await cases.by_ids(session, list(proven))
        ran = await cases.footprints(session, list(proven))
    return [
        proven[one.id]
        for one in stored
        if match(file, reach_of(one))[0] >= RELATED
        or (one.id in ran and runs_each(file.file, ran[one.id], sign))
    ]


def _short(gap: Gap, test: NewTest) -> str:
    if test.proven:
        return f"A test was written for “{gap.feature}” that does not reach it: “{test.name}”."
    why = test.reason or "it could not be proven"
    return f"A test for “{gap.feature}” stayed a draft: {why}"


async def _tried(
    gap: Gap,
    made: Sequence[NewTest],
    clues: Clues,
    at_base: bool,
    preview: Target,
    base: Target | None,
    bench: Bench,
    database: Database,
) -> list[Tested]:
    async with database.read() as session:
        tests = await cases.by_ids(session, [test.test_id for test in made])
    where = "as it was before the change" if at_base else "as the change made it"
    reason = f"no test reached {gap.file}, so it was written now, for “{gap.feature}” {where}"
    chosen = [Selection(test.id, test.name, reason, 1.0) for test in tests]
    return await run_tests(
        bench,
        chosen,
        tests,
        clues.copy_edits,
        preview,
        base,
        key=gap.feature[:60],
        origin="created",
    )
