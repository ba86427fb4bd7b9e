"""Tests written on a club's site whose steps fill forms without naming fields or values."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest

from assay.cases.author import Author
from assay.projects.model import ConfigKind, Credential, Target
from tests.browser.site import Answer, Asked, Site
from tests.cases.writing import attempted, written

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIND = '<form role=search action=/find><input name=q placeholder="Find"><button>Go</button></form>'
HOME = """<title>Club</title><h1>Club</h1><form method=post action=/in>
<label>Member <input name=member></label><label>Secret <input name=secret type=password></label>
<button>Sign in</button></form>"""
INSIDE = f"""<title>Hall</title><h1>Hall</h1>{FIND}<p>Welcome</p>
<a href=/secret>Secret</a> <a href=/menu>Menu</a> <a href=/talk>Talk</a>"""
SECRET = f"""<title>Secret</title><h1>Secret</h1>{FIND}<form method=post action=/sent>
<input type=password name=former placeholder="Password" required>
<input type=password name=wished placeholder="New password" required>
<input type=password name=check placeholder="New password again" required>
<button>Keep it</button></form>"""
# Like some editors, this one begins each new line of a list itself.
MENU = f"""<title>Menu</title><h1>Menu</h1>{FIND}<form method=post action=/sent>
<textarea name=menu onkeydown="if (event.key === 'Enter') setTimeout(() => this.value += '* ')">
* soup
* bread</textarea><label>Why? <input name=why></label><button>Keep it</button></form>"""
TALK = f"""<title>Talk</title><h1>Talk</h1>{FIND}<form method=post action=/sent>
<label>Subject <input name=subject required></label><textarea name=words></textarea>
<button>Say it</button></form>"""
JOIN = f"""<title>Join</title><h1>Join</h1>{FIND}<form method=post action=/sent>
<label>Nickname <input name=nick></label><label>Phone <input name=phone></label>
<label>Town <select name=town><option value="">-<option>Oslo<option>Bergen</select></label>
<label>Secret <input type=password name=one></label>
<label>Repeat it <input type=password name=two></label>
<label><input type=checkbox name=letters> Send me letters</label><button>Join</button></form>"""


class Club:
    """A site that keeps what its forms were sent with."""

    def __init__(self) -> None:
        self.site = Site()
        self.sent: list[dict[str, list[str]]] = []
        pages = self.site.pages
        pages["/"], pages["/hall"], pages["/secret"] = HOME, INSIDE, SECRET
        pages["/menu"], pages["/talk"], pages["/join"] = MENU, TALK, JOIN
        pages["/in"] = Answer(b"", 303, headers={"Location": "/hall"})
        pages["/sent"] = self.take

    def take(self, asked: Asked) -> Answer:
        self.sent.append(parse_qs(asked.body.decode(), keep_blank_values=True))
        return Answer(b"<title>Done</title><h1>Done</h1><p>Thank you</p>")

    def target(self) -> Target:
        known = tuple(
            Credential(name, name, name, ConfigKind.USERNAME_PASSWORD, name, f"{name}-Key-1")
            for name in ("ada", "bo")
        )
        return Target(
            "p", "a", "app_x", "Club", "e", "Default", self.site.url,
            frozenset({self.site.host}), credentials=known,
        )  # fmt: skip


@pytest.fixture
def club() -> Iterator[Club]:
    made = Club()
    yield made
    made.site.close()


async def sent(author: Author, club: Club, steps: str, before: str = "-") -> dict[str, list[str]]:
    """What the first form that the steps filled was sent with."""
    await written(author, club.target(), steps, '"Thank you"', before)
    return club.sent[0]


async def test_the_password_in_force_is_that_of_who_signed_in(author: Author, club: Club) -> None:
    got = await sent(
        author, club, "Open Secret, the correct old password, two different new ones, Keep it", "bo"
    )
    assert got["former"] == ["bo-Key-1"]
    assert got["wished"] != got["check"]
    assert "bo-Key-1" not in got["wished"] + got["check"]


async def test_the_password_in_force_is_unknown_where_nobody_signed_in(
    author: Author, club: Club
) -> None:
    steps = "Open /secret, the current password and the same new password twice, Keep it"
    draft = await attempted(author, club.target(), steps)
    assert "nobody has signed in" in draft.problem
    assert not club.sent


async def test_a_new_password_twice_leaves_the_field_of_the_old_one(
    author: Author, club: Club
) -> None:
    got = await sent(author, club, "Open Secret, a new password twice, Keep it", "ada")
    assert got["wished"] == got["check"] != got["former"] == ["ada-Key-1"]


async def test_a_line_is_added_below_what_a_text_holds(author: Author, club: Club) -> None:
    got = await sent(author, club, "Open /menu, add the line '* tea, hot', Keep it")
    assert got["menu"] == ["* soup\r\n* bread\r\n* tea, hot"]
    assert got["why"] == [""]


async def test_writing_of_ones_own_goes_into_the_field_for_it(author: Author, club: Club) -> None:
    got = await sent(author, club, "Open /talk, subject 'Now, or later?' and a few words, Say it")
    assert got["subject"] == ["Now, or later?"]
    assert len(got["words"][0].split()) > 1


async def test_a_text_goes_into_the_box_of_the_page(author: Author, club: Club) -> None:
    steps = "Open /menu, put 'nothing today' in the text box below, Keep it"
    assert (await sent(author, club, steps))["menu"] == ["nothing today"]


async def test_every_field_is_filled_and_two_passwords_differ(author: Author, club: Club) -> None:
    got = await sent(author, club, "Open /join, fill all fields, two different passwords, Join")
    assert all(got[name][0] for name in ("nick", "phone", "town", "one", "two"))
    assert got["one"] != got["two"]
    assert "letters" not in got


async def test_a_field_that_is_excepted_stays_empty(author: Author, club: Club) -> None:
    steps = "Open /join, fill in every field with valid values except the phone, Join"
    got = await sent(author, club, steps)
    assert got["phone"] == [""]
    assert got["nick"][0]
    assert got["one"] == got["two"]
