"""Change reviews of real applications: does a seeded regression end in changesRequested, does a
harmless change never, and does a new feature get a proven test that exercises it.

The tests of the flows are created by chat on the unchanged application. Each change is a real edit
of a fresh copy that runs as the preview; the base is a fresh unchanged copy. Public API only.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from bench.changes import Edit, Feature, features, harmless, seeded
from bench.flows import configure, message_of
from bench.serving import Server, application, assay, free_port, installed


def review(
    server: Server, app_id: str, url: str, diff: str, said: str, timeout: float
) -> dict[str, Any]:
    """Have a change reviewed; gives what CI and the reader get."""
    start = time.monotonic()
    chat = server.post(
        "/v1/chat/change-review",
        {
            "mode": "rawChanges",
            "changes": {"changeDescription": said, "diff": diff},
            "applicationOverrides": [{"applicationShortId": app_id, "environment": {"url": url}}],
        },
    )
    answer = server.finished(chat["shortId"], timeout)
    found = server.get(f"/v1/chat/{chat['shortId']}")
    result = found.get("review") or {}
    return {
        "seconds": round(time.monotonic() - start, 1),
        "status": answer["status"],
        "verdict": result.get("verdict"),
        "reason": result.get("reason"),
        "tests": result.get("tests"),
        "testResults": result.get("testResults"),
        "phases": result.get("phases"),
        "findings": result.get("findings"),
        "untested": result.get("untested"),
        "differences": result.get("differences"),
        "answer": answer["text"],
    }


class Bench:
    """One application: where it is installed, its tests, and its reviews."""

    def __init__(self, server: Server, name: str, args: argparse.Namespace) -> None:
        self.server = server
        self.name = name
        self.args = args
        self.script = args.apps_dir / f"{name}.sh"
        self.folder = installed(self.script, args.install_dir)
        self.port = free_port()
        self.app_id = ""

    def register(self) -> None:
        """Make the application known under the address of the base."""
        with application(self.script, self.folder, port=self.port) as app:
            self.app_id = configure(self.server, app, self.name)

    def write(self, flows: list[str]) -> list[str]:
        """Create the tests of flows by chat, each on a fresh copy; gives those that are proven."""
        known = json.loads((self.args.apps_dir / f"{self.name}.flows.json").read_text())["flows"]
        proven = []
        for flow in known:
            if flow["name"] not in flows:
                continue
            with application(self.script, self.folder, port=self.port):
                body: dict[str, Any] = {"message": message_of(flow)}
                chat = self.server.post("/v1/chat", body)
                self.server.finished(chat["shortId"], self.args.timeout)
                made = self.server.get("/v1/test-cases", conversation=chat["shortId"])["testCases"]
            if any(one["status"] == "enabled" for one in made):
                proven.append(flow["name"])
            print(
                f"{self.name}: test of {flow['name']}: {[one['status'] for one in made]}",
                flush=True,
            )
        return proven

    def judge(self, edit: Edit) -> dict[str, Any]:
        """Review one change with the base and the preview running."""
        said = "A small change"
        with (
            application(self.script, self.folder, port=self.port),
            application(self.script, self.folder, change=edit.apply) as preview,
        ):
            found = review(
                self.server,
                self.app_id,
                preview["url"],
                edit.diff(self.folder),
                said,
                self.args.timeout,
            )
        return {"app": self.name, "change": edit.id, "harmful": bool(edit.flow), **found}

    def bring(self, feature: Feature) -> dict[str, Any]:
        """Review a new feature; a test counts as exercising it when it is proven with it and does
        not pass without it."""
        with (
            application(self.script, self.folder, port=self.port),
            application(self.script, self.folder, change=feature.apply) as preview,
        ):
            diff = feature.diff(self.folder)
            found = review(
                self.server, self.app_id, preview["url"], diff, feature.said, self.args.timeout
            )
            made = [one for one in found["testResults"] or [] if one["origin"] == "created"]
            exercising = [one["name"] for one in made if self._needs(one)]
        return {"app": self.name, "change": feature.id, "exercising": exercising, **found}

    def _needs(self, made: dict[str, Any]) -> bool:
        """Whether a test of a review is proven and fails where the change is not."""
        case = self.server.get(f"/v1/test-cases/{made['testCaseId']}")
        chat = self.server.post("/v1/chat", {"message": f'Run the test "{made["name"]}"'})
        answer = self.server.finished(chat["shortId"], self.args.timeout)
        failed = "failed" in answer["text"].lower()
        return bool((case.get("proof") or {}).get("proven")) and failed


def bring_all(name: str, args: argparse.Namespace) -> list[dict[str, Any]]:
    """The new features of one application on a server of its own, with no tests beforehand."""
    rows = []
    with assay() as server:
        bench = Bench(server, name, args)
        bench.register()
        for feature in features(name):
            if args.change and feature.id not in args.change:
                continue
            row = bench.bring(feature)
            rows.append(row)
            good = row["exercising"] and row["verdict"] != "changesRequested"
            print(
                f"{'ok  ' if good else 'MISS'} {name:10} feature    {feature.id:28} "
                f"{row['verdict']} {row['seconds']:.0f} s: exercised by {row['exercising']}",
                flush=True,
            )
            if args.verbose or not good:
                print(row["answer"], flush=True)
    return rows


def run(name: str, args: argparse.Namespace, *, tests: bool) -> list[dict[str, Any]]:
    """All wanted changes of one application on a server of its own."""
    bad = [one for one in seeded(args.apps_dir, name) if wanted(one, args.change)]
    good = [one for one in harmless(name) if wanted(one, args.change)]
    if not tests or args.only == "bugs":
        good = []
    if args.only == "harmless":
        bad = []
    if not bad and not good:
        return []
    rows = []
    with assay() as server:
        bench = Bench(server, name, args)
        bench.register()
        flows = {one.flow for one in seeded(args.apps_dir, name)}
        if args.all_flows:
            text = (args.apps_dir / f"{name}.flows.json").read_text()
            flows = {flow["name"] for flow in json.loads(text)["flows"]}
        proven = bench.write(sorted(flows)) if tests else []
        for edit in [*bad, *good]:
            row = {**bench.judge(edit), "tested": tests, "proven": edit.flow in proven}
            rows.append(row)
            tell(row, verbose=args.verbose)
    return rows


def wanted(edit: Edit, names: list[str]) -> bool:
    """Whether a change was asked for."""
    return not names or edit.id in names


def tell(row: dict[str, Any], *, verbose: bool) -> None:
    """Print what became of one change."""
    right = (
        row["verdict"] == "changesRequested"
        if row["harmful"]
        else row["verdict"] in {"approved", "nothingToTest"}
    )
    kind = "regression" if row["harmful"] else "harmless"
    tests = "" if row["tested"] else ", no tests beforehand"
    mark = "ok  " if right else "MISS"
    print(
        f"{mark} {row['app']:10} {kind:10} {row['change']:28} {row['verdict']} "
        f"{row['seconds']:.0f} s{tests}: {row['reason']}",
        flush=True,
    )
    if verbose or not right:
        print(row["answer"], flush=True)


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures that count."""

    def caught(tested: bool) -> str:
        mine = [row for row in rows if row["harmful"] and row["tested"] is tested]
        hit = sum(1 for row in mine if row["verdict"] == "changesRequested")
        return f"{hit}/{len(mine)}"

    quiet = [row for row in rows if not row["harmful"]]
    return {
        "caughtWithTests": caught(True),
        "caughtWithoutTests": caught(False),
        "falseAlarms": sum(1 for row in quiet if row["verdict"] == "changesRequested"),
        "harmlessApproved": sum(
            1 for row in quiet if row["verdict"] in {"approved", "nothingToTest"}
        ),
        "harmless": len(quiet),
    }


