"""A visitor of the sample shop, with the faults that a test asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from assay_shop.app import create_app
from assay_shop.faults import parse_faults
from tests.shop.shopper import Visit


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncIterator[Visit]:
    """Makes a client that follows redirects and keeps cookies, as a browser does."""
    async with AsyncExitStack() as stack:

        async def make(*faults: str) -> httpx.AsyncClient:
            app = create_app(tmp_path, parse_faults(faults))
            await stack.enter_async_context(app.router.lifespan_context(app))
            return await stack.enter_async_context(
                httpx.AsyncClient(
                    transport=httpx.ASGITransport(app),
                    base_url="http://shop.test",
                    follow_redirects=True,
                )
            )

        yield make
