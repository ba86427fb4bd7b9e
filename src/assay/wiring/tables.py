"""Loads every room's tables onto the one metadata: what migrations and tests need."""

from __future__ import annotations

from importlib import import_module

from sqlalchemy import MetaData

from assay.storage import metadata

ROOMS = (
    "accounts",
    "projects",
    "jobs",
    "atlas",
    "cases",
    "runs",
    "chats",
    "reviews.publishing",
)


def load_tables() -> MetaData:
    """The metadata with the tables of all rooms that have any."""
    for room in ROOMS:
        import_module(f"assay.{room}.tables")
    return metadata
