"""What exploring stays away from, and how near words are."""

from __future__ import annotations

import pytest

from assay.atlas.rules import may_follow
from assay.atlas.words import closeness, is_commit, is_destructive


@pytest.mark.parametrize(
    ("label", "url"),
    [
        ("Log out", "http://a/bye"),
        ("Bye", "http://a/accounts/logout/"),
        ("Delete", "http://a/items/3"),
        ("Clean", "http://a/items/3/delete/"),
    ],
)
def test_links_that_end_or_destroy_are_not_followed(label: str, url: str) -> None:
    assert not may_follow(label, url)


def test_harmless_links_are_followed() -> None:
    assert may_follow("Products", "http://a/products/undeletable")


def test_lexicons() -> None:
    assert is_destructive("Remove item")
    assert not is_destructive("Add item")
    assert is_commit("Place order")
    assert not is_commit("Order history")


def test_synonyms_are_near_and_strangers_are_not() -> None:
    assert closeness("login", "Sign in") > 0.6
    assert closeness("checkout", "Proceed to checkout") > 0.6
    assert closeness("login", "Terms and conditions") == 0
