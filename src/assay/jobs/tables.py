"""Tables of the jobs room: which workers live, and what sub-steps of jobs gave."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, String, Table

from assay.storage.metadata import metadata
from assay.storage.types import UtcDateTime

job_workers = Table(
    "job_workers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("host", String(255), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

job_steps = Table(
    "job_steps",
    metadata,
    Column("job_key", String(200), primary_key=True),
    Column("step_key", String(200), primary_key=True),
    Column("result", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_job_steps_created_at", "created_at"),
)
