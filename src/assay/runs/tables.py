"""Tables of the runs room."""

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

runs = Table(
    "runs",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("short_id", String(64), nullable=False, unique=True),
    Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("conversation_id", String(36), nullable=True),
    Column("turn_id", String(36), nullable=True),
    # The same work done again after a restart finds its run by turn and key.
    Column("key", String(200), nullable=False),
    Column("trigger", String(32), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("mutation", Text, nullable=True),
    Column("status", String(16), nullable=False),
    Column("result", String(16), nullable=True),
    Column("choices", JSON, nullable=True),
    Column("environment", Text, nullable=False),
    Column("test_count", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime, nullable=True),
    UniqueConstraint("turn_id", "key"),
    Index("ix_runs_project_created", "project_id", "created_at"),
    Index("ix_runs_conversation_created", "conversation_id", "created_at"),
)

run_test_cases = Table(
    "run_test_cases",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("test_case_id", ForeignKey("test_cases.id", ondelete="CASCADE"), nullable=False),
    Column("test_case_short_id", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("verdict", String(16), nullable=True),
    Column("reason", Text, nullable=False),
    Column("failed_step", Integer, nullable=True),
    Column("steps", JSON, nullable=False),
    Column("heals", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("console_errors", JSON, nullable=False),
    Column("failed_requests", JSON, nullable=False),
    Column("seconds", Float, nullable=False),
    UniqueConstraint("run_id", "test_case_id"),
    Index("ix_run_test_cases_test_case", "test_case_id"),
)

heals = Table(
    "heals",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("short_id", String(64), nullable=False, unique=True),
    Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("test_case_id", ForeignKey("test_cases.id", ondelete="CASCADE"), nullable=False),
    Column("step", Integer, nullable=False),
    Column("step_text", Text, nullable=False),
    # Which element was found, and which locators the step had then.
    Column("mark", String(64), nullable=False),
    Column("old_mark", String(64), nullable=False),
    Column("wanted", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("margin", Float, nullable=False),
    Column("bundle", JSON, nullable=False),
    Column("status", String(16), nullable=False),
    Column("run_short_id", String(64), nullable=False),
    Column("environment", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("decided_at", UtcDateTime, nullable=True),
    UniqueConstraint("test_case_id", "step", "mark"),
    Index("ix_heals_project_created", "project_id", "created_at"),
)

certificates = Table(
    "certificates",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("short_id", String(64), nullable=False, unique=True),
    Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("test_case_id", ForeignKey("test_cases.id", ondelete="CASCADE"), nullable=False),
    Column("status", String(16), nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("kind", String(16), nullable=True),
    Column("environment", Text, nullable=False),
    Column("choices", JSON, nullable=False),
    Column("replays", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime, nullable=True),
    Index("ix_certificates_test_case_created", "test_case_id", "created_at"),
    Index("ix_certificates_project_created", "project_id", "created_at"),
)
