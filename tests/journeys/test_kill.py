"""``kill -9`` of a whole server in the middle of real work, again and again, then let it finish.

Six kills by default; ``ASSAY_TEST_KILLS=20`` makes it the long version.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.process import Process, answers, gone

KILLS = int(os.environ.get("ASSAY_TEST_KILLS", "6"))
SEED = int(os.environ.get("ASSAY_TEST_SEED", "4"))
LONGEST = 12.0
USUAL_START = 5.0
REPEATED = "may have been repeated"
ASKED = (
    "Create one login test with user {user} and password {password}, then run it",
    "Run all tests",
    "Create one test for search, then run it",
    "Run all tests again",
    "Create one test for a wrong password, then run it",
    "Run all tests once more",
)


def rows(data: Path, query: str) -> list[tuple[Any, ...]]:
    """What the database file says, read beside or without the server."""
    connection = sqlite3.connect(data / "assay.db", timeout=20)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


class Journey:
    """One conversation that is kept busy while its server is killed."""

    def __init__(self, process: Process, shop: dict[str, str]) -> None:
        self._process = process
        self._messages = itertools.cycle(ASKED)
        self._shop = shop
        self.chat = ""
        self.accepted: list[str] = []
        # Answers that had told of work when the server died under them.
        self.interrupted: set[str] = set()

    async def keep_busy(self) -> None:
        """Two messages, one working and one waiting behind it, whenever nothing is left to do."""
        async with self._process.client() as client:
            open_turns = rows(
                self._process.data, "select count(*) from turns where state in ('active','queued')"
            )[0][0]
            for _ in range(2 - min(2, open_turns)):
                await self._send(client)

    async def _send(self, client: httpx.AsyncClient) -> None:
        text = next(self._messages).format(**self._shop)
        path = f"/v1/chat/{self.chat}" if self.chat else "/v1/chat"
        answer = await client.post(path, json={"message": text})
        assert answer.status_code == 202, answer.text
        self.chat = answer.json()["shortId"]
        self.accepted.append(text)

    def killed(self) -> None:
        """Note whose work the kill has interrupted."""
        found = rows(
            self._process.data,
            "select m.id from turns t join messages m on m.id = t.assistant_message_id"
            " where t.state = 'active' and m.text != ''",
        )
        self.interrupted |= {row[0] for row in found}


def _moments(count: int, pace: float) -> list[float]:
    """Seconds after a start: one in every slice of the longest turn, in random order."""
    chance = random.Random(SEED)
    found = [(number + chance.random()) * pace * LONGEST / count for number in range(count)]
    chance.shuffle(found)
    return found


@pytest.mark.timeout(600 + 90 * KILLS)
async def test_killed_again_and_again(tmp_path: Path) -> None:
    process = Process(tmp_path / "data")
    process.init()
    shop = _shop()
    try:
        assert shop.stdout is not None
        told = json.loads(shop.stdout.readline())
        started = time.monotonic()
        process.start("--no-demo")
        await process.ready()
        # On a busy machine everything takes longer, so the kills have to come later too.
        pace = min(2.0, max(1.0, (time.monotonic() - started) / USUAL_START))
        journey = await _begin(process, told)
        for number, moment in enumerate(_moments(KILLS, pace)):
            if number % 4:
                await process.ready()
                await journey.keep_busy()
            await asyncio.sleep(moment if number % 4 else moment / 4)
            left = process.kill()
            journey.killed()
            await gone(left)
            process.start("--no-demo")
        await process.ready()
        async with process.client() as client:
            messages = await answers(client, journey.chat, len(journey.accepted), 900)
            _answered_in_order(messages, journey)
            await _proofs_can_be_fetched(client)
    finally:
        process.stop()
        shop.communicate()
    _nothing_twice(tmp_path / "data", journey)


def _shop() -> subprocess.Popen[bytes]:
    """The sample shop, which outlives the servers that test it and ends with its input."""
    return subprocess.Popen(
        [sys.executable, "-m", "assay_shop", "--port", "0", "--until-stdin-closes"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


async def _begin(process: Process, shop: dict[str, Any]) -> Journey:
    async with process.client() as client:
        body = {"name": "Shop", "url": shop["url"]}
        assert (await client.post("/v1/applications", json=body)).status_code == 201
    user = shop["users"]["customer"]
    return Journey(process, {"user": user["email"], "password": user["password"]})


def _answered_in_order(messages: list[dict[str, Any]], journey: Journey) -> None:
    assert len(messages) == 2 * len(journey.accepted)
    for asked, question, answer in zip(
        journey.accepted, messages[::2], messages[1::2], strict=True
    ):
        assert question["role"] == "user"
        assert question["text"].split(" with ")[0] == asked.split(" with ")[0]
        assert answer["role"] == "assistant"
        assert answer["status"] == "COMPLETED", answer
        assert answer["text"].count(REPEATED) <= 1
        ran = re.search(r"(\d+) of (\d+) tests? passed", answer["text"])
        assert ran is not None, answer["text"]
        assert ran[1] == ran[2], answer["text"]
        if answer["id"] in journey.interrupted:
            assert REPEATED in answer["text"], answer["text"]
    assert journey.interrupted, "no kill hit work that had begun"


async def _proofs_can_be_fetched(client: httpx.AsyncClient) -> None:
    tests = (await client.get("/v1/test-cases", params={"limit": 100})).json()["testCases"]
    assert tests
    for test in tests:
        proof = test["proof"]
        assert proof["proven"], test["name"]
        names = [run["runShortId"] for run in proof["runs"]]
        assert len(names) == len(set(names))
        for run in proof["runs"]:
            got = await client.get(f"/v1/run/{run['runShortId']}", params={"testCases": "all"})
            assert got.status_code == 200, got.text
            kept = got.json()["runTestCases"]
            assert [one["id"] for one in kept] == [test["id"]]
            assert kept[0]["verdict"] == run["verdict"]


def _once(found: list[tuple[Any, ...]]) -> None:
    twice = [row for row, count in Counter(found).items() if count > 1]
    assert not twice, twice


def _nothing_twice(data: Path, journey: Journey) -> None:
    assert rows(data, "select count(*) from turns") == [(len(journey.accepted),)]
    assert rows(data, "select count(*) from messages") == [(2 * len(journey.accepted),)]
    assert {row[0] for row in rows(data, "select distinct state from turns")} == {"completed"}
    assert rows(data, "select count(*) from conversations") == [(1,)]
    assert rows(data, "select count(*) from applications") == [(1,)]
    assert rows(data, "select count(*) from environments") == [(1,)]
    assert rows(data, "select count(*) from configs") == [(1,)]
    _once(rows(data, "select name from test_cases"))
    _once(rows(data, "select signature from test_cases"))
    _once(rows(data, "select turn_id, key from test_cases"))
    _once(rows(data, "select turn_id, key from runs"))
    _once(rows(data, "select turn_id from runs where purpose = 'run'"))
    _once(rows(data, "select run_id, test_case_id from run_test_cases"))
    _once(rows(data, "select environment_id, kind, title from atlas_findings"))
    unfinished = rows(data, "select short_id, status from runs where status != 'COMPLETED'")
    assert not unfinished, unfinished
    for (keys,) in rows(data, "select evidence from run_test_cases"):
        for key in json.loads(keys):
            assert (data / "artifacts" / key).is_file(), key
