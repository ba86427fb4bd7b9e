"""Exit codes, and ending a command with one."""

from __future__ import annotations

import sys
from typing import NoReturn

OK = 0
TEST_FAILED = 1
COULD_NOT_VERIFY = 2
TURN_FAILED = 3
USAGE = 64
UNAVAILABLE = 69
REFUSED = 77


def fail(message: str, code: int) -> NoReturn:
    """Say what is wrong on stderr and end with this code."""
    print(f"assay: {message}", file=sys.stderr)
    raise SystemExit(code)
