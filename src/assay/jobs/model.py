"""The words of durable work: what a job is, how a queue behaves, how the runner is set up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Whatever the JSON encoder takes; a recursive alias would fight every caller's own types.
Json = Any


# Gives the stored result of a named sub-step, else what the work gives, stored.
Memo = Callable[[str, Callable[[], Awaitable[Json]]], Awaitable[Json]]


@dataclass(frozen=True)
class Job:
    """One execution of a job. A job can run more than once: its effects must be idempotent.

    ``step`` remembers the result of a named sub-step (JSON) across restarts.
    """

    name: str
    entity_id: str
    worker_id: str
    step: Memo = field(repr=False)


Handler = Callable[[Job], Awaitable[None]]
Periodic = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class QueueSpec:
    """How one queue is worked off. ``polling`` trades start latency against idle load."""

    name: str
    concurrency: int | None = None
    polling: float = 1.0


@dataclass(frozen=True)
class JobsConfig:
    """Set-up of the runner. ``lock_path`` is only used on SQLite, where one worker may run."""

    lock_path: Path | None = None
    heartbeat: float = 5.0
    silent_after: float = 30.0
    reap_every: float = 10.0
    retention_days: float = 14.0
    retention_every: float = 3600.0
    close_within: float = 8.0
