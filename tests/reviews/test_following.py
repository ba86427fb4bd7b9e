"""Tests that pass on both sides are followed: what their steps do beside what they assert."""

from __future__ import annotations

from collections.abc import Iterator
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


def stored(draft: Draft) -> TestCase:
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
        CaseStatus.ENABLED,
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
