"""Lines about more than one element: each is written, replayed and proven on a live site."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from assay.browser.pool import PlaywrightPool
from assay.cases.meaning import Meaning
from assay.projects.model import Target
from tests.browser.site import Site
from tests.journeys import widget_site
from tests.journeys.plain_cases import PlainCase, holds, plain_cases

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
