"""Disturbances: what a page notices of each, and what stays as it was."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from assay.browser.disturbing import held_kinds, pause, shrunk
from assay.browser.errors import HostRefused
from assay.browser.model import Action, ActionKind
from assay.browser.pool import PlaywrightPool
from assay.browser.port import Disturbance, Mutation, SessionOptions
from tests.browser.site import Answer, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")
CALM = Disturbance(3)
ORDER = """<p id=order></p><script>
const said = [];
Promise.all(['/one', '/two'].map((path, i) => new Promise((go) => setTimeout(go, i * 200)).then(
  () => fetch(path)).then((a) => a.text()).then((text) => {
    said.push(text); order.textContent = said.join(' then '); })));
</script>"""
BUSY = """<p id=took></p><script>
const best = Array(12).fill(0).map(() => { const from = performance.now(); let sum = 0;
  for (let i = 0; i < 2e6; i++) sum += i % 7; return performance.now() - from + sum * 0; });
took.textContent = Math.min(...best);
</script>"""


def options(site: Site, disturbance: Disturbance | None) -> SessionOptions:
    return SessionOptions(site.url, frozenset({site.host}), disturbance=disturbance)


async def shown(pool: PlaywrightPool, site: Site, disturbance: Disturbance | None) -> str:
    """What the front page shows in the end."""
    async with pool.session(options(site, disturbance)) as session:
        await session.perform(Action(ActionKind.NAVIGATE, value="/"))
        return (await session.observe()).text.strip()


def overtaking_seed() -> int:
    """A seed that holds the answer to the first fetch back, but not that to the second."""
    for seed in range(100):
        what = replace(CALM, seed=seed, overtaken=1.0)
        first, second = (pause(what, "Fetch", f"GET Fetch /{name} 1") for name in ("one", "two"))
        if first[1] and not second[1]:
            return seed
    raise AssertionError("no seed of 100 does")


async def test_an_answer_can_be_overtaken_by_a_later_one(pool: PlaywrightPool, site: Site) -> None:
    site.pages.update({"/": ORDER, "/one": Answer(b"one"), "/two": Answer(b"two")})
    held = replace(CALM, seed=overtaking_seed(), overtaken=3.0)
    assert await shown(pool, site, held) == "two then one"
    # The site itself heard the requests in the order in which they were sent.
    asked = [one.path for one in site.asked if one.path != "/favicon.ico"]
    assert asked == ["/", "/one", "/two"]


async def test_answers_come_late_by_what_the_seed_says(pool: PlaywrightPool, site: Site) -> None:
    site.pages["/"] = "<h1>Here</h1>"
    late = replace(CALM, late=1.0)
    expected, _ = pause(late, "Document", "GET Document / 1")
    started = time.monotonic()
    assert await shown(pool, site, late) == "Here"
    assert time.monotonic() - started >= expected > 0


async def test_the_processor_is_slower(pool: PlaywrightPool, site: Site) -> None:
    site.pages["/"] = BUSY
    # The shortest of many equal times is much the same however busy the machine is; but there the
    # browser's brake grips only now and then, so it may be looked for more than once.
    ratios: list[float] = []
    while len(ratios) < 6 and not any(ratio > 2 for ratio in ratios):
        calm = float(await shown(pool, site, None))
        ratios.append(float(await shown(pool, site, replace(CALM, cpu=20.0))) / calm)
    assert any(ratio > 2 for ratio in ratios), ratios


async def test_a_tab_that_the_page_opens_is_disturbed_too(pool: PlaywrightPool, site: Site) -> None:
    held = replace(CALM, seed=overtaking_seed(), overtaken=3.0)
    site.pages["/"] = "<a href=/middle target=_blank>Go</a>"
    site.pages["/middle"] = "<a href=/last>On</a>"
    site.pages.update({"/last": ORDER, "/one": Answer(b"one"), "/two": Answer(b"two")})
    async with pool.session(options(site, held)) as session:
        await session.perform(Action(ActionKind.NAVIGATE, value="/"))
        for name in ("Go", "On"):
            seen = await session.observe()
            link = next(node.ref for node in seen.nodes if node.name == name)
            await session.perform(Action(ActionKind.CLICK, link))
        assert (await session.observe()).text.strip() == "two then one"


async def test_faults_in_answers_and_the_network_policy_stay_as_they_are(
    pool: PlaywrightPool, site: Site
) -> None:
    site.pages["/"] = "<h1>Here</h1><img src=http://169.254.169.254/latest>"
    everything = Disturbance(5, cpu=2.0, late=0.1, overtaken=0.1, media=0.1, shrink=(0.9, 0.8))
    async with pool.session(options(site, everything)) as session:
        await session.perform(Action(ActionKind.NAVIGATE, value="/"))
        assert (await session.observe()).viewport == (1152, 576)
        assert any("169.254" in one.url and one.status == 403 for one in session.failed_requests())
        with pytest.raises(HostRefused):
            await session.perform(Action(ActionKind.NAVIGATE, value="http://example.org/"))
        await session.mutate(Mutation("status", "it answers 503", number=503))
        effect = await session.perform(Action(ActionKind.NAVIGATE, value="/"))
        assert effect.status == 503


async def test_what_is_held_back_is_the_same_for_the_same_seed() -> None:
    what = Disturbance(7, late=0.5, media=1.0)
    assert pause(what, "Script", "GET Script /a 1") == pause(what, "Script", "GET Script /a 1")
    assert pause(what, "Script", "GET Script /a 1") != pause(what, "Script", "GET Script /a 2")
    assert 0 <= pause(what, "Font", "GET Font /f 1")[0] <= 1.0
    assert held_kinds(CALM) == frozenset()
    assert held_kinds(replace(CALM, media=1.0)) == {"Font", "Image", "Media"}
    assert shrunk(390, 844, replace(CALM, shrink=(0.5, 0.5))) == (320, 422)
    assert shrunk(240, 300, replace(CALM, shrink=(0.5, 0.5))) == (240, 300)
