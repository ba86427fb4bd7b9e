"""Flows of real applications sent by chat, one conversation each, on a fresh copy each."""

from __future__ import annotations

import argparse
import json
import platform
import time
from pathlib import Path
from typing import Any

from bench.serving import Server, application, assay, installed


def message_of(flow: dict[str, Any]) -> str:
    """The chat message that a tester would send for a flow."""
    return (
        f'Create a test "{flow["name"]}". Preconditions: {flow["preconditions"]} '
        f"Steps: {flow['steps']} Expected: {flow['expected']}"
    )


def configure(server: Server, app: dict[str, Any], name: str) -> str:
    """Register the running application with its credentials; gives its short id."""
    made = server.post("/v1/applications", {"name": name, "url": app["url"]})
    for prefix in ("", "other_"):
        user = app.get(f"{prefix}user")
        if user:
            server.post(
                "/v1/configs",
                {
                    "name": str(user).split("@")[0],
                    "kind": "usernamePassword",
                    "applicationShortId": made["shortId"],
                    "values": {"username": user, "password": app[f"{prefix}password"]},
                },
            )
    short_id: str = made["shortId"]
    return short_id


def one(
    server: Server, app_id: str, url: str, flow: dict[str, Any], timeout: float
) -> dict[str, Any]:
    """Send one flow and report what came of it."""
    start = time.monotonic()
    override = {"applicationShortId": app_id, "environment": {"url": url}}
    chat = server.post(
        "/v1/chat", {"message": message_of(flow), "applicationOverrides": [override]}
    )
    answer = server.finished(chat["shortId"], timeout)
    cases = server.get("/v1/test-cases", conversation=chat["shortId"])["testCases"]
    case = cases[0] if cases else {}
    proof = case.get("proof", {})
    return {
        "flow": flow["name"],
        "id": case.get("id"),
        "seconds": round(time.monotonic() - start, 1),
        "status": answer["status"],
        "authored": bool(case),
        "green": bool(case) and proof["replays"] >= 3 and proof["replays"] == proof["replaysGreen"],
        "proven": bool(case) and proof["proven"] and case["status"] == "enabled",
        "mutations": f"{proof.get('mutationsKilled', 0)}/{proof.get('mutationsTried', 0)}",
        "asserts": [s["text"] for s in case["steps"] if s["kind"] == "assert"] if case else [],
        "steps": [f"{s['number']}. {s['text']}" for s in case["steps"]] if case else [],
        "reason": case.get("lastReason"),
        "answer": answer["text"],
        "expected": flow["expected"],
    }


def main(argv: list[str]) -> int:
    """Run the bench; exit code 0 whatever the figures are."""
    parser = argparse.ArgumentParser(prog="python -m bench flows", description=__doc__)
    parser.add_argument("--apps-dir", type=Path, required=True)
    parser.add_argument("--app", action="append", default=[])
    parser.add_argument("--flow", action="append", default=[])
    parser.add_argument("--install-dir", type=Path, default=Path.home() / ".cache/assay-bench")
    parser.add_argument("--timeout", type=float, default=180)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args(argv)
    names = args.app or sorted(p.name.split(".")[0] for p in args.apps_dir.glob("*.flows.json"))
    rows: list[dict[str, Any]] = []
    with assay() as server:
        for name in names:
            rows += run_app(server, name, args)
    report = {"machine": platform.platform(), "python": platform.python_version(), "rows": rows}
    if args.json:
        args.json.write_text(json.dumps(report, indent=1))
    return 0


def run_app(server: Server, name: str, args: argparse.Namespace) -> list[dict[str, Any]]:
    """All flows of one application, each on a fresh copy."""
    script = args.apps_dir / f"{name}.sh"
    flows = json.loads((args.apps_dir / f"{name}.flows.json").read_text())["flows"]
    folder = installed(script, args.install_dir)
    rows = []
    app_id = ""
    for flow in flows:
        if args.flow and flow["name"] not in args.flow:
            continue
        with application(script, folder) as app:
            app_id = app_id or configure(server, app, name)
            row = {"app": name, **one(server, app_id, app["url"], flow, args.timeout)}
        rows.append(row)
        mark = "PROVEN" if row["proven"] else "green " if row["green"] else "draft "
        print(f"{name:10} {row['flow']:34} {mark} {row['mutations']:>6} {row['seconds']:6.1f} s")
        if args.verbose or not row["proven"]:
            for line in [*row["steps"], f"answer: {row['answer'][-700:]}"]:
                print("      ", line)
    proven = sum(1 for row in rows if row["proven"])
    print(
        f"{name}: {proven}/{len(rows)} proven, "
        f"{sum(1 for row in rows if row['authored'])} authored",
        flush=True,
    )
    return rows
