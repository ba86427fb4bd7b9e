"""Every kind of action on the widgets people build, with what was seen to change."""

from __future__ import annotations

import pytest

from assay.browser.errors import (
    ActionFailed,
    TargetAmbiguous,
    TargetBlocked,
    TargetMissing,
)
from assay.browser.model import Action, ActionKind, Locator, LocatorBundle, LocatorKind, Upload
from assay.browser.overlays import captcha
from tests.browser.conftest import Open
from tests.browser.site import Answer, Asked

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHOW = "<p id=out></p><script>const say = (t) => { out.textContent += t + ';' }</script>"


async def test_clicks_of_all_kinds_and_hover(visit: Open) -> None:
    page = await visit(
        SHOW + "<button onclick=\"say('one')\" ondblclick=\"say('two')\" "
        "oncontextmenu=\"say('right')\" onmouseover=\"say('over')\">Go</button>"
    )
    for kind, said in (
        (ActionKind.HOVER, "over"),
        (ActionKind.CLICK, "one"),
        (ActionKind.DOUBLE_CLICK, "two"),
        (ActionKind.RIGHT_CLICK, "right"),
    ):
        effect = await page.act(kind, "button", "Go")
        assert said in page.seen.text, kind
        assert effect.anything


async def test_fields_take_their_values(visit: Open) -> None:
    page = await visit(
        "<label>Name <input></label><label>Day <input type=date></label>"
        "<label>Time <input type=time></label><label>Month <input type=month></label>"
        "<label>Hue <input type=color></label><label>Amount <input type=number></label>"
        "<label>Pass <input type=password></label><label>Note <textarea></textarea></label>"
        "<div contenteditable aria-label=Rich>old</div>"
    )
    for role, name, value, after in (
        ("textbox", "Name", "Ann", "Ann"),
        ("textbox", "Day", "5 March 2026", "2026-03-05"),
        ("textbox", "Time", "9:30", "09:30"),
        ("textbox", "Month", "2026-03-05", "2026-03"),
        ("textbox", "Hue", "red", "#ff0000"),
        ("spinbutton", "Amount", "12", "12"),
        ("textbox", "Pass", "secret", "••••••"),
        ("textbox", "Note", "a\nb", "a\nb"),
        ("generic", "Rich", "new", "new"),
    ):
        effect = await page.act(ActionKind.TYPE, role, name, value)
        assert effect.value_after == after, name
    assert (await page.act(ActionKind.APPEND, "textbox", "Name", " Lee")).value_after == "Ann Lee"
    assert (await page.act(ActionKind.APPEND, "textbox", "Note", "\nc")).value_after == "a\nb\nc"
    assert (await page.act(ActionKind.CLEAR, "textbox", "Name")).value_after == ""
    assert "secret" not in repr(page.seen)


async def test_native_choices(visit: Open) -> None:
    page = await visit(
        "<label>City <select><option value=1>Oslo (NO)<option value=2>Bergen</select></label>"
        "<label>Many <select multiple><option>a<option>b<option>c</select></label>"
        "<label><input type=checkbox>Agree</label><label><input type=radio name=r>Red</label>"
        "<input id=h type=checkbox style='position:absolute;opacity:0;width:0;height:0'>"
        "<label for=h style='display:block;width:90px;height:30px'>Fancy</label>"
        "<div role=switch aria-checked=false tabindex=0 onclick=\"this.setAttribute('aria-checked',"
        " this.getAttribute('aria-checked') === 'false')\">Dark</div>"
    )
    assert (
        await page.act(ActionKind.SELECT, "combobox", "City", "oslo")
    ).value_after == "Oslo (NO)"
    assert (await page.act(ActionKind.SELECT, "combobox", "City", "2")).value_after == "Bergen"
    assert (await page.act(ActionKind.SELECT, "listbox", "Many", "a\nc")).value_after == "a, c"
    with pytest.raises(TargetMissing) as missing:
        await page.act(ActionKind.SELECT, "combobox", "City", "Paris")
    assert missing.value.candidates == ("Oslo (NO)", "Bergen")
    for role, name in (("checkbox", "Agree"), ("checkbox", "Fancy"), ("switch", "Dark")):
        assert (await page.act(ActionKind.CHECK, role, name)).value_after == "checked"
        assert "checked" in page.node(role, name).states
        assert (await page.act(ActionKind.UNCHECK, role, name)).value_after == "unchecked"
    assert (await page.act(ActionKind.CLICK, "radio", "Red")).value_after == "checked"


