"""The one source of time: UTC, cut to milliseconds, replaceable in tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: ContextVar[Callable[[], datetime]] = ContextVar("clock_source", default=_system_time)


def cut(moment: datetime) -> datetime:
    """The same moment in UTC, without the digits that a stored or sent time would lose."""
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def now() -> datetime:
    """The current time, aware, in UTC, at millisecond precision."""
    return cut(_source.get()())


def iso(moment: datetime) -> str:
    """The wire form of a time: ``2026-01-01T00:00:00.000Z``."""
    return cut(moment).strftime("%Y-%m-%dT%H:%M:%S.") + f"{cut(moment).microsecond // 1000:03d}Z"


def parse_iso(text: str) -> datetime:
    """The time that an ISO 8601 text names; a text without an offset is taken as UTC."""
    moment = datetime.fromisoformat(text)
    return cut(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


@contextmanager
def clock_of(source: Callable[[], datetime]) -> Iterator[None]:
    """Let ``now`` ask another source within the block, in this task and those it starts."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)
