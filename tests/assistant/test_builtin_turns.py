"""Turns with the built-in brain, through the real agent loop, with a scripted engine."""

from __future__ import annotations

import subprocess
import sys

import pytest

from assay.cases.model import Verdict
from assay.chats.assistant.assistant import ChatAssistant
from assay.chats.assistant.engine import (
    Engine,
    Explored,
    Known,
    Note,
    NoteKind,
    TestsRun,
    TestsWritten,
)
from assay.chats.context import TurnContext
from assay.chats.model import Answer, Outcome, Role
from assay.chats.turns import Assistant
from assay.kernel.errors import AppError, Kind
from assay.kernel.progress import Stopped
from tests.assistant.doubles import (
    MemoryTurn,
    NoReviews,
    ScriptedEngine,
    Wanted,
    drafted,
    failed,
    message,
    passed,
    proven,
)


class SiteDown(AppError):
    kind = Kind.UNAVAILABLE
    code = "test_site_down"


class Broken(AppError):
    kind = Kind.INTERNAL
    code = "test_broken"


def assistant(engine: Engine) -> ChatAssistant[MemoryTurn, Engine]:
    async def engine_for(turn: MemoryTurn) -> Engine:
        return engine

    return ChatAssistant(Wanted(), engine_for, NoReviews())


async def answered(engine: ScriptedEngine, text: str, **more: object) -> Answer:
    return await assistant(engine).answer(MemoryTurn(text, **more))  # type: ignore[arg-type]


def test_it_is_an_assistant_of_the_turns() -> None:
    async def engine_for(turn: TurnContext) -> Engine:
        return ScriptedEngine()

    kept: Assistant = ChatAssistant[TurnContext, Engine](Wanted(), engine_for, NoReviews())
    assert kept is not None


async def test_tests_are_created_then_run() -> None:
    engine = ScriptedEngine()
    turn = MemoryTurn("Create tests for login and checkout, then run them")
    answer = await assistant(engine).answer(turn)
    assert engine.calls == [
        ("create_tests", (["login", "checkout"], None, "", False, None)),
        ("run_tests", ("recent", [])),
    ]
    assert answer.text.startswith("**Passed**: 2 tests written, all proven; 1 of 1 test passed.")
    assert "3 of 3 replays green; went red under 4 of 4 changes to the page." in answer.text
    assert "1. Open /login" in answer.text
    assert answer.outcome == Outcome(Verdict.PASSED, ("id-login", "id-checkout"), ("run_abcdef",))
    assert answer.title == "Tests for login and checkout"
    assert turn.lines == ["Writing tests for login and checkout.", "Running recent tests."]


async def test_pasted_steps_reach_the_engine_as_they_were_written() -> None:
    text = (
        'Create a test "add user". Preconditions: admin. Steps: Users > Add, fill <name>, Save. '
        "Expected: Success message"
    )
    engine = ScriptedEngine()
    answer = await answered(engine, text)
    assert engine.calls == [("create_test_from_steps", ("add user", text))]
    assert answer.title == "Test “add user”"


async def test_a_draft_says_what_is_not_checked_and_what_was_not_found() -> None:
    unchecked = drafted("a", unchecked=("no user made",))
    lost = drafted("b", problem="Step 3: no “Save” on the page", candidates=("Save and exit",))
    engine = ScriptedEngine(TestsWritten((unchecked, lost, proven("c"))))
    answer = await answered(engine, "create tests for users")
    assert answer.outcome.verdict is Verdict.COULD_NOT_VERIFY
    first, _, rest = answer.text.partition("\n")
    assert first == "**Could not verify**: 3 tests written, 1 proven, 2 drafts."
    assert "Expected but not checked: “no user made”" in rest
    assert "Step 3: no “Save” on the page." in rest
    assert "Closest on the page: “Save and exit”" in rest


async def test_a_run_tells_every_verdict_and_the_worst_one_first() -> None:
    run = TestsRun(
        "all", (passed("login"), failed("checkout")), ("run_1",), "Staging", "/p/x/runs/1"
    )
    answer = await answered(ScriptedEngine(run=run), "run all tests")
    assert answer.text.startswith("**Failed**: 1 of 2 tests passed, 1 failed.")
    assert "| checkout | failed | Step 4: the total was 9.99 instead of 10.00. |" in answer.text
    assert answer.text.index("| checkout") < answer.text.index("| login")
    assert answer.outcome == Outcome(Verdict.FAILED, ("id-login", "id-checkout"), ("run_1",))


async def test_a_run_of_nothing_is_not_green() -> None:
    answer = await answered(ScriptedEngine(run=TestsRun("all")), "run all tests")
    assert answer.outcome.verdict is Verdict.COULD_NOT_VERIFY
    assert "There are no enabled tests to run." in answer.text


async def test_what_was_not_created_is_not_run() -> None:
    engine = ScriptedEngine(TestsWritten(missing=("No login form was found",)))
    answer = await answered(engine, "create a login test and run it")
    assert [name for name, _ in engine.calls] == ["create_tests"]
    assert "No login form was found." in answer.text
    assert answer.outcome.verdict is Verdict.COULD_NOT_VERIFY


