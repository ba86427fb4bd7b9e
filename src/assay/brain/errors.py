"""What the brain room can refuse."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class ModelUnusable(AppError):
    """The configured language model cannot be set up; the settings must be changed."""

    kind = Kind.INVALID
    code = "model_unusable"
