"""Manual tests in plain English, taken apart: whole cases and single steps."""

from __future__ import annotations

import pytest

from assay.cases.clauses import Clause, Relation, Verb
from assay.cases.plain import parse_case, parse_steps


def _short(clause: Clause) -> str:
    """A clause on one line: verb, things, value and what else is set."""
    words = [clause.verb.value]
    words += [one.text or f"<{one.role or 'it'}>" for one in clause.objects]
    if clause.value is not None:
        words.append(f"={clause.value!r}")
    words += [clause.path] if clause.path else []
    words += [f"key:{clause.key}"] if clause.verb is Verb.PRESS else []
    words += [f"who:{clause.who}"] if clause.who else []
    if clause.place is not None:
        number = f"#{clause.place.ordinal}" if clause.place.ordinal else ""
        words.append(f"@{clause.place.kind}:{clause.place.text}{number}")
    words += [f"#{clause.ordinal}"] if clause.ordinal else []
    words += [f"x{clause.times}"] if clause.times != 1 else []
    for one in clause.fields:
        given = repr(one.value) if one.value is not None else one.relation.value
        count = f"*{one.count}" if one.count > 1 else ""
        words.append(f"{{{one.field.text}:{given}{count}}}")
    words += ["nothing"] if clause.nothing else []
    words += ["soft"] if clause.soft else []
    return " ".join(words)


