"""``assay chat`` and ``assay review``: what they send, print, and end with."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import assay, start
from tests.cli.scripted import ACCEPTED, URL, Json, api, conversation, finishing

KEY = "assay_" + "k" * 40
OVERRIDE = {"applicationShortId": "app_AbCdEf", "environment": {"url": "http://preview.test"}}
DIFF = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
REVIEW = ("review", "-", "--app", "app_AbCdEf", "--env-url", "http://preview.test")


@pytest.mark.parametrize(
    ("final", "code"),
    [
        (conversation("COMPLETED"), 0),
        (conversation("COMPLETED", verdict="passed"), 0),
        (conversation("COMPLETED", verdict="failed"), 1),
        (conversation("COMPLETED", verdict="couldNotVerify"), 2),
        (conversation("COMPLETED", verdict="of another time"), 2),
        (conversation("FAILED"), 3),
        (conversation("CANCELLED"), 3),
    ],
)
def test_how_a_chat_ends(tmp_path: Path, final: Json, code: int) -> None:
    with api(finishing(final)) as server:
        done = assay("chat", "hi", home=tmp_path, ASSAY_URL=server.url, ASSAY_API_KEY=KEY)
        assert done.returncode == code, done.stderr
        assert done.stdout == "the answer\n"
        assert done.stderr.count(URL) == 2
        assert server.seen[0] == ("POST", "/v1/chat", {"message": "hi"})


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        ("approved", 0),
        ("nothingToTest", 0),
        ("changesRequested", 1),
        ("couldNotVerify", 2),
        (None, 2),
    ],
)
def test_how_a_review_ends(tmp_path: Path, verdict: str | None, code: int) -> None:
    told = {"verdict": verdict} if verdict else None
    with api(finishing(conversation("COMPLETED", review=told))) as server:
        more = {"ASSAY_URL": server.url, "ASSAY_API_KEY": KEY}
        done = assay(*REVIEW, "--context", "the cart", home=tmp_path, stdin=DIFF, **more)
        assert done.returncode == code, done.stderr
        method, path, body = server.seen[0]
        assert (method, path) == ("POST", "/v1/chat/change-review")
        assert body == {
            "mode": "rawChanges",
            "changes": {"changeDescription": "A change", "diff": DIFF},
            "applicationOverrides": [OVERRIDE],
            "context": "the cart",
        }


def test_a_review_of_a_pull_request(tmp_path: Path) -> None:
    final = conversation("COMPLETED", review={"verdict": "approved"})
    with api(finishing(final)) as server:
        done = assay(
            *("review", "--pr-url", "https://gitlab.com/a/b/-/merge_requests/1"),
            *("--provider", "gitlab", "--app", "app_AbCdEf", "--env-url", "http://preview.test"),
            "--json",
            home=tmp_path,
            ASSAY_URL=server.url,
            ASSAY_API_KEY=KEY,
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == final
        assert server.seen[0][2] == {
            "mode": "pr",
            "prUrl": "https://gitlab.com/a/b/-/merge_requests/1",
            "vcsProviderId": "gitlab",
            "applicationOverrides": [OVERRIDE],
        }


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, 64), (404, 64), (413, 64), (401, 77), (403, 77), (500, 69), (503, 69)],
)
def test_refused_requests(tmp_path: Path, status: int, code: int) -> None:
    with api(lambda *_: (status, {"message": "so it is"})) as server:
        done = assay("chat", "hi", home=tmp_path, ASSAY_URL=server.url, ASSAY_API_KEY=KEY)
        assert (done.returncode, done.stdout) == (code, "")
        assert done.stderr == "assay: so it is\n"


def test_no_server_and_no_key(tmp_path: Path) -> None:
    done = assay("chat", "hi", home=tmp_path, ASSAY_URL="http://127.0.0.1:9", ASSAY_API_KEY=KEY)
    assert done.returncode == 69
    assert "http://127.0.0.1:9" in done.stderr
    done = assay("chat", "hi", home=tmp_path, ASSAY_URL="http://127.0.0.1:9")
    assert done.returncode == 77
    assert "ASSAY_API_KEY" in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("nonsense",),
        ("chat",),
        ("chat", "hi", "--nonsense"),
        ("review", "--env-url", "http://x.test"),
        ("review", "x.diff"),
        ("review", "x.diff", "--pr-url", "http://x.test", "--env-url", "http://x.test"),
        ("review", "no-such-file.diff", "--env-url", "http://x.test"),
        ("review", "--diff", "x.diff", "--base", "main", "--url", "http://x.test"),
        ("up", "--port", "x"),
        ("up", "--port", "70000"),
    ],
)
def test_usage_errors(tmp_path: Path, args: tuple[str, ...]) -> None:
    done = assay(*args, home=tmp_path, ASSAY_API_KEY=KEY, ASSAY_URL="http://127.0.0.1:9")
    assert done.returncode == 64, done.stderr
    assert "Traceback" not in done.stderr


def test_progress_is_told_once_on_stderr(tmp_path: Path) -> None:
    final = conversation("COMPLETED", "the answer")

    def script(method: str, path: str, count: int) -> tuple[int, Json]:
        if method == "POST":
            return 202, ACCEPTED
        said = ["One.", "One.\n\nTwo.", "One.\n\nTwo.\n\nThr", "One.\n\nTwo.\n\nThree."]
        if count >= 6:
            return 200, final
        return 200, conversation("PARTIAL", said[min(count, 3)])

    with api(script) as server:
        more = {"ASSAY_URL": server.url, "ASSAY_API_KEY": KEY}
        done = assay("chat", "hi", "--json", home=tmp_path, **more)
    lines = [line.strip(" ·") for line in done.stderr.splitlines() if "·" in line]
    assert lines == ["One.", "Two.", "Three."]
    assert json.loads(done.stdout) == final


def test_limits_and_short_outages_are_waited_for(tmp_path: Path) -> None:
    def script(method: str, path: str, count: int) -> tuple[int, Json]:
        if method == "POST":
            return 202, ACCEPTED
        found: dict[int, tuple[int, Json]] = {
            0: (429, {"message": "slower"}),
            1: (503, {"message": "starting"}),
            2: (200, conversation("PARTIAL", "")),
        }
        return found.get(count, (200, conversation("COMPLETED")))

    with api(script) as server:
        done = assay("chat", "hi", home=tmp_path, ASSAY_URL=server.url, ASSAY_API_KEY=KEY)
    assert done.returncode == 0, done.stderr


def test_not_waiting(tmp_path: Path) -> None:
    with api(finishing(conversation("COMPLETED"))) as server:
        more = {"ASSAY_URL": server.url, "ASSAY_API_KEY": KEY}
        done = assay("chat", "hi", "--no-wait", home=tmp_path, **more)
        assert (done.returncode, done.stdout) == (0, f"{URL}\n")
        done = assay("chat", "hi", "--no-wait", "--json", home=tmp_path, **more)
        assert json.loads(done.stdout) == ACCEPTED
        assert {one[0] for one in server.seen} == {"POST"}


def test_which_application_and_where(tmp_path: Path) -> None:
    rows = [{"shortId": "app_AbCdEf", "name": "Shop", "kind": "web"}]
    places = [
        {"shortId": "env_000000", "isDefault": False},
        {"shortId": "env_111111", "isDefault": True},
    ]

    def script(method: str, path: str, count: int) -> tuple[int, Json]:
        if path == "/v1/applications":
            return 200, {"applications": rows}
        if path.endswith("/environments"):
            return 200, {"environments": places}
        return (202, ACCEPTED) if method == "POST" else (200, conversation("COMPLETED"))

    def sent(*args: str) -> Any:
        with api(script) as server:
            more = {"ASSAY_URL": server.url, "ASSAY_API_KEY": KEY}
            done = assay("chat", "hi", *args, "--no-wait", home=tmp_path, **more)
            if done.returncode:
                return done.returncode
            return next(body for method, _path, body in server.seen if method == "POST")

    where = {"environment": {"url": "http://preview.test"}}
    default = {"environment": {"shortId": "env_111111"}}
    named = {"applicationShortId": "app_AbCdEf"}
    assert sent("--env-url", "http://preview.test") == {
        "message": "hi",
        "applicationOverrides": [named | where],
    }
    assert sent("--app", "app_AbCdEf")["applicationOverrides"] == [named | default]
    rows.append({"shortId": "app_GhIjKl", "name": "Other", "kind": "web"})
    assert sent("--env-url", "http://preview.test") == 64


def test_interrupting_cancels_the_turn(tmp_path: Path) -> None:
    cancelled: list[str] = []

    def script(method: str, path: str, count: int) -> tuple[int, Json]:
        if path.endswith("/cancel"):
            cancelled.append(path)
        if method == "POST":
            return 202, ACCEPTED
        return 200, conversation("CANCELLED" if cancelled else "PARTIAL", "Cancelled.")

    with api(script) as server:
        more = {"ASSAY_URL": server.url, "ASSAY_API_KEY": KEY}
        process = start("chat", "hi", home=tmp_path, **more)
        assert process.stderr is not None
        while "·" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
        assert process.returncode == 3, errors
        assert out == "Cancelled.\n"
        assert "Traceback" not in errors
        assert cancelled == ["/v1/chat/chat_AbCdEf/cancel"]
