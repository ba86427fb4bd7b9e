"""Tables of the cases room."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from assay.storage import metadata
from assay.storage.types import UtcDateTime

test_cases = Table(
    "test_cases",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("short_id", String(64), nullable=False, unique=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("application_id", ForeignKey("applications.id"), nullable=False),
    Column("turn_id", String(36), nullable=True),
    Column("key", String(200), nullable=False),
    Column("signature", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("goal", Text, nullable=False),
    Column("expected_result", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("steps", JSON, nullable=False),
    Column("proof", JSON, nullable=False),
    Column("baseline", JSON, nullable=False),
    Column("unchecked", JSON, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("ephemeral", Boolean, nullable=False),
    Column("last_verdict", String(16), nullable=True),
    Column("last_reason", Text, nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("turn_id", "key"),
    Index("ix_test_cases_project_created", "project_id", "created_at"),
    Index("ix_test_cases_signature", "application_id", "signature"),
)

conversation_test_cases = Table(
    "conversation_test_cases",
    metadata,
    Column("conversation_id", String(36), primary_key=True),
    Column("test_case_id", ForeignKey("test_cases.id", ondelete="CASCADE"), primary_key=True),
    Column("turn_id", String(36), nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
)

# Large, and read by change reviews only, so not a column of the tests that every page lists.
# What was recorded is of the steps with this signature; after a change of them it is of no test.
test_case_footprints = Table(
    "test_case_footprints",
    metadata,
    Column("test_case_id", ForeignKey("test_cases.id", ondelete="CASCADE"), primary_key=True),
    Column("signature", String(64), nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
)
