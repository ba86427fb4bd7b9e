"""All SQL of the chats room.

Whoever changes a conversation, its messages or its turns locks the conversation's row first, so
that PostgreSQL orders writers as SQLite's single write lock does, and nobody deadlocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, insert, select, tuple_, update

from assay.cases.model import Verdict
from assay.chats.model import (
    Choice,
    Conversation,
    ConversationKind,
    Message,
    MessageStatus,
    Outcome,
    ReviewRequest,
    Role,
    Source,
    Turn,
    TurnState,
)
from assay.chats.tables import conversations, messages, turn_journal, turns
from assay.storage import ReadSession, WriteSession

_TICK = timedelta(milliseconds=1)


def after(moment: datetime, earlier: datetime) -> datetime:
    """``moment``, or just after ``earlier`` when the clock has not moved on."""
    return max(moment, earlier + _TICK)


def dump_choices(choices: Sequence[Choice]) -> list[dict[str, Any]]:
    """Choices as stored."""
    return [asdict(choice) for choice in choices]


def dump_outcome(outcome: Outcome) -> dict[str, Any]:
    """An outcome as stored."""
    return {
        "verdict": outcome.verdict.value if outcome.verdict else None,
        "testCaseIds": list(outcome.test_case_ids),
        "runShortIds": list(outcome.run_short_ids),
    }


def _load_outcome(found: Mapping[str, Any] | None) -> Outcome | None:
    if found is None:
        return None
    return Outcome(
        verdict=Verdict(found["verdict"]) if found["verdict"] else None,
        test_case_ids=tuple(found["testCaseIds"]),
        run_short_ids=tuple(found["runShortIds"]),
    )


def _conversation(row: RowMapping) -> Conversation:
    request = row["review_request"]
    return Conversation(
        id=row["id"],
        short_id=row["short_id"],
        project_id=row["project_id"],
        title=row["title"],
        source=Source(row["source"]),
        kind=ConversationKind(row["kind"]),
        choices=tuple(Choice(**choice) for choice in row["choices"]),
        active_turn_id=row["active_turn_id"],
        last_seq=row["last_seq"],
        review_request=ReviewRequest(**request) if request else None,
        review=row["review"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _message(row: RowMapping) -> Message:
    return Message(
        id=row["id"],
        conversation_id=row["conversation_id"],
        seq=row["seq"],
        role=Role(row["role"]),
        text=row["text"],
        status=MessageStatus(row["status"]),
        is_streaming=row["is_streaming"],
        outcome=_load_outcome(row["outcome"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _turn(row: RowMapping) -> Turn:
    return Turn(
        id=row["id"],
        conversation_id=row["conversation_id"],
        user_message_id=row["user_message_id"],
        assistant_message_id=row["assistant_message_id"],
        seq=row["seq"],
        state=TurnState(row["state"]),
        choices=tuple(Choice(**choice) for choice in row["choices"]),
        attempts=row["attempts"],
        cancel_requested=row["cancel_requested"],
        lease_token=row["lease_token"],
        lease_until=row["lease_until"],
        created_at=row["created_at"],
        finished_at=row["finished_at"],
    )


async def insert_conversation(session: WriteSession, conversation: Conversation) -> None:
    """Add a conversation."""
    request = conversation.review_request
    await session.execute(
        insert(conversations).values(
            id=conversation.id,
            short_id=conversation.short_id,
            project_id=conversation.project_id,
            title=conversation.title,
            source=conversation.source.value,
            kind=conversation.kind.value,
            choices=dump_choices(conversation.choices),
            active_turn_id=conversation.active_turn_id,
            last_seq=conversation.last_seq,
            review_request=asdict(request) if request else None,
            review=conversation.review,
            created_at=conversation.created_at,
            updated_at=conversation.updated_at,
        )
    )


async def lock_conversation(session: WriteSession, conversation_id: str) -> Conversation | None:
    """The conversation, its row locked until the transaction ends."""
    result = await session.execute(
        select(conversations).where(conversations.c.id == conversation_id).with_for_update()
    )
    row = result.mappings().first()
    return None if row is None else _conversation(row)


async def change_conversation(
    session: WriteSession, conversation_id: str, at: datetime, **values: Any
) -> None:
    """Write columns of a conversation; every change moves ``updated_at``."""
    await session.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(updated_at=at, **values)
    )


async def conversation_by_id(session: ReadSession, conversation_id: str) -> Conversation | None:
    """The conversation with this id."""
    result = await session.execute(
        select(conversations).where(conversations.c.id == conversation_id)
    )
    row = result.mappings().first()
    return None if row is None else _conversation(row)


async def conversation_by_short_id(session: ReadSession, short_id: str) -> Conversation | None:
    """The conversation with this canonical short id."""
    result = await session.execute(
        select(conversations).where(conversations.c.short_id == short_id)
    )
    row = result.mappings().first()
    return None if row is None else _conversation(row)


async def list_conversations(
    session: ReadSession, project_id: str, limit: int, before: tuple[datetime, str] | None
) -> list[Conversation]:
    """Conversations of a project, last changed first, from just after ``before``."""
    table = conversations
    query = select(table).where(table.c.project_id == project_id)
    if before is not None:
        query = query.where(tuple_(table.c.updated_at, table.c.id) < tuple_(*before))
    result = await session.execute(
        query.order_by(table.c.updated_at.desc(), table.c.id.desc()).limit(limit)
    )
    return [_conversation(row) for row in result.mappings()]


async def insert_messages(session: WriteSession, found: Sequence[Message]) -> None:
    """Add messages."""
    await session.execute(
        insert(messages),
        [
            {
                "id": message.id,
                "conversation_id": message.conversation_id,
                "seq": message.seq,
                "role": message.role.value,
                "text": message.text,
                "status": message.status.value,
                "is_streaming": message.is_streaming,
                "outcome": dump_outcome(message.outcome) if message.outcome else None,
                "created_at": message.created_at,
                "updated_at": message.updated_at,
            }
            for message in found
        ],
    )


async def messages_of(
    session: ReadSession, conversation_id: str, limit: int, before_seq: int | None = None
) -> list[Message]:
    """Messages of a conversation, newest first."""
    query = select(messages).where(messages.c.conversation_id == conversation_id)
    if before_seq is not None:
        query = query.where(messages.c.seq < before_seq)
    result = await session.execute(query.order_by(messages.c.seq.desc()).limit(limit))
    return [_message(row) for row in result.mappings()]


async def message_at(session: ReadSession, conversation_id: str, seq: int) -> Message | None:
    """One message by its place in its conversation, from 1."""
    result = await session.execute(
        select(messages).where(messages.c.conversation_id == conversation_id, messages.c.seq == seq)
    )
    row = result.mappings().first()
    return None if row is None else _message(row)


async def newest_messages(
    session: ReadSession, conversation_ids: Sequence[str]
) -> dict[str, Message]:
    """The newest message of each of these conversations."""
    table = conversations
    result = await session.execute(
        select(messages)
        .join(
            table, (table.c.id == messages.c.conversation_id) & (table.c.last_seq == messages.c.seq)
        )
        .where(table.c.id.in_(list(conversation_ids)))
    )
    return {row["conversation_id"]: _message(row) for row in result.mappings()}


async def message_by_id(session: ReadSession, message_id: str) -> Message | None:
    """The message with this id."""
    result = await session.execute(select(messages).where(messages.c.id == message_id))
    row = result.mappings().first()
    return None if row is None else _message(row)


async def change_message(
    session: WriteSession, message_id: str, at: datetime, **values: Any
) -> bool:
    """Write columns of a message that is not finished; tells whether it still was open."""
    changed = await session.execute(
        update(messages)
        .where(
            messages.c.id == message_id,
            messages.c.status.in_([MessageStatus.INITIATED.value, MessageStatus.PARTIAL.value]),
        )
        .values(updated_at=at, **values)
    )
    return changed.rowcount == 1


async def insert_turn(session: WriteSession, turn: Turn) -> None:
    """Add a turn."""
    await session.execute(
        insert(turns).values(
            id=turn.id,
            conversation_id=turn.conversation_id,
            user_message_id=turn.user_message_id,
            assistant_message_id=turn.assistant_message_id,
            seq=turn.seq,
            state=turn.state.value,
            choices=dump_choices(turn.choices),
            attempts=turn.attempts,
            cancel_requested=turn.cancel_requested,
            lease_token=turn.lease_token,
            lease_until=turn.lease_until,
            created_at=turn.created_at,
            finished_at=turn.finished_at,
        )
    )


async def turn_by_id(session: ReadSession, turn_id: str) -> Turn | None:
    """The turn with this id."""
    result = await session.execute(select(turns).where(turns.c.id == turn_id))
    row = result.mappings().first()
    return None if row is None else _turn(row)


async def waiting_turns(session: ReadSession, conversation_id: str) -> list[Turn]:
    """The queued turns of a conversation, first come first."""
    result = await session.execute(
        select(turns)
        .where(turns.c.conversation_id == conversation_id, turns.c.state == TurnState.QUEUED.value)
        .order_by(turns.c.seq)
    )
    return [_turn(row) for row in result.mappings()]


async def change_turn(session: WriteSession, turn_id: str, **values: Any) -> None:
    """Write columns of a turn whose conversation is locked."""
    await session.execute(update(turns).where(turns.c.id == turn_id).values(**values))


async def holds_lease(session: WriteSession, turn_id: str, token: str) -> bool:
    """Whether ``token`` is still the turn's lease; keeps it so until the transaction ends."""
    found = await session.first(
        select(turns.c.id)
        .where(
            turns.c.id == turn_id,
            turns.c.lease_token == token,
            turns.c.state == TurnState.ACTIVE.value,
        )
        .with_for_update()
    )
    return found is not None


