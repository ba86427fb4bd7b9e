"""Exploring against a plain role-based walker: a zoo of odd controls, and real applications.

In the zoo a page is solved when its server is asked for the page's secret address. Both sides get
each page in a fresh context of a browser started with the same flags, with the same budget of
seconds and of actions, and are not told when they have solved it. On applications what counts is
how many different pages (URL templates, normalised the same way) each side stood on; both have the
application's account and a fresh copy of it.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.metadata
import json
import os
import platform
import random
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from playwright.async_api import Browser, async_playwright

from assay.atlas.abstraction import url_template
from assay.atlas.explore import explore
from assay.atlas.model import AppMap, Budget
from assay.browser.launch import launch
from assay.browser.model import Observation
from assay.browser.pool import PlaywrightPool
from assay.browser.port import BrowserPool, Session, SessionOptions
from assay.kernel.progress import Silent
from assay.projects.model import ConfigKind, Credential, Target
from bench.serving import application, installed
from bench.walker import walk
from bench.zoo import EXHIBITS, TRAPS
from bench.zoo.serving import Zoo


class Noting:
    """A session that notes where it stood at every look; everything else is the real one's."""

    def __init__(self, session: Session, urls: list[str]) -> None:
        self._session = session
        self._urls = urls

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    async def observe(self) -> Observation:
        """The real look."""
        seen = await self._session.observe()
        self._urls.append(seen.url)
        return seen


class NotingPool:
    """A pool of noting sessions."""

    def __init__(self, pool: PlaywrightPool) -> None:
        self._pool = pool
        self.urls: list[str] = []

    @asynccontextmanager
    async def session(self, options: SessionOptions) -> AsyncIterator[Session]:
        """A real session that notes."""
        async with self._pool.session(options) as session:
            yield cast(Session, Noting(session, self.urls))

    async def close(self) -> None:
        """The real pool is closed by who made it."""


def target_of(url: str, user: str = "", password: str = "") -> Target:
    """A target of one address, with an account when there is one."""
    kind = ConfigKind.USERNAME_PASSWORD
    account = (Credential("1", "cfg_1", user, kind, user, password),) if user else ()
    return Target(
        project_id="p",
        application_id="a",
        application_short_id="app_bench",
        application_name="bench",
        environment_id="e",
        environment_name="local",
        url=url,
        allowed_hosts=frozenset({urlsplit(url).netloc}),
        credentials=account,
    )


def pages(urls: Iterable[str], start: str) -> list[str]:
    """The different pages of the start's site among addresses, as templates."""
    home = urlsplit(start).netloc
    return sorted({url_template(url) for url in urls if urlsplit(url).netloc == home})


async def explored(
    pool: PlaywrightPool, target: Target, budget: Budget
) -> tuple[AppMap, list[str], float]:
    """One exploration, the addresses it stood on and its seconds."""
    noting = NotingPool(pool)
    began = time.monotonic()
    found = await explore(cast(BrowserPool, noting), target, budget, Silent())
    return found, noting.urls, time.monotonic() - began


async def zoo(pool: PlaywrightPool, browser: Browser, args: argparse.Namespace) -> dict[str, Any]:
    """Both sides on every page of the zoo that was asked for."""
    chosen = [one for one in (*EXHIBITS, *TRAPS) if not args.page or one.name in args.page]
    random.Random(args.seed).shuffle(chosen)
    budget = Budget(
        states=args.actions, actions=args.actions, seconds=args.seconds, depth=6,
        odd_seconds=args.seconds,
    )  # fmt: skip
    ours, theirs = Zoo(chosen), Zoo(chosen)
    rows = []
    try:
        for one in chosen:
            began = time.monotonic()
            known, _, took = await explored(pool, target_of(ours.url(one.name)), budget)
            walked = await walk(browser, theirs.url(one.name), args.actions, args.seconds)
            row = {
                "page": one.name,
                "trap": one in TRAPS,
                "expected": one.expected,
                "explorer": one.name in ours.found,
                "explorer_seconds": round(took, 2),
                "explorer_solved_after": after(ours, one.name, began),
                "explorer_actions": known.actions_used,
                "explorer_states": len(known.states),
                "explorer_stopped_by": known.stopped_by,
                "explorer_harm": ours.harmed.get(one.name, 0),
                "walker": one.name in theirs.found,
                "walker_seconds": round(walked.seconds, 2),
                "walker_actions": walked.actions,
                "walker_harm": theirs.harmed.get(one.name, 0),
            }
            rows.append(row)
            tell_page(row)
    finally:
        ours.close()
        theirs.close()
    return {"rows": rows, **zoo_figures(rows)}


def after(zoo_: Zoo, name: str, began: float) -> float | None:
    """Seconds from the start of a page until it was solved."""
    return round(zoo_.found[name] - began, 2) if name in zoo_.found else None


def tell_page(row: dict[str, Any]) -> None:
    """One line of the table."""

    def mark(side: str) -> str:
        if row["trap"]:
            return "HARM" if row[f"{side}_harm"] else "left"
        return "yes" if row[side] else "-"

    print(
        f"{row['page']:24} explorer {mark('explorer'):5} {row['explorer_actions']:3} actions "
        f"{row['explorer_seconds']:5.1f} s   walker {mark('walker'):5} "
        f"{row['walker_actions']:3} actions {row['walker_seconds']:5.1f} s",
        flush=True,
    )


