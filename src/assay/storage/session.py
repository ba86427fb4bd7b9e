"""Read and write sessions: two types, so that the checker sees who may write."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

from sqlalchemy import Executable, Row, Table, literal
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection, CursorResult
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from assay.storage.errors import translate

Result = TypeVar("Result")
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


@contextmanager
def translated() -> Iterator[None]:
    """Turn SQLAlchemy's operational errors into ours; faults in our own SQL pass unchanged."""
    try:
        yield
    except SQLAlchemyError as error:
        ours = translate(error)
        if ours is None:
            raise
        raise ours from error


class ReadSession:
    """One consistent look at the database. Writing through it is refused."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._connection.dialect.name

    async def execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run one statement and hand back its buffered result."""
        self._permit(statement)
        with translated():
            return await self._connection.execute(statement, parameters)

    async def first(self, statement: Executable) -> Row[*tuple[Any, ...]] | None:
        """The first row, or ``None``."""
        return (await self.execute(statement)).first()

    async def all(self, statement: Executable) -> Sequence[Row[*tuple[Any, ...]]]:
        """Every row."""
        return (await self.execute(statement)).all()

    async def scalar(self, statement: Executable) -> Any:
        """The first column of the first row, or ``None``."""
        return (await self.execute(statement)).scalar()

    async def run_sync(self, work: Callable[[Connection], Result]) -> Result:
        """Run blocking SQLAlchemy work on this session's connection, such as inspection."""
        with translated():
            return await self._connection.run_sync(work)

    def _permit(self, statement: Executable) -> None:
        if getattr(statement, "is_dml", False):
            raise TypeError("a read session cannot write: open a write session")


class WriteSession(ReadSession):
    """One transaction that writes. It also reads, so it is accepted wherever reading is enough."""

    @property
    def connection(self) -> AsyncConnection:
        """The connection inside this transaction, for work that must commit with it."""
        return self._connection

    def _permit(self, statement: Executable) -> None:
        return None

    async def insert_new(self, table: Table, values: Mapping[str, Any]) -> bool:
        """Insert a row unless one with the same unique values is there; tells whether it did.

        Unlike a caught conflict this leaves a PostgreSQL transaction usable.
        """
        build: Any = postgres_insert if self.dialect == "postgresql" else sqlite_insert
        statement = build(table).values(**values).on_conflict_do_nothing()
        # The row count of an INSERT is not known with every driver; a returned row always is.
        return (await self.execute(statement.returning(literal(1)))).first() is not None

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part of the transaction that can fail on its own."""
        with translated():
            async with self._connection.begin_nested():
                yield
