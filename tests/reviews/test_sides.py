"""Base and preview are opened page by page, each a small site of the test's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from assay.atlas.model import AppMap, State
from assay.browser.pool import PlaywrightPool
from assay.projects.model import Target
from assay.reviews.clues import clues_of
from assay.reviews.model import FindingKind
from assay.reviews.reading import read_change
from assay.reviews.sides import Sides, Wanted, side_by_side
from tests.browser.site import Answer, Asked, Site, html
from tests.reviews.test_trials import Doing

pytestmark = pytest.mark.asyncio(loop_scope="session")

DIFF = "--- a/about.py\n+++ b/about.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n"
PAGES = {"": "<h1>Start</h1>", "about": "<h1>About</h1>", "hours": "<h1>Hours</h1>"}


def below(site: Site, folder: str, *, without: str = "") -> Site:
    """The pages below a folder of a site."""
    site.pages = {f"{folder}{name}": page for name, page in PAGES.items() if name != without}
    return site


@pytest.fixture
def other() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


async def compared(pool: PlaywrightPool, base: Site, start: str, preview: str) -> Sides:
    states = tuple(
        State(path, f"{base.url}{path}", "", "", "page", path, 0)
        for path in base.pages
        if path != start
    )
    before, after = (
        Target("p", "a", "app_x", "Site", url, url, url, frozenset({url.split("/")[2]}))
        for url in (base.url + start, preview)
    )
    wanted = Wanted(clues_of(read_change(DIFF)), "")
    return await side_by_side(pool, after, before, AppMap(states), wanted, Doing())


@pytest.mark.parametrize(
    ("base", "preview"), [("/", "/pr-7/"), ("/app/", "/"), ("/app/", "/pr-7/")]
)
async def test_a_preview_below_another_path_is_told_and_no_regression(
    pool: PlaywrightPool, site: Site, other: Site, base: str, preview: str
) -> None:
    below(other, preview)
    found = await compared(pool, below(site, base), base, other.url + preview)
    assert "the two stand below different paths" in found.unreachable
    assert found.differences == ()


@pytest.mark.parametrize(
    ("start", "opened"), [("/", "/about"), ("/about", "/"), ("/", "/"), ("/", "/hours")]
)
async def test_another_start_page_of_the_same_site_is_compared(
    pool: PlaywrightPool, site: Site, other: Site, start: str, opened: str
) -> None:
    preview = below(other, "/", without="hours").url + opened
    found = await compared(pool, below(site, "/"), start, preview)
    assert not found.unreachable
    assert [(one.kind, one.path) for one in found.differences if one.regression] == [
        (FindingKind.PAGE_BROKEN, "/hours")
    ]


CUPS = [("Blue", 7), ("Amber", 9), ("Cream", 3), ("Dusk", 5)]


def cupboard(site: Site, *, cups: Sequence[tuple[str, int]], flaw: str = "") -> Site:
    """A list that can be asked for in the order of prices, and goes on on a second page."""

    def listed(asked: Asked) -> Answer:
        second = "page=2" in asked.path
        if second and flaw == "page":
            return Answer(b"Oops", 500)
        shown = [("Elder", 8), ("Fern", 2)] if second else list(cups)
        if "sort=price" in asked.path:
            shown.sort(key=lambda cup: cup[1], reverse=flaw == "order")
        rows = "".join(
            f"<tr><td><a href=/cups/{name}>{name}</a><td>{price}" for name, price in shown
        )
        return Answer(
            html(
                f"<h1>Cups</h1><table><tr><th>Name<th><a href='/cups?sort=price'>Price</a>{rows}"
                "</table><a href='/cups?page=2'>2</a> <a href='/cups?delete=1'>Clear</a>"
            )
        )

    site.pages = {"/": "<h1>Start</h1>", "/cups": listed}
    site.pages |= {f"/cups/{name}": f"<h1>{name}</h1>" for name, _ in cups}
    return site


@pytest.mark.parametrize(
    ("flaw", "told"),
    [
        ("order", [(FindingKind.CONTENT_CHANGED, "/cups?sort=price")]),
        ("page", [(FindingKind.PAGE_BROKEN, "/cups?page=2")]),
        ("", []),
    ],
)
async def test_a_list_is_compared_in_another_order_and_where_it_goes_on(
    pool: PlaywrightPool, site: Site, other: Site, flaw: str, told: list[tuple[FindingKind, str]]
) -> None:
    preview = cupboard(other, cups=CUPS, flaw=flaw)
    found = await compared(pool, cupboard(site, cups=CUPS), "/", f"{preview.url}/")
    assert [(one.kind, one.path) for one in found.differences if one.regression] == told
    assert not any("delete" in asked.path for one in (site, other) for asked in one.asked)


async def test_other_data_in_another_order_are_no_regression(
    pool: PlaywrightPool, site: Site, other: Site
) -> None:
    preview = cupboard(other, cups=[*CUPS[2:], ("Gold", 1), ("Hazel", 6)], flaw="order")
    found = await compared(pool, cupboard(site, cups=CUPS), "/", f"{preview.url}/")
    assert not [one for one in found.differences if one.regression]
