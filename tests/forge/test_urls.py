"""Links to pull requests, and where a forge's API is."""

from __future__ import annotations

import pytest

from assay.forge import Provider, PullRef, base_address, parse_pull_url, within, without_credentials
from assay.forge.errors import PullUrlInvalid
from assay.forge.urls import api_base

GITHUB, GITLAB = Provider.GITHUB, Provider.GITLAB


@pytest.mark.parametrize(
    ("url", "provider", "found"),
    [
        ("https://github.com/o/n/pull/7", GITHUB, ("https://github.com", "o/n", 7)),
        ("https://www.github.com/o/n/pull/7/files#x", GITHUB, ("https://github.com", "o/n", 7)),
        (
            "https://GIT.acme.test:8443/o/n.js/pull/7?w=1",
            GITHUB,
            ("https://git.acme.test:8443", "o/n.js", 7),
        ),
        ("https://gitlab.com/g/s/n/-/merge_requests/3", GITLAB, ("https://gitlab.com", "g/s/n", 3)),
        ("http://10.0.0.5/g/n/merge_requests/3/diffs", GITLAB, ("http://10.0.0.5", "g/n", 3)),
        ("https://[fd00::1]:80/g/n/-/merge_requests/3", GITLAB, ("https://[fd00::1]:80", "g/n", 3)),
    ],
)
def test_links_name_a_pull_request(url: str, provider: Provider, found: object) -> None:
    ref = parse_pull_url(url, provider)
    assert (ref.base_url, ref.repository, ref.number) == found


@pytest.mark.parametrize(
    "url",
    [
        "",
        "github.com/o/n/pull/7",
        "ftp://github.com/o/n/pull/7",
        "https://github.com/o/n/issues/7",
        "https://github.com/o/n/pull/seven",
        "https://user:secret@github.com/o/n/pull/7",
        "https://github.com/o/../pull/7",
        "https://github.com/../n/pull/7",
        "https://169.254.169.254/o/n/pull/7",
        "https://metadata.google.internal/o/n/pull/7",
        "https://github.com:0/o/n/pull/7",
        "https://github.com/o/n /pull/7",
        "https://gitlab.com/-/merge_requests/3",
    ],
)
def test_what_is_no_link_is_refused_with_the_right_form(url: str) -> None:
    for provider in (GITHUB, GITLAB):
        with pytest.raises(PullUrlInvalid, match="expected the form https://git") as told:
            parse_pull_url(url, provider)
        assert "secret" not in told.value.message


def test_a_relative_root_is_cut_off_by_the_connection() -> None:
    ref = parse_pull_url("https://acme.test/git/g/n/-/merge_requests/3", GITLAB)
    assert within(ref, "https://acme.test/git") == PullRef(
        GITLAB, "https://acme.test/git", "g/n", 3
    )
    assert within(ref, "https://acme.test/other") is None
    assert within(ref, "https://acme.test/gi") is None


@pytest.mark.parametrize(
    ("provider", "base", "api"),
    [
        (GITHUB, "https://github.com", "https://api.github.com"),
        (GITHUB, "https://acme.ghe.com", "https://api.acme.ghe.com"),
        (GITHUB, "https://git.acme.test", "https://git.acme.test/api/v3"),
        (GITLAB, "https://gitlab.com", "https://gitlab.com/api/v4"),
        (GITLAB, "https://acme.test/git", "https://acme.test/git/api/v4"),
    ],
)
def test_the_api_of_a_forge(provider: Provider, base: str, api: str) -> None:
    assert api_base(provider, base) == api


def test_an_address_has_one_form() -> None:
    assert base_address("https://Git.Acme.test:443/git/") == "https://git.acme.test/git"
    for wrong in ("git.acme.test", "https://a:b@git.acme.test", "https://x.test/?a=1"):
        with pytest.raises(PullUrlInvalid):
            base_address(wrong)


@pytest.mark.parametrize(
    ("given", "bare"),
    [
        ("https://ghp_x@github.com/a/b/pull/7", "https://github.com/a/b/pull/7"),
        ("https://u:p@x@acme.test/a/b/pull/7#c", "https://acme.test/a/b/pull/7"),
        ("https://u:pa/ss@acme.test/a/b/pull/7", "https://acme.test/a/b/pull/7"),
        ("https://acme.test:8443/@ada/b/pull/7", "https://acme.test:8443/@ada/b/pull/7"),
        (
            "https://acme.test/a/-/merge_requests/7?private_token=x",
            "https://acme.test/a/-/merge_requests/7",
        ),
        ("acme/shop pull 7", "acme/shop pull 7"),
        ("https://acme.test/@ada/b/pull/7", "https://acme.test/@ada/b/pull/7"),
    ],
)
def test_a_link_is_kept_without_credentials(given: str, bare: str) -> None:
    assert without_credentials(given) == bare
