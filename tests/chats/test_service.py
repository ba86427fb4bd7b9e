"""Accepting and reading: one transaction, order, overrides, change reviews, no secret stored."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assay.chats.credentials import CredentialKeeper
from assay.chats.errors import (
    ConversationNotFound,
    LimitInvalid,
    MessageEmpty,
    OverridesMissing,
)
from assay.chats.model import ConversationKind, MessageStatus, ReviewRequest, Role
from assay.chats.tables import conversations, messages, turns
from assay.jobs import JobsNotRunning
from assay.kernel.ids import with_slug
from assay.projects.configs import open_credentials
from assay.projects.model import ApplicationOverride, EnvironmentOverride
from assay.projects.service import create_application
from assay.storage import Database, SecretBox
from tests.chats.conftest import Room, open_room

PASSWORD = "hunter2-Tr0ub4dor"


@pytest.fixture
async def idle(database: Database) -> AsyncIterator[Room]:
    """A room that accepts but does not work."""
    async with open_room(database, launch=False) as opened:
        yield opened


async def count(room: Room) -> list[int]:
    """How many conversations, messages and turns there are."""
    async with room.database.read() as session:
        return [
            await session.scalar(select(func.count()).select_from(table))
            for table in (conversations, messages, turns)
        ]


async def test_accepting_is_all_or_nothing(idle: Room) -> None:
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - it must leave the session
        async with idle.database.write() as session:
            await idle.chats.create_conversation(session, idle.project, "lost")
            raise ZeroDivisionError
    assert await count(idle) == [0, 0, 0]
    assert await idle.jobs.live("chats.turn") == set()
    page = await idle.create("kept")
    assert await count(idle) == [1, 2, 1]
    assert await idle.jobs.live("chats.turn") == {page.conversation.active_turn_id}


async def test_only_the_first_of_a_conversation_is_enqueued(idle: Room) -> None:
    page = await idle.create("a")
    appended = await idle.append(page.conversation.id, "b")
    assert await idle.jobs.live("chats.turn") == {page.conversation.active_turn_id}
    newest, asked = appended.messages[:2]
    assert (newest.role, newest.status, newest.text) == (
        Role.ASSISTANT,
        MessageStatus.INITIATED,
        "",
    )
    assert (asked.role, asked.text) == (Role.USER, "b")
    assert [m.seq for m in appended.messages] == [4, 3, 2, 1]
    times = [m.created_at for m in reversed(appended.messages)]
    assert all((b - a).total_seconds() >= 0.001 for a, b in itertools.pairwise(times))


async def test_an_append_shows_the_newest_twenty(idle: Room) -> None:
    conversation = (await idle.create("0")).conversation
    for number in range(1, 12):
        page = await idle.append(conversation.id, str(number))
    assert [m.seq for m in page.messages] == list(range(24, 4, -1))
    assert len((await idle.read(conversation.id, 500)).messages) == 24


async def test_refusals(idle: Room) -> None:
    with pytest.raises(MessageEmpty):
        await idle.create("  \n")
    with pytest.raises(ConversationNotFound):
        await idle.append("nobody", "x")
    page = await idle.create("x")
    with pytest.raises(LimitInvalid):
        await idle.read(page.conversation.id, 0)
    async with idle.database.read() as session:
        with pytest.raises(ConversationNotFound):
            await idle.chats.find(session, "chat_000000000000")
        slugged = with_slug(page.conversation.short_id, "my-talk")
        assert (await idle.chats.find(session, slugged)).id == page.conversation.id
    with pytest.raises(OverridesMissing):
        async with idle.database.write() as write:
            await idle.chats.create_change_review(
                write, idle.project, ReviewRequest("pr", pr_url="u"), overrides=()
            )


async def test_nothing_is_accepted_without_a_prepared_runner(database: Database) -> None:
    async with open_room(database, launch=False) as room:
        await room.jobs.close()
        with pytest.raises(JobsNotRunning):
            await room.create("x")
        assert await count(room) == [0, 0, 0]


async def test_overrides_hold_from_their_message_on(idle: Room) -> None:
    async with idle.database.write() as session:
        application, _ = await create_application(
            session, idle.project, name="Shop", url="http://127.0.0.1:1/"
        )
        override = ApplicationOverride(
            application.short_id, EnvironmentOverride(url="http://127.0.0.1:2/")
        )
        first = await idle.chats.create_conversation(session, idle.project, "a")
        second = await idle.chats.append(session, first.conversation.id, "b", overrides=[override])
        third = await idle.chats.append(session, first.conversation.id, "c")
        again = await idle.chats.append(session, first.conversation.id, "d", overrides=[override])
        chosen = (await session.execute(select(turns.c.choices).order_by(turns.c.seq))).scalars()
        stored = [[each["environment_id"] for each in one] for one in chosen]
    assert first.conversation.choices == ()
    environment = second.conversation.choices[0].environment_id
    assert third.conversation.choices == second.conversation.choices == again.conversation.choices
    assert stored == [[], [environment], [environment], [environment]]


async def test_a_change_review_states_its_request(idle: Room) -> None:
    async with idle.database.write() as session:
        application, _ = await create_application(
            session, idle.project, name="Shop", url="http://127.0.0.1:1/"
        )
        override = ApplicationOverride(
            application.short_id, EnvironmentOverride(url="http://127.0.0.1:2/")
        )
        asked = ReviewRequest(
            "rawChanges", description="New total", diff="--- a\n+++ b\n", context="only carts"
        )
        page = await idle.chats.create_change_review(
            session, idle.project, asked, overrides=[override]
        )
    assert page.messages == ()
    read = await idle.read(page.conversation.id)
    assert read.conversation.kind is ConversationKind.CHANGE_REVIEW
    assert read.conversation.review_request == asked
    assert read.conversation.review is None
    text = read.messages[1].text
    assert "New total" in text
    assert "only carts" in text
    assert "2 lines" in text


async def test_lists_the_last_changed_first_by_pages(idle: Room) -> None:
    made = [(await idle.create(str(n))).conversation for n in range(5)]
    await idle.append(made[0].id, "again")
    async with idle.database.read() as session:
        first = await idle.chats.list_conversations(session, idle.project.id, limit=3)
        last = first[-1]
        rest = await idle.chats.list_conversations(
            session, idle.project.id, limit=3, before=(last.updated_at, last.id)
        )
    listed = [c.id for c in (*first, *rest)]
    assert listed[0] == made[0].id
    assert sorted(listed) == sorted(c.id for c in made)


async def test_credentials_become_a_config_before_anything_is_stored(
    database: Database, box: SecretBox, tmp_path: Path
) -> None:
    said = f"Create a login test, log in with user clerk and password {PASSWORD}"
    async with open_room(database, launch=False, clean=CredentialKeeper(box)) as room:
        page = await room.create(said)
        await room.append(page.conversation.id, said)
        async with database.read() as session:
            kept = await open_credentials(session, box, room.project.id, None)
        assert [(c.username, c.password) for c in kept] == [("clerk", PASSWORD)]
        texts = [m.text for m in (await room.read(page.conversation.id)).messages if m.text]
        assert len(texts) == 2
        assert all(kept[0].name in text and PASSWORD not in text for text in texts)
        diff = f"+    sign_in('clerk', '{PASSWORD}')"
        async with database.write() as session:
            application, _ = await create_application(
                session, room.project, name="Shop", url="http://127.0.0.1:1/"
            )
            review = await room.chats.create_change_review(
                session,
                room.project,
                ReviewRequest("rawChanges", description="Sign in", diff=diff),
                overrides=[
                    ApplicationOverride(
                        application.short_id, EnvironmentOverride(url="http://127.0.0.1:2/")
                    )
                ],
            )
        asked = review.conversation.review_request
        assert asked is not None
        assert "sign_in('clerk', " in (asked.diff or "")
    if database.is_sqlite:
        files = [f.read_bytes() for f in tmp_path.glob("assay.db*")]  # noqa: ASYNC240
        assert files
        assert not any(PASSWORD.encode() in content for content in files)