STEPS = [
    (
        "New recipe, name 'Soup, hot or cold?' and a short paragraph, Publish",
        [
            "name_only New recipe",
            "fill_form {name:'Soup, hot or cold?'} {:any}",
            "name_only Publish",
        ],
    ),
    (
        "subject 'Tea?', some words, Send",
        ["fill_form {subject:'Tea?'}", "fill_form {:any}", "name_only Send"],
    ),
    ("Put 'Good idea, thanks' in the text area below", ["type <field> ='Good idea, thanks'"]),
    ('Write "Hi" into the comment box at the bottom of the page', ["type comment ='Hi'"]),
    ("Add the line '- eggs, boiled', Save", ["append ='- eggs, boiled'", "name_only Save"]),
    ("append a sentence 'More soon.' to the end of the summary", ["append summary ='More soon.'"]),
    ("Add the row 'Tea'", ["add Tea ='Tea'"]),
    (
        "Fill all fields in, mismatching passwords, send",
        ["fill_form {password:different*2}", "name_only send"],
    ),
    (
        "Fill out the whole form but leave the phone number empty",
        ["fill_form {phone number:blank}"],
    ),
    ("Complete every field with sensible values and submit", ["fill_form", "submit"]),
    (
        "the correct current password, two different new ones, Update",
        [
            "fill_form {current password:any}",
            "fill_form {new password:different*2}",
            "name_only Update",
        ],
    ),
    (
        "old password, a new password twice",
        ["fill_form {old password:any}", "fill_form {password:new*2}"],
    ),
    ("Home > shop > orders", ["open Home", "open shop", "open orders"]),
    ("products: click the price header", ["open products soft", "click price"]),
    (
        "customers: filter city = Oslo, Apply",
        ["open customers soft", "filter {city:'Oslo'}", "name_only Apply"],
    ),
    (
        "products faceted by category: click book",
        ["open products soft", "facet category soft", "click book"],
    ),
    ("orders: Next page", ["open orders soft", "name_only Next"]),
    (
        "orders: follow the first row's the customer link",
        ["open orders soft", "open customer @row:#1"],
    ),
    ("Run select count(*) as n, x from orders", ["run ='select count(*) as n, x from orders'"]),
    ("Run a statement with a typo", ["run statement {statement:invalid}"]),
    ("customers/1.json", ["open customers/1.json"]),
    (
        "Open /admin/, enter admin / admin-Pass1, submit",
        ["open /admin/", "fill_form {username:'admin'} {password:'admin-Pass1'}", "submit"],
    ),
    ("Log in as admin with a wrong password", ["log_in who:admin {password:wrong}"]),
    (
        "Users > Add, fill name and the same password twice, Save; search for it",
        [
            "open Users",
            "open Add",
            "fill_form {name:any} {password:same*2}",
            "name_only Save",
            "search <it>",
        ],
    ),
    ("Add user with two different passwords", ["add user {password:different*2}"]),
    (
        "Add question, open Date information, set date and time, two choices, Save and continue",
        [
            "add question",
            "open Date information",
            "fill_form {date:any} {time:any} {choice:any*2}",
            "name_only Save and continue",
        ],
    ),
    (
        "Search 'question 02', tick it, run 'Close selected questions'",
        ["search ='question 02'", "check <it>", "run Close selected questions"],
    ),
    (
        "Add a group, open it, Delete, confirm",
        ["add group", "open <it>", "name_only Delete", "confirm"],
    ),
    ("Open poll 1, press Vote with nothing chosen", ["open poll 1", "click Vote nothing"]),
    ("Open poll 4 (closed), choose No, Vote", ["open poll 4", "select No", "name_only Vote"]),
    (
        "Poll 3 > Add attachment, title and a 5-byte file, Upload",
        [
            "open Poll 3",
            "open Add attachment",
            "fill_form {title:any} {file:any}",
            "name_only Upload",
        ],
    ),
    (
        "Log in as clerk; open question 1 in admin",
        ["log_in who:clerk", "open question 1 @:admin"],
    ),
    ("Register with a new e-mail", ["register {e-mail:new}"]),
    (
        "Add Game item 1 (22.00), set quantity 3, Update",
        ["add Game item 1", "type quantity ='3'", "name_only Update"],
    ),
    ("Apply TENOFF", ["apply ='TENOFF'"]),
    (
        "Shipping address, preview, Place order",
        ["name_only Shipping address", "name_only preview", "name_only Place order"],
    ),
    (
        "UK address with postcode QQQ",
        ["fill_form UK address {country:'United Kingdom'} {postcode:'QQQ'}"],
    ),
    ("Catalogue, UPC003, Search", ["name_only Catalogue", "name_only UPC003", "name_only Search"]),
    (
        "Type 'buy milk' Enter, 'walk dog' Enter",
        ["type ='buy milk'", "press key:Enter", "type ='walk dog'", "press key:Enter"],
    ),
    ("Type only spaces, Enter", ["type ='   '", "press key:Enter"]),
    ("Add '  pad  '", ["add   pad   ='  pad  '"]),
    ("Tick the first", ["check <it> #1"]),
    ("Press toggle-all twice", ["click toggle-all x2"]),
    ("Double-click, change text, Enter", ["double_click", "edit <text>", "press key:Enter"]),
    ("Double-click, empty the text, Escape", ["double_click", "clear <text>", "press key:Escape"]),
    ("Hover the first, press x", ["hover <it> #1", "click x"]),
    ("Active, Completed, then browser Back", ["name_only Active", "name_only Completed", "back"]),
    ("Reload the page", ["reload"]),
    ("Search Game, then xyzzy", ["search ='Game'", "search ='xyzzy'"]),
    ('Type "bob" into the "User name" field.', ["type User name ='bob'"]),
    ('Click the "Save" button in the "Billing" section.', ["click Save @section:Billing"]),
    ('Select "Oslo" from "City"', ["select City ='Oslo'"]),
    ('Click "Edit" in the row with "a@b.org"', ["click Edit @row:a@b.org"]),
    ('Click "Edit" next to "Alice"', ["click Edit @near:Alice"]),
    ("Press Ctrl+A in 'Notes'", ["press Notes key:Control+a"]),
    ('Set "Quantity" to "3"', ["type Quantity ='3'"]),
    (
        'Fill in Name with "Bob", Email with "b@x.org" and Age with 3',
        ["fill_form {Name:'Bob'} {Email:'b@x.org'} {Age:'3'}"],
    ),
    (
        'Enter the username "x" and the password "y" into the text fields and press login.',
        ["fill_form {username:'x'} {password:'y'}", "click login"],
    ),
    ('Drag "A" onto "B"', ["drag A"]),
    ("In the dialog, click OK", ["click OK @dialog:"]),
    ('On the Products page, click "New"', ["open Products soft", "click New"]),
    ("Verify that the total is 66.00", ["verify ='the total is 66.00'"]),
    ("Check that the basket is empty", ["verify ='the basket is empty'"]),
    ("Leave the name empty and click Save", ["clear name", "click Save"]),
    ("Click 'Don't save'", ["click Don't save"]),
    ("Create a new project called 'X'", ["add project {name:'X'}"]),
    (
        "Fill in name, access code and order number, submit",
        ["fill_form {name:any} {access code:any} {order number:any}", "submit"],
    ),
    (
        "Fill in the form with name 'Bo' and an invalid email",
        ["fill_form {name:'Bo'} {email:invalid}"],
    ),
    ("Fill the contact form with valid data, submit", ["fill_form contact form", "submit"]),
    ("Fill in the form with nothing", ["fill_form nothing"]),
    ("Complete the order form with an empty street", ["fill_form order form {street:blank}"]),
    ("Access the orders", ["open orders"]),
    ("Switch Wi-Fi on, turn the alarm off", ["check Wi-Fi", "uncheck alarm"]),
    ("Switch on Wi-Fi", ["check Wi-Fi"]),
    ("press Hide in the first row (Ann Bow)", ["click Hide @row:#1"]),
    ("click Details (2)", ["click Details"]),
    ("Open ticket 7 for editing, go to /#/teams", ["edit ticket 7", "open /#/teams"]),
    ("Open #/teams/2?tab=all", ["open #/teams/2?tab=all"]),
    ("Log in as bo; look at the menu; press Help", ["log_in who:bo", "click Help"]),
    ("Have a look around, press Help", ["click Help"]),
    ("Look for tea", ["search ='tea'"]),
    (
        "name 'Bo', a password that meets the rules, Send",
        ["fill_form {name:'Bo'}", "fill_form {password:any}", "name_only Send"],
    ),
    ("Press the down arrow 3 times", ["press key:ArrowDown x3"]),
    (
        "Log in as {{config:a.username}} / {{config:a.password}}",
        ["log_in {username:'{{config:a.username}}'} {password:'{{config:a.password}}'}"],
    ),
]


