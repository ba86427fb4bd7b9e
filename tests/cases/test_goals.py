"""Tests that are written from a feature's name, on the real sample shop in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assay.atlas.explore import explore
from assay.atlas.model import Budget, Purpose
from assay.browser.pool import PlaywrightPool
from assay.cases.goals import vary, write_tests
from assay.cases.model import AssertionKind, Draft
from assay.kernel.progress import Silent
from tests.cases.shop_site import Shop, running_shop

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with running_shop() as running:
        yield running


def asserted(draft: Draft) -> list[tuple[AssertionKind, str]]:
    return [(s.assertion.kind, s.assertion.text) for s in draft.steps if s.assertion is not None]


async def test_login_gets_a_positive_test_and_refusals(shop: Shop, pool: PlaywrightPool) -> None:
    drafts = await write_tests(("login",), None, pool, shop.target(), Silent())
    assert [draft.key for draft in drafts] == [
        "login-positive",
        "login-wrong-password",
        "login-empty",
        "login-return",
    ]
    good, wrong, _empty, _back = drafts
    assert (AssertionKind.URL, "/account") in asserted(good)
    assert good.config_names == ("customer",)
    assert shop.password not in repr(drafts)
    assert any("not right" in text for _kind, text in asserted(wrong))
    assert (AssertionKind.VALUE, "{{config:customer.username}}") in asserted(wrong)


async def test_without_credentials_the_answer_asks_for_them(
    shop: Shop, pool: PlaywrightPool
) -> None:
    target = shop.target(credentials=False)
    drafts = await write_tests(("login",), 1, pool, target, Silent())
    assert [draft.key for draft in drafts] == ["login-wrong-password"]
    assert any("password" in note for note in drafts[0].notes)


async def test_a_count_and_names_that_exist_are_heeded(shop: Shop, pool: PlaywrightPool) -> None:
    drafts = await write_tests(
        ("login",), 1, pool, shop.target(), Silent(), existing=["Log in with valid credentials"]
    )
    assert [draft.name for draft in drafts] == ["Refuse a wrong password"]


async def test_search_finds_something_real_and_nothing(shop: Shop, pool: PlaywrightPool) -> None:
    found, nothing = await write_tests(("search",), None, pool, shop.target(), Silent())
    kinds = [kind for kind, _text in asserted(found)]
    assert {AssertionKind.TEXT, AssertionKind.NO_TEXT} <= set(kinds)
    assert (AssertionKind.TEXT, "0 products") in asserted(nothing)


async def test_the_cart_is_held_to_the_arithmetic(shop: Shop, pool: PlaywrightPool) -> None:
    drafts = await write_tests(("cart",), None, pool, shop.target(), Silent())
    added, total, removed = drafts
    assert any(text.startswith("Subtotal") for _kind, text in asserted(added))
    three = next(step.text for step in total.steps if "3 ×" in step.text)
    assert "Total" in three
    assert removed.expected_result == "“Your cart is empty.” is shown"


async def test_the_checkout_is_gone_through_and_keeps_what_was_entered(
    shop: Shop, pool: PlaywrightPool
) -> None:
    drafts = await write_tests(("checkout",), 2, pool, shop.target(), Silent())
    whole, invalid = drafts
    assert whole.key == "checkout-positive"
    assert invalid.key == "checkout-invalid"
    assert (AssertionKind.URL, "/orders/*/thanks") in asserted(whole)
    kept = [step.text for step in invalid.steps if "keeps its value" in step.text]
    assert "“City” keeps its value" in kept
    # The shop takes any postcode: the wrong value is one that it checks, not the browser.
    assert "not-an-email" in invalid.goal


async def test_a_feature_that_is_not_there_is_said_so(shop: Shop, pool: PlaywrightPool) -> None:
    drafts = await write_tests(("video conferencing",), 1, pool, shop.target(), Silent())
    assert [draft.steps for draft in drafts] == [()]
    assert "video conferencing" in drafts[0].problem


async def test_a_follow_up_writes_the_variation_it_names(shop: Shop, pool: PlaywrightPool) -> None:
    for description, key in (
        ("also test a wrong password", "login-wrong-password"),
        ("and with a missing password", "login-empty-password"),
    ):
        drafts = await vary(description, None, "login", pool, shop.target(), Silent())
        assert [draft.key for draft in drafts] == [key]


async def test_exploring_maps_the_shop_within_its_budget(shop: Shop, pool: PlaywrightPool) -> None:
    known = await explore(pool, shop.target(), Budget(states=12, actions=40, seconds=40), Silent())
    purposes = {form.purpose for form in known.forms}
    assert {Purpose.LOGIN, Purpose.SEARCH, Purpose.CONTACT} <= purposes
    assert 10 <= len(known.states) <= 12
    assert not known.findings
    assert not [edge for edge in known.actions if "out" in edge.action.lower().split()]


async def test_exploring_reports_a_broken_link_and_a_dead_button(pool: PlaywrightPool) -> None:
    with running_shop("broken-link", "dead-button") as broken:
        budget = Budget(states=14, actions=45, seconds=40)
        known = await explore(pool, broken.target(), budget, Silent())
    kinds = {finding.kind.value for finding in known.findings}
    assert {"broken_link", "dead_control"} <= kinds
