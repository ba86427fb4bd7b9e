"""The tools of the assistant, the same for both brains. Importing this loads pydantic-ai."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from pydantic import TypeAdapter
from pydantic_ai import FunctionToolset, RunContext

from assay.brain.untrusted import mark
from assay.chats.assistant.engine import (
    Engine,
    Explored,
    LastRunTold,
    ListedCredentials,
    ListedTests,
    Refused,
    Result,
    ShownTest,
    TestsCertified,
    TestsRun,
    TestsWritten,
)
from assay.chats.assistant.said import Json, TurnMemory
from assay.kernel.errors import AppError, Kind

Made = TypeVar("Made", bound=Result)


@dataclass
class Deps:
    """What the tools of one turn share; ``results`` is what the answer is made of."""

    engine: Engine
    turn: TurnMemory
    results: list[Result] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


Ctx = RunContext[Deps]


async def _remembered(
    deps: Deps,
    tool: str,
    args: dict[str, Json],
    kind: type[Made],
    work: Callable[[], Awaitable[Made]],
) -> dict[str, Json]:
    """Do the work of one call once per turn, keep its typed result, and tell the model of it."""
    given = json.dumps(args, sort_keys=True, ensure_ascii=False)
    key = f"{tool}:{hashlib.sha256(given.encode()).hexdigest()[:16]}"
    deps.counts[key] = deps.counts.get(key, 0) + 1
    try:
        result = await remember(deps.turn, f"{key}:{deps.counts[key]}", kind, work)
    except AppError as error:
        if error.kind is Kind.INTERNAL:
            raise
        deps.results.append(Refused(tool, error.message))
        return {"ok": False, "stop": True, "error": mark(error.message)}
    deps.results.append(result)
    return _for_model(result, TypeAdapter(kind).dump_python(result, mode="json"))


async def remember(
    turn: TurnMemory, key: str, kind: type[Made], work: Callable[[], Awaitable[Made]]
) -> Made:
    """The result of ``work``, from this or an earlier attempt at the turn."""
    adapter = TypeAdapter(kind)

    async def made() -> Json:
        return adapter.dump_python(await work(), mode="json")

    return adapter.validate_python(await turn.journal(key, made))


def _for_model(result: Result, told: Json) -> dict[str, Json]:
    question = getattr(result, "question", "")
    answer: dict[str, Json] = {"ok": _went_well(result), "stop": bool(question)}
    if question:
        answer["question_for_the_user"] = question
    # Names, titles and reasons quote the tested page, so all of it is marked as data.
    answer["details"] = mark(json.dumps(_filled(told), ensure_ascii=False))
    return answer


def _filled(value: Json) -> Json:
    """Without empty fields, which only cost tokens."""
    if isinstance(value, dict):
        return {k: _filled(v) for k, v in value.items() if v not in (None, "", [], {})}
    return [_filled(item) for item in value] if isinstance(value, list) else value


def _went_well(result: Result) -> bool:
    match result:
        case TestsWritten(tests=tests) | TestsRun(tests=tests) | TestsCertified(tests=tests):
            return bool(tests)
        case ShownTest(test=None) | LastRunTold(run=None) | Refused():
            return False
        case _:
            return True


async def explore(ctx: Ctx, focus: str = "", suggest: bool = False) -> dict[str, Json]:
    """Look around the application in a browser: its pages, forms and problems.

    Args:
        focus: A part of the application to look at; empty for all of it.
        suggest: Whether to propose what to test.
    """
    deps = ctx.deps
    await deps.turn.say("Exploring the application.")
    args = {"focus": focus, "suggest": suggest}
    return await _remembered(
        deps, "explore", args, Explored, lambda: deps.engine.explore(focus, suggest=suggest)
    )


async def create_tests(
    ctx: Ctx,
    features: list[str],
    count: int | None = None,
    hints: str = "",
    negative: bool = False,
    name: str | None = None,
) -> dict[str, Json]:
    """Write, prove and store tests for features of the application.

    Args:
        features: Features in plain words, such as "login"; empty for those that matter most.
        count: How many tests; leave out for as many as are useful.
        hints: Words that narrow the features, such as "with an empty cart".
        negative: Whether only tests of errors are wanted.
        name: The name that the user gave the test, if any.
    """
    deps = ctx.deps
    about = " and ".join(features) or "the features that matter most"
    await deps.turn.say(f"Writing tests for {about}.")
    args = {
        "features": features,
        "count": count,
        "hints": hints,
        "negative": negative,
        "name": name,
    }
    return await _remembered(
        deps,
        "create_tests",
        args,
        TestsWritten,
        lambda: deps.engine.create_tests(
            features, count=count, hints=hints, negative=negative, name=name
        ),
    )


async def create_test_from_steps(ctx: Ctx, text: str, name: str | None = None) -> dict[str, Json]:
    """Write, prove and store one test from a manual test case.

    Args:
        text: The whole test case as the user wrote it: preconditions, steps, expected result.
        name: The name that the user gave the test, if any.
    """
    deps = ctx.deps
    await deps.turn.say(
        f"Writing the test “{name}”." if name else "Writing a test from your steps."
    )
    return await _remembered(
        deps,
        "create_test_from_steps",
        {"name": name, "text": text},
        TestsWritten,
        lambda: deps.engine.create_test_from_steps(name, text),
    )


async def create_variation(ctx: Ctx, description: str) -> dict[str, Json]:
    """Write one more test like the newest one of this conversation, differing as described.

    Args:
        description: What is different, such as "a wrong password".
    """
    deps = ctx.deps
    await deps.turn.say(f"Writing a variation: {description}.")
    return await _remembered(
        deps,
        "create_variation",
        {"description": description},
        TestsWritten,
        lambda: deps.engine.create_variation(description),
    )


async def run_tests(
    ctx: Ctx,
    which: Literal["all", "failed", "named", "recent"] = "recent",
    names: list[str] | None = None,
) -> dict[str, Json]:
    """Run stored tests in the browser and report a verdict for each.

    Args:
        which: all; failed: those whose last run failed; named: those in names; recent: those that
            this conversation created or ran last.
        names: Names or ids, for named.
    """
    deps = ctx.deps
    wanted = list(names or [])
    await deps.turn.say(f"Running {', '.join(wanted) if wanted else which + ' tests'}.")
    return await _remembered(
        deps,
        "run_tests",
        {"which": which, "names": wanted},
        TestsRun,
        lambda: deps.engine.run_tests(which, wanted),
    )


async def certify_tests(
    ctx: Ctx,
    which: Literal["all", "failed", "named", "recent"] = "recent",
    names: list[str] | None = None,
) -> dict[str, Json]:
    """Tell whether stored tests are flaky: replay them ten times each while the browser is
    disturbed (slow processor, late answers and the like). Takes about a minute a test.

    Args:
        which: all; failed: those whose last run failed; named: those in names; recent: those that
            this conversation created or ran last.
        names: Names or ids, for named.
    """
    deps = ctx.deps
    wanted = list(names or [])
    return await _remembered(
        deps,
        "certify_tests",
        {"which": which, "names": wanted},
        TestsCertified,
        lambda: deps.engine.certify_tests(which, wanted),
    )


async def list_tests(ctx: Ctx) -> dict[str, Json]:
    """The tests that are stored for the application."""
    deps = ctx.deps
    return await _remembered(deps, "list_tests", {}, ListedTests, deps.engine.list_tests)


async def show_test(ctx: Ctx, name: str) -> dict[str, Json]:
    """One stored test with its steps and proof.

    Args:
        name: Its name or id, or words close to it.
    """
    deps = ctx.deps
    return await _remembered(
        deps, "show_test", {"name": name}, ShownTest, lambda: deps.engine.show_test(name)
    )


async def last_run(ctx: Ctx, focus: str = "") -> dict[str, Json]:
    """What happened in the newest run.

    Args:
        focus: One test to report on; empty for all.
    """
    deps = ctx.deps
    return await _remembered(
        deps, "last_run", {"focus": focus}, LastRunTold, lambda: deps.engine.last_run(focus)
    )


async def list_credentials(ctx: Ctx) -> dict[str, Json]:
    """The names of the stored credentials. Their values can never be read."""
    deps = ctx.deps
    return await _remembered(
        deps, "list_credentials", {}, ListedCredentials, deps.engine.list_credentials
    )


def toolset() -> FunctionToolset[Deps]:
    """All tools, one call at a time: they share one browser and one conversation."""
    return FunctionToolset(
        [
            explore,
            create_tests,
            create_test_from_steps,
            create_variation,
            run_tests,
            certify_tests,
            list_tests,
            show_test,
            last_run,
            list_credentials,
        ],
        sequential=True,
        id="assay",
    )
