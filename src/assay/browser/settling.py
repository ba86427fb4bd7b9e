"""Causal settling: waiting for what an action started, and for nothing else."""

from __future__ import annotations

import time
from dataclasses import dataclass

from playwright.async_api import Error, Page

from assay.browser.observing import MOST_FRAMES
from assay.browser.page import script
from assay.browser.traffic import Mark, Traffic

QUIET_MS = 120
CAP = 5.0
LONGEST_REQUEST = 3.0
_KEY = "window[Symbol.for('assay')]"
_BEGIN = "() => { const s = " + _KEY + "; return s ? s.begin() : false; }"
_QUIET = "([q, c]) => { const s = " + _KEY + "; return s ? s.quiet(q, c) : {count: 0, last: 'x'}; }"


@dataclass(frozen=True, slots=True)
class Settled:
    """What was seen while waiting."""

    mutated: bool
    navigated: bool
    last: str


class Settler:
    """Waits on one page for the end of what an action caused."""

    def __init__(self, page: Page, traffic: Traffic) -> None:
        self._page = page
        self._traffic = traffic
        self._mark = traffic.mark()
        self._ready = 0
        page.on("domcontentloaded", self._on_ready)

    def _on_ready(self, page: Page) -> None:
        self._ready += 1
        self._traffic.touch()

    def close(self) -> None:
        if not self._page.is_closed():
            self._page.remove_listener("domcontentloaded", self._on_ready)

    async def begin(self) -> None:
        """Start the observers just before the action."""
        self._mark = self._traffic.mark()
        for frame in self._page.frames[:MOST_FRAMES]:
            try:
                if not await frame.evaluate(_BEGIN) and frame == self._page.main_frame:
                    await frame.evaluate(script("watch", "editor"))
                    await frame.evaluate(_BEGIN)
            except Error:
                continue  # a frame that is just loading; its own script starts counting anew

    @property
    def page(self) -> Page:
        return self._page

    @property
    def mark(self) -> Mark:
        return self._mark

    @property
    def navigated(self) -> bool:
        return self._ready > 0

    async def committed(self, cap: float) -> None:
        """Wait for a main document the action asked for to be there and its DOM ready."""
        if not self._loading():
            return
        await self._traffic.wait_until(lambda: not self._loading(), cap)

    def _loading(self) -> bool:
        if self._page.is_closed():
            return False
        documents = [entry for entry in self._traffic.since(self._mark) if entry.main]
        if not documents:
            return False
        newest = documents[-1]
        if newest.failure or newest.status in {204, 205}:
            return False
        return not self._ready

    async def settle(self, cap: float = CAP, navigation_cap: float = 20.0) -> Settled:
        """Wait for caused requests, a quiet DOM and finished animations, at most ``cap``."""
        await self.committed(navigation_cap)
        end = time.monotonic() + cap
        last, count = "nothing", 0
        while not self._page.is_closed():
            left = end - time.monotonic()
            if left <= 0:
                last = "cap"
                break
            if self._traffic.open_since(self._mark, LONGEST_REQUEST):
                last = "requests"
                await self._traffic.wait_until(
                    lambda: not self._traffic.open_since(self._mark, LONGEST_REQUEST), left
                )
            before = len(self._traffic.since(self._mark))
            seen = await self._quiet(min(left, 3.0))
            if seen is None:
                await self.committed(navigation_cap)
                continue
            count = max(count, seen[0])
            if seen[1] != "nothing" and not (last == "requests" and seen[1] != "cap"):
                last = seen[1]
            fresh = len(self._traffic.since(self._mark)) != before
            if not fresh or not self._traffic.open_since(self._mark, LONGEST_REQUEST):
                break
        return Settled(count > 0 or self.navigated, self.navigated, last)

    async def _quiet(self, seconds: float) -> tuple[int, str] | None:
        try:
            seen = await self._page.evaluate(_QUIET, [QUIET_MS, seconds * 1000])
        except Error:
            # The document was replaced under the script: a navigation is under way.
            if self._page.is_closed():
                return 0, "nothing"
            try:
                await self._page.wait_for_load_state("domcontentloaded", timeout=seconds * 1000)
            except Error:
                return 0, "cap"
            return None
        return int(seen["count"]), str(seen["last"])
