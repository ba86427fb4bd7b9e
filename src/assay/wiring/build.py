"""The composition root: from settings to a running set of services. Names concrete adapters."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from assay.browser.pool import PlaywrightPool
from assay.cases.author import Author
from assay.cases.meaning import Meaning
from assay.chats.assistant.assistant import ChatAssistant
from assay.chats.context import TurnContext
from assay.chats.credentials import CredentialKeeper
from assay.chats.events import Feed
from assay.chats.live.engine import LiveDeps, LiveEngine
from assay.chats.service import Chats
from assay.chats.turns import Turns
from assay.jobs import Jobs, JobsConfig, WorkerLock
from assay.kernel.tasks import all_of
from assay.reviews.publishing import Connections, Forges, Triggers
from assay.reviews.service import Reviewer, Tools
from assay.reviews.sources import Source
from assay.runs.certifying import Certifier
from assay.runs.proof import Prover
from assay.runs.replay import Replayer
from assay.runs.service import RunsService
from assay.settings import Settings
from assay.storage import ArtifactStore, Database, SecretBox, migrate
from assay.wiring.certifying import Certificates
from assay.wiring.logs import Masks
from assay.wiring.publishing import ForgeSource, publishing
from assay.wiring.reviewing import Reviews
from assay.wiring.running import Runner
from assay.wiring.tables import load_tables

_log = logging.getLogger("assay")


def secret_box(settings: Settings) -> SecretBox:
    """The box that seals stored secrets: by the secret key, else by the data folder's key file."""
    if settings.secret_key:
        return SecretBox.from_text(settings.secret_key)
    return SecretBox.from_file(settings.key_file)


def worker_lock(settings: Settings) -> WorkerLock:
    """The lock that keeps two workers off one data folder."""
    return WorkerLock(settings.data / "worker.lock")


async def open_database(settings: Settings) -> Database:
    """The database, brought up to date."""
    load_tables()
    database = Database(settings.database_url)
    await migrate(database)
    return database


@dataclass
class Assay:
    """Everything one process serves and works with."""

    settings: Settings
    database: Database
    box: SecretBox
    artifacts: ArtifactStore
    jobs: Jobs
    chats: Chats
    runs: RunsService
    pool: PlaywrightPool
    assistant: ChatAssistant[TurnContext, LiveEngine]
    connections: Connections
    triggers: Triggers
    forges: Forges

    async def warm_up(self) -> None:
        """Load what the first turn would otherwise wait for: browser and model library."""
        await all_of([_warmed(work) for work in (self.pool.start, self.assistant.warm)])


async def _warmed(work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception as error:  # noqa: BLE001 - only warming: a turn meets it again and tells
        _log.warning("warming up ended early: %s", error)


async def build(
    settings: Settings,
    *,
    lock: WorkerLock | None = None,
    masks: Masks | None = None,
    source: Source | None = None,
) -> Assay:
    """Put the services of one process together; nothing works before ``jobs`` is launched.

    ``masks`` learn the secrets that the work comes to know; ``source`` fetches pull requests.
    """
    masks = masks or Masks(settings)
    database = await open_database(settings)
    box = secret_box(settings)
    artifacts = ArtifactStore(settings.artifacts)
    pool = PlaywrightPool(Path(settings.browser) if settings.browser else None)
    jobs = Jobs(database, JobsConfig(lock_path=settings.data / "worker.lock"), lock=lock)
    feed, meaning = Feed(), Meaning()
    replayer = Replayer(pool)
    runs = RunsService(database, replayer, artifacts)
    deps = LiveDeps(
        database=database,
        box=box,
        pool=pool,
        author=Author(pool, meaning),
        prover=Prover(replayer),
        runs=runs,
        certifier=Certifier(database, replayer, runs, artifacts),
        base_url=settings.base_url,
    )

    async def engine_for(turn: TurnContext) -> LiveEngine:
        engine = await LiveEngine.open(deps, turn)
        masks.learn(turn.conversation.project_id, engine.mask)
        return engine

    tools = Tools(database, box, pool, runs, replayer, meaning)
    connections, forges = Connections(box), Forges()
    reviews = Reviews(Reviewer(tools), source or ForgeSource(database, connections, forges))
    assistant = ChatAssistant[TurnContext, LiveEngine](settings, engine_for, reviews)
    turns = Turns(database, jobs, assistant, feed=feed, browser_turns=settings.browser_turns)
    turns.register(concurrency=settings.turns)
    Runner(database, box, runs, masks).register(jobs, concurrency=settings.browser_turns)
    Certificates(database, box, deps.certifier, masks).register(jobs)
    chats = Chats(jobs, CredentialKeeper(box), feed=feed)
    triggers = publishing(database, jobs, connections, forges, chats, box, settings.base_url)
    return Assay(
        settings=settings,
        database=database,
        box=box,
        artifacts=artifacts,
        jobs=jobs,
        chats=chats,
        runs=runs,
        pool=pool,
        assistant=assistant,
        connections=connections,
        triggers=triggers,
        forges=forges,
    )
