"""A worker to be killed: carries out reviews of a database until it dies."""

from __future__ import annotations

import asyncio
import os
import sys

from assay.chats.credentials import CredentialKeeper
from assay.chats.service import Chats
from assay.chats.turns import Turns
from assay.jobs import Jobs, JobsConfig
from assay.reviews.publishing import Connections, Forges
from assay.storage import Database, SecretBox
from assay.wiring.publishing import publishing
from assay.wiring.tables import load_tables
from tests.chats.conftest import Scripted
from tests.publishing.desk import BASE_URL, QUICK, approve


async def main(url: str) -> None:
    load_tables()
    database = Database(url)
    box = SecretBox(b"k" * 32)
    jobs = Jobs(database, JobsConfig())
    Turns(database, jobs, Scripted(approve)).register(polling=0.05)
    chats = Chats(jobs, CredentialKeeper(box))
    publishing(database, jobs, Connections(box), Forges(), chats, box, BASE_URL, timing=QUICK)
    await jobs.launch()
    # Ends with the test that started it, however that ends.
    await asyncio.to_thread(sys.stdin.read)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
