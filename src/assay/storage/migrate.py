"""Bring a database to the schema of this version; safe when two starts do it at once."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import text
from sqlalchemy.engine import Connection

from assay.storage.database import Database
from assay.storage.errors import SchemaTooNew
from assay.storage.metadata import metadata

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x0A55A7


def scripts() -> ScriptDirectory:
    """The migration scripts that this version carries."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


async def migrate(database: Database, revision: str = "head") -> None:
    """Upgrade to ``revision`` in one transaction. Nothing to do costs one look at the version."""
    async with database.read() as session:
        newest = scripts().get_current_head()
        current = await session.run_sync(_current)
    if revision == "head" and current == newest:
        return
    async with database.write() as session:
        if not database.is_sqlite:
            await session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        await session.connection.run_sync(_upgrade, revision)


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection, revision: str) -> None:
    directory = scripts()

    def plan(at: str, _context: MigrationContext) -> list[object]:
        try:
            return list(directory._upgrade_revs(revision, at))
        except CommandError as error:
            raise SchemaTooNew(
                "The data was written by a newer Assay. Start that version or a later one."
            ) from error

    environment = EnvironmentContext(Config(), directory, fn=plan, destination_rev=revision)
    with environment:
        # The transaction is the write session's, so that all scripts succeed or none does.
        environment.configure(
            connection=connection, target_metadata=metadata, transactional_ddl=True
        )
        environment.run_migrations()
