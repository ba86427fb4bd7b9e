"""Tables of projects. Values of configs are sealed before they get here."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from assay.storage.metadata import metadata
from assay.storage.types import UtcDateTime

projects = Table(
    "projects",
    metadata,
    Column("id", Text, primary_key=True),
    Column("short_id", Text, nullable=False, unique=True),
    Column("organisation_id", ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    # Conversation links start with the slug alone, so it is unique in the whole deployment.
    Column("slug", Text, nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "organisation_id"),
)

# The default environment is no foreign key: it would make applications and environments a circle.
applications = Table(
    "applications",
    metadata,
    Column("id", Text, primary_key=True),
    Column("short_id", Text, nullable=False, unique=True),
    Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("default_environment_id", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "project_id"),
)

application_builds = Table(
    "application_builds",
    metadata,
    Column("id", Text, primary_key=True),
    Column("short_id", Text, nullable=False, unique=True),
    Column("application_id", ForeignKey("applications.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("artifact_key", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "application_id"),
)

environments = Table(
    "environments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("short_id", Text, nullable=False, unique=True),
    Column("application_id", ForeignKey("applications.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    # The normal form of the URL, by which environments are found again.
    Column("url_key", Text, nullable=False),
    Column("is_production", Boolean, nullable=False),
    Column("ignore_https_errors", Boolean, nullable=False),
    Column("build_id", ForeignKey("application_builds.id", ondelete="CASCADE"), unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "application_id", "url_key"),
)

device_presets = Table(
    "device_presets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("short_id", Text, nullable=False, unique=True),
    Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("is_mobile", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("project_id", "name"),
)

# owner_id is the application's id, or the project's for a config of the whole project: a unique
# constraint over a nullable application_id would not hold for project-wide configs.
configs = Table(
    "configs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("short_id", Text, nullable=False, unique=True),
    Column("project_id", ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("application_id", ForeignKey("applications.id", ondelete="CASCADE")),
    Column("owner_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sealed_values", Text, nullable=False),
    Column("creation_key", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("owner_id", "name"),
    UniqueConstraint("project_id", "creation_key"),
)
