"""What the chats room can refuse."""

from __future__ import annotations

from assay.kernel.errors import AppError, Kind


class ConversationNotFound(AppError):
    """No such conversation for this caller."""

    kind = Kind.NOT_FOUND
    code = "conversation_not_found"


class MessageEmpty(AppError):
    """A message must say something."""

    kind = Kind.INVALID
    code = "message_empty"


class OverridesMissing(AppError):
    """A change review needs at least one application override."""

    kind = Kind.INVALID
    code = "overrides_missing"


class LimitInvalid(AppError):
    """A page of messages needs a limit of at least one."""

    kind = Kind.INVALID
    code = "limit_invalid"


class TurnGaveUp(AppError):
    """A turn was interrupted too often to be tried again."""

    kind = Kind.INTERNAL
    code = "turn_gave_up"
