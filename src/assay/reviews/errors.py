"""What a change review can refuse."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class DiffUnreadable(AppError):
    """A diff is not in a form whose changes can be told; the message says what to send instead."""

    kind = Kind.INVALID
    code = "diff_unreadable"
