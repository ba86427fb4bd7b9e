"""Tables of the chats room."""

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

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("short_id", String(64), nullable=False, unique=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("title", Text, nullable=True),
    Column("source", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("choices", JSON, nullable=False),
    # No foreign key: a turn names its conversation, and a circle would defer every insert.
    Column("active_turn_id", String(36), nullable=True),
    Column("last_seq", Integer, nullable=False),
    Column("review_request", JSON(none_as_null=True), nullable=True),
    Column("review", JSON(none_as_null=True), nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("ix_conversations_project_updated", "project_id", "updated_at"),
    Index("ix_conversations_active_turn_id", "active_turn_id"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("role", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("is_streaming", Boolean, nullable=False),
    Column("outcome", JSON(none_as_null=True), nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
)

turns = Table(
    "turns",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("user_message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("assistant_message_id", ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("choices", JSON, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("cancel_requested", Boolean, nullable=False),
    Column("lease_token", String(36), nullable=True),
    Column("lease_until", UtcDateTime, nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime, nullable=True),
    UniqueConstraint("conversation_id", "seq"),
    Index("ix_turns_state_lease_until", "state", "lease_until"),
)

turn_journal = Table(
    "turn_journal",
    metadata,
    Column("turn_id", ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("result", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
