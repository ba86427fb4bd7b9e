"""Recorded tests replayed, in alternating pairs with their own exports to pytest-playwright.

Both sides have a warm browser with the same flags, a fresh context for each run and, with evidence,
the same tracing (screenshots and snapshots). What is timed is everything from making the context to
closing it; starting browsers and loading code is not. The tests are written on the sample shop.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from assay.browser.launch import FLAGS
from assay.browser.pool import PlaywrightPool
from assay.cases.author import Author
from assay.cases.export import Format, export, setting_of
from assay.cases.meaning import Meaning
from assay.cases.model import CaseStatus, Draft, Proof, TestCase, Verdict
from assay.cases.plain import parse_case
from assay.kernel import clock
from assay.kernel.progress import Silent
from assay.projects.model import ConfigKind, Credential, Target
from assay.runs.model import ReplayOptions
from assay.runs.replay import Replayer
from bench.serving import SampleShop, sample_shop

TESTS = {
    "sign in": """Create a test "Sign in". Preconditions: log in as shopper.
Steps: open the account page
Expected: "My account" is shown""",
    "checkout": """Create a test "Checkout".
1. Open the home page
2. Click "Enamel kettle"
3. Click "Add to cart"
4. Click "Go to checkout"
5. Enter "Alex" in "Full name"
6. Enter "a@example.com" in "Email address"
7. Enter "1 High Street" in "Street and number"
8. Enter "SW1A 1AA" in "Postcode"
9. Enter "London" in "City"
10. Click "Continue to delivery"
11. Click "Continue to payment"
Expected: "Card number" is shown""",
    "search": """Create a test "Search".
