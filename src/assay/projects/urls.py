"""The addresses of environments: which may be tested, when two are the same, who owns which."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from assay.kernel.addresses import is_forbidden_host
from assay.projects.errors import UrlInvalid

_LONGEST = 2000
_PORTS = {"http": 80, "https": 443}
_IN_TEXT = re.compile(r"https?://[^\s<>\"'`|\\^{}“”‘’«»]+", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|“[^”\n]*”|‘[^’\n]*’|«[^»\n]*»")


def validate_url(url: str, *, field: str = "url") -> str:
    """The address, trimmed, when a browser may be sent there; ``UrlInvalid`` says why not."""
    text = url.strip()
    parts = _split(text, field)
    if parts.username is not None or parts.password is not None:
        raise UrlInvalid(
            f"{field} must not carry a user name or password: store them as an httpBasic config."
        )
    if is_forbidden_host(parts.hostname or ""):
        raise UrlInvalid(
            f"{field} points to a link-local or cloud metadata address, which is never opened."
        )
    return text


def split_credentials(url: str) -> tuple[str, tuple[str, str] | None]:
    """An address without its user name and password, and those two when it had them."""
    parts = _split(url.strip(), "url")
    if parts.username is None and parts.password is None:
        return url.strip(), None
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return bare, (unquote(parts.username or ""), unquote(parts.password or ""))


def url_key(url: str) -> str:
    """A normal form: equal for addresses that differ only in spelling."""
    parts = _split(url.strip(), "url")
    path = parts.path.rstrip("/")
    return urlunsplit((parts.scheme.lower(), host_of(url), path, parts.query, parts.fragment))


def host_of(url: str) -> str:
    """``host`` or ``host:port`` of an address; the port only when it is not the scheme's own."""
    parts = _split(url.strip(), "url")
    host = (parts.hostname or "").lower()
    shown = f"[{host}]" if ":" in host else host
    if parts.port is None or parts.port == _PORTS.get(parts.scheme.lower()):
        return shown
    return f"{shown}:{parts.port}"


def path_of(url: str) -> str:
    """The path of an address, without a closing slash."""
    return _split(url.strip(), "url").path.rstrip("/")


def urls_in(text: str, *, quoted: bool = True) -> list[str]:
    """The web addresses in a text, in order; ``quoted=False`` leaves out those inside quotes.

    A quoted address is mostly a value to type, not the site to open.
    """
    if not quoted:
        text = _QUOTED.sub(lambda found: " " * len(found[0]), text)
    found: list[str] = []
    for match in _IN_TEXT.finditer(text):
        url = match[0].rstrip(".,;:!?*_")
        while url.endswith(")") and url.count("(") < url.count(")"):
            url = url[:-1].rstrip(".,;:!?")
        if _is_web(url) and url not in found:
            found.append(url)
    return found


def _is_web(url: str) -> bool:
    try:
        _split(url, "url")
    except UrlInvalid:
        return False
    return True


def _split(text: str, field: str) -> SplitResult:
    if len(text) > _LONGEST or not text or any(ord(c) < 33 or ord(c) == 127 for c in text):
        raise UrlInvalid(f"{field} must be a web address without spaces, at most 2000 characters.")
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise UrlInvalid(f"{field} is not a valid web address.") from error
    if parts.scheme.lower() not in _PORTS:
        raise UrlInvalid(f"{field} must start with http:// or https://.")
    if not host or port == 0 or "\\" in parts.netloc:
        raise UrlInvalid(f"{field} names no host that can be opened.")
    return parts
