"""Lines about more than one element: each is written, replayed and proven on a live site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

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

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    widget_site.fill(site)
    yield site
    site.close()


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


_DOCUMENT = Path(__file__).parents[2] / "docs" / "plain-style.md"
# What has to be done before a line of the document can be done.
_LEADS = {
    'Wait for the text "Saved"': 'Click "Save it"',
    'Wait until "Loading" is gone': 'Click "Load"',
    'Wait until the button "Undo" is gone': 'Click "Undo"',
    'Switch to the tab "Second"': 'Click the link "New tab"',
    'Expected: the file "list.csv" is downloaded': 'Click "Get the list"',
    "Expected: the response status is 201": (
        'Send a POST request to "/api/items" with the body {"name": "Cup"}'
    ),
    'Expected: the response contains "Bowl"': 'Send a GET request to "/api/items"',
}


def _lines(heading: str) -> list[str]:
    """The lines in the second column of the tables below a heading of the document."""
    part = _DOCUMENT.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [row.split("|", 2)[2] for row in part.splitlines() if row.startswith("| ")]
    return [line for cell in rows for line in re.findall(r"`([^`]+)`", cell)]


async def test_every_line_of_the_document_does_what_it_says(
    site: Site, pool: PlaywrightPool, meaning: Meaning
) -> None:
    headings = ("Waiting and scrolling", "Values to use later", "The site's API", "Tabs")
    lines = [line for heading in headings for line in _lines(heading)]
    # Where the other results are checked, see test_plain_style.
    results = _lines("An expected result")
    after = results.index('Expected: the file "list.csv" is downloaded')
    text = ["1. Open the start page"]
    for line in [*lines, "Open the start page", *results[after:]]:
        for one in (_LEADS.get(line), line):
            if one is not None:
                number = sum(1 for old in text if old[0].isdigit()) + 1
                text.append(one if one.startswith("Expected:") else f"{number}. {one}")
    draft = await written(PlainCase("all", "\n".join(text), ()), pool, meaning, _target(site))
    assert (draft.problem, draft.unchecked) == ("", ())
    done = [step.kind for step in draft.steps]
    for kind in ("wait_for", "scroll", "extract", "fetch"):
        assert done.count(kind) >= 2, kind
    assert {"wait_gone", "open_tab", "switch_tab", "close_tab", "press"} <= set(done)


async def test_what_cannot_be_seen_into_is_told(
    site: Site, pool: PlaywrightPool, meaning: Meaning
) -> None:
    text = '1. Open "/drawn"\n2. Click "January" in the section "{}"'
    for place, said in (("Sales chart", "canvas “Sales chart”"), ("A boat", "picture “A boat”")):
        case = PlainCase("drawn", text.format(place), ())
        draft = await written(case, pool, meaning, _target(site))
        assert f"I cannot see inside the {said}." in draft.problem
    shown = '1. Open "/drawn"\nExpected: the text "42 sales" is shown'
    draft = await written(PlainCase("drawn", shown, ()), pool, meaning, _target(site))
    assert draft.unchecked
    assert draft.notes == ("I cannot see inside canvas Sales chart, closed part secret-part.",)


async def test_a_page_larger_than_a_look_is_looked_at_further(
    site: Site, pool: PlaywrightPool, meaning: Meaning
) -> None:
    case = PlainCase(
        "large",
        '1. Open "/large"\n2. Click the button "Go on"\nExpected: the button "Last" is shown',
        (
            "navigate: Open /large",
            "click button: Click “Go on”",
            'assert visible: the button "Last" is shown',
        ),
    )
    await holds(case, pool, meaning, _target(site))
