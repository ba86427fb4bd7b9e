"""Which addresses a session may reach: documents of its own hosts, the rest from the public net."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from assay.browser.errors import HostRefused

_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_HARMLESS = ("about:", "data:", "blob:", "chrome-error:")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Where clouds answer with credentials, beside the link-local range they mostly are in.
_METADATA = frozenset({"169.254.169.254", "100.100.100.200", "fd00:ec2::254", "168.63.129.16"})


@dataclass(frozen=True, slots=True)
class HostPolicy:
    """The hosts of a project's environments, as ``host`` (default ports) or ``host:port``."""

    allowed: frozenset[str]

    def allows(self, scheme: str, host: str, port: int | None) -> bool:
        """Whether this is one of the project's own hosts."""
        host = host.lower().rstrip(".")
        number = port if port is not None else _DEFAULT_PORTS.get(scheme, 0)
        named = f"[{host}]" if ":" in host else host
        if f"{named}:{number}" in self.allowed or f"{host}:{number}" in self.allowed:
            return True
        return number in {80, 443} and (named in self.allowed or host in self.allowed)

    def document(self, url: str) -> None:
        """Raise HostRefused unless a document may be loaded from this address."""
        if url.startswith(_HARMLESS) or not url:
            return
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme in {"http", "https"} and self.allows(parts.scheme, host, _port(url)):
            return
        where = parts.netloc.rpartition("@")[2] or f"{parts.scheme}:"
        raise HostRefused(
            f"{where} is not a host of this project's environments, so the browser does not go"
            " there. Register it as an environment to allow it.",
            where,
        )

    def address(self, scheme: str, host: str, port: int, address: Address) -> bool:
        """Whether a connection to this resolved address may be made at all."""
        if forbidden(address):
            return False
        if self.allows(scheme, host, port) or self.allows("https", host, port):
            return True
        return is_public(address)


def forbidden(address: Address) -> bool:
    """Addresses nobody may allow: link-local ones and cloud metadata."""
    address = _unwrapped(address)
    return address.is_link_local or str(address) in _METADATA or address.is_multicast


def is_public(address: Address) -> bool:
    """Whether an address is of the public internet."""
    address = _unwrapped(address)
    return address.is_global and not address.is_multicast


def _unwrapped(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one, so that no notation hides it."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return inner
        if address in ipaddress.IPv6Network("64:ff9b::/96"):
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return -1
