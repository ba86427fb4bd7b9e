"""What is entered into fields, and what may be done, while only looking around."""

from __future__ import annotations

import pytest

from assay.atlas.entries import ends_of, entry, file_for, options_of
from assay.atlas.purpose import find_forms
from assay.atlas.rules import goes_in_circles, harmless, may_accept, may_send
from assay.atlas.tries import Try, tries
from assay.browser.model import ActionKind, Dialog, Option
from tests.atlas.pages import Page


@pytest.mark.parametrize(
    ("kind", "constraints", "value"),
    [
        ("text", {}, "test"),
        ("text", {"minlength": "6"}, "test more words"),
        ("text", {"maxlength": "2"}, "te"),
        ("text", {"pattern": "[A-Z]{2}-[0-9]{3}"}, "AA-777"),
        ("email", {}, "someone@example.com"),
        ("number", {"min": "2", "max": "6"}, "3"),
        ("number", {"min": "10", "max": "10"}, "10"),
        ("date", {"min": "2030-02-01"}, "2030-02-01"),
        ("date", {}, "2025-01-15"),
    ],
)
def test_values_fit_what_a_field_allows(kind: str, constraints: dict[str, str], value: str) -> None:
    page = Page()
    role = "spinbutton" if kind == "number" else "textbox"
    node = page.add(role, "Thing", tag="input", input_type=kind, constraints=constraints)
    assert entry(node) == value


def test_options_files_and_ends() -> None:
    page = Page()
    options = (
        Option("Choose one", "", True),
        Option("Red", "r", False),
        Option("Old", "o", False, True),
    )
    assert [one.label for one in options_of(page.add("combobox", "Colour", options=options))] == [
        "Red"
    ]
    slider = page.add("slider", "Size", constraints={"min": "5", "max": "50"})
    assert ends_of(slider) == ("50", "5")
    assert (
        file_for(page.add("button", "File", constraints={"accept": ".csv"})).filename == "table.csv"
    )
    assert file_for(page.add("button", "File")).media_type == "text/plain"


@pytest.mark.parametrize(
    ("method", "button", "fields", "may"),
    [
        ("get", "Show", ("Street",), True),
        ("post", "Calculate", ("Width", "Height"), True),
        ("post", "Continue", ("Width",), True),
        ("post", "Submit", ("Width",), True),
        ("post", "Save", ("Width",), False),
        ("post", "Register", ("Width",), False),
        ("get", "Delete", ("Width",), False),
        ("get", "Pay now", ("Width",), False),
        ("post", "Submit", ("E-mail", "Message"), False),
    ],
)
def test_forms_are_sent_only_where_they_ask(
    method: str, button: str, fields: tuple[str, ...], may: bool
) -> None:
    page = Page()
    form = page.add("form", tag="form", signs=frozenset({method}))
    for label in fields:
        page.field(label, form=form.ref, parent=form.ref)
    page.add("button", button, form=form.ref, parent=form.ref, input_type="submit")
    (view,) = find_forms(page.seen())
    assert may_send(view, method) is may
    sent = [item for item in tries(page.seen()) if item.label.startswith("form ")]
    assert bool(sent) is may


@pytest.mark.parametrize(
    ("message", "label", "may"),
    [
        ("Open the archive?", "Old issues", True),
        ("Leave this page?", "Further", True),
        ("All entries will be deleted. Are you sure?", "Tidy up", False),
        ("Continue?", "Delete", False),
        ("You have unsaved changes.", "Back", False),
    ],
)
def test_questions_are_answered_with_yes_only_when_harmless(
    message: str, label: str, may: bool
) -> None:
    assert may_accept(Dialog("confirm", message, "dismiss"), label) is may
    assert not may_accept(Dialog("alert", message, "dismiss"), label)


def test_words_that_end_or_destroy_are_not_harmless() -> None:
    assert harmless("Weather", "Old issues", "Next")
    for words in ("Log out", "Remove", "Place order", "Trash", "Send"):
        assert not harmless("Fine", words)


def test_addresses_that_repeat_themselves_go_in_circles() -> None:
    assert goes_in_circles("http://site.test/a/b/a/b/a/b")
    assert not goes_in_circles("http://site.test/shop/lamps/7/7/7")


def test_gestures_are_offered_where_they_are_heard_and_nowhere_else() -> None:
    page = Page()
    page.add("generic", "Pictures", signs=frozenset({"double"}), own_text="Pictures")
    page.add("generic", "Card", signs=frozenset({"drag"}), own_text="Card")
    page.add("generic", "Tray", signs=frozenset({"drop"}), own_text="Tray")
    page.add("generic", "Bin", signs=frozenset({"drop"}), own_text="Bin")
    page.add("generic", "Menu", signs=frozenset({"hides"}), own_text="Menu")
    page.add("generic", "Words", own_text="Words")
    found = [(item.label, item.moves[0].kind, goal(item)) for item in tries(page.seen())]
    assert found == [
        ("Menu", ActionKind.HOVER, ""),
        ("Pictures", ActionKind.DOUBLE_CLICK, ""),
        ("Card", ActionKind.DRAG, "Tray"),
    ]


def goal(item: Try) -> str:
    """Where the first move drags to."""
    return item.moves[0].to.name if item.moves[0].to is not None else ""


def test_a_heading_says_what_a_vague_button_does() -> None:
    def may(heading: str, button: str) -> bool:
        page = Page()
        form = page.add("form", tag="form", signs=frozenset({"post"}))
        page.add("heading", heading, form=form.ref, parent=form.ref)
        page.field("Width", form=form.ref, parent=form.ref)
        page.add("button", button, form=form.ref, parent=form.ref, input_type="submit")
        (view,) = find_forms(page.seen())
        return may_send(view, "post")

    assert may("Room size", "Submit")
    assert not may("Add a room", "Submit")
    assert may("Post offices", "Calculate")
