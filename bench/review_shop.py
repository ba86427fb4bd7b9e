"""Seconds from POST to verdict for one-file changes of the sample shop, with each phase's part.

Base and preview are two copies of the shop; the preview's has the change. Regressions must end in
changesRequested, harmless changes never.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import assay_shop
from bench.changes import Edit, harmless
from bench.reviews import review, summary, tell
from bench.serving import SampleShop, Server, assay, register_shop, sample_shop
from bench.shop import create

SOURCE = Path(assay_shop.__file__).parents[1]
FEATURES = ("login", "cart", "search", "contact", "navigation")


@contextmanager
def changed_shop(*edits: Edit) -> Iterator[SampleShop]:
    """The shop from a copy of its source with some changes, on data of its own."""
    with tempfile.TemporaryDirectory(prefix="assay-shop-") as folder:
        copy = Path(folder)
        subprocess.run(["cp", "-a", f"{SOURCE}/assay_shop", folder], check=True)
        for edit in edits:
            edit.apply(copy)
        command = [sys.executable, "-m", "assay_shop", "--until-stdin-closes"]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": folder},
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            about = json.loads(process.stdout.readline())
            user = about["users"]["customer"]
            yield SampleShop(about["url"], user["email"], user["password"])
        finally:
            process.stdin.close()
            process.wait(20)
            process.stdout.close()


def regressions() -> list[Edit]:
    """One-line faults of the shop; ``flow`` is the feature whose tests should notice."""
    rows = json.loads((Path(__file__).parent / "shop_changes.json").read_text())
    return [
        Edit(r["id"], r["file"], r["original"], r["changed"], r["flow"] or "any", r["effect"])
        for r in rows
    ]


def one(server: Server, app: str, edit: Edit, timeout: float) -> dict[str, Any]:
    """Review one change."""
    with changed_shop(edit) as preview:
        found = review(server, app, preview.url, edit.diff(SOURCE), "A small change", timeout)
    harmful = bool(edit.flow)
    return {"app": "shop", "change": edit.id, "harmful": harmful, "tested": True, **found}


def main(argv: list[str]) -> int:
    """Run the bench; exit code 1 when a false alarm was raised."""
    parser = argparse.ArgumentParser(prog="python -m bench review-shop", description=__doc__)
    parser.add_argument("--change", action="append", default=[])
    parser.add_argument("--feature", action="append", default=[])
    parser.add_argument("--no-tests", action="store_true")
    parser.add_argument("--timeout", type=float, default=300)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args(argv)
    edits = [
        e for e in (*regressions(), *harmless("shop")) if not args.change or e.id in args.change
    ]
    rows: list[dict[str, Any]] = []
    with assay() as server, sample_shop() as shop:
        app = register_shop(server, shop, "Shop")
        for feature in () if args.no_tests else args.feature or FEATURES:
            create(server, f"Create tests for {feature}", args.timeout)
        for edit in edits:
            row = {**one(server, app, edit, args.timeout), "tested": not args.no_tests}
            rows.append(row)
            tell(row, verbose=args.verbose)
    figures = {**summary(rows), **times(rows)}
    print(json.dumps(figures))
    if args.json:
        args.json.write_text(json.dumps({"figures": figures, "rows": rows}, indent=1))
    return 1 if figures["falseAlarms"] else 0


def times(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Medians over all reviews: the whole, and each phase."""
    phases: dict[str, list[float]] = {}
    for row in rows:
        for phase in row["phases"] or ():
            phases.setdefault(phase["name"], []).append(phase["seconds"])
    load = f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    return {
        "medianSeconds": statistics.median(row["seconds"] for row in rows) if rows else None,
        "medianByPhase": {name: statistics.median(seconds) for name, seconds in phases.items()},
        "load": load,
    }
