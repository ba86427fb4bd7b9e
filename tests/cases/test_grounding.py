"""Grounding on observations recorded from real sites: what is found, and when it abstains."""

from __future__ import annotations

import time

import pytest

from assay.browser.model import Node
from assay.cases.clauses import Clause, FieldValue, Phrase, Relation, Verb
from assay.cases.grounding import (
    Grounding,
    GroundRequest,
    Memory,
    ground,
    ground_all,
    ground_fields,
    request_of,
)
from assay.cases.meaning import Meaning
from assay.cases.plain import parse_steps
from tests.cases.recorded_pages import page


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    made = Meaning()
    made.warm()
    return made


def _only(text: str) -> Clause:
    return parse_steps(text)[-1]


def _found(
    name: str, text: str, meaning: Meaning, thing: str = "", following: str = ""
) -> Grounding:
    clause = parse_steps(text)[0]
    return ground(
        request_of(clause, Memory(thing), (following,) if following else ()), page(name), meaning
    )


def _words(node: Node) -> str:
    named = node.name or node.label or node.placeholder or node.dom_id or " ".join(node.classes)
    return f"{node.role} {named}"


# page, step, the element as "role name", text of its row (or "")
FOUND = [
    ("sign_in", 'Type "a" into user name', "textbox Username:", ""),
    ("sign_in", "Enter 'secret1' in the password field", "textbox Password:", ""),
    ("sign_in", "press login", "button Log in", ""),
    ("sign_in", "submit", "button Log in", ""),
    ("admin_home", "open Users", "link Users", "Users Add Change"),
    ("admin_home", "Questions list", "link Questions", ""),
    ("admin_home", "Add user", "link Add", "Users Add Change"),
    ("admin_home", "Add a group", "link Add", "Groups Add Change"),
    ("admin_home", 'Click "Add" in the row "Groups"', "link Add", "Groups Add Change"),
    ("admin_home", "Click Add in the Questions row", "link Add", "Questions Add Change"),
    ("admin_home", "Log out", "button Log out", ""),
    ("users", "Add user", "link Add user", ""),
    ("users", "search bob", "textbox Search", ""),
    ("questions", "search 'question 07'", "textbox Search", ""),
    ("questions", "Sort by Is open", "link Is open", ""),
    ("questions", 'Tick "Seed question 20?"', "checkbox Select this object", "Seed question 20?"),
    ("questions", "Tick the second row", "checkbox Select this object", "Seed question 22?"),
    ("search_result", "run 'Close selected questions'", "combobox Action:", ""),
    ("question_form", "open Date information", "button Date information", ""),
    ("question_form", "Save", "button Save", ""),
    ("question_form", "Save and continue", "button Save and continue editing", ""),
    ("user_form", 'Type "x" in Username', "textbox Username:", ""),
    ("change_question", "Delete", "link Delete", ""),
    ("delete_question", "confirm", "button Yes, I’m sure", ""),
    ("polls", "Open Seed question 01?", "link Seed question 01?", ""),
    ("polls", "Open poll 1", "link Seed question 01?", ""),
    ("polls", "Open poll 4 (closed)", "link Seed question 04?", ""),
    ("polls", "press Next", "link Next", ""),
    ("poll", "choose Yes", "radio Yes", ""),
    ("poll", "Vote", "button Vote", ""),
    ("attach", "Upload", "button Upload", ""),
    ("sign_in_or_register", "Press Register", "button Register", ""),
    ("sign_in_or_register", "Sign up", "button Register", ""),
    (
        "sign_in_or_register",
        "Enter 'x' in the 'Confirm password' field",
        "textbox Confirm password",
        "",
    ),
    ("shop_home", "Open Music", "link Music", ""),
    ("shop_home", "Search Game", "textbox Search", ""),
    ("shop_home", "Go to the shopping bag", "button View cart", ""),
    ("shop_home", "Next page", "link next", ""),
    ("category", "Open Game item 3", "link Game item 3", ""),
    ("category", "Add Game item 1 (22.00)", "button Add to cart", "Game item 1 £22.00"),
    ("category", 'Add "Game item 3" to the basket', "button Add to cart", "Game item 3"),
    ("category", 'Click the second "Add to cart" button', "button Add to cart", "Game item 2"),
    ("category", "Click 'Add to cart' next to 'Game item 3'", "button Add to cart", "Game item 3"),
    (
        "category",
        "Click 'Add to cart' in the 'Game item 2' card",
        "button Add to cart",
        "Game item 2",
    ),
    ("product", "Add to basket", "button Add to cart", ""),
    ("product", "Add Game item 1 (22.00)", "button Add to cart", ""),
    ("basket", "set quantity 3", "spinbutton id_form-0-quantity", ""),
    ("basket", "Change the quantity to 4", "spinbutton id_form-0-quantity", ""),
    ("basket", "Update", "button Update", ""),
    ("basket", "Press Remove", "link Remove", ""),
    ("basket_code", "Apply TENOFF", "textbox Code", ""),
    ("shipping", "type 'QQQ' in postcode", "textbox Post/Zip-code", ""),
    ("back_office", "Catalogue", "button Catalog", ""),
    ("back_office_products", "Search", "button Search", ""),
    ("database", "orders", "link orders", ""),
    ("table", "click the price header", "link price", ""),
    ("table", "search toy", "searchbox Search:", ""),
    ("table", "facet by category", "link category", ""),
    ("table_facets", "click book", "link book", "book 6"),
    ("orders", "follow the first row's the customer link", "link Customer 12", ""),
    ("orders", "Next page", "link Next page", ""),
    ("todo_empty", "Type 'buy milk'", "textbox What needs to be done?", ""),
    ("todo_empty", "Add '  pad  '", "textbox What needs to be done?", ""),
    ("todo_two", "Tick the first", "checkbox toggle", "buy milk"),
    ("todo_two", "Tick 'walk dog'", "checkbox toggle", "walk dog"),
    ("todo_two", "Press toggle-all", "checkbox toggle-all", ""),
    ("todo_two", "Active", "link Active", ""),
    ("todo_two", "Double-click 'walk dog'", "listitem walk dog", ""),
    ("todo_hover", "press x", "button destroy", "buy milk"),
    ("todo_hover", "Click the × next to 'buy milk'", "button destroy", "buy milk"),
    ("todo_hover", "Delete 'buy milk'", "button destroy", "buy milk"),
    ("todo_done", "Press Clear completed", "button Clear completed (1)", ""),
    ("todo_edit", "change text", "textbox edit", ""),
    ("todo_edit", "empty the text", "textbox edit", ""),
]


