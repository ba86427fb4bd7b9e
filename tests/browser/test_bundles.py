"""Locators that find one element and keep finding it, and finding it again after a redesign."""

from __future__ import annotations

import pytest

from assay.browser.errors import TargetMissing
from assay.browser.model import Action, ActionKind, LocatorBundle, LocatorKind
from tests.browser.conftest import Open, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

TABLE = """
<h1>Users</h1><label for=q>Search</label><input id=q name=query placeholder="Find a user">
<table aria-label=Users><tr><th>Name</th><th></th></tr>
<tr><td>Ann Ash</td><td><button>Edit</button><button>Delete</button></td></tr>
<tr><td>Bob Birch</td><td><button>Edit</button><button>Delete</button></td></tr></table>
<div class=card><b>Basic plan</b><a href=/buy?p=1>Choose</a></div>
<div class=card><b>Full plan</b><a href=/buy?p=2>Choose</a></div>
<button data-testid=send>Send 3 letters</button><a href=/cart>Cart (3)</a>
<img src=/x.png alt="Company logo"><p title=Hint>Some words</p>
<iframe name=inner srcdoc="<button>Inside</button>"></iframe>
"""


async def _bundle(page: Visit, role: str, name: str, **wanted: object) -> LocatorBundle:
    return await page.session.bundle(page.node(role, name, **wanted).ref)


async def test_the_best_kind_comes_first(visit: Open) -> None:
    page = await visit(TABLE)
    for role, name, kind in (
        ("button", "Send", LocatorKind.TEST_ID),
        ("textbox", "Search", LocatorKind.ROLE),
        ("heading", "Users", LocatorKind.ROLE),
        ("table", "Users", LocatorKind.ROLE),
        ("img", "Company", LocatorKind.ROLE),
    ):
        bundle = await _bundle(page, role, name)
        assert bundle.primary.kind is kind, name
        assert bundle.fingerprint.role == role
        assert (await page.session.resolve(bundle)).outcome == "unique"
    search = await _bundle(page, "textbox", "Search")
    kinds = {one.kind for one in search.alternates}
    assert {LocatorKind.PLACEHOLDER, LocatorKind.LABEL, LocatorKind.CSS} <= kinds
    assert len(search.alternates) >= 3


async def test_twins_are_told_apart_by_their_row_or_card(visit: Open) -> None:
    page = await visit(TABLE)
    edits = [n for n in page.seen.nodes if n.name == "Edit" and n.role == "button"]
    for node, person in zip(edits, ("Ann Ash", "Bob Birch"), strict=True):
        bundle = await page.session.bundle(node.ref)
        assert bundle.primary.within is not None
        assert bundle.primary.within.has_text == person
        found = await page.session.resolve(bundle)
        assert found.handle == node.ref
    choose = [n for n in page.seen.nodes if n.name == "Choose"]
    full = await page.session.bundle(choose[1].ref)
    assert "Full plan" in repr(full)


async def test_volatile_words_are_avoided(visit: Open) -> None:
    page = await visit(TABLE)
    cart = await _bundle(page, "link", "Cart")
    assert "3" not in f"{cart.primary.value}{cart.primary.name}" or cart.primary.name is None
    heading = page.node("heading", "Users")
    plain = await page.session.bundle(heading.ref, volatile=("Users",))
    assert plain.primary.name is None


async def test_frames_are_entered(visit: Open) -> None:
    page = await visit(TABLE)
    inside = await _bundle(page, "button", "Inside")
    assert inside.primary.frame == ('iframe[name="inner"]',)
    effect = await page.session.perform(Action(ActionKind.CLICK, inside), settle=False)
    assert effect.url_after == page.site.url + "/"


async def test_after_a_redesign_alternates_agree(visit: Open) -> None:
    page = await visit(TABLE)
    search = await _bundle(page, "textbox", "Search")
    page.site.pages["/"] = TABLE.replace("for=q>Search", "for=q>Look up").replace(
        "<h1>", "<h1>New "
    )
    await page.go("/")
    found = await page.session.resolve(search)
    assert found.outcome == "healed"
    assert found.by == "alternates"
    await page.look()
    assert found.handle == page.node("textbox", "Look up").ref


async def test_after_a_redesign_likeness_decides_with_a_margin(visit: Open) -> None:
    page = await visit(
        "<main><h2>Profile</h2><form><button class=b id=s>Save profile</button></form></main>"
    )
    save = await _bundle(page, "button", "Save")
    page.site.pages["/"] = (
        "<main><h2>Profile</h2><div><form><p><button class=b>Save your profile</button></p></form>"
        "<button>Help</button></div></main>"
    )
    await page.go("/")
    found = await page.session.resolve(save)
    assert (found.outcome, found.by) == ("healed", "similarity")
    assert found.score > 0.6
    assert found.margin > 0.08
    page.site.pages["/"] = (
        "<main><h2>Profile</h2><form><p><button>Save my profile</button>"
        "<button>Save his profile</button></p></form></main>"
    )
    await page.go("/")
    unsure = await page.session.resolve(save)
    assert unsure.outcome in {"ambiguous", "missing"}
    assert any("Save my profile" in words for words in unsure.candidates)


async def test_never_another_role_nor_a_destructive_control(visit: Open) -> None:
    page = await visit("<form><button id=go class=big title=Act>Save all</button></form>")
    save = await _bundle(page, "button", "Save")
    for changed in (
        "<form><button class=big id=go title=Act>Delete all</button></form>",
        "<form><a href=# id=go class=big title=Act>Save all</a></form>",
        "<p>Nothing here</p>",
    ):
        page.site.pages["/"] = changed
        await page.go("/")
        primary_gone = LocatorBundle(
            save.primary, tuple(a for a in save.alternates if a.kind is not LocatorKind.TEXT),
            save.fingerprint, save.intent,
        )  # fmt: skip
        assert (await page.session.resolve(primary_gone)).outcome == "missing", changed


async def test_refs_of_earlier_looks_are_refused(visit: Open) -> None:
    page = await visit(TABLE)
    ref = page.node("heading", "Users").ref
    await page.go("/")
    with pytest.raises(TargetMissing):
        await page.session.bundle(ref)


async def test_a_twin_elsewhere_never_stands_in(visit: Open) -> None:
    shape = '<header><a href="/in" class=act>Sign in</a></header><main><h1>Join</h1>{}</main>'
    page = await visit(
        shape.format('<a href="/in" class=act>Sign in</a>'),
        {"/later": shape.format("<div class=x9><p>Known here already?</p><b>Log in</b></div>")},
    )
    links = [node for node in page.seen.nodes if node.name == "Sign in"]
    inner = next(node for node in links if node.landmark == "main")
    bundle = await page.session.bundle(inner.ref)
    await page.go("/later")
    found = await page.session.resolve(bundle)
    taken = [node for node in page.seen.nodes if node.ref == found.handle]
    assert all(node.landmark == "main" for node in taken), found
