"""A site of the test's own and one browser, for exploring it for real."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from assay.atlas.explore import explore
from assay.atlas.model import AppMap, Budget
from assay.browser.pool import PlaywrightPool
from assay.kernel.progress import Silent
from assay.projects.model import Target
from tests.browser.site import Site

Explored = Callable[..., Awaitable[AppMap]]


def target_of(site: Site, path: str = "/") -> Target:
    hosts = frozenset({site.host})
    return Target("p", "a", "app_x", "Site", "e", "local", site.url + path, hosts)


@pytest.fixture
def explored(pool: PlaywrightPool, site: Site) -> Explored:
    """Explores the site from its start page; keywords are the budget's."""

    async def run(
        start: str = "", storage_state: dict[str, object] | None = None, **budget: Any
    ) -> AppMap:
        return await explore(
            pool, target_of(site), Budget(**budget), Silent(), start=start,
            storage_state=storage_state,
        )  # fmt: skip

    return run


def asked(site: Site) -> list[str]:
    """The paths that were asked for, in order."""
    return [one.path for one in site.asked]
