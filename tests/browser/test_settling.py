"""Waiting ends with what the action caused, neither earlier nor much later."""

from __future__ import annotations

import time

import pytest

from assay.browser.model import Action, ActionKind
from tests.browser.conftest import Open
from tests.browser.site import Answer, Asked

pytestmark = pytest.mark.asyncio(loop_scope="session")


def slow(seconds: float, body: bytes = b"done") -> object:
    def answer(asked: Asked) -> Answer:
        time.sleep(seconds)
        return Answer(body)

    return answer


async def test_requests_and_what_they_change_are_awaited(visit: Open) -> None:
    page = await visit(
        "<p id=out></p><button onclick=\"fetch('/slow').then((r) => r.text()).then((t) =>"
        ' { out.textContent = t })">Load</button>',
        {"/slow": slow(0.6)},
    )
    effect = await page.act(ActionKind.CLICK, "button", "Load")
    assert "done" in page.seen.text
    assert effect.last in {"requests", "mutations"}
    assert [(one.method, one.status) for one in effect.exchanges] == [("GET", 200)]
    assert effect.mutated
    assert not effect.navigated


async def test_delayed_work_is_awaited(visit: Open) -> None:
    page = await visit(
        '<p id=out></p><input aria-label=Find oninput="clearTimeout(window.t); window.t ='
        " setTimeout(() => fetch('/find').then((r) => r.text()).then((t) => { out.textContent = t"
        ' }), 400)">',
        {"/find": slow(0.2, b"found it")},
    )
    await page.act(ActionKind.TYPE, "textbox", "Find", "x")
    assert "found it" in page.seen.text


async def test_streams_long_polls_and_clocks_do_not_hold_us(visit: Open) -> None:
    page = await visit(
        "<p id=clock></p><p id=out></p><button onclick=\"out.textContent = 'clicked'\">Go</button>"
        "<script>setInterval(() => { clock.textContent = Date.now() }, 50);"
        "new EventSource('/events'); fetch('/poll')</script>",
        {"/events": slow(60), "/poll": slow(60)},
    )
    started = time.monotonic()
    await page.act(ActionKind.CLICK, "button", "Go")
    assert "clicked" in page.seen.text
    assert time.monotonic() - started < 30


async def test_nothing_happens_is_seen_as_nothing(visit: Open) -> None:
    page = await visit("<button>Dead</button>")
    effect = await page.act(ActionKind.CLICK, "button", "Dead")
    assert not effect.anything
    assert effect.last == "nothing"
    assert effect.seconds < 2


async def test_navigation_by_link_form_script_and_history(visit: Open) -> None:
    page = await visit(
        "<a href=/two>Link</a><form action=/two method=post><button>Post</button></form>"
        "<button onclick=\"setTimeout(() => { location = '/two' }, 200)\">Script</button>"
        "<button onclick=\"history.pushState({}, '', '/pushed')\">Push</button>",
        {"/two": slow(0.3, b"<h1>Second</h1>"), "/pushed": "<h1>Pushed</h1>"},
    )
    for role, name in (("link", "Link"), ("button", "Post"), ("button", "Script")):
        effect = await page.act(ActionKind.CLICK, role, name)
        assert (effect.navigated, effect.status) == (True, 200), name
        assert "Second" in page.seen.text
        await page.go("/")
    effect = await page.act(ActionKind.CLICK, "button", "Push")
    assert not effect.navigated
    assert effect.url_after.endswith("/pushed")
    effect = await page.act(ActionKind.BACK)
    assert page.seen.url == page.site.url + "/"
    await page.act(ActionKind.FORWARD)
    assert page.seen.url.endswith("/pushed")
    await page.act(ActionKind.RELOAD)
    assert "Pushed" in page.seen.text


async def test_errors_of_the_page_are_told(visit: Open) -> None:
    page = await visit(
        "<button onclick=\"fetch('/gone'); console.error('oops'); null.x\">Break</button>",
        {"/bad": Answer(b"broken", 500)},
    )
    effect = await page.act(ActionKind.CLICK, "button", "Break")
    assert any("oops" in line for line in effect.console_errors)
    assert any("null" in line for line in effect.console_errors)
    assert [(one.status, one.url[-5:]) for one in effect.failed_requests] == [(404, "/gone")]
    assert (await page.go("/bad")).status == 500
    assert any(one.status == 500 for one in page.session.failed_requests())
    assert page.session.exchanges()


async def test_storage_state_carries_over(visit: Open) -> None:
    page = await visit(
        "<script>localStorage.setItem('who', 'ann'); document.cookie = 'a=1'</script>"
    )
    state = await page.session.storage_state()
    other = await visit(
        "<p id=out></p><script>out.textContent = localStorage.getItem('who') + document.cookie"
        "</script>",
        storage_state=state,
    )
    assert "anna=1" in other.seen.text
    await other.session.perform(Action(ActionKind.RELOAD))
