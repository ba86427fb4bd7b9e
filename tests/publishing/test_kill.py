"""Killed anywhere in a review: its check always ends, and nothing is there twice.

Forge, database and whether the fatal request had its effect are covered in pairs, not all at once.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assay.chats import store as chat_store
from assay.forge import Provider
from assay.reviews.publishing.model import Publication, State
from assay.storage import Database
from tests.forge.conftest import HEAD, Place
from tests.forge.site import Answer, Asked
from tests.publishing import payloads
from tests.publishing.desk import QUICK, Desk, open_desk

ROOT = Path(__file__).resolve().parents[2]
NEXT = "c" * 40
NEVER = 3600.0
SECONDS = 200.0


class Workers:
    """Workers, one after the other. Each is killed at the first request of its life that none has
    died at, as long as ``deadly``; the request has its effect, or not, but never an answer."""

    def __init__(self, site: Any, process: asyncio.subprocess.Process) -> None:
        self.died_at: list[str] = []
        self.deadly = False
        self.effect = False
        self.reads = False
        self.alive = 0
        self._process = process
        self._answer: Callable[[Asked, str, bytes], Answer] = site._answer
        site._answer = self._killing

    async def start(self, *, sweep: float = QUICK.sweep) -> None:
        """A new worker; the one before is dead."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{sweep}\n".encode())
        self.alive = int(await self._process.stdout.readline())

    def kill(self) -> None:
        """``kill -9``."""
        os.kill(self.alive, signal.SIGKILL)
        self.alive = 0

    async def until(self, desk: Desk, done: Callable[[list[Publication]], bool]) -> None:
        """Start one whenever none is alive, until the publications are as wanted."""
        end = time.monotonic() + SECONDS
        while not done(found := await desk.publications()):
            assert time.monotonic() < end, (found, self.died_at)
            if not self.alive:
                await self.start()
            await asyncio.sleep(0.05)

    def _killing(self, asked: Asked, raw: str, body: bytes) -> Answer:
        key = f"{asked.method} {raw} {json.dumps(asked.body)}"
        wanted = self.deadly and self.alive and (asked.writes or self.reads)
        # Tokens are fetched, not written.
        if not wanted or "access_tokens" in raw or key in self.died_at:
            return self._answer(asked, raw, body)
        self.died_at.append(key)
        answer = self._answer(asked, raw, body) if self.effect else Answer(500, {})
        self.kill()
        return answer


@dataclass
class Stage:
    """What a test talks to."""

    desk: Desk
    workers: Workers
    place: Place


@pytest.fixture
def spot(request: pytest.FixtureRequest) -> Iterator[tuple[Place, str]]:
    """A stand-in and the address of a database, asked for as ``forge-engine``."""
    forge, engine = request.param.split("-")
    place: Place = request.getfixturevalue("hub" if forge == "github" else "lab")
    if engine == "sqlite":
        yield place, request.getfixturevalue("sqlite_url")
        return
    server = request.getfixturevalue("postgres")
    url = server.database(request.getfixturevalue("postgres_template"))
    yield place, url
    server.drop(url)


@pytest.fixture
async def stage(spot: tuple[Place, str], tmp_path: Path) -> AsyncIterator[Stage]:
    """A desk that only accepts, and workers for it."""
    place, url = spot
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.publishing.victim",
        url,
        str(tmp_path),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    database = Database(url)
    found = Workers(place.site, process)
    try:
        async with open_desk(database, place.site, launch=False) as desk:
            yield Stage(desk, found, place)
    finally:
        if found.alive:
            found.kill()
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
        await database.close()


async def push(desk: Desk, head: str, *, first: bool) -> None:
    """The forge tells of a new head."""
    if desk.connection.provider is Provider.GITHUB:
        answer = await desk.hook(
            "pull_request", payloads.pull("opened" if first else "synchronize", head)
        )
    else:
        told = (
            payloads.merge("open", head) if first else payloads.merge("update", head, oldrev=HEAD)
        )
        answer = await desk.hook("Merge Request Hook", told)
    assert answer.status_code == 202


