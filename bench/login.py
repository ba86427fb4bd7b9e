"""Seconds from POST /v1/chat to a proven, green login test on the sample shop."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from pathlib import Path
from typing import Any

from bench.serving import Server, assay, register_shop, sample_shop

MESSAGE = "Create a login test"


def once(server: Server, short_id: str, url: str, timeout: float) -> dict[str, Any]:
    """Send the message in a conversation of its own, and time it to the final answer."""
    # Another conversation's tests would be found again: each repeat has an application of its own.
    start = time.monotonic()
    place = {"applicationShortId": short_id, "environment": {"url": url}}
    body = {"message": MESSAGE, "applicationOverrides": [place]}
    chat = server.post("/v1/chat", body)
    answer = server.finished(chat["shortId"], timeout)
    seconds = time.monotonic() - start
    cases = server.get("/v1/test-cases", conversation=chat["shortId"])["testCases"]
    proof = cases[0]["proof"] if cases else {}
    return {
        "seconds": round(seconds, 2),
        "status": answer["status"],
        "proven": bool(proof.get("proven")) and cases[0]["status"] == "enabled",
        "replays": f"{proof.get('replaysGreen', 0)}/{proof.get('replays', 0)}",
        "mutations": f"{proof.get('mutationsKilled', 0)}/{proof.get('mutationsTried', 0)}",
        "test": cases[0]["name"] if cases else "",
    }


def main(argv: list[str]) -> int:
    """Run the bench; exit code 0 when every repeat gave a proven test, whatever it took."""
    parser = argparse.ArgumentParser(prog="python -m bench login", description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--timeout", type=float, default=180)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    rows: list[dict[str, Any]] = []
    with assay() as server, sample_shop() as shop:
        time.sleep(3)  # the browser is warm in a server that runs
        for number in range(args.repeats):
            short_id = register_shop(server, shop, f"Shop {number + 1}")
            row = once(server, short_id, shop.url, args.timeout)
            rows.append(row)
            load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
            state = "PROVEN" if row["proven"] else row["status"]
            print(
                f"{number + 1}  {row['seconds']:6.2f} s  {state}  {row['mutations']}  {load}",
                flush=True,
            )
    seconds = [row["seconds"] for row in rows]
    print(f"median {statistics.median(seconds):.2f} s of {sorted(seconds)}")
    if args.json:
        args.json.write_text(json.dumps({"median": statistics.median(seconds), "rows": rows}))
    return 0 if all(row["proven"] for row in rows) else 1
