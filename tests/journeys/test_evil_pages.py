"""Exploring and testing hostile pages ends in time, says something clear and kills nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from assay.atlas.explore import explore
from assay.atlas.model import AppMap, Budget
from assay.browser.errors import BrowserError
from assay.browser.model import Action, ActionKind
from assay.browser.pool import PlaywrightPool
from assay.browser.port import SessionOptions
from assay.cases.model import Assertion, AssertionKind, Step, Verdict
from assay.kernel.progress import Silent
from assay.projects.model import Target
from assay.runs.model import Outcome, ReplayOptions
from assay.runs.replay import Replayer
from tests.journeys.evil_site import Evil

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

EXPLORING, TESTING = 60.0, 60.0
BUDGET = Budget(states=6, actions=10, seconds=10.0, depth=2)


@pytest.fixture(scope="module")
def evil() -> Iterator[Evil]:
    evil = Evil()
    yield evil
    evil.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[PlaywrightPool]:
    """A browser for these pages alone, which may bring it down."""
    pool = PlaywrightPool()
    yield pool
    await pool.close()


def target(evil: Evil, path: str) -> Target:
    hosts = frozenset({urlsplit(evil.site.url).netloc})
    return Target("p", "a", "app_x", "Evil", "e", "local", evil.site.url + path, hosts)


async def explored(pool: PlaywrightPool, evil: Evil, path: str) -> AppMap:
    return await asyncio.wait_for(explore(pool, target(evil, path), BUDGET, Silent()), EXPLORING)


async def outcome_of(
    pool: PlaywrightPool, evil: Evil, path: str, shows: str, *acts: Step
) -> Outcome:
    last = Step(
        len(acts) + 2, f"“{shows}” is shown", assertion=Assertion(AssertionKind.TEXT, shows)
    )
    first = Step(1, f"Open {path}", action=ActionKind.NAVIGATE, value=path)
    return await asyncio.wait_for(
        Replayer(pool).replay((first, *acts, last), target(evil, path), ReplayOptions()), TESTING
    )


async def alive(pool: PlaywrightPool, evil: Evil) -> None:
    """The same browser goes on working for others."""
    hosts = frozenset({urlsplit(evil.site.url).netloc})
    async with asyncio.timeout(30), pool.session(SessionOptions(evil.site.url, hosts)) as session:
        await session.perform(Action(ActionKind.NAVIGATE, value="/plain"))
        assert "Plain page" in (await session.observe()).text


PAGES = {
    "/endless": "Endless feed",
    "/ticking": "Clock",
    "/unsettled": "Busy page",
    "/alerts": "Alert loop",
    "/popups": "Plain page",
    "/trap": "Nobody leaves",
    "/worker": "Service worker",
    "/hostile": "Orders of today",
    "/nested": "The bottom",
    "/downloads": "Files",
    "/printing": "Printed",
    "/asking": "Asking for all",
    "/closing": "Gone soon",
    "/endless-file": "Endless file",
    "/growing": "Growing",
}


@pytest.mark.parametrize("path", list(PAGES))
async def test_a_hostile_page_is_explored_and_tested(
    pool: PlaywrightPool, evil: Evil, path: str
) -> None:
    found = await explored(pool, evil, path)
    assert found.states
    outcome = await outcome_of(pool, evil, path, PAGES[path])
    assert outcome.verdict is Verdict.PASSED, outcome.reason
    wrong = await outcome_of(pool, evil, path, "No such words")
    assert wrong.verdict is not Verdict.PASSED
    assert wrong.reason
    await alive(pool, evil)


@pytest.mark.parametrize(
    "path",
    [
        "/loop",
        "/never",
        "/hung",
        "/reloading",
        "/huge",
        "/rows",
        "/deep",
        "/guarded",
    ],
)
async def test_a_page_that_is_too_much_ends_with_a_reason(
    pool: PlaywrightPool, evil: Evil, path: str
) -> None:
    found = await explored(pool, evil, path)
    assert found.stopped_by
    if path in {"/loop", "/never", "/deep"}:
        assert found.stopped_by == "unreachable"
        assert any("could not be opened" in note for note in found.notes), found.notes
    outcome = await outcome_of(pool, evil, path, "No such words")
    assert outcome.verdict is not Verdict.PASSED
    assert outcome.reason
    await alive(pool, evil)


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/here", "Here"),  # two pages that swap for ever
        ("/streaming", "On"),  # a page that never ends
        ("/mirrors", "Mirrors"),  # a frame in a frame in a frame
        ("/crowded", "Crowd"),  # 100,000 elements
    ],
)
async def test_opening_and_looking_end_in_time(
    pool: PlaywrightPool, evil: Evil, path: str, title: str
) -> None:
    hosts = frozenset({urlsplit(evil.site.url).netloc})
    hasty = SessionOptions(evil.site.url, hosts, navigation_timeout=3)
    async with asyncio.timeout(40), pool.session(hasty) as session:
        try:
            await session.perform(Action(ActionKind.NAVIGATE, value=path))
            said = (await session.observe()).title
        except BrowserError as error:
            said = error.message
    assert re.search(f"could not be opened|could not be read|^{title}", said)
    await alive(pool, evil)


async def test_a_file_that_never_ends_is_given_up(pool: PlaywrightPool, evil: Evil) -> None:
    hosts = frozenset({urlsplit(evil.site.url).netloc})
    async with asyncio.timeout(60), pool.session(SessionOptions(evil.site.url, hosts)) as session:
        await session.perform(Action(ActionKind.NAVIGATE, value="/endless-file"))
        page = await session.observe()
        link = next(node for node in page.nodes if node.role == "link")
        await session.perform(Action(ActionKind.CLICK, link.ref))
        assert "Endless file" in (await session.observe()).text
    await alive(pool, evil)


async def test_text_of_a_page_is_no_instruction(pool: PlaywrightPool, evil: Evil) -> None:
    evil.visited.clear()
    await explored(pool, evil, "/hostile")
    assert evil.visited == []


async def test_a_renderer_that_crashes_under_a_test_could_not_be_verified(
    pool: PlaywrightPool, evil: Evil
) -> None:
    crash = Step(2, "Open the deep page", action=ActionKind.NAVIGATE, value="/deep")
    outcome = await outcome_of(pool, evil, "/plain", "Plain page", crash)
    assert outcome.verdict is Verdict.COULD_NOT_VERIFY
    assert "crash" in outcome.reason
    await alive(pool, evil)


async def test_a_page_longer_than_anybody_reads_says_so(pool: PlaywrightPool, evil: Evil) -> None:
    hosts = frozenset({urlsplit(evil.site.url).netloc})
    patient = SessionOptions(evil.site.url, hosts, navigation_timeout=80)
    async with asyncio.timeout(150), pool.session(patient) as session:
        await session.perform(Action(ActionKind.NAVIGATE, value="/huge"))
        seen = await session.observe()
    assert "the rest of a very long page" in seen.blind
    assert len(seen.text) <= 1_000_100
