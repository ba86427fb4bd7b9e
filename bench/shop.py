"""Planted faults of the sample shop against tests written by chat on the shop without faults.

The messages name features, never a fault. Every test that was written is run against each faulty
shop (by an override of the environment's address), and several times against the faultless one.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

from assay_shop.faults import WHAT, Fault
from bench.serving import Server, assay, register_shop, sample_shop

MESSAGES = (
    "Create tests for login",
    "Create tests for checkout",
    "Create tests for the cart",
    "Create tests for search",
    "Create tests for navigation",
    "Create tests for the profile",
    "Create tests for sign-up",
    "Create tests for the contact form",
)


def create(server: Server, message: str, timeout: float) -> list[dict[str, Any]]:
    """Send one message; gives the tests that it made."""
    start = time.monotonic()
    chat = server.post("/v1/chat", {"message": message})
    answer = server.finished(chat["shortId"], timeout)
    found: list[dict[str, Any]] = server.get("/v1/test-cases", conversation=chat["shortId"])[
        "testCases"
    ]
    found.reverse()
    seconds = time.monotonic() - start
    print(f"{message}: {answer['status']}, {len(found)} tests, {seconds:.0f} s", flush=True)
    for case in found:
        proof = case["proof"]
        killed = f"{proof['mutationsKilled']}/{proof['mutationsTried']}"
        state = "proven" if proof["proven"] else f"DRAFT  {case.get('lastReason') or ''}"
        print(f"    {killed:>6}  {case['name']}: {state}", flush=True)
    return found


def run(
    server: Server, short_id: str, url: str, ids: list[str], timeout: float
) -> list[dict[str, Any]]:
    """Run tests at an address; gives what became of each."""
    place = {"applicationShortId": short_id, "environment": {"url": url}}
    body = {"testCaseIds": ids, "applications": [place]}
    name = server.post("/v1/run", body)["run"]["shortId"]
    end = time.monotonic() + timeout
    while True:
        found = server.get(f"/v1/run/{name}")
        if found["status"] not in {"INITIATED", "RUNNING"} or time.monotonic() > end:
            rows: list[dict[str, Any]] = found["runTestCases"]
            return rows
        time.sleep(0.2)


def main(argv: list[str]) -> int:
    """Run the bench; exit code 0 when every fault was caught and every repeat was green."""
    parser = argparse.ArgumentParser(prog="python -m bench shop", description=__doc__)
    parser.add_argument("--repeats", type=int, default=10, help="runs on the faultless shop")
    parser.add_argument("--message", action="append", default=[])
    parser.add_argument("--fault", action="append", default=[])
    parser.add_argument("--timeout", type=float, default=900)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    report: dict[str, Any] = {"load": os.getloadavg()[0], "faults": {}, "repeats": []}
    with assay() as server, sample_shop() as shop:
        short_id = register_shop(server, shop, "Shop")
        cases = [
            case
            for message in args.message or MESSAGES
            for case in create(server, message, args.timeout)
        ]
        ids = [case["id"] for case in cases if case["status"] == "enabled"]
        report["tests"], report["proven"] = len(cases), len(ids)
        for fault in [Fault(name) for name in args.fault] or list(Fault):
            with sample_shop(fault.value) as broken:
                rows = run(server, short_id, broken.url, ids, args.timeout)
            report["faults"][fault.value] = told(fault, rows)
        for number in range(args.repeats):
            rows = run(server, short_id, shop.url, ids, args.timeout)
            red = [f"{row['name']}: {row['evaluationThought']}" for row in rows if bad(row)]
            report["repeats"].append(red)
            print(f"no fault, repeat {number + 1}: {len(rows) - len(red)}/{len(rows)} green")
            for line in red:
                print(f"    {line}", flush=True)
    missed = [name for name, caught in report["faults"].items() if not caught]
    flaky = sum(1 for red in report["repeats"] if red)
    print(
        f"{len(ids)}/{len(cases)} tests proven; faults missed: {', '.join(missed) or 'none'}; "
        f"repeats not green: {flaky}/{args.repeats}"
    )
    if args.json:
        args.json.write_text(json.dumps(report, indent=1))
    return 1 if missed or flaky or len(ids) < len(cases) else 0


def bad(row: dict[str, Any]) -> bool:
    """Whether a test did not pass."""
    return bool(row["verdict"] != "passed")


def told(fault: Fault, rows: list[dict[str, Any]]) -> list[str]:
    """Print which tests noticed a fault; gives their verdicts."""
    red = [row for row in rows if row["verdict"] == "failed" and row["failedStep"]]
    unsure = [row for row in rows if row["verdict"] == "couldNotVerify"]
    print(f"{fault.value}: {len(red)}/{len(rows)} red   ({WHAT[fault]})")
    for row in (red + unsure)[:8]:
        print(f"    {row['verdict']:15} {row['name']}: {row['evaluationThought']}", flush=True)
    return [f"{row['name']}: {row['evaluationThought']}" for row in red]