@pytest.mark.parametrize(("text", "clauses"), STEPS)
def test_reads_steps(text: str, clauses: list[str]) -> None:
    assert [_short(one) for one in parse_steps(text)] == clauses


def test_whole_case_on_one_line() -> None:
    case = parse_case(
        'Create a test "vote". Preconditions: visitor. '
        "Steps: Open poll 1, choose Yes, Vote. Expected: Results page; Yes has one more vote"
    )
    assert case.name == "vote"
    assert case.preconditions == ("visitor",)
    assert [one.verb for one in case.steps] == [Verb.OPEN, Verb.SELECT, Verb.NAME_ONLY]
    assert case.expected == ("Results page", "Yes has one more vote")


def test_numbered_lines_with_results_between() -> None:
    case = parse_case(
        'Create a test "Vote" with these steps:\n'
        "Preconditions: logged in as admin, one item\n"
        "1. Open /polls/.\n"
        '2. Click "Seed?"\n'
        "   Expected: the poll opens\n"
        '3. Select "Yes"\n'
        '4. Press the "Vote" button\n'
        'Expected: Results page; "Yes" has one more vote\n'
    )
    assert case.name == "Vote"
    assert case.preconditions == ("logged in as admin", "one item")
    assert [_short(one) for one in case.steps] == [
        "open /polls/",
        "click Seed?",
        "select Yes",
        "click Vote",
    ]
    assert case.steps[1].expected == ("the poll opens",)
    assert case.expected == ("Results page", '"Yes" has one more vote')


