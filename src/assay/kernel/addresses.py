"""Which network addresses may be reached: cloud metadata and link-local never, private by leave."""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

IpAddress = IPv4Address | IPv6Address

_FORBIDDEN = tuple(
    ip_network(text)
    for text in (
        "169.254.0.0/16",  # link-local, and most clouds' metadata
        "fe80::/10",
        "fd00:ec2::254/128",  # AWS metadata over IPv6
        "fd20:ce::254/128",  # Google metadata over IPv6
        "100.100.100.200/32",  # Alibaba metadata
        "168.63.129.16/32",  # Azure's host agent
        "192.0.0.192/32",  # Oracle metadata
    )
)
_FORBIDDEN_NAMES = frozenset(
    {
        "metadata",
        "metadata.google.internal",
        "metadata.goog",
        "metadata.azure.internal",
        "instance-data",
        "instance-data.ec2.internal",
    }
)
_NAT64 = ip_network("64:ff9b::/96")
_SIX_TO_FOUR = ip_network("2002::/16")
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}\.?", re.IGNORECASE)


def parse_host(host: str) -> IpAddress | None:
    """The address that a host text is, in any form browsers accept; ``None`` for a name.

    Browsers read ``0xA9FEA9FE``, ``2852039166`` and ``169.254.43518`` as IPv4 addresses too.
    """
    bare = host.strip("[]").partition("%")[0]
    try:
        return ip_address(bare)
    except ValueError:
        pass
    if _NUMERIC.fullmatch(bare):
        try:
            return IPv4Address(socket.inet_aton(bare.rstrip(".")))
        except OSError:
            return None
    return None


def _inner(address: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 address carries, if it carries one."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
        if address in _SIX_TO_FOUR:
            return IPv4Address((int(address) >> 80) & 0xFFFFFFFF)
    return address


def is_forbidden_address(address: IpAddress) -> bool:
    """Whether an address is link-local or a metadata service: never reached, whoever allows it."""
    inner = _inner(address)
    return any(inner in net for net in _FORBIDDEN if net.version == inner.version)


def is_private_address(address: IpAddress) -> bool:
    """Whether an address is not on the public internet: private, loopback, reserved, multicast."""
    inner = _inner(address)
    return not inner.is_global or inner.is_multicast


def is_forbidden_host(host: str) -> bool:
    """Whether a host, as a name or an address in any form, is link-local or a metadata service.

    A name may still resolve to such an address: whoever connects checks again after resolving.
    """
    address = parse_host(host)
    if address is not None:
        return is_forbidden_address(address)
    return host.rstrip(".").lower() in _FORBIDDEN_NAMES
