"""A page with one thing for every kind of step and assertion, and tests recorded on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from assay.browser.model import ActionKind, Node, Upload
from assay.browser.port import Session
from assay.cases.model import Assertion, AssertionKind, CaseStatus, Extraction, Proof, TestCase
from assay.cases.recorder import Recorder
from assay.kernel import clock
from assay.projects.model import ConfigKind, Credential, Target
from tests.browser.site import Answer, Site

ADDRESS, PASSWORD = "ann@example.com", "kept-Out-1"

ACTING = """<title>Doing</title><main><h1>Doing</h1><p id=out></p>
<script>const say = (text) => { out.textContent += ' ' + text + '.'; };</script>
<button onclick="say('clicked')">Click me</button>
<button ondblclick="say('twice')">Twice</button>
<button oncontextmenu="say('right'); return false">Other side</button>
<label>Name <input oninput="say('name ' + this.value)"></label>
<label>Day <input type=date onchange="say('day ' + this.value)"></label>
<label>Note <textarea oninput="say('note ' + this.value)"></textarea></label>
<label>Key <input onkeydown="say('key ' + event.key)"></label>
<label>Size <select onchange="say('size ' + this.value)"><option>Small<option>Large</select></label>
<div role=combobox tabindex=0 aria-label=Colour aria-expanded=false aria-controls=hues
 onclick="hues.hidden = false">Choose</div>
<ul role=listbox id=hues hidden><li role=option onclick="say('blue'); hues.hidden = true">Blue</li>
<li role=option>Red</li></ul>
<label><input type=checkbox onchange="say(this.checked ? 'agreed' : 'refused')"> I agree</label>
<label>Paper <input type=file onchange="say('got ' + this.files[0].name)"></label>
<button onmouseover="say('over')">Spot</button>
<div draggable=true id=card style="width:90px">Card A</div>
<div id=place style="width:200px;height:60px" ondragover="event.preventDefault()"
 ondrop="say('dropped')">Drop here</div>
<p id=words>Some words to mark</p>
<script>document.addEventListener('selectionchange', () => {
  const now = String(getSelection()); if (now === 'words to') say('marked words'); });</script>
<label>Letter <textarea style="resize:both;width:120px;height:60px"></textarea></label>
<script>new ResizeObserver((seen) => { if (seen[0].contentRect.height > 80) say('taller'); })
  .observe(document.querySelector('[style*=both]'));</script>
<label>Volume <input type=range min=0 max=10 value=2 oninput="say('volume ' + this.value)"></label>
<div role=slider tabindex=0 aria-label=Zoom aria-valuemin=0 aria-valuemax=9 aria-valuenow=2
 onkeydown="const by = event.key === 'ArrowRight' ? 1 : -1;
 this.ariaValueNow = Number(this.ariaValueNow) + by; say('zoom ' + this.ariaValueNow)">Zoom</div>
