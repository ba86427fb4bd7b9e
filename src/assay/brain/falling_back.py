"""A model for one turn: the provider's while it works, then the built-in brain until its end."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from pydantic_ai import RunContext
from pydantic_ai.exceptions import (
    AgentRunError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelHTTPError,
    ModelNotFoundError,
    ModelQuotaExceededError,
    ModelRateLimitError,
    ModelTimeoutError,
    UserError,
)
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    RetryFeedbackPart,
    TextPart,
    TextPartDelta,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings, merge_model_settings

from assay.brain import prompt
from assay.brain.builtin.model import BuiltinModel, Replayed

Mask = Callable[[str], str]
OnText = Callable[[str], Awaitable[None]]

# Responses that could not be used (an unknown tool, unreadable arguments) before giving up.
UNUSABLE = 2


class FallingBack(WrapperModel):
    """Asks the provider, streamed and masked; its first lasting failure hands over for good.

    ``fell_back`` says in plain words why, or is empty. ``requests`` is the budget of the turn.
    """

    def __init__(
        self,
        provider: Model,
        *,
        mask: Mask,
        timeout: float,
        requests: int,
        on_text: OnText | None = None,
    ) -> None:
        super().__init__(provider)
        self.fell_back = ""
        self._builtin = BuiltinModel()
        self._mask = mask
        self._timeout = timeout
        self._requests = requests
        self._asked = 0
        self._on_text = on_text

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        if not self.fell_back:
            self.fell_back = self._worn_out(messages)
        if not self.fell_back:
            response = await self._ask(messages, model_settings, model_request_parameters)
            if response is not None:
                return response
        return await self._builtin.request(messages, model_settings, model_request_parameters)

    @asynccontextmanager
    async def request_stream(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
        run_context: RunContext[Any] | None = None,
    ) -> AsyncGenerator[StreamedResponse]:
        response = await self.request(messages, model_settings, model_request_parameters)
        yield Replayed(model_request_parameters, response)

    async def _ask(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        parameters: ModelRequestParameters,
    ) -> ModelResponse | None:
        self._asked += 1
        masked = masked_copy(messages, self._mask)
        limits = ModelSettings(timeout=self._timeout, max_retries=1)
        settings = merge_model_settings(limits, model_settings)
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._streamed(
                    masked, settings, masked_copy(parameters, self._mask)
                )
        except TimeoutError:
            self.fell_back = f"it did not answer within {self._timeout:g} s"
        except (AgentRunError, UserError, httpx2.HTTPError, OSError, ValueError) as error:
            self.fell_back = _in_words(error)
        else:
            if any(isinstance(part, (TextPart, ToolCallPart)) for part in response.parts):
                return response
            self.fell_back = "its answer was empty"
        return None

    async def _streamed(
        self,
        messages: list[ModelMessage],
        settings: ModelSettings | None,
        parameters: ModelRequestParameters,
    ) -> ModelResponse:
        async with self.wrapped.request_stream(messages, settings, parameters) as stream:
            async for event in stream:
                text = ""
                if isinstance(event, PartStartEvent) and isinstance(event.part, TextPart):
                    text = event.part.content
                elif isinstance(event, PartDeltaEvent) and isinstance(event.delta, TextPartDelta):
                    text = event.delta.content_delta
                if text and self._on_text is not None:
                    await self._on_text(text)
            return stream.get()

    def _worn_out(self, messages: Sequence[ModelMessage]) -> str:
        if self._asked >= self._requests:
            return f"it used up the {self._requests} requests of this turn"
        unusable = 0
        for message in messages:
            if not isinstance(message, ModelRequest):
                continue
            for part in message.parts:
                if isinstance(part, UserPromptPart):
                    unusable = 0 if _framed(part) else unusable
                elif _unusable(part):
                    unusable += 1
        return "its answers could not be used" if unusable >= UNUSABLE else ""


def _unusable(part: ModelRequestPart) -> bool:
    retried = isinstance(part, ToolReturnPart) and part.outcome == "retried"
    return retried or isinstance(part, RetryFeedbackPart)


def _framed(part: UserPromptPart) -> bool:
    return isinstance(part.content, str) and prompt.parse(part.content) is not None


def _in_words(error: Exception) -> str:
    match error:
        case ModelTimeoutError():
            return "it did not answer in time"
        case ModelAuthenticationError():
            return "it refused the key"
        case ModelQuotaExceededError():
            return "its quota is used up"
        case ModelRateLimitError():
            return "it is rate limited"
        case ModelNotFoundError():
            return "it does not know the model"
        case ModelHTTPError(status_code=status):
            return f"it answered with HTTP {status}"
        case ModelConnectionError() | OSError() | httpx2.HTTPError():
            return "it could not be reached or broke off"
        case UserError():
            return "it is not set up correctly"
        case _:
            return "its answer could not be read"


def masked_copy(value: Any, mask: Mask) -> Any:
    """A copy with every string masked; parts keep their classes, as providers map by class."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {key: masked_copy(inner, mask) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        walked = [masked_copy(inner, mask) for inner in value]
        return walked if isinstance(value, list) else tuple(walked)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        copied = copy.copy(value)
        for one in dataclasses.fields(value):
            if one.name in vars(value):
                masked = masked_copy(getattr(value, one.name), mask)
                # Some parts are frozen; the copy is ours alone until it is sent.
                object.__setattr__(copied, one.name, masked)
        return copied
    return value
