"""The agent loop of one turn: model, tools, budgets. Importing this loads pydantic-ai."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pydantic_ai import Agent
from pydantic_ai.exceptions import AgentRunError
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    UserPromptPart,
)
from pydantic_ai.models import Model
from pydantic_ai.usage import UsageLimits

from assay.brain.builtin import DONE, BuiltinModel
from assay.brain.falling_back import FallingBack
from assay.brain.port import REQUESTS, Brain
from assay.chats.assistant.engine import Engine
from assay.chats.assistant.instructions import INSTRUCTIONS
from assay.chats.assistant.said import OnText, Said, TurnMemory
from assay.chats.assistant.toolset import Deps, toolset

# Above what the model itself enforces, so that its own hand-over to the built-in brain comes first.
_ROUNDS = REQUESTS * 2
_RETRIES = 4


class Loop:
    """Runs turns on one brain; shared by all turns of a process."""

    def __init__(self, brain: Brain) -> None:
        self._brain = brain
        self._agent = Agent(
            deps_type=Deps,
            toolsets=[toolset()],
            instructions=INSTRUCTIONS,
            retries=_RETRIES,
        )

    @property
    def name(self) -> str:
        """The model's name, as answers give it."""
        return self._brain.name

    async def run(
        self,
        prompt: str,
        engine: Engine,
        turn: TurnMemory,
        *,
        history: Sequence[tuple[str, str]] = (),
        on_text: OnText | None = None,
    ) -> Said:
        """Work on one prompt. ``history`` are (role, text) pairs, oldest first."""
        model = self._brain.for_turn(engine.mask, on_text)
        if not isinstance(model, FallingBack):
            return await self._once(prompt, model, Deps(engine, turn), [])
        try:
            said = await self._once(prompt, model, Deps(engine, turn), _messages(history))
        except AgentRunError:
            # What the provider's calls stored is remembered by the turn, not done again.
            said = await self._once(prompt, BuiltinModel(), Deps(engine, turn), [])
            model.fell_back = model.fell_back or "its answers could not be used"
        return replace(said, fell_back=model.fell_back)

    async def _once(self, prompt: str, model: Model, deps: Deps, past: list[ModelMessage]) -> Said:
        done = await self._agent.run(
            prompt,
            deps=deps,
            model=model,
            message_history=past,
            usage_limits=UsageLimits(request_limit=_ROUNDS),
        )
        text = "" if done.output.strip() == DONE else done.output
        return Said(tuple(deps.results), text)


def _messages(history: Sequence[tuple[str, str]]) -> list[ModelMessage]:
    messages: list[ModelMessage] = []
    for role, text in history:
        if role == "user":
            messages.append(ModelRequest(parts=[UserPromptPart(text)]))
        elif text:
            messages.append(ModelResponse(parts=[TextPart(text)]))
    return messages
