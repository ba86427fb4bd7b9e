"""Proven tests replayed under seeded disturbance: how often their verdict flips, by kind.

The tests are written by chat, on the sample shop or (with --apps-dir) on real applications, one
fresh copy for each flow. Each proven one gets a flake certificate over the public API; the replays
of all of them together are at least --replays. A verdict flips when a replay under disturbance has
another one than the replay of the same test without.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.flows import configure, one
from bench.serving import Server, application, assay, installed, register_shop, sample_shop
from bench.shop import MESSAGES, create

FINAL = {"COMPLETED", "ERROR", "CANCELLED"}


def certified(
    server: Server, ids: Sequence[str], each: int, seed: int, place: dict[str, Any], timeout: float
) -> list[dict[str, Any]]:
    """Ask for certificates of these tests and wait until all have ended."""
    started = []
    for number, case_id in enumerate(ids):
        # Seeds in a row stand for all kinds in turn, so each test goes on where the last one ended.
        first = seed + number * each
        body = {"testCases": [case_id], "replays": each, "seed": first, "applications": [place]}
        started += server.post("/v1/certificates", body)["certificates"]
    ended: list[dict[str, Any]] = []
    end = time.monotonic() + timeout
    for certificate in started:
        while certificate["status"] not in FINAL and time.monotonic() < end:
            time.sleep(0.5)
            certificate = server.get(f"/v1/certificates/{certificate['shortId']}")
        ended.append(certificate)
        told(certificate)
    return ended


def told(certificate: dict[str, Any]) -> None:
    """Print one certificate, and each of its replays that was not a clean pass."""
    replayed, passed = certificate["replayed"], certificate["passed"]
    print(
        f"    {passed:3}/{replayed:<3} clean, {certificate['flips']} flips  {certificate['name']}",
        flush=True,
    )
    for row in certificate["results"]:
        if row["verdict"] != "passed" or row["healed"]:
            kind = f"{row['kind'] or 'undisturbed'} {row['seed']}"
            print(f"        {kind}: {row['disturbance']}: {row['reason'] or 'healed'}", flush=True)


def by_kind(certificates: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Replays, clean passes, flips and seconds of each kind of disturbance."""
    rows: dict[str, dict[str, Any]] = {}
    for certificate in certificates:
        control = next((r for r in certificate["results"] if r["kind"] is None), None)
        for result in certificate["results"]:
            name = result["kind"] or "undisturbed"
            row = rows.setdefault(name, {"replays": 0, "clean": 0, "flips": 0, "raw_seconds": []})
            row["replays"] += 1
            row["clean"] += result["verdict"] == "passed" and not result["healed"]
            row["flips"] += control is not None and result["verdict"] != control["verdict"]
            row["raw_seconds"].append(result["seconds"])
    for row in rows.values():
        row["seconds"] = round(statistics.median(row["raw_seconds"]), 2)
    return rows


def on_shop(server: Server, args: argparse.Namespace) -> list[dict[str, Any]]:
    """Certificates of every test that the messages give on the sample shop."""
    with sample_shop() as shop:
        short_id = register_shop(server, shop, "Shop")
        cases = [
            case
            for message in args.message or MESSAGES
            for case in create(server, message, args.timeout)
        ]
        ids = [case["id"] for case in cases if case["status"] == "enabled"]
        place = {"applicationShortId": short_id, "environment": {"url": shop.url}}
        each = math.ceil(args.replays / max(1, len(ids)))
        return certified(server, ids, each, args.seed, place, args.timeout) if ids else []


def on_app(server: Server, name: str, args: argparse.Namespace) -> list[dict[str, Any]]:
    """Certificates of the flows of one application, each on a fresh copy."""
    script = args.apps_dir / f"{name}.sh"
    flows = json.loads((args.apps_dir / f"{name}.flows.json").read_text())["flows"]
    flows = [flow for flow in flows if not args.flow or flow["name"] in args.flow]
    folder = installed(script, args.install_dir)
    each = math.ceil(args.replays / max(1, len(flows)))
    ended: list[dict[str, Any]] = []
    app_id = ""
    for flow in flows:
        with application(script, folder) as app:
            app_id = app_id or configure(server, app, name)
            row = one(server, app_id, app["url"], flow, args.timeout)
            print(f"{name}: {row['flow']}: {'proven' if row['proven'] else 'DRAFT'}", flush=True)
            if row["proven"]:
                place = {"applicationShortId": app_id, "environment": {"url": app["url"]}}
                seed = args.seed + len(ended) * each
                ended += certified(server, [row["id"]], each, seed, place, args.timeout)
    return ended


def main(argv: list[str]) -> int:
    """Run the bench; exit code 0 when so many replays were made and each was a clean pass."""
    parser = argparse.ArgumentParser(prog="python -m bench steady", description=__doc__)
    parser.add_argument("--replays", type=int, default=200, help="in all, for each subject")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--message", action="append", default=[], help="to the sample shop")
    parser.add_argument("--apps-dir", type=Path, help="real applications instead of the shop")
    parser.add_argument("--app", action="append", default=[])
    parser.add_argument("--flow", action="append", default=[])
    parser.add_argument("--install-dir", type=Path, default=Path.home() / ".cache/assay-bench")
    parser.add_argument("--timeout", type=float, default=3600)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    report: dict[str, Any] = {
        "machine": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "seed": args.seed,
        "subjects": {},
    }
    good = True
    with assay() as server:
        if args.apps_dir is None:
            good = reported("shop", on_shop(server, args), args, report)
        else:
            found = sorted(path.name.split(".")[0] for path in args.apps_dir.glob("*.flows.json"))
            for name in args.app or found:
                good &= reported(name, on_app(server, name, args), args, report)
    if args.json:
        args.json.write_text(json.dumps(report, indent=1))
    return 0 if good else 1


def reported(
    name: str, ended: list[dict[str, Any]], args: argparse.Namespace, report: dict[str, Any]
) -> bool:
    """Print the table of one subject and put it into the report; True when all was clean."""
    rows = by_kind(ended)
    for kind, row in rows.items():
        print(
            f"{name:10} {kind:12} {row['clean']:4}/{row['replays']:<4} clean  "
            f"{row['flips']:3} flips  median {row['seconds']:6.2f} s",
            flush=True,
        )
    replays = sum(one["replayed"] for one in ended)
    clean, flips = sum(one["passed"] for one in ended), sum(one["flips"] for one in ended)
    print(
        f"{name}: {len(ended)} tests, {replays} replays, {clean} clean, {flips} flips", flush=True
    )
    report["subjects"][name] = {
        "tests": len(ended),
        "replays": replays,
        "clean": clean,
        "flips": flips,
        "kinds": rows,
        "certificates": ended,
    }
    return bool(replays >= args.replays and clean == replays)