<button onclick="say(confirm('Really leave?') ? 'left' : 'stayed')">Leave</button>
<button onclick="say('hello ' + prompt('Who?'))">Greet</button>
<button onclick="setTimeout(() => say('later'), 300)">Later</button>
<button onclick="open('/fourth', 'own', 'width=300')">Own window</button>
<a href=/second target=_blank>New tab</a> <a href=/third>Third</a>
<button onclick="spin.hidden = false; say('loading'); setTimeout(() => spin.remove(), 400)">Load
</button><p id=spin hidden>Just a moment</p>
<a href=/list.csv download>Get the list</a>
<div style="height:1500px"></div><p>The very end</p>
<script>onscroll = () => { onscroll = null; say('scrolled'); };</script></main>"""

GOOD = """<title>Kinds of things</title><main><h1>All kinds</h1>
<p>Welcome, Ann Lee</p><p id=exact>3</p>
<label>City <input value=York></label> <label>Size <select><option>Small
<option selected>Large</select></label>
<label><input type=checkbox checked> Agree</label> <label><input type=checkbox> News</label>
<button>Ready</button> <button disabled>Waiting</button>
<a href="/second?x=1">Second</a>
<ul id=todo><li><s>Buy milk</s></li><li>Walk dog</li></ul>
<table><thead><tr><th>Product<th>Price<tbody><tr><td>Mug<td>$5.00<tr><td>Bowl<td>$7.50
<tr><td>Jug<td>$9.00</table></main>"""
BAD = """<title>Nothing</title><main><h1>Broken</h1><p>Secret text</p><p id=exact>30</p>
<label>City <input value=Leeds></label>
<label>Size <select><option>Small<option>Large</select></label>
<label><input type=checkbox> Agree</label> <label><input type=checkbox checked> News</label>
<button>Waiting</button> <button>Delete all</button>
<a href="/elsewhere">Second</a>
<ul id=todo><li>Buy milk</li><li>Walk cat</li><li>More</li></ul>
<table><thead><tr><th>Product<th>Price<tbody><tr><td>Bowl<td>$7.00<tr><td>Mug<td>$50.00
<tr><td>Jug<td>9 pounds<tr><td>Cup<td>$1.00</table></main>
<script>console.error('Out of order')</script><img src=/lost.png alt="">"""
JSON = '{"items": [{"name": "Mug"}, {"name": "Bowl"}]}'
CSV = "name,price\nMug,5\nBowl,7\n"


def fill(site: Site, *, broken: bool = False) -> None:
    """Put the pages in place: as recorded, or with everything that is asserted spoilt."""
    site.pages["/doing"] = ACTING
    site.pages["/kinds"] = BAD if broken else GOOD
    site.pages["/second"] = "<title>Second</title><h1>Second page</h1>"
    site.pages["/third"] = "<title>Third</title><h1>Third page</h1>"
    site.pages["/fourth"] = (
        "<title>Fourth</title><h1>Fourth page</h1><button onclick=window.close()>Close it</button>"
    )
    site.pages["/gone"] = Answer(b"<h1>Gone</h1>", 200 if broken else 404)
    csv = CSV.replace("Mug", "Cup") if broken else CSV
    file = "lost.csv" if broken else "list.csv"
    answer = JSON.replace("Mug", "Cup").replace(', {"name": "Bowl"}', "") if broken else JSON
    site.pages["/api/items"] = Answer(answer.encode(), 200, "application/json")
    attachment = {"Content-Disposition": f"attachment; filename={file}"}
    site.pages["/list.csv"] = Answer(csv.encode(), 200, "text/csv", attachment)
    site.pages["/sign-in"] = (
        "<title>Sign in</title><h1>Sign in</h1><form action=/second>"
        "<label>Email <input name=e></label><label>Password <input type=password name=p></label>"
        "<button>Sign in</button></form>"
    )


def target(site: Site) -> Target:
    """The site with somebody who can sign in."""
    account = Credential("c", "cfg_x", "ann", ConfigKind.USERNAME_PASSWORD, ADDRESS, PASSWORD)
    return Target(
        "p", "a", "app_x", "Kinds", "e", "local", site.url + "/",
        frozenset({urlsplit(site.url).netloc}), credentials=(account,),
    )  # fmt: skip


@dataclass
class Hand:
    """Records steps on the page by role and name."""

    rec: Recorder

    def node(self, role: str, name: str) -> Node:
        for node in self.rec.observation.nodes:
            if node.role == role and name in (node.name or node.text):
                return node
        raise AssertionError(f"no {role} {name!r} in {self.rec.observation.nodes}")

    async def do(
        self, kind: ActionKind, role: str = "", name: str = "", value: str = "", **more: object
    ) -> None:
        ref = self.node(role, name).ref if role else None
        await self.rec.act(kind, ref, value=value, **more)  # type: ignore[arg-type]

    async def sees(self, text: str) -> None:
        await self.holds(Assertion(AssertionKind.TEXT, text), f"“{text}” is shown")

    async def holds(self, assertion: Assertion, text: str, **refs: str) -> None:
        check = await self.rec.expect(assertion, text, **refs)
        assert check.ok, f"{text}: {check.seen}"


def case(rec: Recorder, name: str) -> TestCase:
    """What was recorded as a stored test."""
    now = clock.now()
    return TestCase(
        name, f"test_{name}", "p", "a", None, name, "", "", CaseStatus.ENABLED, tuple(rec.steps),
        Proof(), (), now, now,
    )  # fmt: skip


async def record_actions(session: Session, site: Site) -> TestCase:
    """One test with every kind of action, each with what shows that it was done."""
    hand = Hand(Recorder(session, target(site)))
    await hand.rec.open("/doing")
    kind = ActionKind
    for action, role, name, value, seen in (
        (kind.CLICK, "button", "Click me", "", "clicked"),
        (kind.DOUBLE_CLICK, "button", "Twice", "", "twice"),
        (kind.RIGHT_CLICK, "button", "Other side", "", "right"),
        (kind.TYPE, "textbox", "Name", "Ann {{unique}}", "name Ann {{unique}}"),
        (kind.APPEND, "textbox", "Name", " Lee", "name Ann {{unique}} Lee"),
        (kind.TYPE, "textbox", "Day", "5 March 2026", "day 2026-03-05"),
        (kind.TYPE, "textbox", "Note", "one", "note one"),
        (kind.CLEAR, "textbox", "Note", "", "note ."),
        (kind.PRESS, "textbox", "Key", "Enter", "key Enter"),
        (kind.SELECT, "combobox", "Size", "Large", "size Large"),
        (kind.SELECT, "combobox", "Colour", "Blue", "blue"),
        (kind.CHECK, "checkbox", "I agree", "", "agreed"),
        (kind.UNCHECK, "checkbox", "I agree", "", "refused"),
        (kind.HOVER, "button", "Spot", "", "over"),
        (kind.SET_SLIDER, "slider", "Volume", "7", "volume 7"),
        (kind.SET_SLIDER, "slider", "Zoom", "5", "zoom 5"),
        (kind.WAIT_FOR, "", "", "refused", "refused"),
        (kind.CLICK, "button", "Load", "", "loading"),
        (kind.WAIT_GONE, "", "", "Just a moment", "loading"),
        (kind.WAIT_FOR, "button", "Spot", "", "over"),
        (kind.SCROLL, "", "", "bottom", "scrolled"),
    ):
        await hand.do(action, role, name, value)
        await hand.sees(seen)
    paper = Upload("paper one.txt", "text/plain", b"words\n")
    await hand.do(kind.UPLOAD, "button", "Paper", files=[paper])
    await hand.sees("got paper one.txt")
    card, place = hand.node("generic", "Card A"), hand.node("generic", "Drop here")
    await hand.rec.act(kind.DRAG, card.ref, to=place.ref)
    await hand.sees("dropped")
    marked = hand.node("paragraph", "Some words to mark")
    await hand.rec.act(kind.SELECT_TEXT, marked.ref, value="words to")
    await hand.sees("marked words")
    await hand.rec.act(kind.RESIZE, hand.node("textbox", "Letter").ref, value="0,40")
    await hand.sees("taller")
    await hand.do(kind.CLICK, "button", "Leave", dialog="dismiss")
    await hand.sees("stayed")
    await hand.do(kind.CLICK, "button", "Greet", dialog_text="Bo")
    await hand.sees("Who?")
    await hand.sees("hello Bo")
    await hand.do(kind.CLICK, "link", "Third")
    await hand.holds(Assertion(AssertionKind.TITLE, "Third"), "The title is Third")
    await hand.do(kind.BACK)
    await hand.do(kind.FORWARD)
    await hand.sees("Third page")
    await hand.do(kind.RELOAD)
    await hand.do(kind.FETCH, value="/list.csv")
    await hand.holds(Assertion(AssertionKind.DOWNLOAD, "Bowl", 3), "The list has two things")
    await hand.do(kind.BACK)
    await hand.do(kind.CLICK, "link", "New tab")
    await hand.sees("Second page")
    await _record_tabs(hand)
    return case(hand.rec, "every action")


async def _record_tabs(hand: Hand) -> None:
    """Switch, open and close tabs, the newest of two being in front."""
    kind = ActionKind
    await hand.do(kind.SWITCH_TAB, value="1")
    await hand.do(kind.CLICK, "button", "Click me")
    await hand.sees("clicked")
    await hand.rec.open("/third", new_tab=True)
    await hand.sees("Third page")
    await hand.do(kind.CLOSE_TAB, value="2")
    await hand.do(kind.CLOSE_TAB)
    await hand.do(kind.CLICK, "button", "Own window")
    await hand.sees("Fourth page")
    await hand.do(kind.CLICK, "button", "Close it")
    await hand.sees("clicked")


async def record_assertions(session: Session, site: Site) -> list[TestCase]:
    """One test for every kind of assertion."""
    found: list[TestCase] = []
    for number, (assertion, target_of, scope_of) in enumerate(_ASSERTIONS):
        hand = Hand(Recorder(session, target(site)))
        path = "/gone" if assertion.kind is AssertionKind.STATUS else "/kinds"
        await hand.rec.open(path)
        if assertion.row.endswith(".csv"):
            await hand.rec.open("/doing")
            await hand.do(ActionKind.CLICK, "link", "Get the list")
        elif assertion.kind is AssertionKind.DOWNLOAD:
            await hand.do(ActionKind.FETCH, value="/list.csv")
        elif assertion.kind is AssertionKind.JSON:
            await hand.do(ActionKind.FETCH, value='POST /api/items\n{"all": true}')
        if assertion.relative_to:
            row = Extraction(assertion.relative_to, "number_in_row", "Mug", "Price")
            await hand.rec.extract(row, "5", "Read the price of the mug")
        refs = {}
        if target_of is not None:
            refs["target_ref"] = hand.node(*target_of).ref
        if scope_of is not None:
            refs["scope_ref"] = hand.node(*scope_of).ref
        await hand.holds(assertion, f"{assertion.kind.value} holds", **refs)
        made = case(hand.rec, f"{number} {assertion.kind.value}")
        found.append(_hidden(made) if assertion.kind is AssertionKind.VISIBLE else made)
        if assertion.kind is AssertionKind.VISIBLE:
            found.append(made)
    return found


def _hidden(visible: TestCase) -> TestCase:
    """The opposite of a test that sees a button: that one of another name is not there."""
    step = visible.steps[-1]
    assert step.assertion is not None
    assert step.assertion.target is not None
    bundle = step.assertion.target
    gone = replace(
        bundle,
        primary=replace(bundle.primary, name="Delete all"),
        alternates=(),
        fingerprint=replace(bundle.fingerprint, name="Delete all"),
    )
    hidden = replace(
        step, assertion=replace(step.assertion, kind=AssertionKind.HIDDEN, target=gone)
    )
    return replace(visible, name=f"{visible.name} not", steps=(*visible.steps[:-1], hidden))


Named = tuple[str, str] | None
_K = AssertionKind
_ASSERTIONS: Sequence[tuple[Assertion, Named, Named]] = (
    # First, as the others meet a page that is not there.
    (Assertion(_K.NO_CONSOLE_ERROR), None, None),
    (Assertion(_K.NO_FAILED_REQUEST), None, None),
    (Assertion(_K.TEXT, "welcome, Ann  Lee"), None, None),
    (Assertion(_K.TEXT, "3", exact=True), None, None),
    (Assertion(_K.NEW_TEXT, "Walk dog"), None, ("list", "")),
    (Assertion(_K.NO_TEXT, "Secret text"), None, None),
    (Assertion(_K.VISIBLE), ("button", "Ready"), None),
    (Assertion(_K.COUNT, number=2), None, ("list", "")),
    (Assertion(_K.COUNT, number=3), None, ("table", "")),
    (Assertion(_K.COUNT, number=5), None, None),
    (Assertion(_K.COUNT, "Buy milk", number=1, state="struck"), None, ("list", "")),
    (Assertion(_K.COUNT, relative_to="price", delta=-3), None, ("list", "")),
    (Assertion(_K.VALUE, "York"), ("textbox", "City"), None),
    (Assertion(_K.VALUE, "Large"), ("combobox", "Size"), None),
    (Assertion(_K.CHECKED), ("checkbox", "Agree"), None),
    (Assertion(_K.UNCHECKED), ("checkbox", "News"), None),
    (Assertion(_K.ENABLED), ("button", "Ready"), None),
    (Assertion(_K.DISABLED), ("button", "Waiting"), None),
    (Assertion(_K.STRUCK), ("listitem", "Buy milk"), None),
    (Assertion(_K.URL, "/kinds"), None, None),
    (Assertion(_K.NOT_URL, "/gone"), None, None),
    (Assertion(_K.TITLE, "kinds of"), None, None),
    (Assertion(_K.CELL, "$5.00", row="Mug", column="Price"), None, ("table", "")),
    (Assertion(_K.EVERY_ROW, "$", column="Price"), None, ("table", "")),
    (Assertion(_K.SORTED, column="Price", order="ascending"), None, ("table", "")),
    (Assertion(_K.FIRST_ROW, "Mug"), None, ("table", "")),
    (Assertion(_K.STATUS, number=404), None, None),
    (Assertion(_K.ATTRIBUTE, "/second?x=1", column="href"), ("link", "Second"), None),
    (Assertion(_K.DOWNLOAD, "Mug,5", number=3), None, None),
    (Assertion(_K.DOWNLOAD, row="list.csv"), None, None),
    (Assertion(_K.JSON, "Mug", column="items.0.name", exact=True), None, None),
    (Assertion(_K.JSON, number=2, column="items", state="count"), None, None),
    (Assertion(_K.ORDER, "Welcome\nBuy milk\nMug"), None, None),
    (
        Assertion(
            _K.ANY_OF,
            options=(Assertion(_K.TEXT, "No such words"), Assertion(_K.TEXT, "Welcome")),
        ),
        None,
        None,
    ),
)


async def record_sign_ins(session: Session, site: Site) -> list[TestCase]:
    """Two tests that sign in in the same way."""
    found = []
    for seen in ("Second page", "Second"):
        hand = Hand(Recorder(session, target(site)))
        await hand.rec.open("/sign-in")
        await hand.do(ActionKind.TYPE, "textbox", "Email", "{{config:ann.username}}")
        await hand.do(ActionKind.TYPE, "textbox", "Password", "{{config:ann.password}}")
        await hand.do(ActionKind.CLICK, "button", "Sign in")
        await hand.sees(seen)
        found.append(case(hand.rec, f"signs in to see {seen}"))
    return found
