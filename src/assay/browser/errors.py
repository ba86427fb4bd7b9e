"""What can go wrong with a browser, each as a leaf with a stable code."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class BrowserError(AppError):
    """The root of this room's errors; only its leaves are raised."""


class BrowserMissing(BrowserError):
    """No browser could be found, installed and started."""

    kind = Kind.UNAVAILABLE
    code = "browser_missing"


class TargetMissing(BrowserError):
    """Nothing on the page is what the action wants; ``candidates`` are the closest, in words."""

    kind = Kind.NOT_FOUND
    code = "target_missing"

    def __init__(self, message: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class TargetAmbiguous(BrowserError):
    """Several things on the page fit the action equally well."""

    kind = Kind.CONFLICT
    code = "target_ambiguous"

    def __init__(self, message: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.candidates = candidates


class TargetBlocked(BrowserError):
    """The element is there but covered, disabled or hidden, so a person could not use it."""

    kind = Kind.CONFLICT
    code = "target_blocked"


class NavigationFailed(BrowserError):
    """A page could not be opened."""

    kind = Kind.UNAVAILABLE
    code = "navigation_failed"


class HostRefused(BrowserError):
    """The page wanted to go where this project's environments do not reach."""

    kind = Kind.FORBIDDEN
    code = "host_refused"

    def __init__(self, message: str, host: str = "") -> None:
        super().__init__(message)
        self.host = host


class ActionFailed(BrowserError):
    """The action was tried and the page did not take it."""

    kind = Kind.CONFLICT
    code = "action_failed"


class PageCrashed(BrowserError):
    """The tab or the browser process died."""

    kind = Kind.UNAVAILABLE
    code = "page_crashed"
