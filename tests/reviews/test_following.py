"""Tests that pass on both sides are followed: what their steps do beside what they assert."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assay.browser.pool import PlaywrightPool
from assay.cases.model import CaseStatus, Draft, Proof, TestCase
from assay.reviews.clues import clues_of
from assay.reviews.differences import Difference
from assay.reviews.following import Following
from assay.reviews.model import FindingKind
from assay.reviews.reading import read_change
from assay.runs.replay import Replayer
from tests.browser.site import Site
from tests.reviews.test_trials import DIFF, Doing
from tests.runs.conftest import Notes, Writer

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def base() -> Iterator[Notes]:
    site = Site()
    yield Notes(site)
    site.close()


@pytest.fixture
def preview() -> Iterator[Notes]:
    site = Site()
    yield Notes(site)
    site.close()


def stored(draft: Draft, status: CaseStatus = CaseStatus.ENABLED) -> TestCase:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return TestCase(
        "t",
        "test_t",
        "p",
        "a",
        None,
        draft.name,
        draft.goal,
        draft.expected_result,
        status,
        draft.steps,
        Proof(),
        draft.baseline,
        now,
        now,
    )


async def followed(
    pool: PlaywrightPool, base: Notes, preview: Notes, *, same_data: bool = True
) -> list[Difference]:
    draft = await Writer(pool, base.target).add_note("Input emptied")
    clues = clues_of(read_change(DIFF))
    following = Following(Replayer(pool), base.target, preview.target, clues, same_data, Doing())
    return list((await following.tests([stored(draft)])).differences)


async def test_what_is_the_same_is_no_difference(
    pool: PlaywrightPool, base: Notes, preview: Notes
) -> None:
    assert await followed(pool, base, preview) == []


async def test_what_no_assertion_looks_at_is_seen(
    pool: PlaywrightPool, base: Notes, preview: Notes
) -> None:
    preview.fault = "miscount"
    (told,) = await followed(pool, base, preview)
    assert (told.kind, told.regression) == (FindingKind.CONTENT_CHANGED, True)
    assert told.seen == "“2 notes” stands where “1 notes” stood"
    assert "of “add note”: /notes shows another number" in told.title
    assert told.steps[0] == "Open /"
    assert told.steps[-1] == "Click “Add”"
    assert told.expected == "“1 notes” is shown"


async def test_other_data_may_make_other_numbers(
    pool: PlaywrightPool, base: Notes, preview: Notes
) -> None:
    preview.fault = "miscount"
    assert await followed(pool, base, preview, same_data=False) == []


async def test_a_site_that_goes_away_is_no_difference(
    pool: PlaywrightPool, base: Notes, preview: Notes
) -> None:
    preview.site.close()
    assert await followed(pool, base, preview) == []


async def walked(
    pool: PlaywrightPool, base: Notes, preview: Notes, diff: str = DIFF, fault: str = ""
) -> list[Difference]:
    """The differences that a draft shows, which asserts nothing; ``fault`` is the base's."""
    draft = await Writer(pool, base.target).add_note("Input emptied")
    base.fault = fault
    steps = tuple(step for step in draft.steps if step.assertion is None)
    clues = clues_of(read_change(diff))
    following = Following(Replayer(pool), base.target, preview.target, clues, True, Doing())
    found = await following.tests([], [stored(replace(draft, steps=steps), CaseStatus.DRAFT)])
    return list(found.differences)


async def test_a_step_of_a_draft_that_only_the_base_does_is_a_regression(
    pool: PlaywrightPool, base: Notes, preview: Notes
) -> None:
    assert await walked(pool, base, preview) == []
    preview.fault = "gone"
    (told,) = await walked(pool, base, preview)
    assert told.regression
    assert told.title == "“Click “Add”” of the draft “add note” no longer does what it did"
    assert told.steps[-1] == "Click “Add”"
    assert await walked(pool, base, preview, fault="gone") == []


async def test_a_step_of_a_draft_in_new_words_is_none(
    pool: PlaywrightPool, base: Notes, preview: Notes
) -> None:
    preview.fault = "renamed"
    diff = "--- a/x.html\n+++ b/x.html\n@@ -1 +1 @@\n-<a>Add</a>\n+<a>Add note</a>\n"
    assert await walked(pool, base, preview, diff) == []
