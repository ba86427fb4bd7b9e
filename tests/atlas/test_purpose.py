"""What forms are for, told from their fields, words and place."""

from __future__ import annotations

import pytest

from assay.atlas.model import Purpose
from assay.atlas.purpose import cookie_button, find_forms, has_captcha
from tests.atlas.pages import Page


def form_page(url: str, heading: str, fields: list[tuple[str, str]], button: str) -> Page:
    page = Page(f"http://site.test{url}")
    page.add("heading", heading, level=1)
    form = page.add("form", form="n1")
    for label, kind in fields:
        page.field(label, kind, form=form.ref, parent=form.ref, section=heading)
    if button:
        page.add("button", button, form=form.ref, parent=form.ref, input_type="submit")
    return page


@pytest.mark.parametrize(
    ("url", "heading", "fields", "button", "purpose"),
    [
        ("/a", "Welcome", [("Email", "email"), ("Password", "password")], "Continue", "login"),
        ("/b", "Join", [("Email", "email"), ("Password", "password"),
                        ("Repeat password", "password")], "Create account", "sign-up"),
        ("/c", "Forgot your password?", [("Email", "email")], "Reset", "password reset"),
        ("/d", "", [("Search the shop", "search")], "Go", "search"),
        ("/e", "Contact us", [("Your name", "text"), ("Email", "email"), ("Message", "text")],
         "Send", "contact"),
        ("/f", "News", [("Email", "email")], "Subscribe", "newsletter"),
        ("/checkout", "Where to?", [("Street", "text"), ("City", "text"), ("Postcode", "text")],
         "Next", "checkout address"),
        ("/g", "Payment", [("Card number", "text"), ("CVC", "text")], "Pay", "payment"),
        ("/h", "New group", [("Title", "text")], "Save", "create record"),
        ("/i", "Edit group", [("Title", "text")], "Save", "edit record"),
        ("/j", "A kettle", [("Quantity", "spinbutton")], "Add to basket", "add to cart"),
        ("/k", "Documents", [("File", "file")], "Upload", "upload"),
        ("/l", "Basket", [("Coupon code", "text")], "Apply", "voucher"),
        ("/m", "Reviews", [("Your comment", "text")], "Post comment", "comment"),
    ],
)  # fmt: skip
def test_a_form_is_recognised(
    url: str, heading: str, fields: list[tuple[str, str]], button: str, purpose: str
) -> None:
    views = find_forms(form_page(url, heading, fields, button).seen())
    assert [view.purpose for view in views] == [Purpose(purpose)]


def test_fields_without_a_form_are_grouped_with_the_button_beside_them() -> None:
    page = Page()
    box = page.add("", tag="div")
    page.field("User name", parent=box.ref)
    page.field("Password", "password", parent=box.ref)
    page.add("button", "Sign in", parent=box.ref)
    other = page.add("", tag="div")
    page.field("Search", "search", parent=other.ref)
    page.add("button", "Find", parent=other.ref)
    found = {view.purpose: view for view in find_forms(page.seen())}
    assert set(found) == {Purpose.LOGIN, Purpose.SEARCH}
    submit = found[Purpose.LOGIN].submit
    assert submit is not None
    assert submit.name == "Sign in"


def test_a_cookie_banner_has_its_button_found_and_other_buttons_do_not() -> None:
    page = Page()
    banner = page.add("region", tag="div", text="We use cookies to count visits.")
    button = page.add("button", "Accept all", parent=banner.ref)
    page.add("button", "OK", parent=None)
    assert cookie_button(page.seen()) == button
    plain = Page()
    box = plain.add("dialog", tag="div", text="Order these things?")
    plain.add("button", "OK", parent=box.ref)
    assert cookie_button(plain.seen()) is None


def test_a_captcha_frame_is_noticed() -> None:
    page = Page()
    assert not has_captcha(page.seen())
    page.add("", tag="iframe", title="reCAPTCHA", text="")
    assert has_captcha(page.seen())
