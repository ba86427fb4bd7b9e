"""Lines about more than one element: each is written, replayed and proven on a live site."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from assay.browser.pool import PlaywrightPool
from assay.cases.meaning import Meaning
from assay.kernel.progress import Silent
from assay.projects.model import Target
from assay.runs.model import Outcome
from assay.runs.proof import Prover
from assay.runs.replay import Replayer
from tests.browser.site import Site
from tests.journeys import widget_site
from tests.journeys.plain_cases import PlainCase, holds, plain_cases, written

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    widget_site.fill(site)
    yield site
    site.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[PlaywrightPool]:
    made = PlaywrightPool()
    yield made
    await made.close()


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return Meaning(embeddings=False)


def _target(site: Site) -> Target:
    hosts = frozenset({urlsplit(site.url).netloc})
    return Target("p", "a", "app_x", "Widgets", "e", "local", site.url + "/", hosts)


@pytest.mark.parametrize("case", plain_cases("widgets"), ids=lambda case: case.name)
async def test_on_the_widgets(
    case: PlainCase, site: Site, pool: PlaywrightPool, meaning: Meaning
) -> None:
    await holds(case, pool, meaning, _target(site))


_PROVEN = """1. Open the start page
2. Click "Get the list"
Expected: the file "list.csv" is downloaded
Expected: the file has 2 lines
3. Click the link "New tab"
4. Switch to the first tab
5. Click "Ask"
Expected: the link "Third" leads to "/third"
Expected: "Buy milk" comes before "Walk dog"
Expected: there are no console errors
Expected: no request fails
6. Send a GET request to "/api/items"
Expected: the response status is 200
Expected: the response field "items.1.name" is "Bowl"
"""


async def test_each_kind_of_result_is_proven(
    site: Site, pool: PlaywrightPool, meaning: Meaning
) -> None:
    draft = await written(PlainCase("proven", _PROVEN, ()), pool, meaning, _target(site))
    assert (draft.problem, draft.unchecked) == ("", ())

    async def record(outcome: Outcome, key: str) -> str:
        return key

    proven = await Prover(Replayer(pool)).prove(draft, _target(site), Silent(), record)
    assert proven.problem == ""
    assert proven.proven


@pytest.mark.parametrize(
    ("button", "expected", "seen"),
    [
        ("Complain", "there are no console errors", "Out of widgets"),
        ("Ask in vain", "no request fails", "GET /nothing was answered with 404"),
    ],
)
async def test_what_went_wrong_is_told_and_keeps_the_test_a_draft(
    button: str, expected: str, seen: str, site: Site, pool: PlaywrightPool, meaning: Meaning
) -> None:
    text = f'1. Open "/wrong"\n2. Click "{button}"\nExpected: {expected}'
    draft = await written(PlainCase("wrong", text, ()), pool, meaning, _target(site))
    assert draft.unchecked == (expected,)
    assert seen in draft.notes[0]


async def test_a_tab_that_is_not_open_is_told_with_those_that_are(
    site: Site, pool: PlaywrightPool, meaning: Meaning
) -> None:
    text = '1. Open the start page\n2. Click "New tab"\n3. Switch to the tab "Fourth"'
    draft = await written(PlainCase("tab", text, ()), pool, meaning, _target(site))
    assert "“Fourth” is none of the tabs that are open" in draft.problem
    assert draft.candidates == ("tab “Widget works”", "tab “Second”")
