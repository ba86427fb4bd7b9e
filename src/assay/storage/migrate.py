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


async def migrate(database: Database, revision: str = "head") -> None:
    """Upgrade to ``revision`` in one transaction. Nothing to do costs one look at the version."""
    async with database.read() as session:
        current = await session.run_sync(current_revision)
    if current == (scripts().get_current_head() if revision == "head" else revision):
        return
    async with database.write() as session:
        if not database.is_sqlite:
            await session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        await session.run_sync(lambda connection: upgrade(connection, revision))


def scripts() -> ScriptDirectory:
    """The migration scripts that this version carries."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def current_revision(connection: Connection) -> str | None:
    """The revision that a database is at; ``None`` before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the scripts up to ``revision`` inside the connection's open transaction."""
    directory = scripts()

    def plan(at: str, _context: MigrationContext) -> list[object]:
        try:
            return list(directory._upgrade_revs(revision, at))
        except CommandError as error:
            raise SchemaTooNew(
                "The data was written by a newer Assay. Start that version or a later one."
            ) from error

    _run(connection, directory, plan)


def downgrade(connection: Connection, revision: str = "base") -> None:
    """Undo the scripts down to ``revision`` inside the connection's open transaction."""
    directory = scripts()

    def plan(at: str, _context: MigrationContext) -> list[object]:
        return list(directory._downgrade_revs(revision, at))

    _run(connection, directory, plan)


def owned(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table in the database is Assay's own; the durable-work library keeps its beside."""
    return kind != "table" or name in metadata.tables


def _run(connection: Connection, directory: ScriptDirectory, plan: object) -> None:
    with EnvironmentContext(Config(), directory, fn=plan) as environment:
        # The open transaction holds all scripts, on SQLite too, whose DDL can be rolled back.
        environment.configure(
            connection=connection, target_metadata=metadata, transactional_ddl=True
        )
        environment.run_migrations()
