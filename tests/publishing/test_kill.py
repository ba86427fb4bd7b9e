"""Killed at every write to the forge: the check always ends, and nothing is there twice."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from assay.reviews.publishing.model import State
from assay.storage import Database
from tests.forge.conftest import Place
from tests.forge.site import Answer, Asked
from tests.publishing import payloads
from tests.publishing.desk import Desk, open_desk

ROOT = Path(__file__).resolve().parents[2]
LEAST_WRITES = 5


class Killer:
    """Kills the worker at the first write of its life that no worker has died at; the write has
    its effect, or not, but never an answer."""

    def __init__(self, site: Any, *, effect: bool) -> None:
        self.effect = effect
        self.died_at: list[str] = []
        self.process: asyncio.subprocess.Process | None = None
        self._answer = site._answer
        site._answer = self.answer

    def answer(self, asked: Asked, raw: str, body: bytes) -> Answer:
        # Tokens are fetched, not written.
        key = f"{asked.method} {asked.path}"
        if not asked.writes or "access_tokens" in raw or key in self.died_at:
            return self._answer(asked, raw, body)
        self.died_at.append(key)
        answer = self._answer(asked, raw, body) if self.effect else Answer(500, {})
        assert self.process is not None
        self.process.kill()
        return answer


async def run_until_done(desk: Desk, killer: Killer, url: str) -> int:
    """Start workers, one after the other, until everything is written; gives how many it took."""
    for started in range(1, 20):
        killer.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.publishing.victim",
            url,
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
        )
        while killer.process.returncode is None:
            await asyncio.sleep(0.1)
            found = await desk.publications()
            if found and all(one.state is State.DONE for one in found):
                killer.process.kill()
                await killer.process.wait()
                return started
    raise AssertionError("it never ended")


@pytest.mark.timeout(560)
@pytest.mark.parametrize("effect", [True, False])
async def test_killed_at_every_write_nothing_is_lost_or_doubled(
    tmp_path: Path, sqlite_url: str, hub: Place, effect: bool
) -> None:
    database = Database(sqlite_url)
    async with open_desk(database, hub.site, launch=False) as desk:
        assert (await desk.hook("pull_request", payloads.pull("opened"))).status_code == 202
        killer = Killer(hub.site, effect=effect)
        starts = await run_until_done(desk, killer, sqlite_url)
        assert len(killer.died_at) >= LEAST_WRITES, killer.died_at
        assert starts == len(killer.died_at) + 1
        (check,) = hub.site.repo().checks
        assert (check["status"], check["conclusion"]) == ("completed", "success")
        assert len(hub.pull.comments) == 1
        assert "**Approved**" in hub.pull.comments[0]["body"]
        assert [one["state"] for one in hub.pull.reviews] == ["APPROVED"]
        assert len(hub.pull.reactions) == 1
        assert len(await desk.publications()) == 1
    await database.close()
