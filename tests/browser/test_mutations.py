"""Each fault changes what is seen, and stays through re-rendering and navigation."""

from __future__ import annotations

from typing import Any

import pytest

from assay.browser.errors import ActionFailed
from assay.browser.model import Action, ActionKind, LocatorBundle
from assay.browser.mutations import KINDS
from assay.browser.port import Mutation
from tests.browser.conftest import Open, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = """
<title>Tasks of today</title>
<h1>Tasks</h1>
<p id=count><b>2</b> items left</p>
<ul><li>buy <s>milk</s></li><li>walk dog</li></ul>
<table><thead><tr><th>Name</th><th>Price</th></tr></thead>
<tbody><tr><td>Ash</td><td>1.00</td></tr><tr><td>Birch</td><td>2.00</td></tr>
<tr><td>Cedar</td><td>3.00</td></tr></tbody></table>
<form action=/sent method=post><label>City <input name=city value=Oslo></label>
<label><input type=checkbox name=agree> I agree</label>
<label>Kind <select name=kind><option>big</option><option>small</option></select></label>
<button>Send</button></form>
<a href=/other data-x=1>Other page</a>
<button type=button onclick="document.querySelector('#count').innerHTML='<b>2</b> items left'">
Redraw</button>
"""


async def _bundle(page: Visit, role: str, name: str = "") -> LocatorBundle:
    return await page.session.bundle(page.node(role, name).ref)


async def _put(page: Visit, kind: str, **more: object) -> None:
    assert await page.session.mutate(Mutation(kind, kind, **more))  # type: ignore[arg-type]
    await page.look()


async def test_blank_text_reaches_text_split_values_and_title_and_survives(visit: Open) -> None:
    page = await visit(PAGE, {"/other": "<p>walk dog again</p><input value='walk dog'>"})
    await _put(page, "blank_text", text="2 items left")
    assert "items left" not in page.seen.text
    await page.act(ActionKind.CLICK, "button", "Redraw")
    assert "items left" not in page.seen.text
    await _put(page, "blank_text", text="Tasks of today")
    assert "today" not in page.seen.title
    await _put(page, "blank_text", text="walk dog")
    assert "walk dog" not in page.seen.text
    await page.act(ActionKind.CLICK, "link", "Other")
    assert "walk dog" not in page.seen.text
    assert all("walk dog" not in (node.value or "") for node in page.seen.nodes)


async def test_hide_target_stays_hidden_after_reload(visit: Open) -> None:
    page = await visit(PAGE)
    await _put(page, "hide_target", target=await _bundle(page, "button", "Send"))
    assert not [node for node in page.seen.nodes if node.name == "Send"]
    await page.act(ActionKind.RELOAD)
    assert not [node for node in page.seen.nodes if node.name == "Send"]


async def test_insert_text_is_seen_also_in_a_scope(visit: Open) -> None:
    page = await visit(PAGE)
    await _put(page, "insert_text", text="Something went wrong")
    assert "Something went wrong" in page.seen.text
    await _put(page, "insert_text", text="milk too", target=await _bundle(page, "list"))
    assert "milk too" in page.node("list").text


async def test_items_are_inserted_and_removed(visit: Open) -> None:
    page = await visit(PAGE)
    listed, table = await _bundle(page, "list"), await _bundle(page, "table")
    await _put(page, "insert_item", target=listed, text="extra")
    assert next(one for one in page.seen.collections if one.kind == "list").item_texts == (
        "buy milk", "walk dog", "extra",
    )  # fmt: skip
    await _put(page, "remove_item", target=table)
    assert [row[0] for row in page.seen.tables[0].rows] == ["Ash", "Birch"]
    await page.look()
    assert len(page.seen.tables[0].rows) == 2


async def test_remove_item_by_text_and_insert_into_table(visit: Open) -> None:
    page = await visit(PAGE)
    table = await _bundle(page, "table")
    await _put(page, "remove_item", target=table, text="Birch")
    assert [row[0] for row in page.seen.tables[0].rows] == ["Ash", "Cedar"]
    await _put(page, "insert_item", target=table)
    assert len(page.seen.tables[0].rows) == 3


