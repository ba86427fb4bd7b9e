"""Forks workers to be killed: each carries out reviews of a database until it dies.

Imports are paid once: each line on stdin forks a child from this process and prints its id; the
line names the child's pause between two looks for results, in seconds. ``hold`` in the folder
keeps the first review that finds it at work until the file goes; ``began`` tells of every turn.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from assay.chats.credentials import CredentialKeeper
from assay.chats.model import Answer
from assay.chats.service import Chats
from assay.chats.turns import Timing as TurnTiming
from assay.chats.turns import TurnContext, Turns
from assay.jobs import Jobs, JobsConfig
from assay.reviews.publishing import Connections, Forges
from assay.storage import Database, SecretBox
from assay.wiring.publishing import publishing
from assay.wiring.tables import load_tables
from tests.chats.conftest import Scripted
from tests.publishing.desk import BASE_URL, QUICK, approve

# On PostgreSQL every start is another worker, which waits for the leases of the dead one to end;
# there is never a second one alive that could take them from it.
HASTY = replace(QUICK, lease=0.5)


async def live(url: str, folder: Path, sweep: float) -> None:
    """One life of a worker: it ends by being killed."""

    async def script(turn: TurnContext) -> Answer:
        conversation = turn.conversation.id
        with (folder / "began").open("a") as file:
            file.write(f"{conversation}\n")
        hold = folder / "hold"
        if hold.exists():
            hold.write_text(hold.read_text() or conversation)
        while hold.exists() and hold.read_text() == conversation:  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.05)
        return await approve(turn)

    database = Database(url)
    box = SecretBox(b"k" * 32)
    config = JobsConfig(
        lock_path=folder / "worker.lock", heartbeat=0.1, silent_after=0.5, reap_every=0.1
    )
    jobs = Jobs(database, config)
    turns = Turns(database, jobs, Scripted(script), timing=TurnTiming(sweep_every=1.0))
    turns.register(polling=0.05)
    chats = Chats(jobs, CredentialKeeper(box))
    timing = replace(HASTY, sweep=sweep)
    publishing(database, jobs, Connections(box), Forges(), chats, box, BASE_URL, timing=timing)
    await jobs.launch()
    parent = os.getppid()
    while os.getppid() == parent:  # noqa: ASYNC110 - nobody tells of a parent's end
        await asyncio.sleep(0.2)
    os._exit(0)


def main() -> None:
    """Fork on each line."""
    load_tables()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            asyncio.run(live(sys.argv[1], Path(sys.argv[2]), float(line)))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
