"""What ends a command; ``exits.code_of`` says with which exit code."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class PortTaken(AppError):
    """The port to listen on is in use, or may not be used."""

    kind = Kind.UNAVAILABLE
    code = "port_taken"


class ServerUnavailable(AppError):
    """No server answers, or it answered that it cannot work."""

    kind = Kind.UNAVAILABLE
    code = "server_unavailable"


class KeyRefused(AppError):
    """There is no API key, or the server refused it."""

    kind = Kind.FORBIDDEN
    code = "key_refused"


class RequestRefused(AppError):
    """The server refused what the command asked for."""

    kind = Kind.INVALID
    code = "request_refused"


class UsageWrong(AppError):
    """The command line asks for what cannot be."""

    kind = Kind.INVALID
    code = "usage_wrong"


class ShopNotStarted(AppError):
    """The sample shop did not start."""

    kind = Kind.UNAVAILABLE
    code = "shop_not_started"
