"""From the messages of a turn to the next tool call or the closing text. Pure and deterministic."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponsePart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from assay.brain import prompt
from assay.brain.builtin import words
from assay.brain.intents import (
    Certify,
    CreateFromSteps,
    CreateTests,
    CreateVariation,
    Explore,
    Intent,
    LastRun,
    ListCredentials,
    ListTests,
    Run,
    ShowTest,
    Unknown,
    Which,
)
from assay.brain.understanding import understand


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call that a message leads to; ``leans`` on what an earlier call of the turn made."""

    tool: str
    args: Mapping[str, object]
    leans: bool = False


def decide(messages: Sequence[ModelMessage], tools: Collection[str]) -> list[ModelResponsePart]:
    """The next call of the plan that is not done yet, else the closing text.

    Calls that a language model made earlier in the turn count as done, so that the built-in brain
    can take over in the middle. A result with ``stop`` ends the turn: it holds a question back.
    """
    asked, done = _this_turn(messages)
    parsed = prompt.parse(asked)
    intents = understand(*parsed) if parsed else understand(asked)
    left = list(done)
    made_nothing = False
    for number, call in enumerate(plan(intents), start=1):
        if call.tool not in tools or (call.leans and made_nothing):
            continue
        returned = next((one for one in left if one.tool_name == call.tool), None)
        if returned is None:
            return [ToolCallPart(call.tool, dict(call.args), tool_call_id=f"builtin-{number}")]
        left.remove(returned)
        told = returned.content if isinstance(returned.content, Mapping) else {}
        if told.get("stop") is True:
            return [TextPart(words.DONE)]
        if call.tool.startswith("create_"):
            made_nothing = told.get("ok") is False
    return [TextPart(words.say(intents))]


def plan(intents: Sequence[Intent]) -> list[Call]:
    """The tool calls for what a message asks, in order."""
    calls = [call for intent in intents if (call := _call(intent)) is not None]
    created = any(call.tool.startswith("create_") for call in calls)
    return [
        Call(call.tool, call.args, leans=created and call.args.get("which") == Which.RECENT.value)
        for call in calls
    ]


def _call(intent: Intent) -> Call | None:
    match intent:
        case CreateTests():
            return Call(
                "create_tests",
                {
                    "features": list(intent.features),
                    "count": intent.count,
                    "hints": intent.hints,
                    "negative": intent.negative,
                    "name": intent.name,
                },
            )
        case CreateFromSteps():
            return Call("create_test_from_steps", {"name": intent.name, "text": intent.text})
        case CreateVariation():
            return Call("create_variation", {"description": intent.description})
        case Run():
            return Call("run_tests", {"which": intent.which.value, "names": list(intent.names)})
        case Certify():
            return Call("certify_tests", {"which": intent.which.value, "names": list(intent.names)})
        case Explore():
            return Call("explore", {"focus": intent.focus, "suggest": intent.suggest})
        case ListTests():
            return Call("list_tests", {})
        case ShowTest():
            return Call("show_test", {"name": intent.name})
        case LastRun():
            return Call("last_run", {"focus": intent.focus})
        case ListCredentials():
            return Call("list_credentials", {})
        case _:
            return None


def _this_turn(messages: Sequence[ModelMessage]) -> tuple[str, list[ToolReturnPart]]:
    """The user's newest message, and the tool results that came after it."""
    asked, done = "", list[ToolReturnPart]()
    for message in messages:
        if not isinstance(message, ModelRequest):
            continue
        for part in message.parts:
            if isinstance(part, UserPromptPart) and isinstance(part.content, str):
                framed = prompt.parse(part.content) is not None
                # The framework adds prompts of its own, such as feedback on an unusable response.
                if framed or prompt.parse(asked) is None:
                    asked, done = part.content, []
            elif isinstance(part, ToolReturnPart) and part.outcome != "retried":
                done.append(part)
    return asked, done


def understood(intents: Sequence[Intent]) -> bool:
    """Whether anything of a message was understood."""
    return any(not isinstance(intent, Unknown) for intent in intents)
