"""What the pages of one context asked for and complained of, with marks to look back to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.async_api import (
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    WebError,
    WebSocket,
)

from assay.browser.model import Exchange

_STREAMS = {"eventsource", "websocket", "media", "ping", "cspviolationreport"}
_TOLD = {"document", "fetch", "xhr"}
_ICON = "/favicon.ico"
_ABORTED = "net::ERR_ABORTED"


@dataclass(slots=True)
class Entry:
    """One request as it is known so far."""

    method: str
    url: str
    resource: str
    main: bool
    started: float
    status: int | None = None
    failure: str = ""
    done: bool = False
    stream: bool = False

    def exchange(self) -> Exchange:
        return Exchange(self.method, self.url, self.resource, self.status, self.failure)


@dataclass(frozen=True, slots=True)
class Mark:
    """A point in time to look back to."""

    entry: int
    error: int


class Traffic:
    """The log of one context. ``changed`` wakes those who wait for a request to end."""

    def __init__(self, context: BrowserContext) -> None:
        self._entries: list[Entry] = []
        self._by_request: dict[Request, Entry] = {}
        self._errors: list[str] = []
        self._changed = asyncio.Event()
        self._status: int | None = None
        self._sockets = False
        context.on("page", self._on_page)
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        context.on("requestfinished", self._on_finished)
        context.on("requestfailed", self._on_failed)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)

    def streams(self) -> bool:
        """Whether servers can send more at any time: an event stream or a web socket was opened."""
        return self._sockets or any(entry.stream for entry in self._entries)

    def _on_page(self, page: Page) -> None:
        page.on("websocket", self._on_socket)

    def _on_socket(self, _: WebSocket) -> None:
        self._sockets = True

    @property
    def status(self) -> int | None:
        """The status of the newest main document."""
        return self._status

    def mark(self) -> Mark:
        return Mark(len(self._entries), len(self._errors))

    def since(self, mark: Mark) -> list[Entry]:
        return self._entries[mark.entry :]

    def open_since(self, mark: Mark, longest: float) -> list[Entry]:
        """Requests begun since the mark that still matter: no streams, no long polls."""
        now = time.monotonic()
        return [
            entry
            for entry in self.since(mark)
            if not entry.done and not entry.stream and now - entry.started < longest
        ]

    def exchanges(self, mark: Mark | None = None) -> tuple[Exchange, ...]:
        """Document, fetch and XHR exchanges (since the mark)."""
        entries = self._entries if mark is None else self.since(mark)
        return tuple(entry.exchange() for entry in entries if entry.resource in _TOLD)

    def failed(self, mark: Mark | None = None) -> tuple[Exchange, ...]:
        """Requests that failed or were answered with 4xx or 5xx (since the mark)."""
        entries = self._entries if mark is None else self.since(mark)
        return tuple(entry.exchange() for entry in entries if _bad(entry))

    def errors(self, mark: Mark | None = None) -> tuple[str, ...]:
        return tuple(self._errors if mark is None else self._errors[mark.error :])

    async def wait_until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``holds()``, looking again after every event; False when time is up."""
        end = time.monotonic() + seconds
        while not holds():
            left = end - time.monotonic()
            if left <= 0:
                return False
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), min(left, 0.25))
            except TimeoutError:
                continue
        return True

    def touch(self) -> None:
        """Wake those who wait: something other than a request happened."""
        self._changed.set()

    def _on_request(self, request: Request) -> None:
        resource = request.resource_type
        entry = Entry(
            method=request.method,
            url=request.url,
            resource=resource,
            main=_is_main(request),
            started=time.monotonic(),
            stream=resource in _STREAMS or urlsplit(request.url).path == _ICON,
        )
        if entry.url.startswith(("data:", "blob:")):
            return
        self._entries.append(entry)
        self._by_request[request] = entry
        self._changed.set()

    def _on_response(self, response: Response) -> None:
        entry = self._by_request.get(response.request)
        if entry is None:
            return
        entry.status = response.status
        kind = response.headers.get("content-type", "")
        if "event-stream" in kind or "x-mixed-replace" in kind:
            entry.stream = True
        if entry.main:
            self._status = entry.status
        self._changed.set()

    def _on_finished(self, request: Request) -> None:
        entry = self._by_request.pop(request, None)
        if entry is not None:
            entry.done = True
            self._changed.set()

    def _on_failed(self, request: Request) -> None:
        entry = self._by_request.pop(request, None)
        if entry is not None:
            entry.done = True
            entry.failure = request.failure or "failed"
            self._changed.set()

    def _on_console(self, message: ConsoleMessage) -> None:
        # The browser asks for an icon by itself, when it likes; many sites have none.
        icon = urlsplit(message.location["url"]).path == _ICON
        if message.type == "error" and not icon:
            self._errors.append(message.text)

    def _on_error(self, error: WebError) -> None:
        self._errors.append(str(error.error))


def _bad(entry: Entry) -> bool:
    if urlsplit(entry.url).path == _ICON:
        return False
    if entry.status is not None and entry.status >= 400:
        return True
    # The browser aborts what a navigation or a download makes needless; nobody did wrong.
    return bool(entry.failure) and entry.failure != _ABORTED


def _is_main(request: Request) -> bool:
    if not request.is_navigation_request():
        return False
    try:
        return request.frame.parent_frame is None
    except Error:
        return False  # a popup's first request comes before its page is known
