"""Desks at both stand-ins."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from assay.storage import Database
from tests.forge.conftest import Place, hub, lab
from tests.publishing.desk import Desk, approve, open_desk

__all__ = ["hub", "lab"]


@pytest.fixture
async def desk(database: Database, hub: Place) -> AsyncIterator[Desk]:
    """GitHub with a preview address, on each database."""
    async with open_desk(database, hub.site) as opened:
        opened.assistant.script = approve
        yield opened


@pytest.fixture
async def quick(sqlite_database: Database, hub: Place) -> AsyncIterator[Desk]:
    """GitHub with a preview address, on SQLite only."""
    async with open_desk(sqlite_database, hub.site) as opened:
        opened.assistant.script = approve
        yield opened


@pytest.fixture
async def blind(sqlite_database: Database, hub: Place) -> AsyncIterator[Desk]:
    """GitHub whose deployments report the preview."""
    async with open_desk(sqlite_database, hub.site, preview="") as opened:
        opened.assistant.script = approve
        yield opened


@pytest.fixture
async def shy(sqlite_database: Database, hub: Place) -> AsyncIterator[Desk]:
    """GitHub with automatic reviews off."""
    async with open_desk(sqlite_database, hub.site, automatic=False) as opened:
        opened.assistant.script = approve
        yield opened


@pytest.fixture
async def mirror(sqlite_database: Database, lab: Place) -> AsyncIterator[Desk]:
    """GitLab with a preview address."""
    async with open_desk(sqlite_database, lab.site) as opened:
        opened.assistant.script = approve
        yield opened
