"""A whole chat room on a database: jobs, service and turns around a scripted assistant."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from sqlalchemy import insert

from assay.accounts.tables import organisations
from assay.chats.model import Answer, Choice, Message, MessageStatus, Page
from assay.chats.service import Chats, Cleaner
from assay.chats.turns import Timing, TurnContext, Turns
from assay.jobs import Jobs, JobsConfig
from assay.kernel import clock, ids
from assay.projects.model import Project
from assay.projects.service import create_project
from assay.storage import Database, ReadSession, WriteSession

Script = Callable[[TurnContext], Awaitable[Answer]]


async def add_project(session: WriteSession) -> Project:
    """An organisation with one project."""
    organisation = ids.new_uuid()
    await session.execute(
        insert(organisations).values(id=organisation, name="o", created_at=clock.now())
    )
    return await create_project(session, organisation, "Shop")


class Unchanged:
    """A cleaner that finds nothing."""

    async def __call__(
        self, session: WriteSession, project_id: str, choices: Sequence[Choice], text: str
    ) -> str:
        return text

    async def mask(self, session: ReadSession, project_id: str, text: str) -> str:
        return text


async def echo(turn: TurnContext) -> Answer:
    """Answers with the message it was given."""
    return Answer(f"re: {turn.message.text}")


@dataclass
class Scripted:
    """An assistant that does what a test says."""

    script: Script = echo
    seen: list[str] = field(default_factory=list)

    async def answer(self, turn: TurnContext) -> Answer:
        self.seen.append(turn.message.text)
        return await self.script(turn)


@dataclass
class Room:
    """What a test of the room talks to."""

    database: Database
    jobs: Jobs
    chats: Chats
    turns: Turns
    assistant: Scripted
    project: Project

    async def create(self, text: str) -> Page:
        async with self.database.write() as session:
            return await self.chats.create_conversation(session, self.project, text)

    async def append(self, conversation_id: str, text: str) -> Page:
        async with self.database.write() as session:
            return await self.chats.append(session, conversation_id, text)

    async def cancel(self, conversation_id: str) -> Page:
        async with self.database.write() as session:
            return await self.chats.cancel(session, conversation_id)

    async def read(self, conversation_id: str, limit: int = 100) -> Page:
        async with self.database.read() as session:
            return await self.chats.read(session, conversation_id, limit)

    async def newest(self, conversation_id: str) -> Message:
        return (await self.read(conversation_id, 1)).messages[0]

    async def until(
        self, conversation_id: str, done: Callable[[Page], bool], within: float = 60
    ) -> Page:
        """Poll until a condition holds."""
        end = time.monotonic() + within
        while True:
            page = await self.read(conversation_id)
            if done(page):
                return page
            if time.monotonic() > end:
                raise AssertionError(f"not in {within} s: {page}")
            await asyncio.sleep(0.05)

    async def settled(self, conversation_id: str, within: float = 60) -> Page:
        """Poll until every message is finished."""
        return await self.until(conversation_id, finished, within)


def finished(page: Page) -> bool:
    """Whether every message is finished."""
    return all(message.status.finished for message in page.messages)


def has_status(status: MessageStatus) -> Callable[[Page], bool]:
    """Whether the newest message has this status."""
    return lambda page: page.messages[0].status is status


@asynccontextmanager
async def open_room(
    database: Database,
    *,
    launch: bool = True,
    clean: Cleaner | None = None,
    timing: Timing | None = None,
    concurrency: int = 4,
) -> AsyncIterator[Room]:
    """A room on a database, its worker running when ``launch``."""
    jobs = Jobs(database, JobsConfig())
    assistant = Scripted()
    turns = Turns(database, jobs, assistant, timing=timing)
    turns.register(concurrency=concurrency, polling=0.05)
    chats = Chats(jobs, clean or Unchanged())
    await jobs.prepare()
    async with database.write() as session:
        project = await add_project(session)
    if launch:
        await jobs.launch()
    try:
        yield Room(database, jobs, chats, turns, assistant, project)
    finally:
        await jobs.close()


@pytest.fixture
async def room(database: Database) -> AsyncIterator[Room]:
    """A working room on each engine."""
    async with open_room(database) as opened:
        yield opened
