"""Exit codes."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind

OK = 0
TEST_FAILED = 1
COULD_NOT_VERIFY = 2
TURN_FAILED = 3
USAGE = 64
UNAVAILABLE = 69
REFUSED = 77

_CODES = {
    Kind.UNAUTHENTICATED: REFUSED,
    Kind.FORBIDDEN: REFUSED,
    Kind.UNAVAILABLE: UNAVAILABLE,
    Kind.INTERNAL: UNAVAILABLE,
    Kind.CONFLICT: UNAVAILABLE,
}


def code_of(error: AppError) -> int:
    """The exit code of a command that ended with this error."""
    return _CODES.get(error.kind, USAGE)