async def test_swap_rows_breaks_the_order(visit: Open) -> None:
    page = await visit(PAGE)
    await _put(page, "swap_rows", target=await _bundle(page, "table"), text="Price")
    prices = [row[1] for row in page.seen.tables[0].rows]
    assert prices != sorted(prices)
    await page.look()
    assert [row[1] for row in page.seen.tables[0].rows] == prices


async def test_values_and_states(visit: Open) -> None:
    page = await visit(PAGE)
    await _put(page, "set_value", target=await _bundle(page, "textbox", "City"), text="Bergen")
    assert page.node("textbox", "City").value == "Bergen"
    await _put(page, "set_value", target=await _bundle(page, "combobox", "Kind"))
    assert page.node("combobox", "Kind").value == "small"
    box = await _bundle(page, "checkbox", "agree")
    await _put(page, "toggle_checked", target=box)
    assert "checked" in page.node("checkbox", "agree").states
    await _put(page, "toggle_enabled", target=await _bundle(page, "button", "Send"))
    assert "disabled" in page.node("button", "Send").states
    await _put(page, "disable_control", target=await _bundle(page, "link", "Other"))
    assert "disabled" in page.node("link", "Other").states


async def test_strike_and_unstrike(visit: Open) -> None:
    page = await visit(PAGE)
    struck = next(node for node in page.seen.nodes if node.own_text == "milk")
    assert "struck" in struck.states
    await _put(page, "unstrike", target=await page.session.bundle(struck.ref))
    again = next(node for node in page.seen.nodes if node.own_text == "milk")
    assert "struck" not in again.states
    await _put(page, "strike", target=await _bundle(page, "heading", "Tasks"))
    assert "struck" in page.node("heading", "Tasks").states


async def test_one_item_of_a_list_is_ticked_or_struck(visit: Open) -> None:
    page = await visit(
        "<ul><li><input type=checkbox> one</li><li><input type=checkbox checked> two</li></ul>"
        "<label>City <input id=c value=Oslo></label>"
    )
    listed = await _bundle(page, "list")
    await _put(page, "toggle_checked", target=listed, text="two")
    assert not [node for node in page.seen.nodes if "checked" in node.states]
    await _put(page, "strike", target=listed, text="one")
    struck = [node.text for node in page.seen.nodes if "struck" in node.states and node.own_text]
    assert struck == ["one"]
    await _put(page, "blank_text", target=await _bundle(page, "textbox", "City"), text="Oslo")
    assert page.node("textbox", "City").value != "Oslo"


async def test_address_title_cell_and_attribute(visit: Open) -> None:
    page = await visit(PAGE)
    await _put(page, "change_url")
    assert page.seen.url == page.site.url + "/moved-elsewhere"
    await _put(page, "change_title", text="Nothing")
    assert page.seen.title == "Nothing"
    table = await _bundle(page, "table")
    await _put(page, "change_cell", target=table, number=1, text="Birch")
    assert "Birch" not in page.seen.tables[0].rows[1][0]
    cell = next(node for node in page.seen.nodes if node.role == "cell" and node.text == "3.00")
    await _put(page, "change_cell", target=await page.session.bundle(cell.ref))
    assert page.seen.tables[0].rows[2][1] != "3.00"
    await _put(
        page, "set_attribute", target=await _bundle(page, "link", "Other"), text="title=changed"
    )
    assert page.node("link", "Other").title == "changed"


async def test_dead_control_hears_nothing(visit: Open) -> None:
    page = await visit(PAGE, {"/sent": "<p>Sent</p>"})
    await _put(page, "dead_control", target=await _bundle(page, "button", "Send"))
    effect = await page.act(ActionKind.CLICK, "button", "Send")
    assert not effect.navigated
    assert not effect.exchanges
    await page.act(ActionKind.CLICK, "button", "Redraw")


async def test_insert_element_shows_what_was_absent(visit: Open) -> None:
    page = await visit(PAGE)
    await _put(page, "insert_element", text="button Delete everything")
    assert page.node("button", "Delete everything").interactive
    gone = await _bundle(page, "link", "Other")
    other = await visit("<main><p>nothing</p></main>")
    await _put(other, "insert_element", target=gone)
    assert (await other.session.resolve(gone)).outcome == "unique"