async def test_a_list_that_is_drawn_anew_when_ticked(visit: Open) -> None:
    page = await visit(
        "<ul id=u></ul><p id=n></p><script>const items = [{t: 'Milk'}, {t: 'Bread'}];"
        "function draw() { u.innerHTML = items.map((i, n) => `<li><input type=checkbox"
        " aria-label=${i.t} ${i.d ? 'checked' : ''} onclick=tick(${n})></li>`).join('');"
        " n.textContent = items.filter((i) => !i.d).length + ' left'; }"
        "function tick(k) { items[k].d = !items[k].d; draw(); } draw();</script>"
    )
    assert (await page.act(ActionKind.CHECK, "checkbox", "Milk")).value_after == "checked"
    assert "1 left" in page.seen.text
    assert (await page.act(ActionKind.UNCHECK, "checkbox", "Milk")).value_after == "unchecked"
    assert "2 left" in page.seen.text


async def test_made_up_widgets(visit: Open) -> None:
    page = await visit(
        SHOW + "<div role=combobox aria-label=Fruit tabindex=0 aria-expanded=false aria-controls=l"
        ' onclick="l.hidden=false">Pick</div><ul id=l role=listbox hidden>'
        '<li role=option onclick="pick(this)">Apple</li>'
        '<li role=option onclick="pick(this)">Pear</li></ul>'
        "<script>const pick = (o) => { document.querySelector('[role=combobox]').textContent ="
        " o.textContent; l.hidden = true }</script>"
        "<div role=slider tabindex=0 aria-label=Volume aria-valuenow=3 aria-valuemin=0"
        " aria-valuemax=9 onkeydown=\"if (event.key === 'ArrowRight')"
        " this.setAttribute('aria-valuenow', +this.getAttribute('aria-valuenow') + 1)\">v</div>"
        "<label>Range <input type=range min=0 max=10 oninput=\"say('r' + this.value)\"></label>"
    )
    assert (await page.act(ActionKind.SELECT, "combobox", "Fruit", "pear")).mutated
    assert page.node("combobox", "Fruit").value == "Pear"
    effect = await page.act(ActionKind.SET_SLIDER, "slider", "Volume", "7")
    assert effect.value_after == "7"
    effect = await page.act(ActionKind.SET_SLIDER, "slider", "Range", "8")
    assert effect.value_after == "8"
    assert "r8" in page.seen.text


async def test_keys_scroll_wait_and_drag(visit: Open) -> None:
    page = await visit(
        SHOW + "<input aria-label=Search onkeydown=\"if (event.key === 'Enter') say('found')\">"
        "<div draggable=true id=a style='width:60px;height:30px' ondragstart=\"event.dataTransfer"
        ".setData('text', 'x')\" role=button tabindex=0>Card</div>"
        "<div id=b style='width:200px;height:60px' role=region aria-label=Bin ondragover="
        "'event.preventDefault()' ondrop=\"say('dropped')\">here</div>"
        "<button onclick=\"setTimeout(() => say('late'), 700)\">Later</button>"
        "<div style='height:3000px'></div><p>Bottom</p>",
        navigation_timeout=4.0,
    )
    await page.act(ActionKind.PRESS, "textbox", "Search", "Enter")
    assert "found" in page.seen.text
    await page.session.perform(Action(ActionKind.PRESS, value="Tab"))
    target = page.node("region", "Bin").ref
    await page.act(ActionKind.DRAG, "button", "Card", to=target)
    assert "dropped" in page.seen.text
    await page.act(ActionKind.SCROLL, value="bottom")
    bottom = next(node for node in page.seen.nodes if node.text == "Bottom")
    assert "offscreen" not in bottom.states
    await page.act(ActionKind.CLICK, "button", "Later")
    await page.session.perform(Action(ActionKind.WAIT_FOR, value="late"))
    with pytest.raises(ActionFailed):
        await page.session.perform(Action(ActionKind.WAIT_FOR, value="never said"))


async def test_uploads_downloads_and_fetches(visit: Open) -> None:
    def saved(asked: Asked) -> Answer:
        return Answer(b"got it" if b"hello" in asked.body else b"nothing")

    page = await visit(
        "<form method=post action=/saved enctype=multipart/form-data><label>File"
        " <input type=file name=f></label><button>Send</button></form><a href=/get>Get</a>",
        {
            "/saved": saved,
            "/get": Answer(b"a,b\n1,2\n", kind="text/csv", headers={
                "Content-Disposition": "attachment; filename=list.csv"}),
            "/me": lambda asked: Answer(asked.headers.get("cookie", "none").encode()),
            "/set": Answer(b"ok", headers={"Set-Cookie": "who=ann"}),
        },
    )  # fmt: skip
    upload = Upload("note.txt", "text/plain", b"hello")
    effect = await page.act(ActionKind.UPLOAD, "button", "File", files=(upload,))
    assert effect.value_after == "note.txt"
    effect = await page.act(ActionKind.CLICK, "button", "Send")
    assert "got it" in page.seen.text
    assert effect.navigated
    await page.act(ActionKind.BACK)
    effect = await page.act(ActionKind.CLICK, "link", "Get")
    assert (effect.downloads[0].filename, effect.downloads[0].text) == ("list.csv", "a,b\n1,2\n")
    await page.go("/set")
    effect = await page.session.perform(Action(ActionKind.FETCH, value="/me"))
    assert (effect.status, effect.downloads[0].text) == (200, "who=ann")
    effect = await page.session.perform(Action(ActionKind.FETCH, value="/nowhere"))
    assert effect.status == 404


