"""kill -9 at random points: every accepted message is answered once, in order, nothing twice."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from assay.accounts.tables import organisations
from assay.chats import store
from assay.chats.model import MessageStatus, Page
from assay.storage import Database
from tests.chats.conftest import finished, open_room
from tests.chats.victim import READY, STEPS

KILLS = {"sqlite": 24, "postgresql": 8}
CONVERSATIONS = 3


async def _spawn(url: str, log: Path, conversations: list[str]) -> asyncio.subprocess.Process:
    root = Path(__file__).parents[2]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.chats.victim",
        url,
        str(log),
        ",".join(conversations),
        cwd=root,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # A group of its own, so that no fork outlives the test.
        start_new_session=True,
    )


async def _fork(nursery: asyncio.subprocess.Process, word: str) -> int:
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(f"{word}\n".encode())
    await nursery.stdin.drain()
    return int(await asyncio.wait_for(nursery.stdout.readline(), 60))


async def _launched(log: Path, before: int) -> None:
    """Wait for one more worker than ``before`` to say that it has launched."""
    async with asyncio.timeout(30):
        while _ready(log) == before:  # noqa: ASYNC110 - another process writes the file
            await asyncio.sleep(0.02)


def _ready(log: Path) -> int:
    return log.read_text().split().count(READY) if log.exists() else 0


def _answered_in_order(page: Page) -> list[str]:
    """The ids of the questions, after checking each pair."""
    assert [m.seq for m in page.messages] == list(range(len(page.messages), 0, -1))
    oldest_first = list(reversed(page.messages))
    for question, answer in zip(oldest_first[::2], oldest_first[1::2], strict=True):
        assert answer.status is MessageStatus.COMPLETED, answer
        assert answer.text.split("\n")[0] == f"re: {question.text}"
    return [question.id for question in oldest_first[::2]]


@pytest.mark.timeout(120)
async def test_killed_at_random_points(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "accepted"
    async with open_room(database, launch=False) as room:
        pages = [await room.create(f"first {n}") for n in range(CONVERSATIONS)]
        ids = [page.conversation.id for page in pages]
        nursery = await _spawn(database_url, log, ids)
        try:
            for number in range(KILLS[database.engine.dialect.name]):
                before = _ready(log)
                victim = await _fork(nursery, "go")
                # Every fifth dies anywhere in its start, the others in the middle of work.
                if number % 5:
                    await _launched(log, before)
                await asyncio.sleep(random.uniform(0, 0.8))
                os.kill(victim, signal.SIGKILL)
            await _fork(nursery, "finish")
            end = time.monotonic() + 120
            while not all([finished(await _all(database, i)) for i in ids]):
                assert time.monotonic() < end, "turns did not end"
                await asyncio.sleep(0.1)
        finally:
            os.killpg(nursery.pid, signal.SIGKILL)
            await nursery.communicate()
        asked = [question for i in ids for question in _answered_in_order(await _all(database, i))]
    accepted = [line for line in log.read_text().split() if line != READY]
    assert len(accepted) > KILLS[database.engine.dialect.name] // 2
    assert set(accepted) <= set(asked)
    # An accept that committed right before the kill may be missing from the file, never more.
    assert len(asked) - CONVERSATIONS - len(accepted) <= KILLS[database.engine.dialect.name]
    async with database.read() as session:
        rows = await session.all(select(organisations.c.name).where(organisations.c.name != "o"))
    stored = Counter(row[0] for row in rows)
    assert set(stored.values()) == {1}
    assert len(stored) == len(asked) * STEPS


async def _all(database: Database, conversation_id: str) -> Page:
    """A conversation with every message, past the limit of the public face."""
    async with database.read() as session:
        conversation = await store.conversation_by_id(session, conversation_id)
        assert conversation is not None
        return Page(conversation, tuple(await store.messages_of(session, conversation_id, 10_000)))
