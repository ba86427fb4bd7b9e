"""Metadata and link-local addresses are recognised in every form that browsers accept."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from assay.kernel.addresses import (
    is_forbidden_address,
    is_forbidden_host,
    is_private_address,
    parse_host,
)


@pytest.mark.parametrize(
    "host",
    [
        "169.254.169.254",
        "169.254.0.1",
        "2852039166",
        "0xA9FEA9FE",
        "0251.0376.0251.0376",
        "169.254.43518",
        "169.254.169.254.",
        "[::ffff:169.254.169.254]",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::a9fe:a9fe]",
        "[fe80::1]",
        "[fe80::1%eth0]",
        "[fd00:ec2::254]",
        "metadata.google.internal",
        "METADATA.google.internal.",
        "metadata",
        "100.100.100.200",
    ],
)
def test_forbidden_hosts(host: str) -> None:
    assert is_forbidden_host(host)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.8", "[::1]", "example.com", "169.253.1.1", "1.2.3"]
)
def test_other_hosts(host: str) -> None:
    assert not is_forbidden_host(host)


def test_private_addresses() -> None:
    for text in ("127.0.0.1", "10.1.1.1", "::1", "fd12::1", "::ffff:192.168.0.1", "224.0.0.1"):
        assert is_private_address(ip_address(text)), text
    assert not is_private_address(ip_address("93.184.216.34"))
    assert not is_forbidden_address(ip_address("127.0.0.1"))
    assert parse_host("shop.example") is None
