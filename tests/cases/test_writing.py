"""Tests written from plain steps on small sites of the tests' own, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from assay.cases.author import Author
from assay.cases.model import AssertionKind
from assay.projects.model import ConfigKind, Credential, Target
from tests.browser.site import Answer, Asked, Site, html
from tests.cases.writing import asserted, attempted, written

pytestmark = pytest.mark.asyncio(loop_scope="session")

# An editor as the common ones are: a textarea nobody sees, in what draws its lines.
EDITOR = """<form action=/run method=get><div class=shell style="width:400px;height:80px">
<div style="overflow:hidden;width:3px;height:0"><textarea style="width:900px"></textarea></div>
<pre class=lines>select 1</pre></div><input type=hidden name=sql><button>Run</button></form><script>
const box = document.querySelector('textarea'), held = document.querySelector('.lines');
let text = held.textContent, all = false;
box.addEventListener('keydown', (e) => {
  if (e.key === 'a' && (e.ctrlKey || e.metaKey)) all = true;
  if (e.key === 'Delete' && all) { text = ''; held.textContent = text; }
});
box.addEventListener('input', () => {
  text += box.value; box.value = ''; held.textContent = text; });
document.querySelector('form').addEventListener('submit', () => {
  document.querySelector('[name=sql]').value = text; });
