"""The tabs and windows of one session: in the order they were opened, and which is in front."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playwright.async_api import Error, Page

from assay.browser.errors import ActionFailed, PageCrashed
from assay.browser.model import Tab


class Tabs:
    """A tab that opens comes to the front; when the one in front closes, the one before it does."""

    def __init__(self) -> None:
        self._opened: list[Page] = []
        self._order: list[Page] = []  # the newest in front is last

    def add(self, page: Page) -> bool:
        """Take a page in and bring it to the front; False when it is known already."""
        if page in self._opened:
            return False
        self._opened.append(page)
        self._order.append(page)
        return True

    def __iter__(self) -> Iterator[Page]:
        """The tabs that are still open, oldest first."""
        self._opened = [page for page in self._opened if not page.is_closed()]
        return iter(tuple(self._opened))

    @property
    def front(self) -> Page:
        """The tab in front; raises PageCrashed when every tab was closed."""
        while self._order and self._order[-1].is_closed():
            self._order.pop()
        if not self._order:
            raise PageCrashed("Every tab of the session was closed.")
        return self._order[-1]

    async def bring(self, place: str) -> None:
        """Bring the tab at a place to the front. Raises ActionFailed when there is none."""
        page = self._at(place)
        self._order = [one for one in self._order if one is not page] + [page]
        await page.bring_to_front()

    async def close(self, place: str) -> None:
        """Close the tab at a place, or the one in front; the last one stays open (ActionFailed)."""
        if len(list(self)) < 2:
            raise ActionFailed("The only tab that is open cannot be closed.")
        page = self._at(place) if place else self.front
        await page.close()
        self._order = [one for one in self._order if one is not page]
        await self.front.bring_to_front()

    async def shown(self) -> tuple[Tab, ...]:
        """What the open tabs are called, oldest first."""
        front = self.front
        return tuple([Tab(await _title(page), page.url, page is front) for page in self])

    def _at(self, place: str) -> Page:
        pages = list(self)
        number = int(place) if re.fullmatch(r"\d+", place) else 0
        if not 1 <= number <= len(pages):
            raise ActionFailed(f"There is no tab {place}; {len(pages)} are open.")
        return pages[number - 1]


async def _title(page: Page) -> str:
    try:
        return await page.title()
    except Error:
        return ""  # it is loading or has crashed