async def renew_lease(session: WriteSession, turn_id: str, token: str, until: datetime) -> bool:
    """Prolong a lease; tells whether it was still ours."""
    changed = await session.execute(
        update(turns)
        .where(
            turns.c.id == turn_id,
            turns.c.lease_token == token,
            turns.c.state == TurnState.ACTIVE.value,
        )
        .values(lease_until=until)
    )
    return changed.rowcount == 1


async def lease_state(session: ReadSession, turn_id: str) -> tuple[str | None, bool]:
    """A turn's lease token and whether somebody asked to cancel it."""
    result = await session.execute(
        select(turns.c.lease_token, turns.c.cancel_requested).where(turns.c.id == turn_id)
    )
    row = result.mappings().first()
    return (None, False) if row is None else (row["lease_token"], row["cancel_requested"])


async def stalled_turns(session: ReadSession, before: datetime) -> list[Turn]:
    """Active turns that nobody has held or accepted since ``before``."""
    held_or_new = turns.c.lease_until.is_(None) & (turns.c.created_at >= before)
    result = await session.execute(
        select(turns).where(
            turns.c.state == TurnState.ACTIVE.value,
            ~held_or_new,
            turns.c.lease_until.is_(None) | (turns.c.lease_until < before),
        )
    )
    return [_turn(row) for row in result.mappings()]


async def idle_with_queue(session: ReadSession) -> list[str]:
    """Conversations whose queued turns wait though no turn is active."""
    rows = await session.all(
        select(conversations.c.id)
        .join(turns, turns.c.conversation_id == conversations.c.id)
        .where(turns.c.state == TurnState.QUEUED.value, conversations.c.active_turn_id.is_(None))
        .distinct()
    )
    return [row[0] for row in rows]


async def journal_entry(session: ReadSession, turn_id: str, key: str) -> tuple[Any] | None:
    """The stored result of a sub-step, boxed because the result itself may be null."""
    row = await session.first(
        select(turn_journal.c.result).where(
            turn_journal.c.turn_id == turn_id, turn_journal.c.key == key
        )
    )
    return None if row is None else (row[0],)


async def save_journal_entry(
    session: WriteSession, turn_id: str, key: str, result: Any, at: datetime
) -> None:
    """Store a sub-step's result."""
    await session.insert_new(
        turn_journal, {"turn_id": turn_id, "key": key, "result": result, "created_at": at}
    )