def test_numbers_on_one_line() -> None:
    case = parse_case(
        'Create a test "A". Steps: 1. Open /x 2. Click "Save" 3. Type "bob" into "Name". '
        'Expected: "Saved" is shown. The name is bob.'
    )
    assert [_short(one) for one in case.steps] == ["open /x", "click Save", "type Name ='bob'"]
    assert case.expected == ('"Saved" is shown', "The name is bob")


def test_given_when_then() -> None:
    case = parse_case(
        "Scenario: Add a user\nGiven I am logged in as admin\n"
        'When I open /users and click "Add"\nAnd fill in "Name" with "Bob"\n'
        'Then I should see "Saved"\nAnd the row "Bob" is there'
    )
    assert case.name == "Add a user"
    assert case.preconditions == ("I am logged in as admin",)
    assert [_short(one) for one in case.steps] == ["open /users", "click Add", "type Name ='Bob'"]
    assert case.expected == ('I should see "Saved"', 'the row "Bob" is there')


def test_labelled_steps_and_bullets() -> None:
    labelled = parse_case(
        "Test case: Login\nStep 1: Go to /login\nStep 2: Click Login\n"
        "Expected result: Dashboard is shown"
    )
    assert labelled.name == "Login"
    assert [_short(one) for one in labelled.steps] == ["open /login", "click Login"]
    bullets = parse_case('Create a test "Q"\nSteps:\n- Open /a\n- Click B\nExpected:\n- C\n- D')
    assert [_short(one) for one in bullets.steps] == ["open /a", "click B"]
    assert bullets.expected == ("C", "D")


def test_staged_results_go_to_their_steps() -> None:
    twice = parse_case("Steps: Press toggle-all twice. Expected: All completed, then none")
    assert [one.expected for one in twice.steps] == [("All completed",), ("None completed",)]
    searches = parse_case("Steps: Search Game, then xyzzy. Expected: 8 products, then none")
    assert [one.expected for one in searches.steps] == [("8 products",), ("No products",)]
    assert searches.expected == ()


def test_faulty_credentials_alone_take_their_verb_from_the_case() -> None:
    wrong = parse_case('Create a test "login-wrong". Steps: Wrong password. Expected: Form error')
    assert wrong.steps[0].verb is Verb.LOG_IN
    assert wrong.steps[0].fields[0].relation is Relation.WRONG
    two = parse_case(
        'Create a test "register-mismatch". Preconditions: logged out. '
        "Steps: Two different passwords. Expected: Mismatch error"
    )
    assert two.steps[0].verb is Verb.REGISTER


def test_a_control_may_be_called_by_the_whole_clause() -> None:
    (clear,) = parse_steps("Clear completed")
    assert clear.verb is Verb.CLEAR
    assert clear.alternatives[0][0].verb is Verb.NAME_ONLY
    assert clear.alternatives[0][0].objects[0].text == "Clear completed"


def test_every_field_is_not_just_the_form() -> None:
    texts = ("fill every field", "fill in the form", "complete all fields", "fill in everything")
    assert [parse_steps(text)[0].every for text in texts] == [True, False, True, True]


def test_quoted_names_stay_whole() -> None:
    case = parse_case(
        "Create a test \"T\". Preconditions: a page 'Tea, or coffee?', Ann's list. "
        "Steps: open it Expected: 'Saved; all good' is shown; the users' list has 2 rows"
    )
    assert case.preconditions == ("a page 'Tea, or coffee?'", "Ann's list")
    assert case.expected == ("'Saved; all good' is shown", "the users' list has 2 rows")


def test_size_of_a_file_and_missing_text() -> None:
    (fill,) = parse_steps("title and a 5-byte file")
    assert fill.fields[1].size == 5
    assert parse_steps("") == ()
    assert parse_case("").steps == ()
