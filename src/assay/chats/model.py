"""Conversations, messages and turns: frozen values, and what a turn hands back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from assay.cases.model import Verdict

Json = Any


class Source(StrEnum):
    """Where a conversation was started."""

    API = "api"
    UI = "ui"
    GITHUB = "github"
    GITLAB = "gitlab"
    SYSTEM = "system"


class ConversationKind(StrEnum):
    """A free conversation, or one that reviews a change."""

    CHAT = "chat"
    CHANGE_REVIEW = "changeReview"


class Role(StrEnum):
    """Who wrote a message."""

    USER = "user"
    ASSISTANT = "assistant"


class MessageStatus(StrEnum):
    """How far a message is, in the words of the public contract."""

    INITIATED = "INITIATED"
    PARTIAL = "PARTIAL"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"

    @property
    def finished(self) -> bool:
        """Whether a message of this status never changes again."""
        return self in (MessageStatus.COMPLETED, MessageStatus.CANCELLED, MessageStatus.FAILED)


class TurnState(StrEnum):
    """``queued`` waits for the conversation's earlier turns; ``active`` is enqueued or running."""

    QUEUED = "queued"
    ACTIVE = "active"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Choice:
    """An override, resolved: this application in this environment, on this screen."""

    application_id: str
    environment_id: str
    preset_id: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The machine-readable part of a finished answer."""

    verdict: Verdict | None = None
    test_case_ids: tuple[str, ...] = ()
    run_short_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the assistant gives for one turn; ``review`` only on a change review."""

    text: str
    outcome: Outcome = Outcome()
    review: dict[str, Json] | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """What a change review was asked: ``mode`` is ``pr`` or ``rawChanges``."""

    mode: str
    pr_url: str | None = None
    vcs_provider: str | None = None
    description: str | None = None
    diff: str | None = None
    context: str | None = None
    actor: str | None = None
    branch: str | None = None
    commit_hash: str | None = None
    commit_message: str | None = None
    repository: str | None = None

    def in_words(self) -> str:
        """The request as the first message of its conversation."""
        if self.mode == "pr":
            provider = {"github": "GitHub", "gitlab": "GitLab"}.get(self.vcs_provider or "", "")
            lines = [f"Review the {provider} pull request {self.pr_url}".replace("  ", " ")]
        else:
            lines = [f"Review these changes: {self.description}"]
            size = len((self.diff or "").splitlines())
            lines.append(f"The diff has {size} {'line' if size == 1 else 'lines'}.")
        known = (
            ("Repository", self.repository),
            ("Branch", self.branch),
            ("Commit", self.commit_hash),
            ("Commit message", self.commit_message),
            ("Asked by", self.actor),
            ("Context", self.context),
        )
        lines.extend(f"{label}: {value}" for label, value in known if value)
        return "\n\n".join(lines)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation without its messages. ``active_turn_id`` is the one turn being worked on."""

    id: str
    short_id: str
    project_id: str
    title: str | None
    source: Source
    kind: ConversationKind
    choices: tuple[Choice, ...]
    active_turn_id: str | None
    last_seq: int
    review_request: ReviewRequest | None
    review: dict[str, Json] | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One message; ``outcome`` only on a finished one of the assistant."""

    id: str
    conversation_id: str
    seq: int
    role: Role
    text: str
    status: MessageStatus
    is_streaming: bool
    outcome: Outcome | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """The work behind one assistant message."""

    id: str
    conversation_id: str
    user_message_id: str
    assistant_message_id: str
    seq: int
    state: TurnState
    choices: tuple[Choice, ...]
    attempts: int
    cancel_requested: bool
    lease_token: str | None
    lease_until: datetime | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """A conversation with some of its messages, newest first."""

    conversation: Conversation
    messages: tuple[Message, ...] = ()
