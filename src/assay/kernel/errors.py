"""The error root: every error that may reach a person carries a kind and a stable code."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What the caller may do next; the rim maps a kind to a status or an exit code."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


class AppError(Exception):
    """An expected failure, in plain words that name what is wrong and what to do.

    ``kind`` and ``code`` are class attributes that every leaf must set; ``retry_after`` (seconds)
    only matters for ``Kind.LIMITED``.
    """

    kind: Kind
    code: str

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after
