"""The assistant: takes a turn, lets a brain work on it, and answers from typed results."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, Protocol, TypeVar

from assay.brain import prompt
from assay.brain.intents import Context, CreateFromSteps, CreateTests
from assay.brain.understanding import understand
from assay.brain.wanted import BrainSettings
from assay.chats.assistant import outcome, render, titles
from assay.chats.assistant.engine import Engine, Known, Note, NoteKind
from assay.chats.assistant.said import Looping
from assay.chats.model import (
    Answer,
    Conversation,
    ConversationKind,
    Json,
    Message,
    MessageStatus,
    ReviewRequest,
    Role,
)
from assay.kernel.text import shorten

_HISTORY = 12
_LONG = 4000


class ChatTurn(Protocol):
    """What the assistant needs of a turn; ``TurnContext`` is one."""

    conversation: Conversation
    message: Message

    def use_mask(self, mask: Callable[[str], str]) -> None: ...
    async def say(self, line: str) -> None: ...
    async def stream(self, delta: str) -> None: ...
    async def check(self) -> None: ...
    async def journal(self, key: str, work: Callable[[], Awaitable[Json]]) -> Json: ...
    async def history(self, limit: int = 40) -> list[Message]: ...


TurnT = TypeVar("TurnT", bound=ChatTurn)
Turn_contra = TypeVar("Turn_contra", bound=ChatTurn, contravariant=True)
EngineT = TypeVar("EngineT", bound=Engine)
Engine_contra = TypeVar("Engine_contra", bound=Engine, contravariant=True)


class Reviewing(Protocol[Turn_contra, Engine_contra]):
    """Carries out the change review that a conversation begins with."""

    async def review(
        self, turn: Turn_contra, engine: Engine_contra, asked: ReviewRequest
    ) -> Answer:
        """The finished answer, with its ``review`` set."""


class ChatAssistant(Generic[TurnT, EngineT]):
    """Implements ``chats.turns.Assistant``. ``engine_for`` makes the engine of one turn."""

    def __init__(
        self,
        settings: BrainSettings,
        engine_for: Callable[[TurnT], Awaitable[EngineT]],
        reviewing: Reviewing[TurnT, EngineT],
    ) -> None:
        self._settings = settings
        self._engine_for = engine_for
        self._reviewing = reviewing
        self._loop: Looping | None = None
        self._loading = asyncio.Lock()

    async def warm(self) -> None:
        """Load the model library ahead of the first turn; raises ``ModelUnusable``."""
        await self._loaded()

    async def answer(self, turn: TurnT) -> Answer:
        """The finished answer to the turn's message."""
        engine = await self._engine_for(turn)
        turn.use_mask(engine.mask)
        past = [one for one in await turn.history() if one.status is MessageStatus.COMPLETED]
        conversation = turn.conversation
        asked = conversation.review_request
        if conversation.kind is ConversationKind.CHANGE_REVIEW and asked is not None and not past:
            return await self._reviewing.review(turn, engine, asked)
        return await self._chat(turn, engine, past)

    async def _chat(self, turn: TurnT, engine: Engine, past: Sequence[Message]) -> Answer:
        known = await engine.known()
        context = _context(known, past)
        message = turn.message.text
        loop = await self._loaded()
        said = await loop.run(
            prompt.compose(message, context),
            engine,
            turn,
            history=_history(past),
            on_text=_streaming(turn),
        )
        notes = _stored(known) if said.results else []
        if said.fell_back:
            reason = f"The language model {loop.name} could not be used: {said.fell_back}"
            notes.append(
                Note(NoteKind.PROVIDER, f"{reason}. The built-in engine answered instead.")
            )
        first = turn.conversation.title is None
        return Answer(
            text=render.answer(said.results, said.text, notes),
            outcome=outcome.outcome(said.results),
            title=titles.title(message, understand(message, context)) if first else None,
        )

    async def _loaded(self) -> Looping:
        async with self._loading:
            if self._loop is None:
                self._loop = await asyncio.to_thread(_load, self._settings)
            return self._loop


def _load(settings: BrainSettings) -> Looping:
    # Loading the model library takes a second or two, which start-up must not wait for.
    from assay.brain.port import choose  # noqa: PLC0415
    from assay.chats.assistant.loop import Loop  # noqa: PLC0415

    return Loop(choose(settings))


def _streaming(turn: ChatTurn) -> Callable[[str], Awaitable[None]]:
    """Streams a model's text below the progress lines, as a paragraph of its own."""
    begun = False

    async def on_text(delta: str) -> None:
        nonlocal begun
        await turn.stream(delta if begun else f"\n\n{delta}")
        begun = True

    return on_text


def _context(known: Known, past: Sequence[Message]) -> Context:
    subjects: list[str] = []
    for message in reversed(past):
        if message.role is not Role.USER:
            continue
        for intent in understand(message.text):
            if isinstance(intent, CreateTests):
                subjects += intent.features or ("the application",)
            elif isinstance(intent, CreateFromSteps):
                subjects.append(intent.name or "the test from steps")
    return Context(
        tests=known.tests,
        recent=known.recent,
        subjects=tuple(dict.fromkeys(subjects))[-10:],
        configs=known.configs,
        stored=known.stored,
        applications=known.applications,
    )


def _history(past: Sequence[Message]) -> list[tuple[str, str]]:
    """The newest messages, oldest first, as a language model gets them."""
    newest = list(past[:_HISTORY])
    return [(message.role.value, _cut(message.text)) for message in reversed(newest)]


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else shorten(text, _LONG)


def _stored(known: Known) -> list[Note]:
    return [
        Note(NoteKind.CREDENTIALS, f"The credentials are stored, encrypted, as config “{name}”")
        for name in known.stored
    ]
