"""What tests run of a site's code is recorded while they are proven, and chosen by in reviews."""

from __future__ import annotations

import difflib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from assay.browser.footprint import FileLines, Footprint
from assay.browser.model import ActionKind
from assay.browser.pool import PlaywrightPool
from assay.cases import service as cases
from assay.cases.expectations import compile_expected
from assay.cases.model import (
    Assertion,
    AssertionKind,
    CaseStatus,
    Draft,
    Proof,
    Step,
    TestCase,
    Verdict,
)
from assay.cases.recorder import Recorder
from assay.cases.sessions import session_options
from assay.kernel.progress import Silent
from assay.projects.model import Target
from assay.reviews.clues import clues_of
from assay.reviews.impact import RELATED, plan
from assay.reviews.model import FileKind, Selection
from assay.reviews.reading import read_change
from assay.runs.model import Outcome, ReplayOptions
from assay.runs.proof import Prover
from assay.runs.replay import Replayer
from assay.runs.walking import Killed
from assay.storage import Database
from tests.browser.site import Site
from tests.runs.conftest import find
from tests.runs.shop_code import GREET_JS, PAGE, SHOP_CSS, SHOP_JS, shop
from tests.runs.test_certificates import stored
from tests.runs.test_heals import bundle

pytestmark = pytest.mark.asyncio(loop_scope="session")
EXPECTED = {"Add": "The page shows '1 items'", "Pay": "Thank you", "Greet": "Hello, ann"}


@dataclass(frozen=True)
class Recorded:
    """Three tests of the shop with what each ran."""

    tests: list[TestCase]
    footprints: dict[str, Footprint]

    def chosen(self, path: str, text: str, old: str, new: str) -> tuple[list[Selection], list[str]]:
        """The tests that are related to a change of one file, and the files of the gaps."""
        clues = clues_of(read_change(_diff(path, text, old, new)))
        made = plan(clues, self.tests, [FileKind.USER_FACING], "", footprints=self.footprints)
        return (
            [one for one in made.selections if one.score >= RELATED],
            [gap.file for gap in made.gaps],
        )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def recorded(pool: PlaywrightPool) -> AsyncIterator[Recorded]:
    site = Site()
    shop(site)
    target = Target(
        "p", "a", "app_1", "Shop", "e", "Default", site.url + "/", frozenset({site.host})
    )
    drafts = {name: await _written(pool, target, name) for name in EXPECTED}
    footprints = {}
    for name, draft in drafts.items():
        if name == "Pay":
            proven = await Prover(Replayer(pool)).prove(draft, target, Silent(), _unrecorded)
            assert proven.proven, proven.problem
            footprint = proven.footprint
        else:
            options = ReplayOptions(baseline=draft.baseline, coverage=True)
            outcome = await Replayer(pool).replay(draft.steps, target, options)
            assert outcome.verdict is Verdict.PASSED, outcome.reason
            footprint = outcome.footprint
        assert footprint is not None
        footprints[name] = Footprint.unpacked(footprint.packed())
    site.close()
    yield Recorded([_case(name) for name in drafts], footprints)


def _diff(path: str, text: str, old: str, new: str) -> str:
    """The change of one text, with what git names as the section of a hunk."""
    assert text.count(old) == 1
    before, after = text.splitlines(True), text.replace(old, new).splitlines(True)
    said = []
    for line in difflib.unified_diff(before, after, f"a/{path}", f"b/{path}"):
        start = re.match(r"@@ -(\d+)", line)
        above = before[: int(start[1]) - 1] if start else []
        section = next((one for one in reversed(above) if re.match(r"[A-Za-z$_]", one)), "\n")
        said.append(f"{line.rstrip()} {section}" if start else line)
    return "".join(said)


async def _unrecorded(outcome: Outcome, key: str) -> str:
    return key


async def _written(pool: PlaywrightPool, target: Target, name: str) -> Draft:
    async with pool.session(session_options(target)) as session:
        recorder = Recorder(session, target)
        await recorder.open("/")
        await recorder.act(ActionKind.CLICK, find(recorder, "button", name))
        compiled = compile_expected([EXPECTED[name]], recorder.trail())
        assert not compiled.unchecked, compiled.unchecked
        checks = [Step(0, item.text, assertion=item.assertion) for item in compiled.proposals]
        steps = [
            replace(step, number=number)
            for number, step in enumerate([*recorder.steps, *checks], 1)
        ]
        return replace(recorder.draft(name, name, name, EXPECTED[name]), steps=tuple(steps))


def _case(name: str) -> TestCase:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return TestCase(
        id=name,
        short_id=f"test_{name}",
        project_id="p",
        application_id="a",
        turn_id=None,
        name=f"T{list(EXPECTED).index(name)}",
        goal="",
        expected_result="",
        status=CaseStatus.ENABLED,
        steps=(),  # so that nothing else than what ran can select it
        proof=Proof(),
        baseline=(),
        created_at=now,
        updated_at=now,
    )


