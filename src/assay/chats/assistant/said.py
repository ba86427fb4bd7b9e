"""What the agent loop gives the assistant. Light: importing it loads no model library."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assay.chats.assistant.engine import Engine, Result
from assay.kernel.progress import Progress

Json = Any
OnText = Callable[[str], Awaitable[None]]


class TurnMemory(Progress, Protocol):
    """The part of a turn that tools need: progress, and memory across restarts."""

    async def journal(self, key: str, work: Callable[[], Awaitable[Json]]) -> Json:
        """The JSON that ``work`` gave in this or an earlier attempt."""


@dataclass(frozen=True, slots=True)
class Said:
    """Typed results, the brain's own words, and why a provider could not be used, if so."""

    results: tuple[Result, ...]
    text: str
    fell_back: str = ""


class Looping(Protocol):
    """The agent loop, which ``loop.Loop`` is."""

    @property
    def name(self) -> str: ...

    async def run(
        self,
        prompt: str,
        engine: Engine,
        turn: TurnMemory,
        *,
        history: Sequence[tuple[str, str]] = (),
        on_text: OnText | None = None,
    ) -> Said: ...
