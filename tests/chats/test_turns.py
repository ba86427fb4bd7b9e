"""Turns: order, polling, cancelling, fencing, failing, streaming, going on after a stop."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from assay.chats.model import Answer, MessageStatus, Outcome, Page, Role
from assay.chats.turns import Timing, TurnContext
from assay.jobs import Job
from assay.kernel.errors import AppError, Kind
from assay.kernel.progress import Stopped
from assay.kernel.tasks import spawn
from assay.storage import Database
from tests.chats.conftest import Room, finished, has_status, open_room


class Refused(AppError):
    """An expected failure, for these tests."""

    kind = Kind.UNAVAILABLE
    code = "test_refused"


def pairs(page: Page) -> list[tuple[str, str]]:
    """Questions with their answers, oldest first."""
    texts = [message.text for message in reversed(page.messages)]
    return list(zip(texts[::2], texts[1::2], strict=True))


async def test_answers_and_names_the_conversation(room: Room) -> None:
    async def script(turn: TurnContext) -> Answer:
        return Answer("done", Outcome(run_short_ids=("run_1",)), title="A title")

    room.assistant.script = script
    created = await room.create("hello")
    assert created.messages == ()
    assert created.conversation.title is None
    page = await room.settled(created.conversation.id)
    answer, question = page.messages
    assert (question.role, question.status, question.text) == (
        Role.USER,
        MessageStatus.COMPLETED,
        "hello",
    )
    assert (answer.status, answer.text, answer.is_streaming) == (
        MessageStatus.COMPLETED,
        "done",
        False,
    )
    assert answer.outcome == Outcome(run_short_ids=("run_1",))
    assert page.conversation.title == "A title"
    assert page.conversation.active_turn_id is None
    assert page.conversation.updated_at > created.conversation.updated_at
    assert (answer.created_at - question.created_at).total_seconds() >= 0.001


async def test_thirty_concurrent_appends_are_answered_in_order(room: Room) -> None:
    running = 0
    most = 0

    async def script(turn: TurnContext) -> Answer:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        return Answer(f"re: {turn.message.text}")

    room.assistant.script = script
    conversation = (await room.create("m")).conversation
    await asyncio.gather(*(room.append(conversation.id, f"m{i}") for i in range(30)))
    page = await room.settled(conversation.id)
    assert most == 1
    assert len(page.messages) == 62
    assert [m.seq for m in page.messages] == list(range(62, 0, -1))
    assert all(answer == f"re: {question}" for question, answer in pairs(page))
    assert room.assistant.seen == [question for question, _ in pairs(page)]
    created = [m.created_at for m in reversed(page.messages)]
    assert created == sorted(created)


async def test_conversations_run_side_by_side(room: Room) -> None:
    together = asyncio.Barrier(3)

    async def script(turn: TurnContext) -> Answer:
        await asyncio.wait_for(together.wait(), 60)
        return Answer("met")

    room.assistant.script = script
    pages = [await room.create(f"m{i}") for i in range(3)]
    for page in pages:
        settled = await room.settled(page.conversation.id)
        assert settled.messages[0].text == "met"


async def test_polling_never_takes_an_old_answer_for_a_new_one(room: Room) -> None:
    """Fifty appends, each followed at once by reads of only the newest assistant message."""
    conversation = (await room.create("m0")).conversation
    for number in range(1, 51):
        accepted = await room.append(conversation.id, f"m{number}")
        assert accepted.messages[0].status is MessageStatus.INITIATED
        for _ in range(3):
            newest = await room.newest(conversation.id)
            assert newest.role is Role.ASSISTANT
            if newest.status is MessageStatus.COMPLETED:
                assert newest.text == f"re: m{number}"
            else:
                assert newest.text == ""
    page = await room.settled(conversation.id)
    assert all(answer == f"re: {question}" for question, answer in pairs(page))


async def test_cancel_ends_the_running_turn_and_those_behind_it(room: Room) -> None:
    started = asyncio.Event()

    async def script(turn: TurnContext) -> Answer:
        await turn.say("working")
        started.set()
        await asyncio.sleep(600)
        return Answer("too late")

    room.assistant.script = script
    conversation = (await room.create("first")).conversation
    await room.append(conversation.id, "second")
    await asyncio.wait_for(started.wait(), 60)
    await room.cancel(conversation.id)
    page = await room.settled(conversation.id)
    statuses = [m.status for m in page.messages if m.role is Role.ASSISTANT]
    assert statuses == [MessageStatus.CANCELLED] * 2
    assert room.assistant.seen == ["first"]

    async def quick(turn: TurnContext) -> Answer:
        return Answer("again")

    room.assistant.script = quick
    await room.append(conversation.id, "third")
    after = await room.settled(conversation.id)
    assert after.messages[0].text == "again"
    # Nothing active: nothing changes.
    unchanged = await room.cancel(conversation.id)
    assert unchanged.conversation.updated_at == after.conversation.updated_at


async def test_cancel_before_the_work_began(database: Database) -> None:
    async with open_room(database, launch=False) as room:
        conversation = (await room.create("never run")).conversation
        page = await room.cancel(conversation.id)
        assert page.messages[0].status is MessageStatus.CANCELLED
        assert page.conversation.active_turn_id is None
        await room.jobs.launch()
        await asyncio.sleep(0.4)
        assert room.assistant.seen == []


async def test_an_expected_failure_is_told_as_it_is(room: Room) -> None:
    async def script(turn: TurnContext) -> Answer:
        raise Refused("The site cannot be reached: check the address.")

    room.assistant.script = script
    conversation = (await room.create("go")).conversation
    page = await room.settled(conversation.id)
    assert page.messages[0].status is MessageStatus.FAILED
    assert page.messages[0].text == "The site cannot be reached: check the address."


async def test_a_fault_is_told_with_a_reference_and_the_next_turn_runs(room: Room) -> None:
    async def script(turn: TurnContext) -> Answer:
        if turn.message.text == "bad":
            raise ZeroDivisionError("secret detail")
        return Answer("fine")

    room.assistant.script = script
    conversation = (await room.create("bad")).conversation
    await room.append(conversation.id, "good")
    page = await room.settled(conversation.id)
    assert page.messages[0].text == "fine"
    failed = page.messages[2]
    assert failed.status is MessageStatus.FAILED
    assert "reference" in failed.text
    assert "secret detail" not in failed.text


async def test_two_workers_on_one_turn_write_one_answer(database: Database) -> None:
    async with open_room(database, launch=False) as room:
        first_in, go_on = asyncio.Event(), asyncio.Event()
        stopped: list[str] = []

        async def script(turn: TurnContext) -> Answer:
            if turn.attempt > 1:
                return Answer("by the second")
            first_in.set()
            await go_on.wait()
            try:
                async with turn.write():
                    raise AssertionError("a fenced worker wrote")
            except Stopped as error:
                stopped.append(error.reason)
                raise

        room.assistant.script = script
        page = await room.create("who?")
        turn_id = page.conversation.active_turn_id
        assert turn_id is not None

        async def memo(key: str, work: object) -> object:
            raise AssertionError("unused")

        job = Job("chats.turn", turn_id, "w", memo)
        slow = spawn(room.turns.run(job), name="first worker")
        await asyncio.wait_for(first_in.wait(), 60)
        await room.turns.run(job)
        go_on.set()
        await asyncio.wait_for(slow, 60)
        answer = await room.newest(page.conversation.id)
        assert (answer.status, answer.text) == (MessageStatus.COMPLETED, "by the second")
        assert stopped in (["lease"], [])
        await room.turns.run(job)
        assert await room.newest(page.conversation.id) == answer


async def test_text_grows_at_least_once_and_at_most_twice_a_second(room: Room) -> None:
    async def script(turn: TurnContext) -> Answer:
        for number in range(30):
            await turn.say(f"explored {number} states")
            await asyncio.sleep(0.1)
        return Answer("all explored")

    room.assistant.script = script
    conversation = (await room.create("explore")).conversation
    growth: list[tuple[float, str]] = []
    while True:
        answer = await room.newest(conversation.id)
        if answer.status.finished:
            break
        if answer.status is MessageStatus.PARTIAL and (not growth or growth[-1][1] != answer.text):
            assert answer.is_streaming
            assert not growth or answer.text.startswith(growth[-1][1])
            growth.append((answer.updated_at.timestamp(), answer.text))
        await asyncio.sleep(0.02)
    gaps = [after[0] - before[0] for before, after in itertools.pairwise(growth)]
    # Half a second apart by design; a busy machine makes gaps longer, never shorter.
    assert len(growth) >= 2
    assert min(gaps) > 0.4


async def test_a_stop_releases_the_turn_and_the_next_start_finishes_it(
    database: Database,
) -> None:
    written = 0
    async with open_room(database) as room:

        async def first(turn: TurnContext) -> Answer:
            async def count(_session: object) -> int:
                nonlocal written
                written += 1
                return written

            assert await turn.once("count", count) == 1
            await turn.say("half way")
            await asyncio.sleep(600)
            return Answer("never")

        room.assistant.script = first
        conversation = (await room.create("long")).conversation
        await room.append(conversation.id, "next")
        await room.until(conversation.id, lambda p: p.messages[2].text == "half way")
    async with open_room(database) as room:

        async def second(turn: TurnContext) -> Answer:
            async def count(_session: object) -> int:
                raise AssertionError("ran twice")

            if turn.message.text == "long":
                assert await turn.once("count", count) == 1
                assert turn.attempt == 2
            return Answer(f"re: {turn.message.text}")

        room.assistant.script = second
        if not database.is_sqlite:
            await room.jobs.reap()
        page = await room.settled(conversation.id)
        assert [answer.split("\n")[0] for _, answer in pairs(page)] == ["re: long", "re: next"]
        assert "may have been repeated" in page.messages[2].text
        assert "may have been repeated" not in page.messages[0].text


async def test_the_sweeper_revives_a_turn_that_lost_its_job(database: Database) -> None:
    async with open_room(database, launch=False, timing=Timing(lease=0.0)) as room:
        conversation = (await room.create("lost")).conversation
        from_jobs = room.jobs

        async def no_job(name: str) -> set[str]:
            return set()

        assert await from_jobs.live("chats.turn") == {conversation.active_turn_id}
        from_jobs.live = no_job  # type: ignore[method-assign]
        await asyncio.sleep(0.01)
        await room.turns.sweep()
        await from_jobs.launch()
        page = await room.settled(conversation.id)
        assert page.messages[0].text == "re: lost"


@pytest.mark.parametrize("limit", [1, 3])
async def test_reading_gives_the_newest_first(room: Room, limit: int) -> None:
    conversation = (await room.create("a")).conversation
    await room.append(conversation.id, "b")
    page = await room.read(conversation.id, limit)
    assert [m.seq for m in page.messages] == [4, 3, 2, 1][:limit]
    await room.until(conversation.id, finished)
    assert has_status(MessageStatus.COMPLETED)(await room.read(conversation.id))
