"""Following a conversation: what is sent, when, and that it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from assay.accounts.model import Principal
from assay.chats import store as chats_store
from assay.chats.events import ConversationChanged
from assay.kernel import clock
from assay.kernel.tasks import spawn
from assay.web.dashboard import live
from assay.web.dashboard.access import Place


@pytest.fixture
async def followed(site: Any) -> AsyncIterator[tuple[Any, str, AsyncIterator[str]]]:
    """A conversation whose answer is being produced, and the stream of its page."""
    project = site.projects["own"]
    async with site.assay.database.write() as session:
        page = await site.assay.chats.create_conversation(session, project, "hello")
    person = Principal(project.organisation_id, session_id="s")
    place = Place(person, project, (project,))
    stream = live.follow(site.app.state.services, place, page.conversation.id)
    yield site, page.conversation.id, stream
    await stream.aclose()  # type: ignore[attr-defined]


async def _write(site: Any, chat: str, text: str, *, done: bool = False) -> None:
    async with site.assay.database.write() as session:
        newest = (await chats_store.messages_of(session, chat, 1))[0]
        now = clock.now()
        await chats_store.change_message(
            session, newest.id, now, text=text, status="COMPLETED" if done else "PARTIAL"
        )
        if done:
            await chats_store.change_conversation(session, chat, now, active_turn_id=None)
        else:
            await chats_store.change_conversation(session, chat, now)
    site.assay.chats.feed.publish(ConversationChanged(chat))


async def test_first_everything_then_only_what_changed_then_the_end(
    followed: tuple[Any, str, AsyncIterator[str]],
) -> None:
    site, chat, stream = followed
    first = await anext(stream)
    assert first.startswith("event: update\n")
    assert 'id="thread"' in first
    assert 'id="stream"' not in first
    assert all(line.startswith(("event:", "data:")) or not line for line in first.split("\n"))
    await _write(site, chat, "exploring <b>")
    grown = await asyncio.wait_for(anext(stream), 2)
    assert 'id="message-2"' in grown
    assert "exploring &lt;b&gt;" in grown
    assert 'id="thread"' not in grown
    assert 'id="tests"' not in grown
    await _write(site, chat, "done", done=True)
    last = await asyncio.wait_for(anext(stream), 2)
    assert 'id="stream"' in last
    assert "sse-connect" not in last
    assert (await anext(stream)).startswith("event: done\n")
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_news_of_other_processes_are_found_by_looking_again(
    followed: tuple[Any, str, AsyncIterator[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    site, chat, stream = followed
    monkeypatch.setattr(live, "LOOK_AGAIN", 0.1)
    await anext(stream)
    monkeypatch.setattr(site.assay.chats.feed, "publish", lambda event: None)
    await _write(site, chat, "from elsewhere")
    for _ in range(20):
        if "from elsewhere" in await asyncio.wait_for(anext(stream), 2):
            return
    raise AssertionError("the change was not seen")


async def test_a_server_that_stops_lets_its_pages_go(
    followed: tuple[Any, str, AsyncIterator[str]],
) -> None:
    site, _, stream = followed
    await anext(stream)
    waiting = spawn(_rest(stream), name="page")
    await asyncio.sleep(0.5)
    site.assay.chats.feed.close()
    await asyncio.wait_for(waiting, 1)


async def _rest(stream: AsyncIterator[str]) -> None:
    async for _ in stream:
        pass
