"""Finding what a bundle means on an observation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assay.browser.model import Fingerprint, Locator, LocatorBundle, LocatorKind
from assay.cases.find import find, rendered, sketch
from tests.cases.paper import Paper


def bundle(*locators: Locator, **like: Any) -> LocatorBundle:
    seen = Fingerprint(role=like.pop("role", "button"), name=like.pop("name", ""), tag="button")
    return LocatorBundle(locators[0], locators[1:], replace(seen, **like), "it")


def test_a_role_and_name_are_found_whatever_the_quotes_and_case() -> None:
    page = Paper()
    ref = page.node("button", "Don\u2019t  save")
    wanted = bundle(Locator(LocatorKind.ROLE, "button", name="don't save"))
    assert [node.ref for node in find(page.seen(), wanted)] == [ref]


def test_an_alternate_is_used_when_the_primary_is_gone() -> None:
    page = Paper()
    ref = page.node("button", "Store", dom_id="save")
    wanted = bundle(
        Locator(LocatorKind.ROLE, "button", name="Save"), Locator(LocatorKind.CSS, "#save")
    )
    assert [node.ref for node in find(page.seen(), wanted)] == [ref]


def test_strict_does_not_take_something_else_for_what_is_gone() -> None:
    page = Paper()
    page.node("button", "Save and continue", dom_id="save")
    wanted = bundle(
        Locator(LocatorKind.ROLE, "button", name="Save"),
        Locator(LocatorKind.CSS, "#save"),
        name="Save",
    )
    assert find(page.seen(), wanted, strict=True) == ()


def test_likeness_needs_a_margin_over_the_second_best() -> None:
    page = Paper()
    page.node("button", "Add to cart", section="Red shoe")
    page.node("button", "Add to cart", section="Blue shoe")
    twins = bundle(Locator(LocatorKind.ROLE, "button", name="Buy"), name="Add to cart")
    assert find(page.seen(), twins) == ()
    one = bundle(
        Locator(LocatorKind.ROLE, "button", name="Buy"), name="Add to cart", section="Blue shoe"
    )
    assert [node.section for node in find(page.seen(), one)] == ["Blue shoe"]


def test_within_narrows_to_the_row_that_has_a_text() -> None:
    page = Paper()
    first = page.node("row", "", text="Ann Delete")
    second = page.node("row", "", text="Bob Delete")
    page.node("button", "Delete", parent=first, row=first)
    ref = page.node("button", "Delete", parent=second, row=second)
    wanted = bundle(
        Locator(
            LocatorKind.ROLE,
            "button",
            name="Delete",
            within=Locator(LocatorKind.ROLE, "row", has_text="Bob"),
        )
    )
    assert [node.ref for node in find(page.seen(), wanted)] == [ref]


def test_a_sketch_finds_its_own_node_again_among_twins() -> None:
    page = Paper()
    page.list(["one", "two"], dom_id="todo")
    page.list(["home", "about"], dom_id="links")
    seen = page.seen()
    for node in seen.nodes:
        found = find(seen, sketch(seen, node))
        if node.role == "list":
            assert [item.ref for item in found] == [node.ref]


def test_templates_of_a_bundle_are_filled_in() -> None:
    page = Paper()
    ref = page.node("link", "group-x1")
    wanted = LocatorBundle(
        Locator(LocatorKind.ROLE, "link", name="group-{{unique}}"),
        (),
        Fingerprint(role="link", name="group-{{unique}}", tag="a"),
        "the group",
    )

    def render(template: str) -> str:
        return template.replace("{{unique}}", "x1")

    assert rendered(wanted, render).primary.name == "group-x1"
    assert [node.ref for node in find(page.seen(), wanted, render=render)] == [ref]
