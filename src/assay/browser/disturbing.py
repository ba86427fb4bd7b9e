"""Disturbing a session from its seed: a slow processor, late and overtaken answers, little room.

Answers are held back by the DevTools protocol at the response stage: a site hears every request
when it is sent and in the order it is sent in, the network goes through the session's guard as
ever, and faults in answers (``mutations``) find their own routes as they are. A new tab is
disturbed from its second document on. Frames of another site have a process of their own, which
is not disturbed.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, CDPSession, Error, Page

from assay.browser.port import Disturbance

_MEDIA = frozenset({"Font", "Image", "Media"})
_LOADED = frozenset({"Document", "Stylesheet", "Script"})
_FETCHED = frozenset({"XHR", "Fetch"})
_SMALLEST = 320
_CHANGING = re.compile(r"[0-9a-f]{8,}|\d+", re.IGNORECASE)


class Disturber:
    """Puts one disturbance into the pages of one context until ``end``."""

    def __init__(self, context: BrowserContext, disturbance: Disturbance) -> None:
        self._context = context
        self._disturbance = disturbance
        self._asked: Counter[str] = Counter()
        self._over = asyncio.Event()
        self._passed = asyncio.Event()

    async def begin(self, page: Page) -> None:
        """Disturb the first page, and the tabs that it opens."""
        await self._attach(page)
        self._context.on("page", self._on_page)

    def end(self) -> None:
        """Let go of what is held back."""
        self._over.set()
        self._passed.set()

    async def _on_page(self, page: Page) -> None:
        try:
            await self._attach(page)
        except Error:
            return  # the tab was closed at once

    async def _attach(self, page: Page) -> None:
        client = await self._context.new_cdp_session(page)
        wanted = self._disturbance
        if wanted.cpu > 1:
            await client.send("Emulation.setCPUThrottlingRate", {"rate": wanted.cpu})
        held = sorted(held_kinds(wanted))
        if not held:
            return

        async def paused(event: Mapping[str, Any]) -> None:
            await self._paused(client, event)

        client.on("Fetch.requestPaused", paused)
        patterns = [{"resourceType": kind, "requestStage": "Response"} for kind in held]
        await client.send("Fetch.enable", {"patterns": patterns})

    async def _paused(self, client: CDPSession, event: Mapping[str, Any]) -> None:
        request, kind = event["request"], str(event["resourceType"])
        key = self._key(str(request["method"]), str(request["url"]), kind)
        late, overtaken = pause(self._disturbance, kind, key)
        if overtaken or late:
            await _first(self._passed if overtaken else self._over, overtaken or late)
        try:
            # In the response stage this passes the answer on, or the network's error.
            await client.send("Fetch.continueRequest", {"requestId": event["requestId"]})
        except Error:
            return  # the page left before its answer came
        if kind in _FETCHED:
            passed, self._passed = self._passed, asyncio.Event()
            passed.set()

    def _key(self, method: str, url: str, kind: str) -> str:
        """A request's name that is the same in the next run: ids out, but which of its kind."""
        # Browsers differ in which of the two they call a fetch.
        kind = "Fetch" if kind in _FETCHED else kind
        name = f"{method} {kind} {_CHANGING.sub('#', urlsplit(url).path)}"
        self._asked[name] += 1
        return f"{name} {self._asked[name]}"


async def _first(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, at most so long."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


def held_kinds(disturbance: Disturbance) -> frozenset[str]:
    """The kinds of resources whose answers are held back."""
    kinds: frozenset[str] = frozenset()
    if disturbance.late:
        kinds |= _LOADED | _FETCHED
    if disturbance.overtaken:
        kinds |= _FETCHED
    return kinds | _MEDIA if disturbance.media else kinds


def pause(disturbance: Disturbance, kind: str, key: str) -> tuple[float, float]:
    """How long the answer to one request is held back for sure, and how long at most until
    another one has come; the same for the same seed and key."""
    # Text seeds are hashed with SHA-512, so they give the same on every machine.
    chance = random.Random(f"{disturbance.seed} {key}")
    if kind in _MEDIA:
        return chance.uniform(0.0, disturbance.media), 0.0
    if kind in _FETCHED and disturbance.overtaken and chance.random() < 0.5:
        return 0.0, disturbance.overtaken
    return chance.uniform(0.0, disturbance.late), 0.0


def shrunk(width: int, height: int, disturbance: Disturbance | None) -> tuple[int, int]:
    """The viewport under a disturbance, never smaller than the smallest phone's width."""
    if disturbance is None:
        return width, height
    across, down = disturbance.shrink
    return (
        max(min(width, _SMALLEST), round(width * across)),
        max(min(height, _SMALLEST), round(height * down)),
    )
