"""Tables of the atlas room: one app map for each application and environment."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from assay.storage import metadata
from assay.storage.types import UtcDateTime


def _part(name: str, *columns: Column[object]) -> Table:
    """A table of map parts: unique by ``key`` within an environment, with when it was seen."""
    return Table(
        name,
        metadata,
        Column("id", String(36), primary_key=True),
        Column("application_id", ForeignKey("applications.id"), nullable=False),
        Column("environment_id", ForeignKey("environments.id"), nullable=False),
        Column("key", String(64), nullable=False),
        *columns,
        Column("body", JSON, nullable=False),
        Column("first_seen_at", UtcDateTime, nullable=False),
        Column("last_seen_at", UtcDateTime, nullable=False),
        UniqueConstraint("environment_id", "key"),
    )


atlas_states = _part("atlas_states", Column("url", Text, nullable=False))
atlas_actions = _part(
    "atlas_actions",
    Column("source_key", String(64), nullable=False),
    Column("target_key", String(64), nullable=False),
)
atlas_forms = _part("atlas_forms", Column("purpose", String(32), nullable=False))
atlas_findings = _part(
    "atlas_findings",
    Column("kind", String(32), nullable=False),
    Column("title", Text, nullable=False),
)

atlas_explorations = Table(
    "atlas_explorations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("application_id", ForeignKey("applications.id"), nullable=False),
    Column("environment_id", ForeignKey("environments.id"), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("actions_used", Integer, nullable=False),
    Column("stopped_by", String(64), nullable=False),
    Column("notes", JSON, nullable=False),
    Column("explored_at", UtcDateTime, nullable=False),
    UniqueConstraint("environment_id", "explored_at"),
    Index("ix_atlas_explorations_environment", "environment_id", "explored_at"),
)
