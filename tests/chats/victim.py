"""Forks workers that accept and answer messages until they are killed; driven over stdin.

Imports are paid once: each ``go`` line forks a child from this process and prints its id. A child
writes to a file that it has launched, and each accepted message's id once that has committed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
import sys
from pathlib import Path

from sqlalchemy import insert

from assay.accounts.tables import organisations
from assay.chats.model import Answer, Outcome
from assay.chats.service import Chats
from assay.chats.turns import Timing, TurnContext, Turns
from assay.jobs import Jobs, JobsConfig
from assay.kernel import clock, ids
from assay.storage import Database, WriteSession
from tests.chats.conftest import Unchanged

STEPS = 3
READY = "ready"


class Slow:
    """Stores something at each of three steps, in small pauses."""

    async def answer(self, turn: TurnContext) -> Answer:
        for step in range(STEPS):
            await turn.say(f"step {step}")

            async def store(session: WriteSession, step: int = step) -> str:
                name = f"{turn.turn.id}:{step}"
                await session.execute(
                    insert(organisations).values(
                        id=ids.new_uuid(), name=name, created_at=clock.now()
                    )
                )
                return name

            await turn.once(f"step {step}", store)
            await asyncio.sleep(random.uniform(0.005, 0.03))
        return Answer(f"re: {turn.message.text}", Outcome(run_short_ids=("run",)), title="t")


async def live(url: str, log: Path, conversations: list[str], accepting: bool) -> None:
    """One life of a worker: it ends by being killed."""
    database = Database(url)
    config = JobsConfig(
        lock_path=log.parent / "worker.lock", heartbeat=0.2, silent_after=1.0, reap_every=0.3
    )
    jobs = Jobs(database, config)
    Turns(database, jobs, Slow(), timing=Timing(sweep_every=1.0)).register(
        concurrency=3, polling=0.03
    )
    chats = Chats(jobs, Unchanged())
    await jobs.launch()
    handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{READY}\n".encode())
    while accepting:
        conversation = random.choice(conversations)
        async with database.write() as session:
            page = await chats.append(session, conversation, ids.new_token())
        os.write(handle, f"{page.messages[1].id}\n".encode())
        await asyncio.sleep(random.uniform(0.05, 0.25))
    await asyncio.Event().wait()


def main() -> None:
    """Fork on each line; ``go`` accepts messages, ``finish`` only works them off."""
    url, log, conversations = sys.argv[1], Path(sys.argv[2]), sys.argv[3].split(",")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    logging.basicConfig(level=logging.ERROR)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            random.seed()
            asyncio.run(live(url, log, conversations, line.strip() == "go"))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
