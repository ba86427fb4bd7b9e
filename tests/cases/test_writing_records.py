"""Tests written on an accounts site: two forms that ask alike, records made in a dialog."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest

from assay.browser.model import ActionKind
from assay.cases.author import Author
from assay.cases.model import AssertionKind
from assay.projects.model import ConfigKind, Credential, Target
from tests.browser.site import Answer, Asked, Site
from tests.cases.writing import asserted, written

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Both forms use the id "code", as pages put together from parts do.
HOME = """<title>Accounts</title><h1>Accounts</h1>{told}
<form method=post action=/enter><h2>Log in to a project</h2>
<label for=id>Project identifier</label><input id=id name=id required>
<label for=code>Entry code</label><input id=code name=code type=password required>
<button>Log in</button></form>
<form method=post action=/make><h2>Create a project</h2>
<label for=name>Project name</label><input id=name name=name required>
<label for=code>Entry code</label><input id=code name=code type=password required>
<button>Create</button></form>"""
REFUSED = """<title>Accounts</title><h1>Authentication</h1>
<p class=error>This entry code is not the right one.</p><form method=post action=/enter>
<label for=id>Project identifier</label><input id=id name=id value="{id}" required>
<label for=code>Entry code</label><input id=code name=code type=password required>
<button>Log in</button></form>"""
BILLS = """<title>Accounts - home</title>
<nav><a href=/bills>Bills</a></nav>{told}
<form method=post action=/people><input name=who placeholder="Add participant" required>
<button>Add</button></form>
<table><tr><td>Ann</td><td><form method=post action=/gone><input type=hidden name=t value=1>
<button>edit</button></form></td><td>1.00</td></tr>{people}</table>
<a href="#" onclick="d.showModal();return false">Add a new bill</a>
<dialog id=d><form method=post action=/bills><h2>Add a bill</h2>
<label>What? <input name=what required></label>
<label>Payer <select name=payer required><option value=""><option>Ann<option>Bob</select></label>
<label>How much? <input name=amount required></label>
<button>Submit</button></form></dialog>
<table id=bill_table><tr><th>For what?<th>How much?</tr>{bills}</table>"""

GROUPS = """<title>Groups</title><h1>Groups</h1>{told}
<form method=post action=/groups><label>Group name <input name=group required></label>
<button>Add group</button></form><ul>{groups}</ul>"""

CODE = """<title>Voucher</title><h1>Voucher</h1><p role=status>{told}</p>
<form method=post action=/code><label>Code <input name=code></label><button>Apply</button></form>
"""


class Accounts:
    """A project's bills and people."""

    def __init__(self) -> None:
        self.site = Site()
        self.bills: list[tuple[str, str, str]] = []
        self.people: list[str] = []
        self.groups: list[str] = []
        self.codes: list[str] = []
        pages = self.site.pages
        pages["/"] = HOME.format(told="")
        pages["/enter"] = self.enter
        pages["/bills"] = self.show
        pages["/people"] = self.add_person
        pages["/groups"] = self.add_group
        pages["/code"] = self.take_code

    def enter(self, asked: Asked) -> Answer:
        sent = parse_qs(asked.body.decode())
        if (sent["id"], sent["code"]) == (["flat"], ["flat"]):
            return Answer(b"", 303, headers={"Location": "/bills"})
        return Answer(REFUSED.format(id=sent["id"][0]).encode())

    def show(self, asked: Asked) -> Answer:
        told = ""
        if asked.method == "POST":
            sent = parse_qs(asked.body.decode())
            self.bills.append((sent["what"][0], sent["payer"][0], sent["amount"][0]))
            told = "<p role=status>The bill has been added</p>"
        bills = "".join(f"<tr><td>{what}<td>{much}.00</tr>" for what, _, much in self.bills)
        people = "".join(f"<tr><td>{name}<td><td>0.00</tr>" for name in self.people)
        return Answer(BILLS.format(told=told, bills=bills, people=people).encode())

    def add_person(self, asked: Asked) -> Answer:
        self.people += parse_qs(asked.body.decode())["who"]
        return Answer(b"", 303, headers={"Location": "/bills"})

    def add_group(self, asked: Asked) -> Answer:
        told = ""
        if asked.method == "POST":
            (name,) = parse_qs(asked.body.decode())["group"]
            taken = name in self.groups
            told = f"<p role=alert>{'There is such a group already' if taken else 'Saved'}</p>"
            self.groups += [] if taken else [name]
        shown = "".join(f"<li>{name}</li>" for name in self.groups)
        return Answer(GROUPS.format(told=told, groups=shown).encode())

    def take_code(self, asked: Asked) -> Answer:
        self.codes += parse_qs(asked.body.decode()).get("code", [])
        told = "10% off" if asked.method == "POST" else ""
        return Answer(CODE.format(told=told).encode())

    def target(self) -> Target:
        # User name and password are one word, so the word alone says nothing of which is meant.
        known = Credential("1", "1", "flat", ConfigKind.USERNAME_PASSWORD, "flat", "flat")
        return Target(
            "p", "a", "app_x", "Accounts", "e", "Default", self.site.url,
            frozenset({self.site.host}), credentials=(known,),
        )  # fmt: skip


