"""What the assistant can refuse."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class DiffUnreadable(AppError):
    """A diff is not in a form whose changed files can be told."""

    kind = Kind.INVALID
    code = "diff_unreadable"