@pytest.mark.parametrize(
    ("path", "text", "old", "new", "test", "reason"),
    [
        # Run just before the page is left, and one of two places with the same text.
        (
            "web/static/js/shop.js",
            SHOP_JS,
            "sessionStorage.setItem('paid', 'yes');",
            "sessionStorage.setItem('paid', 'no');",
            "Pay",
            "it runs line 19 of static/js/shop.js, which the change touches",
        ),
        (
            "web/static/js/shop.js",
            SHOP_JS,
            "  location.href = '/done';\n  return false;",
            "  location.href = '/done';\n  return true;",
            "Pay",
            "line 21",
        ),
        # Nothing but new lines: those beside them tell.
        (
            "web/static/js/shop.js",
            SHOP_JS,
            "  show();\n",
            "  show();\n  window.scrollTo(0, 0);\n",
            "Add",
            "around line 12",
        ),
        # An inline script, in a file whose name is not that of the page.
        (
            "web/templates/base.html",
            PAGE,
            "document.title = 'Shop of ann'",
            "document.title = 'Shop of bob'",
            "Add",
            "line 9 of web/templates/base.html",
        ),
        # A bundle without a line break, by its source map.
        (
            "frontend/src/greet.js",
            GREET_JS,
            "return 'Hello, ' + name;",
            "return 'Hi, ' + name;",
            "Greet",
            "line 5 of frontend/src/greet.js",
        ),
        # A rule that one page uses, with a declaration that another rule has as well.
        (
            "web/static/css/shop.css",
            SHOP_CSS,
            "  color: green;\n}\n\n.paid",
            "  color: red;\n}\n\n.paid",
            "Add",
            "it uses the rule “.cart-total” of static/css/shop.css",
        ),
        (
            "web/static/css/shop.css",
            SHOP_CSS,
            "font-style: italic",
            "font-style: normal",
            "Pay",
            "“.paid”",
        ),
    ],
)
async def test_the_only_test_that_runs_the_changed_line_is_chosen_for_it(
    recorded: Recorded, path: str, text: str, old: str, new: str, test: str, reason: str
) -> None:
    chosen, gaps = recorded.chosen(path, text, old, new)
    assert [one.test_id for one in chosen] == [test], chosen
    assert reason in chosen[0].reason
    assert chosen[0].score >= 0.9
    assert not gaps


async def test_code_that_every_page_runs_relates_every_test_but_less(recorded: Recorded) -> None:
    chosen, gaps = recorded.chosen(
        "web/static/js/shop.js", SHOP_JS, "const cart = [];", "const cart = ['gift'];"
    )
    assert {one.test_id for one in chosen} == set(EXPECTED)
    assert all(one.score < 0.9 and "as most tests do" in one.reason for one in chosen)
    assert not gaps


@pytest.mark.parametrize(
    ("path", "text", "old", "new"),
    [
        ("web/static/js/shop.js", SHOP_JS, "cart.push('a present')", "cart.push('a cup')"),
        ("frontend/src/greet.js", GREET_JS, "list.map((item) => item.name)", "list"),
        (
            "web/static/css/shop.css",
            SHOP_CSS,
            "}\n\n.refunded {\n  color: green",
            "}\n\n.refunded {\n  color: red",
        ),
        (
            "web/static/js/shop.js",
            SHOP_JS,
            "function pay",
            "function wish() {\n  return [];\n}\n\nfunction pay",
        ),
    ],
)
async def test_what_no_test_runs_is_a_gap_though_its_file_is_loaded(
    recorded: Recorded, path: str, text: str, old: str, new: str
) -> None:
    chosen, gaps = recorded.chosen(path, text, old, new)
    assert not chosen
    assert gaps == [path]


async def test_nothing_of_the_code_can_be_read_in_what_is_kept(recorded: Recorded) -> None:
    kept = b"".join(one.packed() for one in recorded.footprints.values())
    assert b"static/js/shop.js" in kept
    assert not any(word in kept for word in (b"cart.push", b"location", b"cart-total", b"Hello"))


class Upset(Replayer):
    """Replays that are green, but not while they are recorded."""

    def __init__(self) -> None:
        self.replays: list[bool] = []

    async def replay(
        self, steps: object, target: Target, options: ReplayOptions | None = None
    ) -> Outcome:
        assert options is not None
        if options.mutation is not None:
            step = options.mutation.target_step
            return Outcome(Verdict.FAILED, "", failed_step=step, mutated=True)
        self.replays.append(options.coverage)
        return Outcome(Verdict.FAILED if options.coverage else Verdict.PASSED, "")

    async def walk(self, *_: object) -> Killed:
        return ()


async def test_no_verdict_depends_on_the_recording() -> None:
    check = Assertion(AssertionKind.TEXT, text="Thanks")
    steps = (
        Step(1, "Open /", action=ActionKind.NAVIGATE, value="/"),
        Step(2, "See “Thanks”", assertion=check),
    )
    target = Target("p", "a", "app_1", "Shop", "e", "Default", "http://a/", frozenset({"a"}))
    upset = Upset()
    proven = await Prover(upset).prove(
        Draft("key", "name", "goal", "", steps), target, Silent(), _unrecorded
    )
    assert proven.proven, proven.problem
    assert proven.proof.replays_green == 3
    assert upset.replays.count(True) == 1
    assert upset.replays.count(False) == 3
    assert proven.footprint is None


async def test_a_test_claims_what_its_steps_ran_until_they_are_others(database: Database) -> None:
    steps = (Step(1, "Click “Pay”", action=ActionKind.CLICK, target=bundle("Pay")),)
    test = await stored(database, Draft("pay", "Pay", "pay", "", steps))
    first = Footprint((FileLines("a.js", b"12345"),))
    second = Footprint((FileLines("a.js", b"1234567890"), FileLines("b.css", b"")))
    async with database.write() as session:
        for footprint in (first, second):
            await cases.save_proof(session, test, Proof(), footprint)
    async with database.read() as session:
        assert await cases.footprints(session, [test.id, "other"]) == {test.id: second}
    async with database.write() as session:
        changed = await cases.replace_target(session, test, 1, bundle("Pay now"))
    async with database.read() as session:
        assert not await cases.footprints(session, [test.id])
    async with database.write() as session:
        await cases.save_proof(session, changed, Proof(), first)
    async with database.read() as session:
        assert await cases.footprints(session, [test.id]) == {test.id: first}
