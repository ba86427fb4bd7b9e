"""Row ids and the short ids that people and URLs use."""

from __future__ import annotations

import re
import secrets
import string
import uuid

from assay.kernel.errors import AppError, Kind

ALPHABET = string.digits + string.ascii_letters
TOKEN_LENGTH = 12


class ShortIdMalformed(AppError):
    """A short id does not have the shape of its kind."""

    kind = Kind.INVALID
    code = "short_id_malformed"


def new_uuid() -> str:
    """A random UUID in its usual text form: the primary key of every row."""
    return str(uuid.uuid4())


def new_token(length: int = TOKEN_LENGTH) -> str:
    """Random characters of ``[0-9A-Za-z]``; 12 of them carry 71 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_short_id(prefix: str) -> str:
    """A fresh short id in its canonical form, ``prefix_xxxxxxxxxxxx``."""
    return f"{prefix}_{new_token()}"


def short_id_pattern(prefix: str) -> str:
    """The regular expression of the public contract for short ids of one kind."""
    return f"^{prefix}(-.+_.+|_.+)$"


def matches_short_id(prefix: str, text: str) -> bool:
    """Whether a text has the shape of a short id of this kind, existing or not."""
    return re.fullmatch(short_id_pattern(prefix), text, re.DOTALL) is not None


def canonical_short_id(prefix: str, text: str) -> str:
    """``prefix-slug_xxx`` and ``prefix_xxx`` as ``prefix_xxx``.

    Raises ``ShortIdMalformed`` when the shape is wrong. A well-shaped id that Assay could never
    have made comes back as it is, and simply names nothing.
    """
    if not matches_short_id(prefix, text):
        shown = text if len(text) <= 60 else text[:57] + "..."
        raise ShortIdMalformed(
            f'"{shown}" is not a valid id: expected {prefix}_… or {prefix}-name_…'
        )
    token = text.rpartition("_")[2]
    if text.startswith(f"{prefix}-") and token:
        return f"{prefix}_{token}"
    return text


def with_slug(short_id: str, slug: str) -> str:
    """The readable form of a canonical short id, ``prefix-slug_xxx``."""
    prefix, _, token = short_id.partition("_")
    return f"{prefix}-{slug}_{token}" if slug else short_id
