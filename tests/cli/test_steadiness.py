"""``assay certify`` and ``assay heals``: what is asked, what is printed, and how they end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Done, assay
from tests.cli.scripted import Api, Json, Script, api

KEY = "assay_" + "k" * 40
PLAIN: Json = {
    "number": 0,
    "kind": None,
    "seed": 5,
    "disturbance": "no disturbance",
    "verdict": "passed",
    "healed": False,
}
LATE: Json = {**PLAIN, "number": 1, "kind": "late", "disturbance": "answers up to 0.7 s late"}


def certificate(stable: bool | None, *results: Json, status: str = "COMPLETED") -> Json:
    return {
        "shortId": "cert_AbCdEf",
        "name": "Pay",
        "status": status,
        "seed": 5,
        "replays": 1,
        "stable": stable,
        "summary": "1 of 1 replay under disturbance passed: 100%.",
        "results": list(results),
    }


def ending(final: Json) -> Script:
    """Accepts certificates; the first look sees one at work, the next one the final one."""

    def script(method: str, path: str, count: int) -> tuple[int, Json]:
        if method == "POST":
            return 202, {"certificates": [certificate(None, status="INITIATED")]}
        assert path == "/v1/certificates/cert_AbCdEf"
        return 200, final if count else certificate(None, PLAIN, status="RUNNING")

    return script


def run(server: Api, home: Path, *args: str) -> Done:
    return assay(*args, home=home, ASSAY_URL=server.url, ASSAY_API_KEY=KEY)


@pytest.mark.parametrize(
    ("stable", "verdict", "code", "word"),
    [
        (True, "passed", 0, "Pay: stable. "),
        (False, "failed", 1, "Pay: NOT STABLE. "),
        (None, "passed", 2, "Pay: not known. "),
    ],
)
def test_how_a_certificate_ends(
    tmp_path: Path, stable: bool | None, verdict: str, code: int, word: str
) -> None:
    final = certificate(stable, PLAIN, {**LATE, "verdict": verdict})
    with api(ending(final)) as server:
        done = run(server, tmp_path, "certify", "test_1", "--replays", "1", "--seed", "5")
        assert done.returncode == code, done.stderr
        assert done.stdout.startswith(word)
        assert "0.7 s late (seed 5): " in done.stderr
        # Each replay is told once, however often it is seen.
        assert done.stderr.count("no disturbance") == 1
        body = {"testCases": ["test_1"], "replays": 1, "seed": 5}
        assert server.seen[0] == ("POST", "/v1/certificates", body)


def test_json_and_not_waiting(tmp_path: Path) -> None:
    with api(ending(certificate(True, PLAIN, LATE))) as server:
        done = run(server, tmp_path, "certify", "--all", "--json")
        assert json.loads(done.stdout)["certificates"][0]["stable"] is True
        assert server.seen[0][2] == {}
    with api(ending(certificate(True))) as server:
        done = run(server, tmp_path, "certify", "test_1", "--kind", "cpu", "--no-wait")
        assert (done.returncode, done.stdout) == (0, "cert_AbCdEf  Pay\n")
        assert server.seen == [
            ("POST", "/v1/certificates", {"testCases": ["test_1"], "kind": "cpu"})
        ]


def test_nothing_to_certify_is_no_success(tmp_path: Path) -> None:
    with api(lambda method, path, count: (202, {"certificates": []})) as server:
        done = run(server, tmp_path, "certify", "--all")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing to certify" in done.stderr


@pytest.mark.parametrize("args", [(), ("test_1", "--all"), ("test_1", "--replays", "0")])
def test_usage_of_certify(tmp_path: Path, args: tuple[str, ...]) -> None:
    assert assay("certify", *args, home=tmp_path).returncode == 64


def test_heals_are_listed_and_decided(tmp_path: Path) -> None:
    one: dict[str, Any] = {
        "shortId": "heal_AbCdEf",
        "status": "waiting",
        "testCaseName": "Pay",
        "testCaseShortId": "test_1",
        "step": 2,
        "stepText": "Click “Pay”",
        "wanted": "button “Pay”",
        "found": "button “Pay now”",
        "score": 0.81,
        "margin": 0.2,
    }

    def script(method: str, path: str, count: int) -> tuple[int, Json]:
        if path.endswith("/reject"):
            return 409, {"message": "heal_AbCdEf was approved already."}
        return 200, {**one, "status": "approved"} if method == "POST" else {"heals": [one]}

    with api(script) as server:
        done = run(server, tmp_path, "heals", "list")
        assert done.returncode == 0, done.stderr
        assert "heal_AbCdEf  waiting  Pay (test_1)  step 2" in done.stdout
        assert "button “Pay now” in place of button “Pay”, alike 0.81" in done.stdout
        done = run(server, tmp_path, "heals", "approve", "heal_AbCdEf", "--json")
        assert json.loads(done.stdout)["status"] == "approved"
        done = run(server, tmp_path, "heals", "reject", "heal_AbCdEf")
        assert (done.returncode, "approved already" in done.stderr) == (64, True)
        assert [path for _, path, _ in server.seen][1:] == [
            "/v1/heals/heal_AbCdEf/approve",
            "/v1/heals/heal_AbCdEf/reject",
        ]