async def test_dialogs_are_answered_and_recorded(visit: Open) -> None:
    page = await visit(
        SHOW + "<button onclick=\"say(confirm('Sure?'))\">Ask</button>"
        "<button onclick=\"say(prompt('Name?'))\">Name</button>"
        "<button onclick=\"alert('Hi')\">Greet</button><script>alert('welcome')</script>"
    )
    effect = await page.act(ActionKind.CLICK, "button", "Ask")
    assert [(one.kind, one.message, one.answer) for one in effect.dialogs] == [
        ("confirm", "Sure?", "accept")
    ]
    await page.act(ActionKind.CLICK, "button", "Ask", dialog="dismiss")
    await page.act(ActionKind.CLICK, "button", "Name", dialog_text="Ann")
    assert page.seen.text.startswith("true;false;Ann;")
    assert (await page.act(ActionKind.CLICK, "button", "Greet")).dialogs[0].message == "Hi"


@pytest.mark.parametrize("moment", ["onclick", "onpointerdown"])
async def test_new_tabs_become_current_until_they_close(visit: Open, moment: str) -> None:
    page = await visit(
        "<a href=/two target=_blank>Open</a>",
        {"/two": f"<h1>Second</h1><button {moment}='window.close()'>Close</button>"},
    )
    effect = await page.act(ActionKind.CLICK, "link", "Open")
    assert effect.opened == (page.site.url + "/two",)
    assert "Second" in page.seen.text
    await page.act(ActionKind.CLICK, "button", "Close")
    assert page.node("link", "Open").interactive


async def test_what_stops_a_person_stops_us(visit: Open) -> None:
    page = await visit(
        "<button disabled>Off</button><button>Under</button><button id=gone>Gone</button>"
        "<button id=far style='display:block;margin-top:1200px'>Far</button>"
        "<div style='height:900px'></div>"
        "<div id=veil style='position:fixed;left:0;top:0;width:100%;height:60px;background:#fff'>"
        "Veil</div>"
    )
    under, gone, far = (page.node("button", name).ref for name in ("Under", "Gone", "Far"))
    for name, words in (("Off", "disabled"), ("Under", "covered")):
        with pytest.raises(TargetBlocked, match=words):
            await page.act(ActionKind.CLICK, "button", name)
    await page.session.perform(Action(ActionKind.CLICK, far))
    await page.session.page.evaluate("document.querySelector('#gone').remove()")
    with pytest.raises(TargetMissing):
        await page.session.perform(Action(ActionKind.CLICK, gone))
    await page.go("/")
    with pytest.raises(TargetMissing):
        await page.session.perform(Action(ActionKind.CLICK, under))


async def test_lean_actions_on_bundles(visit: Open) -> None:
    page = await visit(
        "<label>Name <input></label><a href=/next>Next</a>"
        "<button>Twin</button><button>Twin</button>",
        {"/next": "<h1>Next page</h1><label>Name <input></label>"},
    )
    name = await page.session.bundle(page.node("textbox", "Name").ref)
    link = await page.session.bundle(page.node("link", "Next").ref)
    await page.session.perform(Action(ActionKind.TYPE, name, "Ann"), settle=False)
    await page.look()
    assert page.node("textbox", "Name").value == "Ann"
    effect = await page.session.perform(Action(ActionKind.CLICK, link), settle=False)
    assert effect.navigated
    assert effect.url_after.endswith("/next")
    with pytest.raises(TargetMissing):
        await page.session.perform(Action(ActionKind.CLICK, link), settle=False)
    twin = LocatorBundle(Locator(LocatorKind.ROLE, "button", "Twin"), (), name.fingerprint, "Twin")
    await page.go("/")
    for settle in (True, False):
        with pytest.raises(TargetAmbiguous):
            await page.session.perform(Action(ActionKind.CLICK, twin), settle=settle)


async def test_consent_banners_and_robot_checks(visit: Open) -> None:
    page = await visit(
        "<h1>Shop</h1><button>Accept order</button><div class=cookie-banner style='position:fixed;"
        "bottom:0;left:0;right:0'>We use cookies. <a href=/policy>Cookie policy</a>"
        "<button onclick='this.parentElement.remove()'>Accept all</button>"
        "<button onclick='this.parentElement.remove()'>Reject all</button></div>",
        {"/robot": "<iframe title=reCAPTCHA src='/anchor'></iframe><h1>Sign up</h1>"},
    )
    assert await page.session.dismiss_overlays() == ("Reject all",)
    assert "cookies" not in (await page.look()).text
    assert captcha(page.seen) is None
    assert captcha(await page.go("/robot")) == "reCAPTCHA"
