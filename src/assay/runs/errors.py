"""What the runs room can refuse."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class RunNotFound(AppError):
    """There is no such run, or it belongs to another project."""

    kind = Kind.NOT_FOUND
    code = "run_not_found"