@pytest.mark.parametrize(("name", "text", "element", "row"), FOUND)
def test_finds_what_is_meant(
    name: str, text: str, element: str, row: str, meaning: Meaning
) -> None:
    answer = _found(name, text, meaning)
    assert answer.choice is not None, answer.reason
    node = page(name).node(answer.choice.ref)
    assert (_words(node) if node.role != "listitem" else f"listitem {node.text}").startswith(
        element
    )
    assert row in node.row_text


ABSTAINS = [
    ("sign_in", "Click 'Register'"),
    ("sign_in_or_register", "Click 'Delete account'"),  # never the nearest in meaning
    ("sign_in_or_register", "Enter 'x' in the password field"),  # one in each of two forms
    ("admin_home", "Click 'Create account'"),
    ("admin_home", "Create a new account"),
    ("admin_home", "Click Add"),  # one in each row
    ("questions", 'Tick "Seed question 05?"'),  # a row of the fifth of May is not question 5
    ("questions", "open question 1"),
    ("users", "Click the Delete button"),
    ("shop_home", "Click 'Frobnicate'"),
    ("category", "Click 'Add to cart' in the 'Game item 77' card"),
    ("category", "Click 'Add to cart'"),
    ("table", "click book"),
    ("todo_two", "press x"),  # shown only while the pointer is on an item
    ("todo_two", "Tick the fifth"),
]


@pytest.mark.parametrize(("name", "text"), ABSTAINS)
def test_abstains_and_says_why(name: str, text: str, meaning: Meaning) -> None:
    answer = _found(name, text, meaning)
    assert answer.abstained, answer.reason
    assert answer.reason.endswith(("?", "."))


