"""News of the chats room, and the feed that carries it within one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """A conversation or one of its messages changed; readers fetch what they need."""

    conversation_id: str


class Feed:
    """Wakes those who watch a conversation in this process.

    Other processes do not hear it, so a watcher also looks again after a while; a slow watcher
    gets one wake-up for many changes, never a queue that grows.
    """

    def __init__(self) -> None:
        self._watchers: dict[str, set[asyncio.Event]] = {}
        self.closed = False

    def close(self) -> None:
        """Wake every watcher for the last time: the process is about to end."""
        self.closed = True
        for watchers in self._watchers.values():
            for watcher in watchers:
                watcher.set()

    def publish(self, event: ConversationChanged) -> None:
        """Wake the watchers of this conversation."""
        for watcher in self._watchers.get(event.conversation_id, ()):
            watcher.set()

    @asynccontextmanager
    async def watch(self, conversation_id: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set at each change; the watcher clears it before reading."""
        event = asyncio.Event()
        watchers = self._watchers.setdefault(conversation_id, set())
        watchers.add(event)
        try:
            yield event
        finally:
            watchers.discard(event)
            if not watchers:
                self._watchers.pop(conversation_id, None)
