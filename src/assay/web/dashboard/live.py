"""Following a conversation: the parts of its page, sent when they change and while work goes on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from assay.web.context import Services
from assay.web.dashboard.access import Place
from assay.web.dashboard.rendering import render
from assay.web.dashboard.thread import Parts, parts_of

LOOK_AGAIN = 3.0
AT_MOST_EVERY = 0.3
# The page connects again by itself, which also asks again who is there.
LONGEST = 600.0


def pieces(parts: Parts) -> dict[str, str]:
    """The parts as HTML, each with the id that it replaces on the page."""
    return {
        "heading": str(render(parts.heading)),
        "thread": str(render(parts.thread)),
        "tests": str(render(parts.tests)),
        "review": str(render(parts.review)),
        "controls": str(render(parts.controls)),
        "stream": str(render(parts.stream)),
    }


class _Sent:
    """What one page has been sent so far; gives only what is new to it."""

    def __init__(self) -> None:
        self._order: tuple[str, ...] = ()
        self._known: dict[str, str] = {}

    def news(self, parts: Parts) -> list[str]:
        """The HTML to send. A growing message is sent alone, so that the rest stays untouched."""
        messages = {one.dom_id: str(render(one)) for one in parts.thread.messages}
        now = pieces(parts)
        # The stream is the connection itself: it is replaced only when the work has ended.
        stream = now.pop("stream")
        thread = now.pop("thread")
        found = [html for name, html in now.items() if self._known.get(name) != html]
        if tuple(messages) != self._order:
            found.append(thread)
        else:
            found.extend(html for name, html in messages.items() if self._known.get(name) != html)
        self._order = tuple(messages)
        self._known = {**now, **messages}
        return found if parts.busy else [*found, stream]


async def follow(served: Services, place: Place, conversation_id: str) -> AsyncIterator[str]:
    """Server-sent events until nothing is under way any more, or the page has gone."""
    sent = _Sent()
    end = asyncio.get_running_loop().time() + LONGEST
    async with served.chats.feed.watch(conversation_id) as changed:
        while asyncio.get_running_loop().time() < end and not served.chats.feed.closed:
            changed.clear()
            async with served.database.read() as session:
                parts = await parts_of(session, served, place, conversation_id)
            found = sent.news(parts)
            yield _event("update", "\n".join(found)) if found else ": still here\n\n"
            if not parts.busy:
                yield _event("done", "")
                return
            await asyncio.sleep(AT_MOST_EVERY)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), LOOK_AGAIN)


def _event(name: str, html: str) -> str:
    lines = "\n".join(f"data: {line}" for line in html.splitlines() or [""])
    return f"event: {name}\n{lines}\n\n"
