"""How long reading answers takes while two browser turns run, against the same server at rest."""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.serving import Server, assay, register_shop, sample_shop

MESSAGE = "Create tests for login and checkout, then run them"
_FINAL = {"COMPLETED", "FAILED", "CANCELLED"}


def read(server: Server, chats: list[str], going: Callable[[int], bool]) -> list[float]:
    """Milliseconds of one GET after the other, over the routes that a client polls."""
    paths = [path for chat in chats for path in (f"/v1/chat/{chat}", "/v1/test-cases")]
    took: list[float] = []
    while going(len(took)):
        path = paths[len(took) % len(paths)]
        start = time.perf_counter()
        answer = server.client.get(path)
        took.append((time.perf_counter() - start) * 1000)
        answer.raise_for_status()
        time.sleep(0.05)
    return took


def figures(took: list[float]) -> dict[str, float]:
    """Median, 95th percentile and maximum, in milliseconds."""
    cuts = statistics.quantiles(took, n=20)
    return {
        "count": len(took),
        "median": round(statistics.median(took), 1),
        "p95": round(cuts[18], 1),
        "max": round(max(took), 1),
    }


def main(argv: list[str]) -> int:
    """Run the bench; exit code 0 when both turns ended well, whatever reading took."""
    parser = argparse.ArgumentParser(prog="python -m bench reads", description=__doc__)
    parser.add_argument("--rest", type=int, default=100, help="requests to the server at rest")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    with assay() as server, sample_shop() as shop:
        time.sleep(5)
        chats = []
        for number in (1, 2):
            place = {
                "applicationShortId": register_shop(server, shop, f"Shop {number}"),
                "environment": {"url": shop.url},
            }
            body = {"message": MESSAGE, "applicationOverrides": [place]}
            chats.append(server.post("/v1/chat", body)["shortId"])

        def states() -> list[str]:
            return [
                next(
                    message["status"]
                    for message in server.get(f"/v1/chat/{chat}")["messages"]
                    if message["role"] == "assistant"
                )
                for chat in chats
            ]

        def running(count: int) -> bool:
            return count % 20 != 19 or not any(state in _FINAL for state in states())

        rows: dict[str, Any] = {"two turns": figures(read(server, chats, running))}
        while not all(state in _FINAL for state in states()):
            time.sleep(1)
        ended = states()
        time.sleep(3)
        rows["at rest"] = figures(read(server, chats, lambda count: count < args.rest))
    for name, row in rows.items():
        print(
            f"{name:10} {row['count']:5} reads  median {row['median']:7.1f} ms"
            f"  p95 {row['p95']:7.1f} ms  max {row['max']:7.1f} ms"
        )
    print(f"ratio of the p95: {rows['two turns']['p95'] / rows['at rest']['p95']:.1f}")
    if args.json:
        args.json.write_text(json.dumps(rows))
    return 0 if ended == ["COMPLETED", "COMPLETED"] else 1
