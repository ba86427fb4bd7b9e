"""What one look at a page gives: roles, names, labels, states, structure, frames and shadow."""

from __future__ import annotations

import pytest

from assay.browser.model import ActionKind
from tests.browser.conftest import Open
from tests.browser.site import Answer

pytestmark = pytest.mark.asyncio(loop_scope="session")

FORM = """
<title>Form</title><main><h1>Account</h1>
<form aria-label=Account>
<label for=a>First name</label><input id=a name=first required maxlength=10>
<label>Town <input name=town placeholder="Where you live"></label>
<div><span>Phone</span> <input name=phone></div>
<table><tr><td>Nickname:</td><td><input name=nick></td></tr></table>
<input type=password aria-label=Secret value=hidden-thing>
<fieldset><legend>Size</legend><label><input type=radio name=size value=s> Small</label>
<label><input type=radio name=size value=l checked> Large</label></fieldset>
<label>Country <select name=c><option value=no>Norway<option value=se selected>Sweden</select>
</label>
<input type=checkbox id=news style="opacity:0;position:absolute;width:1px;height:1px">
<label for=news>Newsletter</label>
<input type=submit><input type=submit value="Save it"><button disabled>Off</button>
<button><img src=x alt="Search icon"></button>
<button aria-label="Close window">x</button>
<button title="Only title"></button>
<div role=switch aria-checked=true tabindex=0>Dark</div>
<div style="cursor:pointer" id=div>Pick <b>me</b></div>
<div id=listened>Listened</div>
<a>no link</a><input type=hidden name=token value=1>
<button style="display:none">gone</button><button style="visibility:hidden">gone</button>
<button inert>gone</button>
</form></main>
<script>document.querySelector('#listened').addEventListener('click', () => 1)</script>
"""


async def test_names_labels_and_fields(visit: Open) -> None:
    page = await visit(FORM)
    first = page.node("textbox", "First name")
    assert (first.label, first.dom_name, first.dom_id) == ("First name", "first", "a")
    assert first.constraints["maxlength"] == "10"
    assert "required" in first.states
    assert first.editable
    assert first.landmark == "main"
    assert first.section == "Account"
    assert first.form == page.node("form", "Account").ref
    town = page.node("textbox", "Town")
    assert (town.name, town.placeholder) == ("Town", "Where you live")
    assert page.node("textbox", dom_name="phone").near == "Phone"
    assert page.node("textbox", dom_name="nick").near == "Nickname:"
    secret = page.node("textbox", "Secret")
    assert (secret.value, secret.input_type) == ("", "password")
    country = page.node("combobox", "Country")
    assert country.value == "Sweden"
    assert [(one.label, one.value, one.selected) for one in country.options] == [
        ("Norway", "no", False),
        ("Sweden", "se", True),
    ]
    large = page.node("radio", "Large")
    assert large.group == "Size"
    assert "checked" in large.states


async def test_buttons_and_what_can_be_clicked(visit: Open) -> None:
    page = await visit(FORM)
    names = [node.name for node in page.seen.nodes if node.role == "button"]
    assert names == ["Submit", "Save it", "Off", "Search icon", "Close window", "Only title"]
    assert "disabled" in page.node("button", "Off").states
    assert "checked" in page.node("switch", "Dark").states
    reasons = {node.dom_id: node.reason for node in page.seen.nodes if node.interactive}
    assert reasons["div"] == "pointer"
    assert reasons["listened"] == "listener"
    hidden = page.node("checkbox", "Newsletter")
    assert hidden.interactive
    assert "unchecked" in hidden.states
    assert "gone" not in page.seen.text
    assert "hidden-thing" not in repr(page.seen)


async def test_frames_nested_cross_origin_and_shadow(visit: Open) -> None:
    inner = "<h2>Inner</h2><iframe srcdoc='<button>Deepest</button>'></iframe><button>In</button>"
    page = await visit("<h1>Top</h1>", {"/inner": inner})
    other = page.site.url.replace("127.0.0.1", "localhost")
    page.site.pages["/top"] = (
        f"<h1>Top</h1><div style='height:300px'></div><iframe src='{other}/inner' title=F></iframe>"
        "<x-card><b slot=title>Slotted</b></x-card><script>customElements.define('x-card', class"
        " extends HTMLElement { constructor() { super(); this.attachShadow({mode: 'open'})"
        ".innerHTML = '<p><slot name=title></slot></p><button>Shadow</button>' } })</script>"
    )
    session = await visit("", allowed_hosts=frozenset({page.site.host, other[7:]}))
    await session.go("/top")
    assert {"In", "Deepest", "Shadow"} <= {node.name for node in session.seen.nodes}
    deepest = session.node("button", "Deepest")
    assert deepest.frame
    assert deepest.box.y > 300
    assert "Slotted" in session.seen.text
    effect = await session.act(ActionKind.CLICK, "button", "Deepest")
    assert effect.url_after == session.site.url + "/top"
    for name in ("Deepest", "In", "Shadow"):
        bundle = await session.session.bundle(session.node("button", name).ref)
        assert (await session.session.resolve(bundle)).outcome == "unique"


