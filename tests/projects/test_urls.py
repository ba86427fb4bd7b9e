"""Addresses: which are refused, when two are the same, which stand in a text."""

from __future__ import annotations

import pytest

from assay.projects.errors import UrlInvalid
from assay.projects.urls import host_of, split_credentials, url_key, urls_in, validate_url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example.com",
        "ftp://shop.example.com",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http://:80/",
        "http://host:99999/",
        "http://host:0/",
        "http://a b/",
        "http://user:pass@host/",
        "http://user@host/",
        "http://host\\@evil/",
        "http://169.254.169.254/",
        "http://2852039166/",
        "http://[fd00:ec2::254]/",
        "http://[::ffff:169.254.169.254]/",
        "http://metadata.google.internal/computeMetadata",
        "http://[broken/",
        "http://" + "x" * 3000,
    ],
)
def test_refused(url: str) -> None:
    with pytest.raises(UrlInvalid, match=r"environment\.url"):
        validate_url(url, field="environment.url")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "https://shop.example.com/a?b#c", " http://localhost/ "]
)
def test_accepted(url: str) -> None:
    assert validate_url(url) == url.strip()


def test_spelling_does_not_make_another_address() -> None:
    assert url_key("HTTP://Host:80/") == url_key("http://host")
    assert url_key("https://host:443/a/") == url_key("https://host/a")
    assert url_key("http://host/#/a") != url_key("http://host/#/b")
    assert url_key("http://host") != url_key("https://host")
    assert host_of("http://[::1]:8080/x") == "[::1]:8080"


def test_credentials_are_split_off() -> None:
    bare, pair = split_credentials("https://us%40er:p%3Ass@host:8443/x")
    assert (bare, pair) == ("https://host:8443/x", ("us@er", "p:ss"))
    assert split_credentials("https://host/") == ("https://host/", None)


def test_addresses_in_a_text() -> None:
    text = (
        'Open http://a.example/x, then (https://b.example/y_(z)). Type "https://c.example" in it!'
    )
    assert urls_in(text) == ["http://a.example/x", "https://b.example/y_(z)", "https://c.example"]
    assert urls_in(text, quoted=False) == ["http://a.example/x", "https://b.example/y_(z)"]
    assert urls_in("nothing http:// here") == []