async def test_answers_are_changed(visit: Open) -> None:
    page = await visit(PAGE, {"/other": "<p>Row of Oslo</p>", "/sent": "<p>Sent</p>"})
    assert await page.session.mutate(Mutation("body", "", text="Oslo"))
    await page.go("/other")
    assert "Oslo" not in page.seen.text
    assert page.seen.status == 200
    fetched = await page.session.perform(Action(ActionKind.FETCH, value="/other"))
    assert fetched.status == 200
    assert "Oslo" not in (fetched.downloads[0].text or "")
    assert await page.session.mutate(Mutation("status", "", number=404))
    await page.go("/other")
    assert page.seen.status == 404
    assert await page.session.mutate(Mutation("server_error", ""))
    await page.go("/")
    await page.act(ActionKind.CLICK, "button", "Send")
    assert page.seen.status == 500


async def test_nothing_to_change_is_said_unless_put_ahead(visit: Open) -> None:
    page = await visit(PAGE, {"/other": "<p>Later text</p>"})
    assert not await page.session.mutate(Mutation("blank_text", "", text="Later text"))
    assert await page.session.mutate(Mutation("blank_text", "", text="Later text", ahead=True))
    await page.go("/other")
    assert "Later text" not in page.seen.text
    with pytest.raises(ActionFailed):
        await page.session.mutate(Mutation("no_such_kind", ""))
    assert len(KINDS) == 25


PASSING: tuple[tuple[str, dict[str, Any]], ...] = (
    ("blank_text", {"text": "2 items left"}),
    ("blank_text", {"text": "Oslo"}),
    ("insert_text", {"text": "Inserted"}),
    ("insert_item", {}),
    ("remove_item", {}),
    ("swap_rows", {"text": "Price"}),
    ("change_url", {}),
    ("change_title", {}),
    ("insert_element", {"text": "button New"}),
    ("hide_target", {"role": "button", "name": "Send"}),
    ("set_value", {"role": "textbox", "name": "City", "text": "Paris"}),
    ("set_value", {"role": "combobox", "name": "Kind"}),
    ("toggle_checked", {"role": "checkbox", "name": "I agree"}),
    ("toggle_enabled", {"role": "button", "name": "Send"}),
    ("change_cell", {"role": "cell", "name": "2.00"}),
    ("set_attribute", {"role": "link", "name": "Other page", "text": "href=/x"}),
)


@pytest.mark.parametrize(("kind", "about"), PASSING, ids=[kind for kind, _ in PASSING])
async def test_a_passing_fault_is_taken_back_whole(
    visit: Open, kind: str, about: dict[str, str]
) -> None:
    page = await visit(PAGE)
    before = _told(page)
    more: dict[str, object] = {"text": about.get("text", "")}
    if "role" in about:
        more["target"] = await _bundle(page, about["role"], about["name"])
    for _ in range(2):
        fault = Mutation(kind, kind, **more)  # type: ignore[arg-type]
        assert await page.session.mutate(fault, passing=True)
        await page.look()
        assert _told(page) != before
        await page.session.lift()
        await page.look()
        assert _told(page) == before
    await page.go("/")
    assert _told(page) == before


async def test_a_control_that_was_dead_in_passing_works_again(visit: Open) -> None:
    page = await visit(PAGE, {"/other": "<p>There</p>"})
    link = await _bundle(page, "link", "Other page")
    assert await page.session.mutate(Mutation("dead_control", "", link), passing=True)
    await page.act(ActionKind.CLICK, "link", "Other page")
    assert "There" not in page.seen.text
    await page.session.lift()
    await page.act(ActionKind.CLICK, "link", "Other page")
    assert "There" in page.seen.text


async def test_faults_in_answers_do_not_pass(visit: Open) -> None:
    page = await visit(PAGE)
    with pytest.raises(ActionFailed):
        await page.session.mutate(Mutation("status", "", number=404), passing=True)


def _told(page: Visit) -> object:
    """All that an observation says of a page, whatever its refs are."""
    seen = page.seen
    nodes = [
        (node.role, node.name, node.value, sorted(node.states), node.href) for node in seen.nodes
    ]
    return seen.url, seen.title, seen.text, nodes