1. Open the home page
2. Enter "kettle" in "Search"
3. Press Enter
Expected: "Enamel kettle" is shown""",
}


@dataclass
class Pair:
    """One recorded test and the function of its export."""

    name: str
    draft: Draft
    script: Callable[[Page], None]


class Scripts:
    """Runs exported tests on one thread with a browser of their own that stays open."""

    def __init__(self, executable: Path, url: str) -> None:
        self._executable = executable
        self._url = url
        self._thread = ThreadPoolExecutor(1)
        self._driver: Playwright | None = None
        self._browser: Browser | None = None

    async def start(self) -> None:
        """Start the browser."""
        await self._on_thread(self._launch)

    async def run(self, script: Callable[[Page], None], evidence: Path | None) -> float:
        """Run one exported test in a fresh context; gives its seconds."""
        seconds: float = await self._on_thread(lambda: self._timed(script, evidence))
        return seconds

    async def close(self) -> None:
        """End the browser."""
        await self._on_thread(self._end)
        self._thread.shutdown()

    async def _on_thread(self, work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _launch(self) -> None:
        self._driver = sync_playwright().start()
        self._browser = self._driver.chromium.launch(
            executable_path=self._executable,
            args=list(FLAGS),
            chromium_sandbox=os.geteuid() != 0,
        )

    def _timed(self, script: Callable[[Page], None], evidence: Path | None) -> float:
        assert self._browser is not None
        started = time.perf_counter()
        context = self._browser.new_context(
            base_url=self._url, viewport={"width": 1280, "height": 720}
        )
        if evidence is not None:
            context.tracing.start(screenshots=True, snapshots=True, sources=False)
        script(context.new_page())
        if evidence is not None:
            context.tracing.stop(path=evidence / "script.zip")
        context.close()
        return time.perf_counter() - started

    def _end(self) -> None:
        if self._browser is not None:
            self._browser.close()
        if self._driver is not None:
            self._driver.stop()


def target_of(shop: SampleShop) -> Target:
    """The shop with its customer."""
    account = Credential(
        "1", "cfg_1", "shopper", ConfigKind.USERNAME_PASSWORD, shop.email, shop.password
    )
    return Target(
        project_id="p",
        application_id="a",
        application_short_id="app_x",
        application_name="Shop",
        environment_id="e",
        environment_name="Default",
        url=shop.url,
        allowed_hosts=frozenset({urlsplit(shop.url).netloc}),
        credentials=(account,),
    )


async def written(pool: PlaywrightPool, target: Target, name: str, folder: Path) -> Pair:
    """Write one test and load its export; raises RuntimeError when it cannot be written."""
    meaning = Meaning()
    meaning.warm()
    draft = await Author(pool, meaning).write(parse_case(TESTS[name]), target, Silent(), name)
    if draft.problem or draft.unchecked:
        raise RuntimeError(f"{name}: {draft.problem or draft.unchecked}")
    now = clock.now()
    case = TestCase(
        id=name,
        short_id=name,
        project_id="p",
        application_id="a",
        turn_id=None,
        name=name,
        goal="",
        expected_result="",
        status=CaseStatus.ENABLED,
        steps=draft.steps,
        proof=Proof(),
        baseline=draft.baseline,
        created_at=now,
        updated_at=now,
    )
    for path, content in export([case], setting_of(target), Format.PYTEST).items():
        where = folder / path
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_bytes(content)
    return Pair(name, draft, loaded(folder))


def loaded(folder: Path) -> Callable[[Page], None]:
    """The test function of an exported folder with one test."""
    sys.modules.pop("helpers", None)
    sys.modules.pop("pages", None)
    sys.path.insert(0, str(folder))
    try:
        path = next(folder.glob("test_*.py"))
        spec = importlib.util.spec_from_file_location(f"exported_{folder.name}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(folder))
    found = [value for name, value in vars(module).items() if name.startswith("test_")]
    script: Callable[[Page], None] = found[0]
    return script


async def measured(
    pool: PlaywrightPool, scripts: Scripts, target: Target, pair: Pair, count: int, evidence: bool
) -> dict[str, Any]:
    """So many alternating pairs of one test; who begins changes each time."""
    replayer = Replayer(pool)
    ours: list[float] = []
    theirs: list[float] = []

    async def replay(folder: Path) -> None:
        options = ReplayOptions(
            name=pair.name, evidence=folder if evidence else None, baseline=pair.draft.baseline
        )
        started = time.perf_counter()
        outcome = await replayer.replay(pair.draft.steps, target, options)
        ours.append(time.perf_counter() - started)
        if outcome.verdict is not Verdict.PASSED:
            raise RuntimeError(f"{pair.name}: {outcome.reason}")

    async def script(folder: Path) -> None:
        theirs.append(await scripts.run(pair.script, folder if evidence else None))

    for number in range(count + 2):
        with tempfile.TemporaryDirectory(prefix="assay-replay-") as place:
            folder = Path(place)
            for side in (replay, script) if number % 2 else (script, replay):
                await side(folder)
        if number == 1:
            # Two pairs to warm up.
            ours.clear()
            theirs.clear()
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    row = {
        "test": pair.name,
        "steps": len(pair.draft.steps),
        "evidence": evidence,
        "pairs": count,
        "replay": round(statistics.median(ours), 4),
        "script": round(statistics.median(theirs), 4),
        "ratio": round(statistics.median(ours) / statistics.median(theirs), 3),
        "median_of_ratios": round(statistics.median(ratios), 3),
        "raw_replay": [round(one, 4) for one in ours],
        "raw_script": [round(one, 4) for one in theirs],
    }
    print(
        f"{pair.name:10} {len(pair.draft.steps):3} steps  evidence {'on ' if evidence else 'off'}  "
        f"replay {row['replay']:.3f} s  script {row['script']:.3f} s  ratio {row['ratio']:.3f}  "
        f"(median of ratios {row['median_of_ratios']:.3f}, {count} pairs)",
        flush=True,
    )
    return row


async def measure(args: argparse.Namespace) -> list[dict[str, Any]]:
    """Every test that was asked for, with and without evidence."""
    rows: list[dict[str, Any]] = []
    pool = PlaywrightPool()
    with sample_shop() as shop, tempfile.TemporaryDirectory(prefix="assay-export-") as place:
        target = target_of(shop)
        os.environ["SHOPPER_USERNAME"], os.environ["SHOPPER_PASSWORD"] = shop.email, shop.password
        await pool.start()
        assert pool.path is not None
        scripts = Scripts(pool.path, shop.url)
        await scripts.start()
        try:
            for name in args.test or TESTS:
                folder = Path(place) / name.replace(" ", "_")
                pair = await written(pool, target, name, folder)
                for evidence in (True, False):
                    if args.evidence in {None, "on" if evidence else "off"}:
                        row = await measured(pool, scripts, target, pair, args.pairs, evidence)
                        rows.append(row)
        finally:
            await scripts.close()
            await pool.close()
    return rows


def main(argv: list[str]) -> int:
    """Run the bench; exit code 0 when no median is above 1.15 with evidence or 1.10 without."""
    parser = argparse.ArgumentParser(prog="python -m bench replay", description=__doc__)
    parser.add_argument("--pairs", type=int, default=30)
    parser.add_argument("--test", action="append", choices=list(TESTS), default=[])
    parser.add_argument("--evidence", choices=["on", "off"], help="only with, or without it")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    rows = asyncio.run(measure(args))
    report = {
        "machine": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "rows": rows,
    }
    if args.json:
        args.json.write_text(json.dumps(report, indent=1))
    slow = [row for row in rows if row["ratio"] > (1.15 if row["evidence"] else 1.10)]
    return 1 if slow else 0