@pytest.fixture
def accounts() -> Iterator[Accounts]:
    made = Accounts()
    yield made
    made.site.close()


async def test_fields_that_a_step_only_names_take_the_credentials(
    author: Author, accounts: Accounts
) -> None:
    accounts.bills.append(("Tea", "Ann", "3"))
    draft = await written(
        author,
        accounts.target(),
        "Open the home page, enter project identifier and entry code, Log in",
        "The list of bills opens",
    )
    assert (AssertionKind.TEXT, "For what?") in asserted(draft)
    values = [step.value for step in draft.steps if step.kind == "type"]
    assert values == ["{{config:flat.username}}", "{{config:flat.password}}"]


async def test_a_step_goes_on_in_the_form_where_it_began(
    author: Author, accounts: Accounts
) -> None:
    draft = await written(
        author,
        accounts.target(),
        'Enter identifier "flat" and wrong entry code, log in',
        "Error about the entry code; still on the log-in page",
    )
    kinds = [kind for kind, _ in asserted(draft)]
    assert kinds[0] is AssertionKind.NEW_TEXT
    assert AssertionKind.VISIBLE in kinds
    assert not accounts.bills


async def test_a_record_is_made_in_the_dialog_that_its_control_opens(
    author: Author, accounts: Accounts
) -> None:
    draft = await written(
        author,
        accounts.target(),
        'Add a new bill "Pizza" with amount 12, save',
        '"Pizza" in the list with 12.00; success message',
        "Logged in as flat",
    )
    assert asserted(draft) == [
        (AssertionKind.CELL, "12.00"),
        (AssertionKind.NEW_TEXT, "The bill has been added"),
    ]
    assert accounts.bills[0] == ("Pizza", "Ann", "12")


async def test_a_record_is_made_in_the_pages_own_field_for_it(
    author: Author, accounts: Accounts
) -> None:
    draft = await written(
        author,
        accounts.target(),
        'Add the participant "Zoe"',
        "Zoe in the list of participants",
        "Logged in as flat",
    )
    # A "Zoe" of an earlier run would satisfy a check for "Zoe".
    assert asserted(draft) == [(AssertionKind.TEXT, "Zoe-{{unique}}")]
    assert accounts.people[0] == "Zoe"


async def test_a_password_that_is_the_user_name_too_is_kept_by_its_configs_name(
    author: Author, accounts: Accounts
) -> None:
    draft = await written(
        author,
        accounts.target(),
        'Enter identifier "flat" and entry code "flat", log in',
        '"Bills" link visible',
    )
    values = [step.value for step in draft.steps if step.kind == "type"]
    assert values == ["flat", "{{config:flat.password}}"]


async def test_a_form_that_makes_something_new_takes_no_stored_credentials(
    author: Author, accounts: Accounts
) -> None:
    accounts.site.pages["/make"] = "<title>Made</title><h1>Project made</h1>"
    draft = await written(
        author,
        accounts.target(),
        "Enter project name and entry code, Create",
        "“Project made” is shown",
    )
    values = [step.value for step in draft.steps if step.kind == "type"]
    assert len(values) == 2
    assert not any("config" in value for value in values)


async def test_a_name_that_a_site_takes_once_is_new_in_each_run(
    author: Author, accounts: Accounts
) -> None:
    steps = "Open /groups, enter 'Night shift' as group name, press Add group"
    draft = await written(author, accounts.target(), steps, "Saved; 'Night shift' is in the list")
    (entered,) = [step.value for step in draft.steps if step.action is ActionKind.TYPE]
    assert entered == "Night shift {{unique}}"
    assert "Night shift {{unique}}" in [text for _, text in asserted(draft)]
    assert "“Night shift” may be there already" in " ".join(draft.notes)
    assert "{{" not in draft.goal
    assert len(accounts.groups) == len(set(accounts.groups)) == 2


async def test_a_name_that_a_site_takes_again_stays_as_it_was_given(
    author: Author, accounts: Accounts
) -> None:
    await written(
        author, accounts.target(), "Open /code, enter 'SPRING' as code, Apply", "10% off shown"
    )
    assert accounts.codes == ["SPRING", "SPRING"]
