"""Exploring a real site in a real browser: odd controls, what is left alone, budgets, resuming."""

from __future__ import annotations

import pytest

from assay.atlas.model import FindingKind
from assay.browser.model import Action, ActionKind
from assay.browser.pool import PlaywrightPool
from assay.browser.port import SessionOptions
from tests.atlas.conftest import Explored, asked
from tests.browser.site import Answer, Asked, Site

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

GENEROUS = {"states": 40, "actions": 60, "seconds": 60.0, "odd_seconds": 40.0, "depth": 6}


async def test_gestures_and_keys_are_tried_where_they_are_listened_to(
    site: Site, explored: Explored
) -> None:
    site.pages["/"] = """<h1>Desk</h1><style>li ul { display: none } li:hover ul { display: block }
        div { margin: 8px; width: 200px }</style>
      <ul><li>Products<ul><li><a href="#" onclick="fetch('/hovered'); return false">Lamps</a></li>
      </ul></li></ul>
      <div id=folder>Pictures</div><div id=file>notes.txt</div><div id=item tabindex=0>Chapter</div>
      <div id=card draggable=true>Card</div><div id=tray>Tray</div>
      <p>Press <kbd>g</kbd> for the glossary.</p>
      <svg width=100 height=40><g id=map><rect width=90 height=30></rect></g></svg>
      <script>const on = (id, kind, go) => document.getElementById(id).addEventListener(kind, go);
      on('folder', 'dblclick', () => fetch('/double'));
      on('file', 'contextmenu', (e) => { e.preventDefault(); fetch('/context'); });
      on('item', 'keydown', (e) => e.key === 'Enter' && fetch('/enter'));
      on('tray', 'dragover', (e) => e.preventDefault());
      on('tray', 'drop', (e) => { e.preventDefault(); fetch('/dropped'); });
      on('map', 'click', () => fetch('/drawing'));
      document.addEventListener('keydown', (e) => e.key === 'g' && fetch('/glossary'));</script>"""
    await explored(**GENEROUS)
    wanted = {"/hovered", "/double", "/context", "/enter", "/dropped", "/drawing", "/glossary"}
    assert wanted <= set(asked(site))


async def test_fields_that_act_at_once_and_forms_that_ask_are_filled_in(
    site: Site, explored: Explored
) -> None:
    site.pages["/"] = """<h1>Planner</h1>
      <select aria-label=Language onchange="if (value) fetch('/chosen')"><option value="">English
      <option value=fr>French</select>
      <label>Distance <input type=range min=0 max=9 value=1
        oninput="if (value > 7) fetch('/slid')"></label>
      <form action=/route method=post><label>Guests <input name=guests type=number min=2 max=4
        required></label><label>Code <input name=code pattern="[A-Z]{2}-[0-9]{3}" required></label>
        <button>Check availability</button></form>
      <label><input type=checkbox onchange="on.disabled = !checked"> I have read the notes</label>
      <button id=on disabled onclick="fetch('/continued')">Continue</button>"""
    site.pages["/route"] = "<h1>Route</h1>"
    await explored(**GENEROUS)
    assert {"/chosen", "/slid", "/continued", "/route"} <= set(asked(site))
    sent = next(one.body for one in site.asked if one.path == "/route")
    assert sent == b"guests=3&code=AA-777"


async def test_more_of_the_same_is_gone_through_and_late_things_are_waited_for(
    site: Site, explored: Explored
) -> None:
    site.pages["/"] = """<h1>List</h1><ul id=rows></ul><button id=next>Next</button><div id=late>
      </div><script>let page = 1;
      const draw = () => { rows.innerHTML = page < 4 ? `<li>Row ${page}</li>`
        : '<li><a href=/fourth>Row 4</a></li>'; };
      next.onclick = () => { page += page < 4 ? 1 : 0; draw(); };
      draw();
      setTimeout(() => { late.innerHTML = '<a href=/late>Results</a>'; }, 1500);</script>"""
    site.pages["/fourth"] = site.pages["/late"] = "<h1>Found</h1>"
    await explored(**GENEROUS)
    assert {"/fourth", "/late"} <= set(asked(site))


