"""Accepting messages, reading conversations, cancelling: what the edges call.

Every method works in the caller's session. A message, the answer to come and the work that will
produce it are written in that one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from assay.chats import store
from assay.chats.errors import ConversationNotFound, LimitInvalid, MessageEmpty, OverridesMissing
from assay.chats.events import ConversationChanged, Feed
from assay.chats.model import (
    Choice,
    Conversation,
    ConversationKind,
    Message,
    MessageStatus,
    Page,
    ReviewRequest,
    Role,
    Source,
    Turn,
    TurnState,
)
from assay.jobs import Jobs
from assay.kernel import clock, ids
from assay.projects.model import ApplicationOverride, Project
from assay.projects.overrides import resolve_overrides
from assay.projects.service import get_project
from assay.storage import ReadSession, WriteSession

TURN_JOB = "chats.turn"
DEFAULT_LIMIT = 20
MOST = 100
CANCELLED_TEXT = "Cancelled."


class Cleaner(Protocol):
    """Sees every text before it is stored."""

    async def __call__(
        self, session: WriteSession, project_id: str, choices: Sequence[Choice], text: str
    ) -> str:
        """The text without secrets, which are kept as configs."""

    async def mask(self, session: ReadSession, project_id: str, text: str) -> str:
        """The text with the secrets that the project's configs hold blacked out."""


@dataclass(frozen=True)
class _Accepted:
    """What accepting one message writes."""

    conversation: Conversation
    asked: Message
    answer: Message
    turn: Turn


class Chats:
    """The face of this room for edges. ``clean`` sees each text before it is stored."""

    def __init__(self, jobs: Jobs, clean: Cleaner, *, feed: Feed | None = None) -> None:
        self._jobs = jobs
        self._clean = clean
        self.feed = feed or Feed()

    async def create_conversation(
        self,
        session: WriteSession,
        project: Project,
        message: str,
        *,
        source: Source = Source.API,
        overrides: Sequence[ApplicationOverride] = (),
    ) -> Page:
        """Start a conversation with its first message; the page has no messages yet."""
        choices = await self._choices(session, project, overrides)
        conversation = _new(project.id, source, ConversationKind.CHAT, choices)
        text = await self._without_secrets(session, conversation, message)
        return await self._open(session, conversation, text)

    async def create_change_review(
        self,
        session: WriteSession,
        project: Project,
        request: ReviewRequest,
        *,
        source: Source = Source.API,
        overrides: Sequence[ApplicationOverride],
    ) -> Page:
        """Start a conversation that reviews a change; its first message states the request."""
        if not overrides:
            raise OverridesMissing("applicationOverrides must name at least one application.")
        choices = await self._choices(session, project, overrides)
        conversation = _new(project.id, source, ConversationKind.CHANGE_REVIEW, choices)
        cleaned = replace(
            request,
            description=await self._optional(session, conversation, request.description),
            context=await self._optional(session, conversation, request.context),
            commit_message=await self._optional(session, conversation, request.commit_message),
            # A diff is code: what looks like a credential in it is not one that was given to us.
            diff=await self._clean.mask(session, project.id, request.diff or "") or None,
        )
        conversation = replace(conversation, review_request=cleaned)
        return await self._open(session, conversation, cleaned.in_words())

    async def append(
        self,
        session: WriteSession,
        conversation_id: str,
        message: str,
        *,
        overrides: Sequence[ApplicationOverride] = (),
    ) -> Page:
        """Add a message; overrides, when there are any, replace the earlier ones from here on."""
        conversation = await self._locked(session, conversation_id)
        if overrides:
            project = await get_project(session, conversation.project_id)
            choices = await self._choices(session, project, overrides)
            conversation = replace(conversation, choices=choices)
        text = await self._without_secrets(session, conversation, message)
        plan = _plan(conversation, text)
        accepted = plan.conversation
        await self._write(session, plan)
        await store.change_conversation(
            session,
            accepted.id,
            accepted.updated_at,
            last_seq=accepted.last_seq,
            active_turn_id=accepted.active_turn_id,
            choices=store.dump_choices(accepted.choices),
        )
        found = await store.messages_of(session, accepted.id, DEFAULT_LIMIT)
        return Page(accepted, tuple(found))

    async def read(
        self, session: ReadSession, conversation_id: str, limit: int = DEFAULT_LIMIT
    ) -> Page:
        """A conversation with its newest messages, at most 100 of them, newest first."""
        if limit < 1:
            raise LimitInvalid("limit must be a whole number of at least 1.")
        conversation = await store.conversation_by_id(session, conversation_id)
        if conversation is None:
            raise _not_found(conversation_id)
        found = await store.messages_of(session, conversation.id, min(limit, MOST))
        return Page(conversation, tuple(found))

    async def find(self, session: ReadSession, short_id: str) -> Conversation:
        """The conversation that either form of a short id names."""
        canonical = ids.canonical_short_id("chat", short_id)
        conversation = await store.conversation_by_short_id(session, canonical)
        if conversation is None:
            raise _not_found(short_id)
        return conversation

    async def list_conversations(
        self,
        session: ReadSession,
        project_id: str,
        *,
        limit: int = DEFAULT_LIMIT,
        before: tuple[datetime, str] | None = None,
    ) -> list[Conversation]:
        """Conversations of a project, last changed first; ``before`` is (updated_at, id)."""
        return await store.list_conversations(session, project_id, min(limit, MOST), before)

    async def cancel(self, session: WriteSession, conversation_id: str) -> Page:
        """End the running turn and those queued behind it; nothing active changes nothing.

        A turn that somebody works on only gets a flag, which its worker sees within a second; one
        that nobody holds ends here.
        """
        conversation = await self._locked(session, conversation_id)
        now = store.after(clock.now(), conversation.updated_at)
        ended = await store.waiting_turns(session, conversation_id)
        active = await self._active(session, conversation)
        left = conversation.active_turn_id
        if active is not None:
            if active.lease_until is not None and active.lease_until > now:
                await store.change_turn(session, active.id, cancel_requested=True)
            else:
                ended.append(active)
                left = None
        for turn in ended:
            await end_cancelled(session, turn, now)
        if ended:
            await store.change_conversation(session, conversation_id, now, active_turn_id=left)
            self.feed.publish(ConversationChanged(conversation_id))
        return await self.read(session, conversation_id)

    async def _choices(
        self,
        session: WriteSession,
        project: Project,
        overrides: Sequence[ApplicationOverride],
    ) -> tuple[Choice, ...]:
        places = await resolve_overrides(session, project, overrides)
        return tuple(
            Choice(
                place.application.id,
                place.environment.id,
                place.preset.id if place.preset else None,
            )
            for place in places
        )

    async def _open(self, session: WriteSession, conversation: Conversation, text: str) -> Page:
        plan = _plan(conversation, text)
        await store.insert_conversation(session, plan.conversation)
        await self._write(session, plan)
        return Page(plan.conversation)

    async def _write(self, session: WriteSession, plan: _Accepted) -> None:
        """Write message, answer and turn; enqueue it only if no earlier turn is active."""
        await store.insert_messages(session, [plan.asked, plan.answer])
        await store.insert_turn(session, plan.turn)
        if plan.turn.state is TurnState.ACTIVE:
            await self._jobs.enqueue(session, TURN_JOB, plan.turn.id)
        self.feed.publish(ConversationChanged(plan.conversation.id))

    async def _without_secrets(
        self, session: WriteSession, conversation: Conversation, text: str
    ) -> str:
        if not text.strip():
            raise MessageEmpty("message must not be empty.")
        return await self._clean(session, conversation.project_id, conversation.choices, text)

    async def _optional(
        self, session: WriteSession, conversation: Conversation, text: str | None
    ) -> str | None:
        if text is None or not text.strip():
            return None
        return await self._without_secrets(session, conversation, text)

    async def _locked(self, session: WriteSession, conversation_id: str) -> Conversation:
        conversation = await store.lock_conversation(session, conversation_id)
        if conversation is None:
            raise _not_found(conversation_id)
        return conversation

    async def _active(self, session: WriteSession, conversation: Conversation) -> Turn | None:
        if conversation.active_turn_id is None:
            return None
        return await store.turn_by_id(session, conversation.active_turn_id)