def main(argv: list[str]) -> int:
    """Run the bench; exit code 1 when a false alarm was raised."""
    parser = argparse.ArgumentParser(prog="python -m bench reviews", description=__doc__)
    parser.add_argument("--apps-dir", type=Path, required=True)
    parser.add_argument("--app", action="append", default=[])
    parser.add_argument("--change", action="append", default=[], help="only these changes, by id")
    parser.add_argument("--only", choices=["bugs", "harmless"])
    parser.add_argument(
        "--all-flows",
        action="store_true",
        help="tests of all flows, not only of those that a seeded regression breaks",
    )
    parser.add_argument(
        "--without-tests", action="store_true", help="also with no tests beforehand"
    )
    parser.add_argument("--just-without-tests", action="store_true")
    parser.add_argument("--features", action="store_true", help="new features only")
    parser.add_argument("--install-dir", type=Path, default=Path.home() / ".cache/assay-bench")
    parser.add_argument("--timeout", type=float, default=300)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args(argv)
    apps = sorted({row["app"] for row in json.loads((args.apps_dir / "bugs.json").read_text())})
    rows: list[dict[str, Any]] = []
    if args.features:
        rows = [row for name in args.app or apps for row in bring_all(name, args)]
        hit = sum(1 for row in rows if row["exercising"])
        print(json.dumps({"featuresExercised": f"{hit}/{len(rows)}"}))
        if args.json:
            args.json.write_text(json.dumps(rows, indent=1))
        return 0
    for name in args.app or apps:
        if not args.just_without_tests:
            rows += run(name, args, tests=True)
        if args.without_tests or args.just_without_tests:
            rows += run(name, args, tests=False)
    figures = summary(rows)
    print(json.dumps(figures))
    if args.json:
        args.json.write_text(json.dumps({"figures": figures, "rows": rows}, indent=1))
    return 1 if figures["falseAlarms"] else 0
