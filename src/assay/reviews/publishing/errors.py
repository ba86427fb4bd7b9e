"""What forge connections and webhooks can refuse."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class ConnectionNotFound(AppError):
    """No such forge connection for this caller."""

    kind = Kind.NOT_FOUND
    code = "forge_connection_not_found"


class ConnectionInvalid(AppError):
    """A forge connection cannot be made from what was given."""

    kind = Kind.INVALID
    code = "forge_connection_invalid"


class ConnectionForbidden(AppError):
    """A project's key may only touch connections of its own project."""

    kind = Kind.FORBIDDEN
    code = "forge_connection_forbidden"


class HookRefused(AppError):
    """A webhook's signature or token is missing or wrong."""

    kind = Kind.UNAUTHENTICATED
    code = "hook_refused"


class HookMalformed(AppError):
    """A webhook's body or headers are not what the forge sends."""

    kind = Kind.INVALID
    code = "hook_malformed"


class HookRepeated(AppError):
    """A webhook's delivery has been taken already."""

    kind = Kind.CONFLICT
    code = "hook_repeated"


class RepositoryNotConnected(AppError):
    """A webhook is about a repository that its connection does not name."""

    kind = Kind.NOT_FOUND
    code = "repository_not_connected"


class ForgeNotConnected(AppError):
    """A pull request is on a forge that its project is not connected to."""

    kind = Kind.INVALID
    code = "forge_not_connected"
