"""Small helpers for words that are shown or become part of an address."""

from __future__ import annotations

import re
import unicodedata


def slug(text: str, *, fallback: str = "item", limit: int = 48) -> str:
    """Lower-case letters, digits and single hyphens, cut to a length."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    joined = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    return joined[:limit].strip("-") or fallback


def fold(text: str) -> str:
    """White space folded to single spaces, ends trimmed."""
    return " ".join(text.split())


def shorten(text: str, limit: int) -> str:
    """The text on one line, cut with an ellipsis when it is longer than ``limit``."""
    folded = fold(text)
    return folded if len(folded) <= limit else folded[: limit - 1].rstrip() + "…"
