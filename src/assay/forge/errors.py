"""What a forge can refuse, each with what the reader can do about it."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class PullUrlInvalid(AppError):
    """The address names no pull or merge request."""

    kind = Kind.INVALID
    code = "pull_url_invalid"


class PullNotFound(AppError):
    """The forge has no such pull request or repository for this token."""

    kind = Kind.NOT_FOUND
    code = "pull_not_found"


class TokenRefused(AppError):
    """The forge does not accept the token: expired, revoked or wrong."""

    kind = Kind.FORBIDDEN
    code = "forge_token_refused"


class PermissionMissing(AppError):
    """The token is good but may not do this."""

    kind = Kind.FORBIDDEN
    code = "forge_permission_missing"


class ForgeLimited(AppError):
    """The forge's rate limit is used up; ``retry_after`` says for how long."""

    kind = Kind.LIMITED
    code = "forge_limited"


class ForgeUnavailable(AppError):
    """The forge did not answer, or answered what cannot be read."""

    kind = Kind.UNAVAILABLE
    code = "forge_unavailable"


class ForgeRefused(AppError):
    """The forge understood the request and refused it."""

    kind = Kind.CONFLICT
    code = "forge_refused"

    def __init__(self, message: str, *, status: int = 0) -> None:
        """``status``: the code of its answer."""
        super().__init__(message)
        self.status = status


class HeadMoved(AppError):
    """New commits kept arriving while the change was read."""

    kind = Kind.CONFLICT
    code = "forge_head_moved"


class AppKeyInvalid(AppError):
    """The private key of a GitHub App cannot be used."""

    kind = Kind.INVALID
    code = "forge_app_key_invalid"