def test_abstention_names_the_candidates(meaning: Meaning) -> None:
    answer = _found("category", "Click 'Add to cart'", meaning)
    assert "hesitated between button “Add to cart”" in answer.reason
    assert len(answer.candidates) == 3


def test_last_thing_decides_between_equals(meaning: Meaning) -> None:
    answer = _found("users", "Add", meaning, thing="Users")
    assert answer.choice is not None
    assert page("users").node(answer.choice.ref).row_text == "Users Add"


def test_it_is_the_last_thing(meaning: Meaning) -> None:
    tick = _found("search_result", "tick it", meaning, thing="question 02")
    assert tick.choice is not None
    assert "Seed question 02?" in tick.choice.label
    double = _found("todo_two", "Double-click", meaning, thing="walk dog")
    assert double.choice is not None
    assert "walk dog" in double.choice.label
    assert _found("questions", "tick it", meaning).abstained


def test_options_and_codes_are_values(meaning: Meaning) -> None:
    action = _found("search_result", "run 'Close selected questions'", meaning)
    assert action.as_value == "Close selected questions"
    code = _found("back_office_products", "UPC003", meaning, following="Search")
    assert code.as_value == "UPC003"
    assert code.choice is not None
    assert "UPC" in code.choice.label
    item = _found("todo_empty", "Add '  pad  '", meaning)
    assert item.as_value == "  pad  "


def test_stepping_leads_to_the_thing(meaning: Meaning) -> None:
    code = _found("basket", "Apply TENOFF", meaning)
    assert code.stepping
    hidden = _found("todo_hover", "Delete 'walk dog'", meaning)
    assert hidden.stepping


def test_several_fields_of_one_name(meaning: Meaning) -> None:
    password = Phrase("password", raw="password")
    same = ground_fields(FieldValue(password, None, Relation.SAME, 2), page("user_form"), meaning)
    assert isinstance(same, tuple)
    labels = [page("user_form").node(one.ref).name for one in same]
    assert labels == ["Password:", "Password confirmation:"]
    choice = FieldValue(Phrase("choice", raw="choices"), None, count=2)
    choices = ground_fields(choice, page("question_form"), meaning)
    assert isinstance(choices, tuple)
    assert [page("question_form").node(one.ref).dom_id for one in choices] == [
        "id_choice_set-0-choice_text",
        "id_choice_set-1-choice_text",
    ]
    five = ground_fields(FieldValue(password, None, Relation.SAME, 5), page("user_form"), meaning)
    assert isinstance(five, Grounding)
    assert five.abstained


def test_every_one_of_them(meaning: Meaning) -> None:
    boxes = ground_all(request_of(_only("Tick all checkboxes")), page("todo_two"), meaning)
    assert len(boxes) == 2
    buttons = ground_all(GroundRequest(Phrase("Add to cart")), page("category"), meaning)
    assert len(buttons) >= 5


def test_never_harms_unasked(meaning: Meaning) -> None:
    for text in ("Create a new account", "Click account", "Remember me", "Next step"):
        answer = _found("change_question", text, meaning)
        if answer.choice is not None:
            assert "Delete" not in answer.choice.label
            assert "Log out" not in answer.choice.label


def test_is_quick_on_large_pages(meaning: Meaning) -> None:
    request = request_of(_only("click the price header"))
    ground(request, page("table"), meaning)
    start = time.process_time()
    for _ in range(5):
        ground(request, page("table"), meaning)
    assert (time.process_time() - start) / 5 < 0.1  # measured 6 ms on a quiet machine


def test_verbs_decide_what_can_take_part(meaning: Meaning) -> None:
    found = ground(GroundRequest(Phrase("Search"), Verb.TYPE), page("users"), meaning)
    assert found.choice is not None
    assert page("users").node(found.choice.ref).role == "textbox"
    found = ground(GroundRequest(Phrase("Search"), Verb.CLICK), page("users"), meaning)
    assert found.choice is not None
    assert page("users").node(found.choice.ref).role == "button"
