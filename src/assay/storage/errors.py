"""What storage can refuse, and the one border where SQLAlchemy's errors become ours."""

from __future__ import annotations

from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from assay.kernel.errors import AppError, Kind


class DatabaseBusy(AppError):
    """Another writer held the database for longer than we wait."""

    kind = Kind.UNAVAILABLE
    code = "database_busy"


class DatabaseUnavailable(AppError):
    """The database cannot be reached, opened or written."""

    kind = Kind.UNAVAILABLE
    code = "database_unavailable"


class DatabaseUrlInvalid(AppError):
    """The database address names an engine or form that Assay does not speak."""

    kind = Kind.INVALID
    code = "database_url_invalid"


class RowConflict(AppError):
    """A unique or foreign key constraint refused a row."""

    kind = Kind.CONFLICT
    code = "row_conflict"


class SchemaTooNew(AppError):
    """The database was migrated by a newer Assay than this one."""

    kind = Kind.UNAVAILABLE
    code = "schema_too_new"


class ArtifactKeyInvalid(AppError):
    """An artifact key would leave the artifact folder, or is no key at all."""

    kind = Kind.INVALID
    code = "artifact_key_invalid"


class ArtifactMissing(AppError):
    """There is no artifact under this key."""

    kind = Kind.NOT_FOUND
    code = "artifact_missing"


class SecretKeyInvalid(AppError):
    """The key that protects stored secrets is missing, unreadable or the wrong one."""

    kind = Kind.UNAVAILABLE
    code = "secret_key_invalid"


_BUSY = ("database is locked", "database table is locked", "deadlock detected", "lock timeout")


def translate(error: SQLAlchemyError) -> AppError | None:
    """The error of ours that an operational failure means; ``None`` for a fault in our own SQL."""
    if isinstance(error, IntegrityError):
        return RowConflict("A row with these values is already stored, or one it needs is missing.")
    if isinstance(error, PoolTimeout):
        return DatabaseBusy("All database connections are in use. Try again in a moment.")
    if isinstance(error, (OperationalError, InterfaceError)):
        said = str(error.orig).strip().partition("\n")[0]
        if any(sign in said.lower() for sign in _BUSY):
            return DatabaseBusy("The database is busy with another writer. Try again in a moment.")
        return DatabaseUnavailable(f"The database cannot be used: {said}")
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return DatabaseUnavailable("The connection to the database was lost. Try again.")
    return None
