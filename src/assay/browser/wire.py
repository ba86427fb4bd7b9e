"""A page's line to the browser's own protocol.

What goes over it is no step in a trace: Playwright takes two snapshots of the document around each
evaluation while it traces, which cost more than the look itself.
"""

from __future__ import annotations

import asyncio
import base64
from typing import Any

from playwright.async_api import CDPSession, Error, Page


class Wires:
    """The lines to the pages of one session; each is opened when it is first used."""

    def __init__(self) -> None:
        self._open: dict[Page, Wire] = {}

    async def to(self, page: Page) -> Wire:
        """The line to a page; raises Playwright's Error when the page is gone."""
        wire = self._open.get(page)
        if wire is None:
            wire = self._open[page] = Wire(await page.context.new_cdp_session(page))
            page.on("crash", wire.crash)
            page.on("close", self._forget)
        return wire

    def _forget(self, page: Page) -> None:
        self._open.pop(page, None)


class Wire:
    """The line to one page; every call raises Playwright's Error when the page is gone."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        self._crashed = False
        self._asked: set[asyncio.Timeout] = set()

    def crash(self, _: Page) -> None:
        """The page's process died: what is asked of it is never answered."""
        self._crashed = True
        for patience in self._asked:
            patience.reschedule(0)

    async def evaluate(self, expression: str) -> object:
        """The value of an expression in the page's main frame."""
        answer = await self._send(
            "Runtime.evaluate", {"expression": expression, "returnByValue": True}
        )
        if "exceptionDetails" in answer:
            told = answer["exceptionDetails"]
            raise Error(told.get("exception", {}).get("description") or told["text"])
        return answer["result"].get("value")

    async def picture(self) -> bytes:
        """What is in the page's viewport, as PNG."""
        answer = await self._send(
            "Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True}
        )
        return base64.b64decode(answer["data"])

    async def _send(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        patience = asyncio.timeout(0 if self._crashed else None)
        self._asked.add(patience)
        try:
            async with patience:
                return await self._session.send(method, parameters)
        except TimeoutError:
            raise Error("Target crashed") from None
        finally:
            self._asked.discard(patience)
