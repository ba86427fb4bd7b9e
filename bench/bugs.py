"""Seeded regressions of real applications against tests written by chat on the untouched ones.

Every flow of an application is sent as one chat message; what became an enabled test is then run
against a copy of the application with each one-line regression, and several times against fresh
untouched copies, where any test that does not pass is a false alarm. Only the public API is used.
With --exports the tests also run as exported code, on a fresh copy, where Assay is not installed.

The folder holds ``NAME.sh``, ``NAME.flows.json`` and ``bugs.json``: a list of regressions, each
with ``app``, ``id``, ``file`` (a pattern below the application's folder), ``original``, ``changed``
and ``effect``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from functools import partial
from pathlib import Path
from typing import Any

from bench.exports import suite
from bench.flows import configure, one
from bench.serving import Server, application, assay, installed
from bench.shop import bad, run


def plant(folder: Path, bug: dict[str, Any]) -> None:
    """Put one regression into an application's folder; raises LookupError if it does not fit."""
    for path in sorted(folder.glob(bug["file"])):
        text = path.read_text()
        if bug["original"] in text:
            path.write_text(text.replace(bug["original"], bug["changed"], 1))
            return
    raise LookupError(f"{bug['id']}: {bug['file']} has no such line")


def written(
    server: Server, script: Path, folder: Path, flows: list[dict[str, Any]], timeout: float
) -> tuple[str, list[dict[str, Any]]]:
    """Send every flow on a fresh copy each; gives the application and what came of each flow."""
    short_id, rows = "", []
    for flow in flows:
        with application(script, folder) as app:
            short_id = short_id or configure(server, app, script.stem)
            row = one(server, short_id, app["url"], flow, timeout)
        rows.append(row)
        state = "proven" if row["proven"] else f"no test: {row['reason'] or row['status']}"
        print(f"  {flow['name']:34} {state}  {row['seconds']} s", flush=True)
    return short_id, rows


def told(bug: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Print which tests noticed a regression; gives them."""
    red = [row for row in rows if row["verdict"] == "failed"]
    unsure = [row for row in rows if row["verdict"] == "couldNotVerify"]
    state = "CAUGHT" if red else "MISSED"
    print(f"  {bug['id']:34} {state} by {len(red)} of {len(rows)}   ({bug['effect']})")
    for row in (red + unsure)[:6]:
        print(f"      {row['verdict']:15} {row['name']}: {row['evaluationThought']}", flush=True)
    return {
        "bug": bug["id"],
        "effect": bug["effect"],
        "flow": bug.get("flow"),
        "caught": bool(red),
        "red": {row["name"]: row["evaluationThought"] for row in red},
        "unsure": {row["name"]: row["evaluationThought"] for row in unsure},
    }


def of_app(server: Server, name: str, args: argparse.Namespace) -> dict[str, Any]:
    """The whole of one application: tests, regressions, repeats."""
    script = args.apps_dir / f"{name}.sh"
    flows = json.loads((args.apps_dir / f"{name}.flows.json").read_text())["flows"]
    flows = [flow for flow in flows if not args.flow or flow["name"] in args.flow]
    bugs = [
        bug
        for bug in json.loads((args.apps_dir / "bugs.json").read_text())
        if bug["app"] == name and (not args.bug or bug["id"] in args.bug)
    ]
    folder = installed(script, args.install_dir)
    print(f"{name}: {len(flows)} flows, {len(bugs)} regressions", flush=True)
    short_id, tests = written(server, script, folder, flows, args.timeout)
    ids = [row["id"] for row in tests if row["proven"]]
    found: dict[str, Any] = {"app": name, "tests": tests, "bugs": [], "exports": [], "repeats": []}
    if not ids:
        return found
    for bug in bugs:
        with application(script, folder, change=partial(plant, bug=bug)) as app:
            found["bugs"].append(told(bug, run(server, short_id, app["url"], ids, args.timeout)))
    for style in args.exports:
        with application(script, folder) as app:
            place = args.install_dir
            found["exports"].append(suite(server, short_id, app, style, place, args.timeout))
    for number in range(args.repeats):
        started = time.monotonic()
        with application(script, folder) as app:
            rows = run(server, short_id, app["url"], ids, args.timeout)
        red = {row["name"]: row["evaluationThought"] for row in rows if bad(row)}
        found["repeats"].append(red)
        seconds = time.monotonic() - started
        print(f"  untouched, run {number + 1}: {len(rows) - len(red)}/{len(rows)}, {seconds:.0f} s")
        for test, why in red.items():
            print(f"      {test}: {why}", flush=True)
    return found


def main(argv: list[str]) -> int:
    """Run the bench; exit code 0 when every regression was caught and every repeat was green."""
    parser = argparse.ArgumentParser(prog="python -m bench bugs", description=__doc__)
    parser.add_argument("--apps-dir", type=Path, required=True)
    parser.add_argument("--app", action="append", default=[])
    parser.add_argument("--bug", action="append", default=[], help="only these regressions")
    parser.add_argument("--flow", action="append", default=[], help="tests of these flows only")
    parser.add_argument("--repeats", type=int, default=10, help="runs on the untouched application")
    parser.add_argument(
        "--exports",
        action="append",
        choices=["pytest", "playwright"],
        default=[],
        help="run the exported suite too, where Assay cannot be imported",
    )
    parser.add_argument("--install-dir", type=Path, default=Path.home() / ".cache/assay-bench")
    parser.add_argument("--timeout", type=float, default=900)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    known = {bug["app"] for bug in json.loads((args.apps_dir / "bugs.json").read_text())}
    report: dict[str, Any] = {
        "machine": platform.platform(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
        "apps": [],
    }
    with assay() as server:
        for name in args.app or sorted(known):
            report["apps"].append(of_app(server, name, args))
            if args.json:
                args.json.write_text(json.dumps(report, indent=1))
    bugs = [bug for app in report["apps"] for bug in app["bugs"]]
    alarms = [red for app in report["apps"] for red in app["repeats"] if red]
    repeats = sum(len(app["repeats"]) for app in report["apps"])
    red = [name for app in report["apps"] for one in app["exports"] for name in one["failed"]]
    kills = [kills_of(row) for app in report["apps"] for row in app["tests"] if row["proven"]]
    killed, tried = sum(one[0] for one in kills), sum(one[1] for one in kills)
    missed = [bug["bug"] for bug in bugs if not bug["caught"]]
    print(
        f"caught {len(bugs) - len(missed)}/{len(bugs)}; missed: {', '.join(missed) or 'none'}; "
        f"untouched runs with a false alarm: {len(alarms)}/{repeats}; faults killed by delivered "
        f"tests: {killed}/{tried}; exported tests that failed: {', '.join(red) or 'none'}"
    )
    return 1 if missed or alarms or red else 0


def kills_of(row: dict[str, Any]) -> tuple[int, int]:
    """The faults that a test's proof killed, and those it tried."""
    killed, _, tried = row["mutations"].partition("/")
    return int(killed), int(tried)
