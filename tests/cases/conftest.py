"""One author for all tests of the room: it holds no state of a site."""

from __future__ import annotations

import pytest_asyncio

from assay.browser.pool import PlaywrightPool
from assay.cases.author import Author
from assay.cases.meaning import Meaning


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def author(pool: PlaywrightPool) -> Author:
    """An author with a real browser and the model of meaning loaded."""
    meaning = Meaning()
    meaning.warm()
    return Author(pool, meaning)
