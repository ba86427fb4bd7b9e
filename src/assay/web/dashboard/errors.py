"""What the dashboard can refuse."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class PageNotFound(AppError):
    """Nothing is shown at this address for this person."""

    kind = Kind.NOT_FOUND
    code = "page_not_found"


class FormRefused(AppError):
    """A form that did not come from a page of this person's session."""

    kind = Kind.FORBIDDEN
    code = "form_refused"


class FormTooLarge(AppError):
    """A form that is larger than a page sends."""

    kind = Kind.TOO_LARGE
    code = "form_too_large"
