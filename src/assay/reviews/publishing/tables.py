"""Tables of forge connections, webhook deliveries and publications. Secrets and events are sealed.

A conversation belongs to a room beside this one, so ``conversation_id`` is no foreign key.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from assay.storage.metadata import metadata
from assay.storage.types import UtcDateTime

forge_connections = Table(
    "forge_connections",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("short_id", String(64), nullable=False, unique=True),
    Column("organisation_id", ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("provider", String(16), nullable=False),
    Column("base_url", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sealed_secret", Text, nullable=False),
    Column("sealed_webhook_secret", Text, nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("native_reviews", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # A removed connection stays until its open checks have ended.
    Column("removed_at", UtcDateTime, nullable=True),
    Index(None, "organisation_id"),
)

forge_repositories = Table(
    "forge_repositories",
    metadata,
    Column(
        "connection_id", ForeignKey("forge_connections.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("repository", String(400), primary_key=True),
    Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("application_id", ForeignKey("applications.id", ondelete="CASCADE"), nullable=False),
    Column("preview_url", Text, nullable=False),
)

forge_deliveries = Table(
    "forge_deliveries",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("connection_id", ForeignKey("forge_connections.id", ondelete="CASCADE"), nullable=False),
    Column("delivery_id", String(200), nullable=False),
    # A signature covers the body alone, so a replay could carry another delivery id.
    Column("body_digest", String(64), nullable=False),
    Column("event", String(100), nullable=False),
    Column("sealed_news", Text, nullable=True),
    Column("outcome", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    UniqueConstraint("connection_id", "delivery_id"),
    UniqueConstraint("connection_id", "body_digest"),
    Index(None, "received_at"),
)

publications = Table(
    "publications",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("connection_id", ForeignKey("forge_connections.id", ondelete="CASCADE"), nullable=False),
    Column("repository", String(400), nullable=False),
    Column("number", Integer, nullable=False),
    Column("head_sha", String(64), nullable=False),
    Column("seq", Integer, nullable=False),
    # What it was made for, a delivery or a conversation: dealing with that twice makes it once.
    Column("cause", String(80), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("conversation_id", String(36), nullable=True),
    Column("details_url", Text, nullable=False),
    Column("started", Boolean, nullable=False),
    Column("check_id", Text, nullable=True),
    Column("comment_id", Text, nullable=True),
    Column("comment_to_greet", Text, nullable=True),
    Column("result", JSON(none_as_null=True), nullable=True),
    Column("problem", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("deadline", UtcDateTime, nullable=True),
    Column("lease_worker", String(64), nullable=True),
    Column("lease_token", String(36), nullable=True),
    Column("lease_until", UtcDateTime, nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("connection_id", "repository", "number", "seq"),
    Index(None, "state", "next_at"),
    Index(None, "conversation_id"),
)
