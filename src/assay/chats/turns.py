"""Working on turns: claiming, answering, finishing, and picking the next one.

DBOS delivers a turn's job at least once. Whoever claims a turn gets a fresh lease token and fences
every earlier claimant, so two workers on one turn cannot both write.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from assay.chats import store
from assay.chats.context import Timing, TurnContext
from assay.chats.errors import TurnGaveUp
from assay.chats.events import ConversationChanged, Feed
from assay.chats.model import Answer, Conversation, MessageStatus, Turn, TurnState
from assay.chats.service import TURN_JOB, end_cancelled
from assay.jobs import Job, Jobs, QueueSpec
from assay.kernel import clock, ids
from assay.kernel.errors import AppError, Kind
from assay.kernel.progress import Stopped
from assay.kernel.tasks import spawn, stop
from assay.storage import Database, WriteSession

__all__ = ["Assistant", "Timing", "TurnContext", "Turns"]

_log = logging.getLogger("assay.chats")
_QUEUE = "turns"
_RESUMED_NOTE = (
    "Note: Assay was restarted while it worked on this, so actions on the site may have been "
    "repeated."
)


class Assistant(Protocol):
    """Produces the answer of a turn."""

    async def answer(self, turn: TurnContext) -> Answer:
        """The finished answer; raising ends the turn as failed, with ``AppError`` messages kept."""


@dataclass(frozen=True)
class _Ending:
    """How an attempt ended; no state means that the turn goes on elsewhere or later."""

    state: TurnState | None
    text: str = ""
    answer: Answer | None = None


_LEFT = _Ending(None)
_CANCELLED = _Ending(TurnState.CANCELLED)


class Turns:
    """Runs turns as jobs. One object per process, made after ``Jobs`` and before its launch."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        assistant: Assistant,
        *,
        feed: Feed | None = None,
        timing: Timing | None = None,
        browser_turns: int = 2,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._assistant = assistant
        self._browsers = asyncio.Semaphore(browser_turns)
        self._feed = feed or Feed()
        self._timing = timing or Timing()

    def register(self, *, concurrency: int = 8, polling: float = 0.2) -> None:
        """Declare the queue, the job and the sweeper; at most ``concurrency`` turns at once."""
        register_queue(self._jobs, self.run, concurrency=concurrency, polling=polling)
        self._jobs.periodic("turn sweeper", self._timing.sweep_every, self.sweep)

    async def run(self, job: Job) -> None:
        """Work on one turn until it is finished, taken over, or this process stops."""
        context = await self._claim(job.entity_id)
        if context is None:
            return
        try:
            ending = await self._attempt(context)
            if ending.state is not None:
                await self._persist(lambda: self._finish(context, ending))
        except asyncio.CancelledError:
            # The process stops: the job stays pending and the turn goes on at the next start.
            context.stop("shutdown")
            await asyncio.shield(self._release(context))
            raise

    async def sweep(self) -> None:
        """Enqueue active turns that no job stands for, and wake queues that nobody works off."""
        before = clock.now() - timedelta(seconds=self._timing.lease)
        async with self._database.read() as session:
            stalled = await store.stalled_turns(session, before)
            idle = await store.idle_with_queue(session)
        live = await self._jobs.live(TURN_JOB) if stalled else set()
        for turn in stalled:
            if turn.id not in live:
                await self._enqueue_again(turn)
        for conversation_id in idle:
            await self._wake(conversation_id)

    async def _claim(self, turn_id: str) -> TurnContext | None:
        """Take the turn over from whoever had it; ``None`` when there is nothing left to do."""
        token = ids.new_uuid()
        async with self._database.write() as session:
            seen = await store.turn_by_id(session, turn_id)
            if seen is None:
                return None
            conversation = await store.lock_conversation(session, seen.conversation_id)
            turn = await store.turn_by_id(session, turn_id)
            if conversation is None or turn is None or turn.state is not TurnState.ACTIVE:
                return None
            question = await store.message_by_id(session, turn.user_message_id)
            answer = await store.message_by_id(session, turn.assistant_message_id)
            if question is None or answer is None:
                return None
            await store.change_turn(
                session,
                turn_id,
                lease_token=token,
                lease_until=clock.now() + timedelta(seconds=self._timing.lease),
                attempts=turn.attempts + 1,
            )
            claimed = await store.turn_by_id(session, turn_id)
        return TurnContext(
            self._database,
            self._feed,
            self._timing,
            turn=claimed or turn,
            conversation=conversation,
            message=question,
            token=token,
            resumed=turn.attempts > 0 and bool(answer.text),
            browsers=self._browsers,
        )

    async def _attempt(self, context: TurnContext) -> _Ending:
        if context.turn.cancel_requested:
            return _CANCELLED
        if context.attempt > self._timing.attempts:
            gave_up = TurnGaveUp(
                f"Assay was interrupted {context.attempt - 1} times while working on this and has "
                "given up. Your message is kept; send it again, perhaps in smaller parts."
            )
            return _Ending(TurnState.FAILED, gave_up.message)
        name = f"turn-{context.turn.id}"
        work = spawn(self._answer(context), name=name)
        helpers = [
            spawn(context.watch(), name=f"{name}-watch"),
            spawn(context.pump(), name=f"{name}-pump"),
        ]
        ended = spawn(context.stopped.wait(), name=f"{name}-stopped")
        try:
            await asyncio.wait({work, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                await self._wind_down(work)
        finally:
            if not work.done():
                work.cancel()
                await asyncio.wait({work}, timeout=self._timing.wind_down)
            for task in (ended, *helpers):
                await stop(task)
        if work.done() and not work.cancelled():
            return work.result()
        return _CANCELLED if context.reason == "cancelled" else _LEFT

    async def _wind_down(self, work: asyncio.Task[_Ending]) -> None:
        """Let the assistant end by its own check, else interrupt it where it waits."""
        await asyncio.wait({work}, timeout=self._timing.grace)
        if not work.done():
            work.cancel()
            await asyncio.wait({work}, timeout=self._timing.wind_down)

    async def _answer(self, context: TurnContext) -> _Ending:
        """The rim of the assistant: whatever it raises becomes an ending here."""
        try:
            answer = await self._assistant.answer(context)
        except Stopped as stopped:
            return _CANCELLED if stopped.reason == "cancelled" else _LEFT
        except AppError as error:
            return _Ending(TurnState.FAILED, error.message)
        except Exception:  # noqa: BLE001 - the rim: recorded and ended here
            reference = ids.new_token(8)
            trace = context.masked(traceback.format_exc())
            _log.error("turn %s broke, reference %s\n%s", context.turn.id, reference, trace)
            return _Ending(
                TurnState.FAILED,
                f"Something broke inside Assay (reference {reference}). Your message is kept; "
                "send it again, or look for the reference in the server's log.",
            )
        note = f"\n\n{_RESUMED_NOTE}" if context.resumed else ""
        return _Ending(TurnState.COMPLETED, answer.text + note, answer)

    async def _finish(self, context: TurnContext, ending: _Ending) -> None:
        """Close message and turn and start the next turn, all in one fenced transaction."""
        async with self._database.write() as session:
            conversation = await store.lock_conversation(session, context.conversation.id)
            held = await store.holds_lease(session, context.turn.id, context.token)
            turn = await store.turn_by_id(session, context.turn.id)
            if conversation is None or turn is None or not held:
                return
            now = store.after(clock.now(), conversation.updated_at)
            changes: dict[str, object] = {}
            if ending.state is TurnState.CANCELLED or turn.cancel_requested:
                await end_cancelled(session, turn, now)
            else:
                changes = await self._close(session, context, ending, now=now)
            changes["active_turn_id"] = await self._start_next(session, conversation)
            await store.change_conversation(session, conversation.id, now, **changes)
        self._feed.publish(ConversationChanged(context.conversation.id))

    async def _close(
        self, session: WriteSession, context: TurnContext, ending: _Ending, *, now: datetime
    ) -> dict[str, object]:
        """Write a completed or failed turn; gives what the conversation itself takes from it."""
        state = ending.state or TurnState.FAILED
        answer = ending.answer
        done = state is TurnState.COMPLETED
        await store.change_turn(
            session, context.turn.id, state=state.value, lease_token=None, finished_at=now
        )
        await store.change_message(
            session,
            context.turn.assistant_message_id,
            now,
            text=context.masked(ending.text),
            status=(MessageStatus.COMPLETED if done else MessageStatus.FAILED).value,
            is_streaming=False,
            outcome=store.dump_outcome(answer.outcome) if answer else None,
        )
        changes: dict[str, object] = {}
        if answer and answer.title:
            changes["title"] = context.masked(answer.title.strip())[:200]
        if answer and answer.review is not None:
            changes["review"] = context.masked_json(answer.review)
        return changes

    async def _start_next(self, session: WriteSession, conversation: Conversation) -> str | None:
        """Make the oldest queued turn the active one and enqueue it; gives its id."""
        waiting = await store.waiting_turns(session, conversation.id)
        if not waiting:
            return None
        following = waiting[0]
        await store.change_turn(session, following.id, state=TurnState.ACTIVE.value)
        await self._jobs.enqueue(session, TURN_JOB, following.id)
        return following.id

    async def _release(self, context: TurnContext) -> None:
        """Give the lease back, unless somebody else has it."""
        async with self._database.write() as session:
            if await store.holds_lease(session, context.turn.id, context.token):
                await store.change_turn(
                    session, context.turn.id, lease_token=None, lease_until=None
                )

    async def _enqueue_again(self, turn: Turn) -> None:
        async with self._database.write() as session:
            await store.lock_conversation(session, turn.conversation_id)
            now = await store.turn_by_id(session, turn.id)
            if now is None or now.state is not TurnState.ACTIVE:
                return
            if (now.lease_token, now.lease_until) != (turn.lease_token, turn.lease_until):
                return
            _log.warning("turn %s had no job any more and is enqueued again", turn.id)
            # The new time keeps other workers' sweepers from doing the same.
            until = clock.now() + timedelta(seconds=self._timing.lease)
            await store.change_turn(session, turn.id, lease_token=None, lease_until=until)
            await self._jobs.enqueue(session, TURN_JOB, turn.id)

    async def _wake(self, conversation_id: str) -> None:
        async with self._database.write() as session:
            conversation = await store.lock_conversation(session, conversation_id)
            if conversation is None or conversation.active_turn_id is not None:
                return
            following = await self._start_next(session, conversation)
            now = store.after(clock.now(), conversation.updated_at)
            await store.change_conversation(session, conversation_id, now, active_turn_id=following)

    async def _persist(self, write: Callable[[], Awaitable[None]]) -> None:
        """Try a write again while the database is busy: losing it would repeat the whole turn."""
        for pause in (0.5, 1.0, 2.0):
            try:
                await write()
                return
            except AppError as error:
                if error.kind is not Kind.UNAVAILABLE:
                    raise
                _log.warning("a turn's end could not be written yet: %s", error)
            await asyncio.sleep(pause)
        await write()


def register_queue(
    jobs: Jobs, handler: Callable[[Job], Awaitable[None]], *, concurrency: int, polling: float
) -> None:
    """Declare the queue of turns; a process that only accepts messages needs nothing more."""
    jobs.queue(QueueSpec(_QUEUE, concurrency, polling))
    jobs.register(TURN_JOB, handler, queue=_QUEUE)