def written(desk: Desk, place: Place) -> list[tuple[str, str]]:
    """Commit and state of every check."""
    if place.ref.provider is Provider.GITHUB:
        checks = place.site.repo().checks
        assert all(one["status"] == "completed" for one in checks)
        return [(one["head_sha"][0], one["conclusion"]) for one in checks]
    return [(one["sha"][0], one["status"]) for one in place.site.project().statuses]


def said_once(place: Place, head: str = HEAD) -> None:
    """One comment, one review, one reaction; all of them of the last head."""
    (comment,) = place.comments()
    assert "**Approved**" in comment["body"]
    assert f"Reviewed `{head[:10]}`" in comment["body"]
    if place.ref.provider is Provider.GITHUB:
        assert [(one["state"], one["commit_id"]) for one in place.pull.reviews] == [
            ("APPROVED", head)
        ]
        assert len(place.pull.reactions) == 1
    else:
        assert place.pull.approvers == ["assay-bot"]
        assert [one["name"] for one in place.pull.awards] == ["eyes"]


def all_done(count: int) -> Callable[[list[Publication]], bool]:
    return lambda found: len(found) == count and all(one.state is State.DONE for one in found)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("spot", "effect", "least"),
    [
        ("github-sqlite", True, 5),
        ("gitlab-postgres", True, 5),
        ("github-postgres", False, 10),
        ("gitlab-sqlite", False, 10),
    ],
    indirect=["spot"],
)
async def test_killed_at_every_request_nothing_is_lost_or_doubled(
    stage: Stage, effect: bool, least: int
) -> None:
    """With effect at every write; without, at every read as well, from the delivery's job on."""
    desk, killed, place = stage.desk, stage.workers, stage.place
    killed.deadly, killed.effect, killed.reads = True, effect, not effect
    await push(desk, HEAD, first=True)
    await killed.until(desk, all_done(1))
    assert len(killed.died_at) >= least, killed.died_at
    assert written(desk, place) == [("a", "success")]
    said_once(place)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("spot", ["github-postgres", "gitlab-sqlite"], indirect=True)
async def test_killed_in_the_turn_and_between_verdict_and_check(
    stage: Stage, tmp_path: Path
) -> None:
    desk, killed, place = stage.desk, stage.workers, stage.place
    hold, began = tmp_path / "hold", tmp_path / "began"
    hold.touch()
    await push(desk, HEAD, first=True)
    await killed.until(desk, lambda found: began.exists() and bool(found) and found[0].started)
    killed.kill()
    # The next one finishes the turn, but never looks for results.
    hold.unlink()
    await killed.start(sweep=NEVER)
    end = time.monotonic() + SECONDS
    while not await answered(desk):
        assert time.monotonic() < end
        await asyncio.sleep(0.05)
    killed.kill()
    (one,) = await desk.publications()
    assert one.state is State.RUNNING
    await killed.until(desk, all_done(1))
    assert written(desk, place) == [("a", "success")]
    said_once(place)


async def answered(desk: Desk) -> bool:
    """Whether the review's conversation has its answer."""
    (one,) = await desk.publications()
    async with desk.database.read() as session:
        answer = await chat_store.message_at(session, one.conversation_id or "", 2)
    return answer is not None and answer.status.finished


@pytest.mark.timeout(300)
@pytest.mark.parametrize("spot", ["github-sqlite", "gitlab-postgres"], indirect=True)
async def test_killed_while_a_newer_push_takes_over(stage: Stage, tmp_path: Path) -> None:
    """The first review is at work when the push comes; from then on every request kills."""
    desk, killed, place = stage.desk, stage.workers, stage.place
    (tmp_path / "hold").touch()
    await push(desk, HEAD, first=True)
    await killed.until(desk, lambda found: bool(found) and found[0].started)
    place.move(NEXT)
    killed.deadly = killed.reads = True
    await push(desk, NEXT, first=False)
    await killed.until(desk, all_done(2))
    assert len(killed.died_at) >= 10, killed.died_at
    first = "neutral" if place.ref.provider is Provider.GITHUB else "failed"
    assert written(desk, place) == [("a", first), ("c", "success")]
    said_once(place, NEXT)