document.querySelector('.shell').env = { editor: { getValue: () => text } };
</script>"""
ADDED = """<div class="alert"><a href="#" class=close>&times;</a>
<div>Blue cup has been added to your cart.</div></div>"""
ITEMS = "".join(
    f"<li><a href=/things/{number}>{name}</a> <form method=post action=/add/{number}>"
    f"<button>Add to cart</button></form></li>"
    for number, name in enumerate(("Blue cup", "Blue plate", "Red cup"), 1)
)
FORM = """<h1>Add event</h1><form method=post action=/events>
<label>Title <input name=title required></label>
<details><summary>When</summary><p>Date: <input name=when_0> Time: <input name=when_1></p></details>
<button>Save</button></form>"""


# Two menus that open upwards, so that their buttons move; one leads out.
MENUS = """<style>menu{display:none}[aria-expanded=true]+menu{display:block}</style>
<button aria-expanded=false>News</button><menu><a href=/notes>Old notes</a></menu>
<button aria-expanded=false style="position:fixed;bottom:0">ann</button>
<menu style="position:fixed;bottom:0"><a href=/bye>Log out</a></menu><script>
for (const one of document.querySelectorAll('[aria-expanded]')) one.onclick = () => {
  const open = one.getAttribute('aria-expanded') !== 'true';
  one.setAttribute('aria-expanded', open); one.style.bottom = open ? '40px' : 0; };</script>"""
MEMBER = """<form method=post action=/members><label>Name <input name=name required></label>
<button name=do value=draft>Create draft</button>
<button type=button aria-expanded=false onclick="this.setAttribute('aria-expanded','true');
document.querySelector('#more').hidden=false">More actions</button>
<span id=more hidden><button name=do value=publish>Publish</button></span></form>"""


class Shop:
    """A few pages that remember what was put into the cart and what was sent."""

    def __init__(self) -> None:
        self.site = Site()
        self.cart: list[str] = []
        self.told = ""
        self.events: list[dict[str, list[str]]] = []
        pages = self.site.pages
        pages["/"] = self.home
        pages["/add/1"] = pages["/add/2"] = pages["/add/3"] = self.add
        pages["/cart"] = self.show_cart
        pages["/remove"] = self.remove
        pages["/things/1"] = "<title>Blue cup</title><h1>Blue cup</h1><p class=state>Sold out</p>"
        pages["/console"] = "<title>Console</title><h1>Console</h1>" + EDITOR
        pages["/notes"] = (
            "<h1>Notes</h1><form><label>Note <textarea name=n></textarea></label></form>"
        )
        pages["/run"] = self.run
        pages["/members/add"] = f"<title>Add member</title><h1>Add member</h1>{MEMBER}"
        pages["/members"] = self.save_member
        pages["/bye"] = "<title>Signed out</title><h1>You are signed out</h1>"
        pages["/events/add"] = "<title>Add event</title>" + FORM
        pages["/events"] = self.save

    def home(self, asked: Asked) -> Answer:
        told, self.told = self.told, ""
        links = "<a href=/notes>Notes</a> <a href=/cart>View cart</a> <a href=/console>SQL</a>"
        links += " <a href=/events/add>Add event</a> <a href=/members/add>Add member</a>"
        links += MENUS
        return Answer(f"<title>Shop</title><nav>{links}</nav>{told}<ul>{ITEMS}</ul>".encode())

    def add(self, asked: Asked) -> Answer:
        self.cart.append(asked.path)
        self.told = ADDED
        return Answer(b"", 303, headers={"Location": "/"})

    def show_cart(self, asked: Asked) -> Answer:
        rows = "".join(
            f"<tr><td>{path}</td><td><a href=/remove>Remove</a></td></tr>" for path in self.cart
        )
        held = f"<table><tr><th>Thing<th>Do</tr>{rows}</table>" if rows else "Your cart is empty."
        return Answer(f"<title>Cart</title><h1>Cart</h1><main>{held}</main>".encode())

    def remove(self, asked: Asked) -> Answer:
        self.cart.clear()
        return Answer(b"", 303, headers={"Location": "/cart"})

    def run(self, asked: Asked) -> Answer:
        sql = parse_qs(urlsplit(asked.path).query).get("sql", [""])[0]
        if not sql.startswith("select "):
            return Answer(b"<h1>Console</h1><p class=error>Error: not a statement</p>")
        return Answer(
            f"<h1>Result</h1><table><tr><th>n</tr><tr><td>{len(sql)}</td></tr></table>".encode()
        )

    def save(self, asked: Asked) -> Answer:
        self.events.append(parse_qs(asked.body.decode()))
        return Answer(
            b"<title>Events</title><h1>Events</h1><p role=status>The event was saved.</p>"
        )

    def save_member(self, asked: Asked) -> Answer:
        self.events.append(parse_qs(asked.body.decode()))
        return Answer(b"<title>Members</title><h1>Members</h1><p role=status>Member saved.</p>")

    def target(self) -> Target:
        return Target(
            "p", "a", "app_x", "Shop", "e", "Default", self.site.url, frozenset({self.site.host})
        )


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.site.close()


async def test_a_statement_is_run_in_the_editor_of_a_page_nearby(
    author: Author, shop: Shop
) -> None:
    draft = await written(author, shop.target(), "Run select count(*) as n from cups", "n = 30")
    assert asserted(draft) == [(AssertionKind.CELL, "30")]
    assert "/console" in [
        urlsplit(step.target.fingerprint.attributes.get("href", "")).path
        for step in draft.steps
        if step.target
    ]


async def test_a_statement_with_a_typo_is_the_one_at_hand_misspelt(
    author: Author, shop: Shop
) -> None:
    draft = await written(author, shop.target(), "Run a statement with a typo", "An error message")
    assert "selec 1" in [step.value for step in draft.steps]
    assert asserted(draft) == [(AssertionKind.NEW_TEXT, "Error: not a statement")]


async def test_remove_is_the_carts_and_no_cross_of_a_message(author: Author, shop: Shop) -> None:
    draft = await written(
        author, shop.target(), "Press Remove", "Cart is empty", "one item in cart"
    )
    assert not any("×" in step.text for step in draft.steps)
    assert asserted(draft) == [(AssertionKind.NEW_TEXT, "Cart is empty")]


async def test_the_named_thing_is_added_among_its_likes(author: Author, shop: Shop) -> None:
    await written(author, shop.target(), "Add Blue plate, open View cart", "/add/2")
    assert shop.cart == ["/add/2"]


async def test_a_state_on_the_page_of_one_thing_is_looked_for_there(
    author: Author, shop: Shop
) -> None:
    draft = await written(author, shop.target(), "Open Blue cup", "Sold out")
    only = next(step.assertion for step in draft.steps if step.assertion)
    assert (only.kind, only.text) == (AssertionKind.TEXT, "Sold out") or only.kind is (
        AssertionKind.NEW_TEXT
    )


async def test_opening_a_fold_does_not_send_the_form_and_times_are_times(
    author: Author, shop: Shop
) -> None:
    steps = "Add event, open When, set date and time, Save"
    draft = await written(author, shop.target(), steps, "Saved")
    assert [event["when_1"] for event in shop.events] == [["10:30:00"]]
    again = await written(author, shop.target(), steps, "Saved")
    assert asserted(draft) == asserted(again)
    first, second = (event["title"] for event in shop.events)
    assert first != second, "what an earlier recording made may still be there"


async def test_what_a_closed_menu_hides_is_found_in_it(author: Author, shop: Shop) -> None:
    draft = await written(author, shop.target(), "Log out", "You are signed out")
    assert [step.text for step in draft.steps if step.action][-2:] == [
        "Click “ann”",
        "Click “Log out”",
    ]
    draft = await written(
        author, shop.target(), "Open Add member, fill in the name, Publish", "Message: member saved"
    )
    assert [event["do"] for event in shop.events] == [["publish"]]


async def test_save_sends_the_form_in_hand_once_whatever_its_button_is_called(
    author: Author, shop: Shop
) -> None:
    await written(
        author, shop.target(), "Open Add member, fill in the name, Save", "Message: member saved"
    )
    assert [event["do"] for event in shop.events] == [["draft"]]


SIGN_IN = """<h1>Welcome</h1><form method=post action=/in><label>User name <input name=user></label>
<label>Password <input type=password name=secret></label><button>Sign in</button></form>"""
PROFILE = """<h1>My account</h1><form method=post action=/gone>
<label>Your current password <input type=password name=secret></label>
<button>Remove my account</button></form>"""


@pytest.mark.parametrize(
    "steps",
    [
        "Log in, enter ann / s3cret-Word, submit",
        "Log in, enter the user name ann and the password s3cret-Word, press Sign in",
        "Sign in, sign in",
    ],
)
async def test_a_form_that_removes_an_account_is_none_to_sign_in_with(
    author: Author, shop: Shop, steps: str
) -> None:
    links = "<a href=/in>Log in</a> <a href=/account>My account</a>"
    shop.site.pages = {
        "/": links,
        "/in": lambda asked: Answer(html(SIGN_IN if asked.method == "GET" else f"Hi ann {links}")),
        "/account": PROFILE,
        "/gone": "<h1>Your account is gone</h1>",
    }
    ann = Credential("c", "ann", "ann", ConfigKind.USERNAME_PASSWORD, "ann", "s3cret-Word")
    target = replace(shop.target(), credentials=(ann,))
    draft = await attempted(author, target, steps, '"Hi ann" is shown')
    assert not any(asked.path == "/gone" for asked in shop.site.asked)
    if steps != "Sign in, sign in":
        assert not draft.problem, draft.problem
        assert asserted(draft)[-1][1] == "Hi ann"
