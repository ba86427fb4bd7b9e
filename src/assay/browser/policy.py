"""Which addresses a session may reach: documents of its own hosts, the rest from the public net."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from assay.browser.errors import HostRefused
from assay.kernel.addresses import (
    IpAddress,
    is_forbidden_address,
    is_forbidden_host,
    is_private_address,
    parse_host,
)

_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_HARMLESS = ("about:", "data:", "blob:", "chrome-error:")


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """The hosts of a project's environments, as ``host`` (ports 80 and 443) or ``host:port``."""

    allowed: frozenset[str]

    def allows(self, host: str, port: int) -> bool:
        """Whether this is one of the project's own hosts, and may be one."""
        host = host.lower().strip("[]").rstrip(".")
        if is_forbidden_host(host):
            return False
        named = f"[{host}]" if ":" in host else host
        if f"{named}:{port}" in self.allowed or f"{host}:{port}" in self.allowed:
            return True
        return port in {80, 443} and (named in self.allowed or host in self.allowed)

    def document(self, url: str) -> None:
        """Raise HostRefused unless a document may be loaded from this address."""
        if url.startswith(_HARMLESS) or not url:
            return
        parts = urlsplit(url)
        port = _port(url) or _DEFAULT_PORTS.get(parts.scheme, 0)
        if parts.scheme in {"http", "https"} and self.allows(parts.hostname or "", port):
            return
        where = parts.netloc.rpartition("@")[2] or f"{parts.scheme}:"
        raise HostRefused(
            f"{where} is not a host of this project's environments, so the browser does not go"
            " there. Register it as an environment to allow it.",
            where,
        )

    def connection(self, host: str, port: int, address: IpAddress) -> bool:
        """Whether a connection to this resolved address of a host may be made."""
        if is_forbidden_address(address) or is_forbidden_host(host):
            return False
        return self.allows(host, port) or not is_private_address(address)

    def direct(self) -> list[str]:
        """The allowed ``host:port``s that need no resolving, so that nothing could change them."""
        direct: list[str] = []
        for entry in sorted(self.allowed):
            parts = urlsplit(f"//{entry}")
            host = parts.hostname or ""
            fixed = parse_host(host) is not None or host == "localhost"
            if not fixed or is_forbidden_host(host):
                continue
            named = f"[{host}]" if ":" in host else host
            port = _port(f"//{entry}")
            direct += [f"{named}:{port}"] if port else [f"{named}:80", f"{named}:443"]
        return direct


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return -1
