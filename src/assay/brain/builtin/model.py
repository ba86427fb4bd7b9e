"""The built-in brain as a pydantic-ai model, streaming included."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic_ai import RunContext
from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    ModelResponseStreamEvent,
    TextPart,
    ToolCallPart,
)
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RequestUsage

from assay.brain.builtin.policy import decide

NAME = "builtin"


class BuiltinModel(Model[None]):
    """Rules instead of a language model: same messages in, same tool calls out, every time."""

    _announces_lookalike_notes = False

    @property
    def model_name(self) -> str:
        return NAME

    @property
    def system(self) -> str:
        return "assay"

    @property
    def provider(self) -> None:
        return None

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        tools = [tool.name for tool in model_request_parameters.function_tools]
        return ModelResponse(parts=decide(messages, tools), model_name=NAME, usage=RequestUsage())

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


@dataclass
class Replayed(StreamedResponse):
    """A finished response handed out as a stream, text line by line."""

    response: ModelResponse
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def _get_event_iterator(self) -> AsyncIterator[ModelResponseStreamEvent]:
        self._usage = self.response.usage
        for number, part in enumerate(self.response.parts):
            if isinstance(part, TextPart):
                for line in part.content.splitlines(keepends=True):
                    for event in self._parts_manager.handle_text_delta(
                        vendor_part_id=number, content=line
                    ):
                        yield event
            elif isinstance(part, ToolCallPart):
                yield self._parts_manager.handle_tool_call_part(
                    vendor_part_id=number,
                    tool_name=part.tool_name,
                    args=part.args_as_dict(),
                    tool_call_id=part.tool_call_id,
                )

    async def close_stream(self) -> None:
        return None

    @property
    def model_name(self) -> str:
        return self.response.model_name or NAME

    @property
    def provider_name(self) -> str | None:
        return self.response.provider_name

    @property
    def provider_url(self) -> str | None:
        return self.response.provider_url

    @property
    def timestamp(self) -> datetime:
        return self.started
