"""Where an address leads within a site. Pure."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit


def route_of(url: str) -> str:
    """The path of an address, with the one in its fragment where a site routes by that."""
    parts = urlsplit(url)
    routed = parts.fragment.startswith(("/", "!"))
    return parts.path + (unquote(parts.fragment).partition("?")[0] if routed else "")
