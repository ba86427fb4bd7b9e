"""What the assistant holds while it answers: progress, memory across restarts, fenced writes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from assay.chats import store
from assay.chats.events import ConversationChanged, Feed
from assay.chats.model import Conversation, Json, Message, MessageStatus, Turn
from assay.kernel import clock
from assay.kernel.errors import AppError
from assay.kernel.progress import Stopped
from assay.storage import Database, WriteSession

_log = logging.getLogger("assay.chats")

Mask = Callable[[str], str]


@dataclass(frozen=True)
class Timing:
    """The rhythm of a running turn, in seconds; ``attempts`` bounds a turn that kills workers."""

    write_every: float = 0.5
    look_every: float = 0.3
    renew_every: float = 5.0
    lease: float = 30.0
    grace: float = 0.2
    wind_down: float = 5.0
    sweep_every: float = 30.0
    attempts: int = 100


class TurnContext:
    """One attempt at one turn; implements ``kernel.progress.Progress``.

    Everything it writes is fenced by the lease token: once another worker has taken the turn over,
    or the turn is finished, writing raises ``Stopped`` and changes nothing.
    """

    def __init__(
        self,
        database: Database,
        feed: Feed,
        timing: Timing,
        *,
        turn: Turn,
        conversation: Conversation,
        message: Message,
        token: str,
        resumed: bool,
        browsers: asyncio.Semaphore,
    ) -> None:
        self.turn = turn
        self.conversation = conversation
        self.message = message
        # More than one means that the worker ended in the middle of an earlier attempt.
        self.attempt = turn.attempts
        # Whether an earlier attempt had begun to report progress, so that it may have acted.
        self.resumed = resumed
        self.stopped = asyncio.Event()
        self.reason = ""
        self.token = token
        self._database = database
        self._feed = feed
        self._timing = timing
        self._text = ""
        self._dirty = asyncio.Event()
        self._mask: Mask = str
        self._browsers = browsers

    def use_mask(self, mask: Mask) -> None:
        """Pass every text through ``mask`` before it is stored, from now on."""
        self._mask = mask

    def masked(self, text: str) -> str:
        """The text as it may be stored."""
        return self._mask(text)

    def masked_json(self, value: Json) -> Json:
        """The value with every text in it as it may be stored."""
        return _each_text(value, self._mask)

    async def say(self, line: str) -> None:
        """Append one finished sentence to the answer as it grows."""
        await self.check()
        if line.strip():
            self._text += ("\n\n" if self._text else "") + line.strip()
            self._dirty.set()

    async def stream(self, delta: str) -> None:
        """Append a piece of running text to the answer as it grows."""
        await self.check()
        if delta:
            self._text += delta
            self._dirty.set()

    async def check(self) -> None:
        """Raise ``Stopped`` when the turn was cancelled or is no longer ours."""
        if self.stopped.is_set():
            raise Stopped(self.reason)

    async def journal(self, key: str, work: Callable[[], Awaitable[Json]]) -> Json:
        """The JSON that ``work`` gave in this or an earlier attempt.

        ``work`` can run again when the worker dies between its end and the note of its result; for
        writes to the database use ``once``, which has no such gap.
        """
        async with self._database.read() as session:
            known = await store.journal_entry(session, self.turn.id, key)
        if known is not None:
            return known[0]
        await self.check()
        result = self.masked_json(await work())
        async with self.write() as session:
            await store.save_journal_entry(session, self.turn.id, key, result, clock.now())
        return result

    async def once(self, key: str, write: Callable[[WriteSession], Awaitable[Json]]) -> Json:
        """Run ``write`` exactly once per turn: its rows and the note commit together.

        ``write`` awaits nothing but the session that it is given.
        """
        async with self.write() as session:
            known = await store.journal_entry(session, self.turn.id, key)
            if known is not None:
                return known[0]
            result = await write(session)
            await store.save_journal_entry(session, self.turn.id, key, result, clock.now())
            return result

    @asynccontextmanager
    async def write(self) -> AsyncIterator[WriteSession]:
        """A write session that only opens, and so only commits, while the turn is ours."""
        await self.check()
        async with self._database.write() as session:
            if not await store.holds_lease(session, self.turn.id, self.token):
                self.stop("lease")
                raise Stopped("lease")
            yield session

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[None]:
        """Hold one of this worker's few places for turns that drive a browser."""
        async with self._browsers:
            await self.check()
            yield

    async def guard(self, session: WriteSession) -> None:
        """Raise ``Stopped`` in somebody else's write session when the turn is no longer ours."""
        if not await store.holds_lease(session, self.turn.id, self.token):
            self.stop("lease")
            raise Stopped("lease")

    async def set_title(self, title: str) -> None:
        """Name the conversation; an existing title is replaced."""
        async with self._changing() as (session, conversation):
            moved = store.after(clock.now(), conversation.updated_at)
            await store.change_conversation(
                session, conversation.id, moved, title=self._mask(title.strip())[:200]
            )
        self._publish()

    async def history(self, limit: int = 40) -> list[Message]:
        """Finished messages before this turn's own, newest first."""
        async with self._database.read() as session:
            found = await store.messages_of(
                session, self.conversation.id, limit, before_seq=self.message.seq
            )
        return [message for message in found if message.status.finished]

    def stop(self, reason: str) -> None:
        """Make ``check`` raise from now on; the first reason counts."""
        if not self.stopped.is_set():
            self.reason = reason
            self.stopped.set()

    async def pump(self) -> None:
        """Write the growing text, at most once per ``write_every``, until cancelled."""
        while not self.stopped.is_set():
            await self._dirty.wait()
            self._dirty.clear()
            try:
                await self._flush()
            except Stopped:
                return
            except AppError as error:
                self._dirty.set()
                _log.warning("progress of turn %s was not written: %s", self.turn.id, error)
            await asyncio.sleep(self._timing.write_every)

    async def watch(self) -> None:
        """Look for a cancel request or a lost lease, and keep the lease alive, until cancelled."""
        renewed = time.monotonic()
        while not self.stopped.is_set():
            await asyncio.sleep(self._timing.look_every)
            try:
                await self._look()
                if time.monotonic() - renewed > self._timing.renew_every:
                    await self._renew()
                    renewed = time.monotonic()
            except AppError as error:
                _log.warning("turn %s could not look at its lease: %s", self.turn.id, error)

    async def _look(self) -> None:
        async with self._database.read() as session:
            token, cancelled = await store.lease_state(session, self.turn.id)
        if token != self.token:
            self.stop("lease")
        elif cancelled:
            self.stop("cancelled")

    async def _renew(self) -> None:
        until = clock.now() + timedelta(seconds=self._timing.lease)
        async with self._database.write() as session:
            if not await store.renew_lease(session, self.turn.id, self.token, until):
                self.stop("lease")

    async def _flush(self) -> None:
        text = self._mask(self._text)
        async with self._changing() as (session, conversation):
            moved = store.after(clock.now(), conversation.updated_at)
            await store.change_message(
                session,
                self.turn.assistant_message_id,
                moved,
                text=text,
                status=MessageStatus.PARTIAL.value,
                is_streaming=True,
            )
            await store.change_conversation(session, conversation.id, moved)
        self._publish()

    @asynccontextmanager
    async def _changing(self) -> AsyncIterator[tuple[WriteSession, Conversation]]:
        """A fenced write session with the conversation's row locked first."""
        await self.check()
        async with self._database.write() as session:
            conversation = await store.lock_conversation(session, self.conversation.id)
            if conversation is None or not await store.holds_lease(
                session, self.turn.id, self.token
            ):
                self.stop("lease")
                raise Stopped("lease")
            yield session, conversation

    def _publish(self) -> None:
        self._feed.publish(ConversationChanged(self.conversation.id))


def _each_text(value: Json, mask: Mask) -> Json:
    """A copy of nested JSON with every text but the keys masked."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, list):
        return [_each_text(item, mask) for item in value]
    if isinstance(value, dict):
        return {key: _each_text(item, mask) for key, item in value.items()}
    return value