async def test_tables_collections_rows_and_columns(visit: Open) -> None:
    page = await visit(
        "<h2>People</h2><table><thead><tr><th>Name</th><th>Age</th><th></th></tr></thead>"
        "<tbody><tr><td>Ann</td><td>31</td><td><button>Edit</button></td></tr>"
        "<tr><td>Bob</td><td>32</td><td><button>Edit</button></td></tr></tbody></table>"
        "<div role=table aria-label=Stock><div role=row><span role=columnheader>Item</span></div>"
        "<div role=row><span role=cell>Nail</span></div></div>"
        "<table role=presentation><tr><td>layout</td></tr></table>"
        "<ul aria-label=Fruits><li>Apple</li></ul>"
        "<div id=cards><article class='card sale'><h3>One</h3><a href=#1>Buy</a></article>"
        "<article class=card><h3>Two</h3><a href=#2>Buy</a></article>"
        "<article class=card><h3>Three</h3><a href=#3>Buy</a></article></div>"
    )
    people, stock = page.seen.tables
    assert (people.caption, people.columns) == ("People", ("Name", "Age", ""))
    assert people.rows == (("Ann", "31", "Edit"), ("Bob", "32", "Edit"))
    assert (stock.caption, stock.columns, stock.rows) == ("Stock", ("Item",), (("Nail",),))
    edits = [node for node in page.seen.nodes if node.name == "Edit" and node.interactive]
    assert [node.row_text for node in edits] == ["Ann 31 Edit", "Bob 32 Edit"]
    assert [node.row for node in edits] == list(people.row_refs)
    ages = [node.text for node in page.seen.nodes if node.role == "cell" and node.column == "Age"]
    assert ages == ["31", "32"]
    fruits = next(one for one in page.seen.collections if one.label == "Fruits")
    assert fruits.item_texts == ("Apple",)
    cards = next(one for one in page.seen.collections if one.kind == "cards")
    assert len(cards.item_refs) == 3
    assert page.node("link", "Buy").row_text == "One Buy"


async def test_notices_dialogs_struck_covered(visit: Open) -> None:
    page = await visit(
        "<div role=alert>Bad thing</div><p class='field-error'>Too short</p>"
        "<p class=terrorist>not one</p><ul class=messagelist><li class=success>Saved.</li></ul>"
        "<p><del>Old price</del> <span style='text-decoration:line-through'>Gone</span> New</p>"
        "<button>Under</button>"
        "<div role=dialog aria-modal=true aria-label=Ask style='position:fixed;inset:0;background:"
        "white'><button>Yes</button></div>"
    )
    assert page.seen.notices == ("Bad thing", "Too short", "Saved.")
    struck = [node.own_text for node in page.seen.nodes if "struck" in node.states]
    assert struck == ["Old price", "Gone"]
    assert "covered" in page.node("button", "Under").states
    yes = page.node("button", "Yes")
    assert yes.dialog == page.node("dialog", "Ask").ref
    assert "covered" not in yes.states


async def test_validation_messages_after_a_submit(visit: Open) -> None:
    page = await visit(
        "<form><label>Mail <input type=email required></label><button>Go</button></form>"
    )
    before = page.seen
    await page.act(ActionKind.CLICK, "button", "Go")
    mail = page.node("textbox", "Mail")
    assert before.notices == ()
    assert page.seen.notices == (mail.description,)
    assert "invalid" in mail.states


async def test_text_is_read_in_blocks(visit: Open) -> None:
    page = await visit(
        "<h1>Title</h1><p>One <b>bold</b>\n word.</p><p>Two<br>lines</p><script>no()</script>"
        "<details><summary>More</summary>closed text</details><style>p{}</style>"
        "<span style='display:none'>hidden</span><p style='opacity:0'>faded</p>"
    )
    assert page.seen.text.split("\n") == ["Title", "One bold word.", "Two", "lines", "More"]


async def test_documents_that_are_not_html(visit: Open) -> None:
    page = await visit(
        "x",
        {
            "/data.json": Answer(b'{"name": "Oslo"}', kind="application/json"),
            "/plain.txt": Answer(b"one\ntwo\n", kind="text/plain"),
            "/feed.xml": Answer(b"<data><entry>News</entry></data>", kind="text/xml"),
        },
    )
    for path, kind, text in (
        ("/data.json", "application/json", "Oslo"),
        ("/plain.txt", "text/plain", "two"),
        ("/feed.xml", "text/xml", "News"),
    ):
        seen = await page.go(path)
        assert (seen.content_type, seen.status) == (kind, 200)
        assert text in seen.text


async def test_pages_cannot_tell_that_they_are_watched(visit: Open) -> None:
    page = await visit(
        "<p id=out></p><script>out.textContent = ["
        "Object.keys(window).some((k) => /assay/i.test(k)),"
        " /native code/.test(EventTarget.prototype.addEventListener), addEventListener.name,"
        " addEventListener.length, /native code/.test(setTimeout)].join(' ')</script>"
    )
    assert "false true addEventListener 2 true" in page.seen.text


async def test_the_size_is_bounded_and_said(visit: Open) -> None:
    rows = "".join(f"<p>Line {number}</p>" for number in range(4100))
    page = await visit(rows)
    assert len(page.seen.nodes) == 4000
    assert page.seen.omitted >= 100
    assert "Line 4099" in page.seen.text


EDITOR = """<form><div style="width:400px;height:60px">
<div style="overflow:hidden;width:3px;height:0"><textarea style="width:900px"></textarea></div>
<pre>select 1</pre></div><button>Run</button></form>
<div style="height:0;overflow:hidden"><textarea name=trap></textarea></div>
<div><textarea aria-label=Note></textarea>
<textarea aria-hidden=true readonly tabindex=-1 style="height:0;visibility:hidden"></textarea></div>
"""


async def test_a_code_editor_is_a_field_with_what_it_shows(visit: Open) -> None:
    page = await visit(EDITOR)
    fields = [node for node in page.seen.nodes if node.tag == "textarea"]
    assert [(node.constraints.get("type"), node.value) for node in fields] == [
        ("code", "select 1"),
        (None, ""),
    ]
    assert fields[0].editable
    assert "covered" not in fields[0].states
    assert fields[0].form == page.node("button", "Run").form