async def test_a_harmless_question_is_answered_with_yes(site: Site, explored: Explored) -> None:
    site.pages["/"] = """<h1>Issues</h1>
      <button onclick="if (confirm('Open the old issues?')) fetch('/opened')">Old issues</button>
      <button onclick="if (confirm('All entries will be deleted. Are you sure?')) fetch('/harm')">
      Tidy up</button>"""
    await explored(**GENEROUS)
    assert "/opened" in asked(site)
    assert "/harm" not in asked(site)


async def test_nothing_is_destroyed_sent_paid_or_logged_out_of(
    site: Site, explored: Explored
) -> None:
    site.pages["/"] = """<h1>Account</h1>
      <button onclick="fetch('/harm/delete')">Delete the account</button>
      <a href=/harm/out>Log out</a>
      <form method=post action=/harm/pay><label>Card number <input name=card></label>
        <button>Pay now</button></form>
      <form method=post action=/harm/send><label>E-mail <input type=email name=m></label>
        <label>Message <textarea name=t></textarea></label><button>Submit</button></form>
      <form method=post action=/harm/save><label>Town <input name=town></label>
        <button>Save</button></form>
      <label><input type=checkbox onchange="order.disabled = !checked"> I accept</label>
      <button id=order disabled onclick="fetch('/harm/order')">Place order</button>
      <div draggable=true>Letter</div><div id=bin style="height: 40px">Trash</div>
      <div ondblclick="fetch('/harm/twice')">Remove twice</div>
      <script>bin.addEventListener('dragover', (e) => e.preventDefault());
      bin.addEventListener('drop', () => fetch('/harm/bin'));</script>"""
    await explored(**GENEROUS)
    assert not [path for path in asked(site) if path.startswith("/harm")]


async def test_the_ordinary_comes_before_the_odd_and_the_odd_can_be_left_out(
    site: Site, explored: Explored
) -> None:
    site.pages["/"] = """<h1>Start</h1><div ondblclick="fetch('/odd')">Pictures</div>
      <a href=/plain>Plain</a>"""
    site.pages["/plain"] = "<h1>Plain</h1><a href=/further>Further</a>"
    site.pages["/further"] = "<h1>Further</h1>"
    await explored(**GENEROUS)
    order = asked(site)
    assert order.index("/plain") < order.index("/further") < order.index("/odd")
    site.asked.clear()
    await explored(**{**GENEROUS, "odd_seconds": 0.0})
    assert "/further" in asked(site)
    assert "/odd" not in asked(site)


def many(site: Site) -> None:
    """Thirty pages of different structure, all linked from the start."""
    names = [f"page-{chr(97 + n)}{chr(97 + n)}" for n in range(20)]
    site.pages["/"] = "<h1>Start</h1>" + "".join(f"<a href=/{name}>{name}</a> " for name in names)
    for number, name in enumerate(names):
        site.pages[f"/{name}"] = f"<h1>{name}</h1><input aria-label='{name}'>" + "<p>x" * number


async def test_the_budget_bounds_states_and_actions(site: Site, explored: Explored) -> None:
    many(site)
    known = await explored(states=4)
    assert known.stopped_by == "states"
    assert len(known.states) == 4
    known = await explored(actions=5)
    assert known.stopped_by == "actions"
    assert known.actions_used == 5


async def test_the_budget_bounds_time(site: Site, explored: Explored) -> None:
    many(site)
    known = await explored(seconds=0.5)
    assert known.stopped_by == "time"
    assert 0.5 <= known.seconds < 20
    assert len(known.states) < 20


