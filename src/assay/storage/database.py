"""The engine: one SQLite file by default, PostgreSQL for many machines.

Write sessions start with ``BEGIN IMMEDIATE`` on SQLite: a deferred transaction that first reads and
then writes fails at once when another writer came between, and ``FOR UPDATE`` is dropped there in
silence, so only the write lock taken up front makes read-then-write safe on both engines.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import aiosqlite
from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from assay.storage.errors import DatabaseUnavailable, DatabaseUrlInvalid
from assay.storage.session import ReadSession, WriteSession, translated

BUSY_TIMEOUT_MS = 10_000
# A thread that waits for a lock is not waited for that long: stopping has 10 s in all.
_ENDING_SECONDS = 2.0
_MODE = "assay_session"
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys=ON",
)


class _Closing(sqlite3.Connection):
    """Ends its transaction when it is closed. SQLite itself goes on with it, and with its lock, as
    long as one of its statements lives (https://sqlite.org/c3ref/close.html), and the error of a
    cancelled task may keep a cursor alive."""

    def close(self) -> None:
        try:
            if self.in_transaction:
                self.rollback()
        finally:
            super().close()


class _Connection(aiosqlite.Connection):
    """Leaves a trace of its thread when it is stopped: when opening fails or a cancelled task gives
    the connection up, nobody else waits for the thread, which then answers to an event loop that
    may be closed by that time."""

    ending: set[Thread]

    @classmethod
    async def to(
        cls, ending: set[Thread], arguments: Sequence[Any], options: Mapping[str, Any]
    ) -> _Connection:
        """Open a file; ``ending`` gets the thread that must end before the event loop closes."""
        connection = cls(lambda: sqlite3.connect(*arguments, factory=_Closing, **options), 64)
        connection.ending = ending
        # As SQLAlchemy does for connections of its own making: no thread holds up the process.
        connection._thread.daemon = True
        await connection
        return connection

    def stop(self) -> asyncio.Future[Any] | None:
        self.ending.difference_update([thread for thread in self.ending if not thread.is_alive()])
        self.ending.add(self._thread)
        return super().stop()


class Database:
    """Hands out sessions on one database. Bound to the event loop that first uses it.

    ``url`` is ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or ``postgresql://…``; the
    driver is chosen here. Only an edge (request, command) or a job opens sessions, and awaits
    nothing but the database inside one.
    """

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = _driver_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._pool_size = pool_size
        self._writing = asyncio.Lock()
        self._writer: asyncio.Task[Any] | None = None
        self._sync_engine: Engine | None = None
        if self.is_sqlite:
            self._make_folder()
        self._ending: set[Thread] = set()
        self.engine: AsyncEngine = create_async_engine(self.url, **self._async_options())
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[ReadSession]:
        """A read session; all that it sees is of one moment."""
        with translated():
            async with self.engine.connect() as connection:
                if not self.is_sqlite:
                    # PostgreSQL would show each statement another moment: a conversation from
                    # before and its messages from after a change.
                    await connection.execution_options(
                        isolation_level="REPEATABLE READ", postgresql_readonly=True
                    )
                async with connection.begin():
                    yield ReadSession(connection)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[WriteSession]:
        """A write session: commits at exit, rolls back when the block raises."""
        if self._writer is not None and self._writer is asyncio.current_task():
            raise RuntimeError("a write session was opened inside a write session")
        if not self.is_sqlite:
            async with self._open_write() as session:
                yield session
            return
        # SQLite's own waiting is unfair and sleeps up to 100 ms, so writers of this process queue.
        async with self._writing:
            self._writer = asyncio.current_task()
            try:
                async with self._open_write() as session:
                    yield session
            finally:
                self._writer = None

    @asynccontextmanager
    async def _open_write(self) -> AsyncIterator[WriteSession]:
        with translated():
            async with self.engine.connect() as connection:
                await connection.execution_options(**{_MODE: "write"})
                async with connection.begin():
                    yield WriteSession(connection)

    @property
    def sync_engine(self) -> Engine:
        """A blocking engine on the same database, made when first asked for.

        DBOS takes it as ``system_database_engine`` (it wants a synchronous ``sqlalchemy.Engine``,
        psycopg 3 on PostgreSQL) and adds rows to a ``WriteSession`` through
        ``await session.connection.run_sync(lambda c: client.enqueue_in_transaction(c, …))``.
        It leaves transactions to the sqlite3 module, in IMMEDIATE mode, because DBOS's own
        migrations issue ``BEGIN IMMEDIATE`` themselves.
        """
        if self._sync_engine is None:
            url = self.url.set(drivername="sqlite") if self.is_sqlite else self.url
            self._sync_engine = create_engine(url, **self._options())
            if self.is_sqlite:
                event.listen(self._sync_engine, "connect", _prepare_blocking_sqlite)
        return self._sync_engine

    async def ping(self) -> None:
        """Raise ``DatabaseUnavailable`` unless the database answers."""
        async with self.read() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
        for thread in tuple(self._ending):
            await asyncio.to_thread(thread.join, _ENDING_SECONDS)
        if self._sync_engine is not None:
            await asyncio.to_thread(self._sync_engine.dispose)

    def _async_options(self) -> dict[str, Any]:
        options = self._options()
        if self.is_sqlite:
            options["async_creator"] = lambda: _Connection.to(
                self._ending, *self.engine.dialect.create_connect_args(self.url)
            )
        return options

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"pool_size": self._pool_size, "max_overflow": 10}
        if self.is_sqlite:
            return options
        return {**options, "pool_pre_ping": True, "connect_args": {"connect_timeout": 10}}

    def _make_folder(self) -> None:
        name = self.url.database
        if not name or name == ":memory:":
            raise DatabaseUrlInvalid("Assay keeps its data in a file: use sqlite:///path/assay.db.")
        try:
            Path(name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise DatabaseUnavailable(
                f"The folder {Path(name).parent} cannot be made: {error.strerror}."
            ) from error


def _driver_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise DatabaseUrlInvalid(
            "The database address is not a URL: use sqlite:///path/assay.db or postgresql://…"
        ) from error
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
    backend = parsed.drivername.partition("+")[0]
    backend = "postgresql" if backend == "postgres" else backend
    if backend not in drivers:
        raise DatabaseUrlInvalid(
            f"Assay runs on SQLite and PostgreSQL, not on {parsed.drivername}."
        )
    return parsed.set(drivername=drivers[backend])


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # With the module's own transaction handling off, our BEGIN below is the only one.
    connection.isolation_level = None
    _run_pragmas(connection)


def _prepare_blocking_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = "IMMEDIATE"
    _run_pragmas(connection)


def _run_pragmas(connection: Any) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_MODE) == "write"
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