def zoo_figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Solved and harmed pages of both sides."""
    counted = [row for row in rows if row["expected"] and not row["trap"]]
    traps = [row for row in rows if row["trap"]]
    minutes = sum(row["explorer_seconds"] for row in rows) / 60 or 1.0
    figures = {
        "pages": len(counted),
        "explorer_solved": sum(row["explorer"] for row in counted),
        "walker_solved": sum(row["walker"] for row in counted),
        "traps": len(traps),
        "explorer_harmed": sum(row["explorer_harm"] > 0 for row in rows),
        "walker_harmed": sum(row["walker_harm"] > 0 for row in rows),
        "states_per_minute": round(sum(row["explorer_states"] for row in rows) / minutes, 1),
    }
    print(
        f"zoo: explorer {figures['explorer_solved']}/{len(counted)}, walker "
        f"{figures['walker_solved']}/{len(counted)}; of {len(traps)} traps the explorer set off "
        f"{figures['explorer_harmed']}, the walker {figures['walker_harmed']}",
        flush=True,
    )
    return figures


async def apps(
    pool: PlaywrightPool, browser: Browser, args: argparse.Namespace
) -> list[dict[str, Any]]:
    """Both sides on every application that was asked for."""
    rows: list[dict[str, Any]] = []
    if args.apps_dir is None:
        return rows
    listed = [name for item in args.app for name in item.split(",")]
    names = listed or sorted(path.name.split(".")[0] for path in args.apps_dir.glob("*.flows.json"))
    for name in names:
        script = args.apps_dir / f"{name}.sh"
        folder = await asyncio.to_thread(installed, script, args.install_dir)
        rows.append({"app": name, **await one_app(pool, browser, script, folder, args)})
        tell_app(rows[-1])
    return rows


async def one_app(
    pool: PlaywrightPool, browser: Browser, script: Path, folder: Path, args: argparse.Namespace
) -> dict[str, Any]:
    """Each side on a fresh copy of one application, one after the other."""
    budget = Budget(
        states=1000, actions=args.app_actions, seconds=args.app_seconds, depth=8,
        odd_seconds=args.app_seconds / 2,
    )  # fmt: skip
    with application(script, folder) as app:
        target = target_of(app["url"], app.get("user") or "", app.get("password") or "")
        known, urls, took = await explored(pool, target, budget)
        ours = pages(urls, app["url"])
    with application(script, folder) as app:
        account = (app["user"], app["password"]) if app.get("user") else None
        walked = await walk(browser, app["url"], args.app_actions, args.app_seconds, account)
        theirs = pages(walked.urls, app["url"])
    return {
        "explorer_pages": len(ours),
        "explorer_states": len(known.states),
        "explorer_actions": known.actions_used,
        "explorer_seconds": round(took, 1),
        "explorer_stopped_by": known.stopped_by,
        "explorer_pages_per_minute": round(len(ours) / took * 60, 1),
        "explorer_states_per_minute": round(len(known.states) / took * 60, 1),
        "explorer_templates": ours,
        "explorer_findings": [finding.title for finding in known.findings],
        "walker_pages": len(theirs),
        "walker_actions": walked.actions,
        "walker_seconds": round(walked.seconds, 1),
        "walker_pages_per_minute": round(len(theirs) / walked.seconds * 60, 1),
        "walker_templates": theirs,
    }


def tell_app(row: dict[str, Any]) -> None:
    """One line of the table."""
    print(
        f"{row['app']:12} explorer {row['explorer_pages']:3} pages {row['explorer_states']:3} "
        f"states {row['explorer_actions']:3} actions {row['explorer_seconds']:5.1f} s "
        f"({row['explorer_states_per_minute']:.1f} states, "
        f"{row['explorer_pages_per_minute']:.1f} pages a minute)   walker "
        f"{row['walker_pages']:3} pages {row['walker_actions']:3} actions "
        f"{row['walker_seconds']:5.1f} s ({row['walker_pages_per_minute']:.1f} a minute)",
        flush=True,
    )


async def measure(args: argparse.Namespace) -> dict[str, Any]:
    """Zoo and applications, with one browser for each side."""
    pool = PlaywrightPool()
    report: dict[str, Any] = {}
    async with async_playwright() as playwright:
        browser, _ = await launch(playwright)
        try:
            if "zoo" in args.what:
                report["zoo"] = await zoo(pool, browser, args)
            if "apps" in args.what:
                report["apps"] = await apps(pool, browser, args)
            report["browser"] = browser.version
        finally:
            await browser.close()
            await pool.close()
    return report


def main(argv: list[str]) -> int:
    """Run the bench; exit code 0 when no trap was set off by the explorer, whatever the rest."""
    parser = argparse.ArgumentParser(prog="python -m bench crawl", description=__doc__)
    parser.add_argument("--apps-dir", type=Path, help="applications as in the other benches")
    parser.add_argument("--app", action="append", default=[], help="repeatable or with commas")
    parser.add_argument("--install-dir", type=Path, default=Path.home() / ".cache/assay-bench")
    parser.add_argument("--only", dest="what", choices=["zoo", "apps"], default="zoo apps")
    parser.add_argument("--page", action="append", default=[], help="only this page of the zoo")
    parser.add_argument("--seconds", type=float, default=20.0, help="for a page of the zoo")
    parser.add_argument("--actions", type=int, default=40, help="for a page of the zoo")
    parser.add_argument("--app-seconds", type=float, default=90.0)
    parser.add_argument("--app-actions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7, help="the order of the zoo's pages")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    report = {
        "machine": platform.platform(),
        "python": platform.python_version(),
        "playwright": importlib.metadata.version("playwright"),
        "cores": os.cpu_count(),
        "seed": args.seed,
        "budget": {
            "zoo": [args.seconds, args.actions],
            "apps": [args.app_seconds, args.app_actions],
        },
        **asyncio.run(measure(args)),
    }
    if args.json:
        args.json.write_text(json.dumps(report, indent=1))
    return 1 if report.get("zoo", {}).get("explorer_harmed") else 0