async def test_a_question_back_ends_the_turn() -> None:
    engine = ScriptedEngine(TestsWritten(question="Which application: Shop or Blog?"))
    answer = await answered(engine, "create tests for login, then run all tests")
    assert [name for name, _ in engine.calls] == ["create_tests"]
    assert "Which application: Shop or Blog?" in answer.text


async def test_a_follow_up_works_from_the_conversation() -> None:
    engine = ScriptedEngine(context=Known(recent=("login",), tests=("login",)))
    answer = await answered(engine, "also test a wrong password, then run it", title="Tests")
    assert engine.calls == [
        ("create_variation", "a wrong password"),
        ("run_tests", ("recent", [])),
    ]
    assert answer.title is None


async def test_a_follow_up_may_lean_on_earlier_messages_alone() -> None:
    past = [message(Role.USER, "Create tests for login"), message(Role.ASSISTANT, "Done")]
    engine = ScriptedEngine()
    await answered(engine, "also with an empty name", past=past)
    assert engine.calls == [("create_variation", "with an empty name")]


@pytest.mark.parametrize(
    ("text", "call", "part"),
    [
        (
            "explore the site",
            ("explore", ("", False)),
            "Explored **Shop**: 12 pages and 30 actions.",
        ),
        ("what should I test?", ("explore", ("", True)), "“Create tests for login”"),
        ("list my tests", ("list_tests", ()), "| login | enabled | passed |"),
        ('show "login"', ("show_test", "login"), "**login** (proven)"),
        ("what happened in the last run?", ("last_run", ""), "Last run (today): **Failed**"),
        ("which credentials do you have?", ("list_credentials", ()), "- buyer (buyer@example.com)"),
    ],
)
async def test_questions_are_answered_from_results(
    text: str, call: tuple[str, object], part: str
) -> None:
    engine = ScriptedEngine()
    answer = await answered(engine, text)
    assert engine.calls == [call]
    assert part in answer.text
    assert answer.outcome.verdict is None


async def test_flakiness_is_told_with_a_verdict() -> None:
    engine = ScriptedEngine()
    answer = await answered(engine, "how stable are my tests?")
    assert engine.calls == [("certify_tests", ("all", []))]
    assert answer.text.startswith("**Passed**: 1 of 1 test stable under disturbance.")
    assert "**[login](http://a/login)** (stable): 10 of 10 replays passed." in answer.text
    assert "Not replayed, since only enabled tests are: “search”." in answer.text
    assert answer.outcome.verdict is Verdict.PASSED
    answer = await answered(ScriptedEngine(), 'is the test "shaky" flaky?')
    assert "**pay** (not stable): 9 of 10." in answer.text
    assert answer.outcome.verdict is Verdict.FAILED
    assert answer.outcome.run_short_ids == ("run_abcdef",)


@pytest.mark.parametrize(
    "text", ["help", "tell me a joke", "delete all tests", "Erstelle Tests bitte für"]
)
async def test_nothing_is_done_for_what_needs_no_tool(text: str) -> None:
    engine = ScriptedEngine()
    answer = await answered(engine, text)
    assert engine.calls == []
    assert "Create tests" in answer.text
    assert answer.outcome == Outcome()


async def test_notes_are_said_once_each() -> None:
    notes = (Note(NoteKind.CAPTCHA, "The login page shows a CAPTCHA"),) * 2
    engine = ScriptedEngine(
        TestsWritten((proven("a"),), notes=notes), context=Known(stored=("bob",))
    )
    answer = await answered(engine, "Create tests for login, log in with config “bob”")
    assert answer.text.count("CAPTCHA") == 1
    assert "stored, encrypted, as config “bob”." in answer.text


async def test_an_expected_failure_of_the_engine_is_an_answer_not_a_broken_turn() -> None:
    engine = ScriptedEngine(error=SiteDown("http://127.0.0.1:1/ does not answer"))
    answer = await answered(engine, "create tests for login, then run them")
    assert "That could not be done: http://127.0.0.1:1/ does not answer." in answer.text
    assert answer.outcome.verdict is Verdict.COULD_NOT_VERIFY
    assert len(engine.calls) == 1


@pytest.mark.parametrize("error", [Stopped("cancelled"), Broken("no disk"), RuntimeError("bug")])
async def test_what_must_end_the_turn_passes_through(error: Exception) -> None:
    engine = ScriptedEngine(error=error)
    with pytest.raises(type(error)):
        await answered(engine, "create tests for login")


async def test_a_turn_that_starts_again_repeats_no_finished_call() -> None:
    notes: dict[str, object] = {}
    first, second = ScriptedEngine(), ScriptedEngine()
    text = "create tests for login, then run them"
    one = await assistant(first).answer(MemoryTurn(text, notes=notes))
    again = await assistant(second).answer(MemoryTurn(text, notes=notes))
    assert second.calls == []
    assert again == one


async def test_names_from_a_page_cannot_break_the_answer() -> None:
    evil = proven("a | b](http://x) <script>", steps=("Press `x` *now*\n# big",))
    explored = Explored(states=1, findings=("<img src=x>",))
    engine = ScriptedEngine(TestsWritten((evil,)), explored=explored)
    answer = await answered(engine, "create tests for login")
    assert "<script>" not in answer.text
    assert "\n# big" not in answer.text


def test_importing_the_assistant_loads_no_model_library() -> None:
    code = "import sys, assay.chats.assistant.assistant; print('pydantic_ai' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
