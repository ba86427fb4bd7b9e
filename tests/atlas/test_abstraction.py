"""Which pages are one state, and which are not."""

from __future__ import annotations

from assay.atlas.abstraction import same_state, signature, url_template
from tests.atlas.pages import Page


def product(number: int, items: int) -> Page:
    page = Page(f"http://site.test/products/{number}")
    page.add("heading", f"Product {number}", level=1)
    rows = page.add("list")
    for index in range(items):
        page.add("listitem", f"Review {index}", parent=rows.ref)
    return page


def test_pages_of_one_structure_are_one_state_whatever_they_say() -> None:
    assert same_state(signature(product(1, 3).seen()), signature(product(22, 9).seen()))


def test_an_open_dialog_is_another_state_of_the_same_url() -> None:
    shut, opened = product(1, 3), product(1, 3)
    opened.add("dialog", "Write a review")
    assert not same_state(signature(shut.seen()), signature(opened.seen()))


def test_steps_of_a_wizard_under_one_url_are_told_apart_by_their_fields() -> None:
    first, second = Page("http://site.test/join"), Page("http://site.test/join")
    first.field("Email", dom_name="email")
    second.field("City", dom_name="city")
    assert not same_state(signature(first.seen()), signature(second.seen()))


def test_an_error_page_is_not_the_page_it_looks_like() -> None:
    assert not same_state(
        signature(product(1, 3).seen(status=200)), signature(product(1, 3).seen(status=404))
    )


def test_url_templates_fold_ids_and_values_but_keep_routes() -> None:
    assert url_template("http://a/p/12/edit?tab=1&q=x") == "/p/*/edit?q&tab"
    assert url_template("http://a/app#/items/7") == "/app#/items/*"
    assert url_template("http://a/book-item-1_1/") == "/*/"