async def end_cancelled(session: WriteSession, turn: Turn, now: datetime) -> None:
    """Finish a turn as cancelled; its conversation is locked and moved by the caller."""
    await store.change_turn(
        session,
        turn.id,
        state=TurnState.CANCELLED.value,
        cancel_requested=True,
        lease_token=None,
        finished_at=now,
    )
    message = await store.message_by_id(session, turn.assistant_message_id)
    told = message.text.rstrip() if message else ""
    await store.change_message(
        session,
        turn.assistant_message_id,
        now,
        text=f"{told}\n\n{CANCELLED_TEXT}" if told else CANCELLED_TEXT,
        status=MessageStatus.CANCELLED.value,
        is_streaming=False,
    )


def _new(
    project_id: str, source: Source, kind: ConversationKind, choices: tuple[Choice, ...]
) -> Conversation:
    now = clock.now()
    return Conversation(
        id=ids.new_uuid(),
        short_id=ids.new_short_id("chat"),
        project_id=project_id,
        title=None,
        source=source,
        kind=kind,
        choices=choices,
        active_turn_id=None,
        last_seq=0,
        review_request=None,
        review=None,
        created_at=now,
        updated_at=now,
    )


def _plan(conversation: Conversation, text: str) -> _Accepted:
    """A message, the answer to come and its turn, and the conversation that then has them."""
    now = store.after(clock.now(), conversation.updated_at)
    later = now + timedelta(milliseconds=1)
    seq = conversation.last_seq
    asked = _message(conversation, seq + 1, Role.USER, text, now)
    answer = _message(conversation, seq + 2, Role.ASSISTANT, "", later)
    idle = conversation.active_turn_id is None
    turn = Turn(
        id=ids.new_uuid(),
        conversation_id=conversation.id,
        user_message_id=asked.id,
        assistant_message_id=answer.id,
        seq=seq + 2,
        state=TurnState.ACTIVE if idle else TurnState.QUEUED,
        choices=conversation.choices,
        attempts=0,
        cancel_requested=False,
        lease_token=None,
        lease_until=None,
        created_at=now,
        finished_at=None,
    )
    changed = replace(
        conversation,
        last_seq=seq + 2,
        active_turn_id=turn.id if idle else conversation.active_turn_id,
        updated_at=later,
    )
    return _Accepted(changed, asked, answer, turn)


def _message(conversation: Conversation, seq: int, role: Role, text: str, at: datetime) -> Message:
    by_user = role is Role.USER
    return Message(
        id=ids.new_uuid(),
        conversation_id=conversation.id,
        seq=seq,
        role=role,
        text=text,
        status=MessageStatus.COMPLETED if by_user else MessageStatus.INITIATED,
        is_streaming=False,
        outcome=None,
        created_at=at,
        updated_at=at,
    )


def _not_found(named: str) -> ConversationNotFound:
    return ConversationNotFound(f"There is no conversation {named}.")
