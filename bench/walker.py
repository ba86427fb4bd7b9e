"""The plain walker that exploring is measured against: it clicks everything with a role, once."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urlsplit

from playwright.async_api import Browser, Error, Locator, Page
from playwright.async_api import TimeoutError as Timeout

from assay.atlas.words import is_logout

_ROLES = ("link", "button", "tab", "menuitem", "checkbox", "radio", "option", "switch")
_CLICK_MS = 1500
_SETTLE_MS = 300
_IDLE_MS = 3000


@dataclass
class Walk:
    """What a walk did: the addresses it stood on, the actions it took and how long it went on."""

    urls: list[str] = field(default_factory=list)
    actions: int = 0
    seconds: float = 0.0


class Walker:
    """Breadth first over addresses. On each page, every visible link, button and the like is
    clicked once, found by its ARIA role and name (through open shadow roots and frames, as
    Playwright sees them); before that every empty text field gets a plain word. What a click shows
    on the same page is clicked too. It signs in where it meets a password field, when it has an
    account, and does not press what ends a session."""

    def __init__(
        self, page: Page, actions: int, seconds: float, account: tuple[str, str] | None
    ) -> None:
        self.page = page
        self.walk = Walk()
        self._actions = actions
        self._end = time.monotonic() + seconds
        self._account = account
        self._queue: deque[str] = deque()
        self._known: set[str] = set()
        self._origin = ""

    async def run(self, start: str) -> Walk:
        """Walk from an address until everything was clicked or the budget is used up."""
        began = time.monotonic()
        self._origin = urlsplit(start).netloc
        self._offer(start)
        while self._queue and self._left():
            await self._page(self._queue.popleft())
        self.walk.seconds = time.monotonic() - began
        return self.walk

    def _left(self) -> bool:
        return self.walk.actions < self._actions and time.monotonic() < self._end

    def _offer(self, url: str) -> None:
        if urlsplit(url).netloc == self._origin and url not in self._known:
            self._known.add(url)
            self._queue.append(url)

    async def _page(self, url: str) -> None:
        done: set[str] = set()
        if not await self._open(url):
            return
        while self._left():
            found = await self._next(done)
            if found is None:
                return
            name, control = found
            done.add(name)
            await self._click(control)
            if urldefrag(self.page.url)[0] != urldefrag(url)[0]:
                self._offer(self.page.url)
                if not await self._open(url):
                    return

    async def _next(self, done: set[str]) -> tuple[str, Locator] | None:
        """The first visible control, in the order of the roles, that was not clicked yet."""
        for frame in self.page.frames:
            for role in _ROLES:
                for number, control in enumerate(await frame.get_by_role(role).all()):  # type: ignore[arg-type]
                    words = (await control.inner_text() if role != "checkbox" else "").strip()
                    name = f"{frame.url} {role} {words} {number if not words else ''}"
                    if name in done or is_logout(words):
                        continue
                    if await control.is_visible() and await control.is_enabled():
                        return name, control
        return None

    async def _open(self, url: str) -> bool:
        self.walk.actions += 1
        try:
            await self.page.goto(url, wait_until="load", timeout=10_000)
            with contextlib.suppress(Timeout):
                await self.page.wait_for_load_state("networkidle", timeout=_IDLE_MS)
            await self._fill()
        except Error:
            return False
        self.walk.urls.append(self.page.url)
        return True

    async def _fill(self) -> None:
        secret = self.page.locator("input[type=password]:visible")
        boxes = self.page.locator(
            "input:not([type]):visible, input[type=text]:visible, input[type=email]:visible,"
            " input[type=search]:visible, textarea:visible"
        )
        if self._account and await secret.count() == 1 and await boxes.count():
            await boxes.last.fill(self._account[0])
            await secret.fill(self._account[1])
            await secret.press("Enter")
            await self.page.wait_for_timeout(_SETTLE_MS)
            return
        for box in await boxes.all():
            if await box.is_editable() and not await box.input_value():
                await box.fill("test", timeout=_CLICK_MS)

    async def _click(self, control: Locator) -> None:
        self.walk.actions += 1
        try:
            await control.click(timeout=_CLICK_MS)
            await self.page.wait_for_timeout(_SETTLE_MS)
            await self.page.wait_for_load_state("load", timeout=5000)
            self.walk.urls.append(self.page.url)
        except Error:
            return  # covered, moved or gone: the next one


async def walk(
    browser: Browser,
    start: str,
    actions: int,
    seconds: float,
    account: tuple[str, str] | None = None,
) -> Walk:
    """A walk in a context of its own; new tabs are closed, dialogs are accepted."""
    context = await browser.new_context(viewport={"width": 1280, "height": 720})
    try:
        page = await context.new_page()
        walker = Walker(page, actions, seconds, account)
        page.on("dialog", lambda dialog: dialog.accept())
        try:
            return await walker.run(start)
        except Error:
            return walker.walk  # the page went away under it
    finally:
        await context.close()
