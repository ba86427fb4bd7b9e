"""What writers of tests decide without a browser."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assay.cases.goals import family_of
from assay.cases.goals_accounts import demo_account
from assay.cases.goals_find import telling_word
from assay.cases.goals_money import parse
from assay.cases.goals_workshop import stable_text


@pytest.mark.parametrize(
    ("feature", "family"),
    [
        ("login", "login"),
        ("signing in", "login"),
        ("Registration", "signup"),
        ("placing an order", "checkout"),
        ("the shopping basket", "cart"),
        ("sorting by price", "filter"),
        ("search", "search"),
        ("the main links", "navigation"),
        ("adding groups", "record"),
        ("the whole site", "site"),
        ("password reset", "reset"),
        ("time travel", ""),
    ],
)
def test_a_feature_belongs_to_a_family(feature: str, family: str) -> None:
    assert family_of(feature) == family


@pytest.mark.parametrize(
    ("text", "user", "secret"),
    [
        ("Username: tomsmith\nPassword: SuperSecret!", "tomsmith", "SuperSecret!"),
        ("Demo: user@demo.io / demo123", "user@demo.io", "demo123"),
        ("Email: a@b.io, password: s3cret.", "a@b.io", "s3cret"),
    ],
)
def test_demo_credentials_are_read_from_the_page(text: str, user: str, secret: str) -> None:
    account = demo_account(text)
    assert account is not None
    assert (account.user, account.secret) == (user, secret)


@pytest.mark.parametrize("text", ["Email address\nPassword\nSign in", "Forgot your password?"])
def test_labels_are_no_credentials(text: str) -> None:
    assert demo_account(text) is None


def test_texts_lose_what_changes_and_keep_what_stays() -> None:
    assert stable_text("Order #1042 has been placed", []) == "has been placed"
    assert stable_text("The group “G-x1” was added", [("G-x1", "G-{{unique}}")]) == (
        "The group “G-{{unique}}” was added"
    )
    assert stable_text("12345", []) == ""
    assert stable_text("× Welcome back", []) == "Welcome back"


def test_amounts_are_read_and_written_in_the_page_s_own_way() -> None:
    for text, value, tripled in (
        ("£22.00", "22.00", "£66.00"),
        ("1.234,50 €", "1234.50", "3.703,50 €"),
        ("$1,200.00", "1200.00", "$3,600.00"),
    ):
        amount = parse(text)
        assert amount is not None
        assert amount.value == Decimal(value)
        assert amount.as_written(amount.value * 3) == tripled


def test_a_telling_word_is_in_some_names_and_not_in_others() -> None:
    found = telling_word(["Red kettle", "Blue kettle", "Bread knife"])
    assert found is not None
    word, have, lack = found
    assert word in have
    assert word.lower() not in lack.lower()