async def test_the_budget_bounds_depth(site: Site, explored: Explored) -> None:
    for number in range(6):
        site.pages["/" if not number else f"/step{'o' * number}"] = (
            f"<h1>Step</h1><input aria-label='field {'i' * number}'>"
            f"<a href=/step{'o' * (number + 1)}>On</a>"
        )
    known = await explored(depth=2, odd_seconds=0.0)
    assert known.stopped_by == "nothing left to try"
    assert max(state.depth for state in known.states) == 2
    assert "/steppoo" not in asked(site)
    assert "/stepooo" not in asked(site)


async def test_a_site_without_end_is_left_when_it_repeats_itself(
    site: Site, explored: Explored
) -> None:
    class Endless(dict):  # type: ignore[type-arg]
        """Every path leads one level deeper, and on to a later month."""

        def get(self, path: str, default: object = None) -> object:
            return lambda asked: Answer(page(asked).encode())

    def page(asked: Asked) -> str:
        place, _, query = asked.path.partition("?")
        month = int(query.partition("=")[2] or 0) + 1
        deeper = place.rstrip("/") + "/deeper/"
        return (
            f"<!doctype html><h1>Month {month}</h1><a href='{deeper}'>Deeper</a>"
            f"<a href='{place}?month={month}'>Next month</a>"
        )

    site.pages = Endless()
    known = await explored(states=50, actions=60, seconds=90.0, depth=30, odd_seconds=0.0)
    assert known.stopped_by in {"nothing left to try", "nothing new"}
    assert not [path for path in asked(site) if path.count("deeper") > 3]


async def test_a_control_without_end_is_pressed_a_few_times(site: Site, explored: Explored) -> None:
    site.pages["/"] = """<h1>Feed</h1><ul id=rows></ul><script>let n = 0;</script>
      <button onclick="fetch('/more'); rows.innerHTML += `<li>Row ${n += 1}`">More</button>"""
    known = await explored(**GENEROUS)
    assert known.stopped_by == "nothing left to try"
    assert 3 <= asked(site).count("/more") <= 12


async def test_it_goes_on_from_where_a_session_ended(
    site: Site, explored: Explored, pool: PlaywrightPool
) -> None:
    def inside(asked: Asked) -> Answer:
        if "member=yes" not in asked.headers.get("cookie", ""):
            return Answer(b"<!doctype html><h1>Members only</h1>", 403)
        return Answer(b"<!doctype html><h1>Inside</h1><a href=/inside/more>More</a>")

    site.pages["/"] = "<h1>Front</h1><script>document.cookie = 'member=yes'</script>"
    site.pages["/inside"] = site.pages["/inside/more"] = inside
    options = SessionOptions(site.url, frozenset({site.host}))
    async with pool.session(options) as session:
        await session.perform(Action(ActionKind.NAVIGATE, value="/"))
        state = await session.storage_state()
    site.asked.clear()
    known = await explored(start="/inside", storage_state=state, odd_seconds=0.0)
    assert asked(site)[0] == "/inside"
    assert "/inside/more" in asked(site)
    assert {found.heading for found in known.states} == {"Inside"}
    site.asked.clear()
    known = await explored(start="/inside", odd_seconds=0.0)
    assert "/inside/more" not in asked(site)


async def test_pages_are_checked_for_accessibility_as_far_as_the_budget_goes(
    site: Site, explored: Explored
) -> None:
    shut = {"Content-Security-Policy": "script-src 'none'"}
    page = b"<!doctype html><html lang=en><title>Start</title><main><h1>Start</h1>"
    site.pages["/"] = Answer(page + b"<img src=/x.png><a href=/next>Next</a></main>", headers=shut)
    site.pages["/next"] = "<title>Next</title><h1>Next</h1><input>"
    known = await explored(audits=1, odd_seconds=0.0)
    found = [one for one in known.findings if one.kind is FindingKind.ACCESSIBILITY]
    assert [one.evidence.partition(":")[0] for one in found] == ["axe-core rule image-alt"]
    assert "critical" in found[0].title
    assert len(known.states) == 2
    known = await explored(odd_seconds=0.0)
    assert FindingKind.ACCESSIBILITY not in {one.kind for one in known.findings}
