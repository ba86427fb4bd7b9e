"""Recording which lines of a site's scripts and style sheets a session runs.

Chromium counts: V8's precise block coverage and Blink's use of style rules, both for the documents
that are open. When a page is left for another one, what was counted for it is gone, and from then
on the browser answers nothing that is asked about it. So a listener of ours stops the page just
before it is left, the counts are taken, and it goes on.

Not seen are workers, frames of another site, and what a window runs between its opening and its
first answer where it has a process of its own.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

from playwright.async_api import BrowserContext, CDPSession, Error, Page

from assay.browser.errors import HostRefused
from assay.browser.fetching import text_of
from assay.browser.footprint import Footprint, Piece, Span, footprint_of, foreign, path_of
from assay.browser.policy import HostPolicy
from assay.kernel.redaction import Redactor
from assay.kernel.tasks import spawn

_TAKING, _COLLECTING = 3.0, 8.0
_LONGEST_SOURCE = 10_000_000
_MOST_STOPS = 50
_LEAVING = """if (window === top) {
  addEventListener('beforeunload', function assayLeaving() { debugger; });
}"""
_START: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Profiler.enable", {}),
    ("Profiler.startPreciseCoverage", {"callCount": True, "detailed": True}),
    ("Debugger.enable", {}),
    ("DOM.enable", {}),
    ("CSS.enable", {}),
    ("CSS.startRuleUsageTracking", {}),
    ("Page.enable", {}),
    (
        "Page.addScriptToEvaluateOnNewDocument",
        {"source": _LEAVING, "worldName": "assay-coverage", "runImmediately": True},
    ),
)


class _Named(NamedTuple):
    """A script or style sheet by the browser's id, which counts anew in each process."""

    id: str
    url: str


@dataclass(slots=True)
class _Served:
    """Where the text of a script or style sheet is to be had, and its source map."""

    text: asyncio.Task[str]
    map_url: str


@dataclass(slots=True)
class _Seen:
    """What the tabs of one session told so far."""

    served: dict[_Named, _Served] = field(default_factory=dict)
    same: dict[tuple[str, str], asyncio.Task[str]] = field(default_factory=dict)
    functions: dict[_Named, list[list[dict[str, Any]]]] = field(default_factory=dict)
    rules: dict[_Named, list[Span]] = field(default_factory=dict)
    sheets: dict[str, _Named] = field(default_factory=dict)


class Coverage:
    """The recording of one session, which is none before it began; it never fails the session."""

    def __init__(self, context: BrowserContext, policy: HostPolicy, redactor: Redactor) -> None:
        self._context = context
        self._policy = policy
        self._redactor = redactor
        self._seen = _Seen()
        self._tabs: list[_Tab] = []
        self._adopting: list[asyncio.Task[None]] = []

    async def begin(self, page: Page) -> None:
        """Record from now on, in this page and in those that open later."""
        await self._adopt(page)
        self._context.on(
            "page",
            lambda opened: self._adopting.append(
                spawn(self._adopt(opened), name="coverage of a new tab")
            ),
        )

    async def _adopt(self, page: Page) -> None:
        # To begin in a process sets its counts to nothing, those of other tabs in it as well.
        await self._take()
        try:
            session = await self._context.new_cdp_session(page)
            tab = _Tab(session, self._seen, self._own)
            await asyncio.gather(*(session.send(*one) for one in _START))
        except Error:
            return  # the page is gone
        self._tabs.append(tab)
        page.on("close", lambda _: self._adopting.append(spawn(self._left(tab), name="tab closed")))

    async def _left(self, tab: _Tab) -> None:
        """A tab that closes ends the counting in its process."""
        self._tabs.remove(tab)
        for other in self._tabs:
            await other.ask("Profiler.startPreciseCoverage", callCount=True, detailed=True)

    async def before_acting(self) -> None:
        """Take what would be lost if the action closed a tab."""
        if len(self._tabs) > 1:
            await self._take()

    async def _take(self) -> None:
        await asyncio.gather(*(tab.take() for tab in self._tabs))

    async def footprint(self) -> Footprint:
        """What ran so far."""
        pieces: list[Piece] = []
        try:
            async with asyncio.timeout(_COLLECTING):
                await asyncio.gather(*self._adopting)
                await self._take()
                pieces = await self._pieces()
        except TimeoutError:
            return Footprint()  # the page hangs, or a source comes too slowly to wait for it
        hidden = (lambda _: False) if self._redactor.empty else self._redactor.found_in
        return await asyncio.to_thread(footprint_of, pieces, hidden)

    async def _pieces(self) -> list[Piece]:
        seen = self._seen
        pieces: dict[tuple[str, str], Piece] = {}
        maps: dict[str, str] = {}
        for named in dict.fromkeys((*seen.functions, *seen.rules)):
            served = seen.served.get(named)
            text = await served.text if served is not None else ""
            if served is None or not text:
                continue
            piece = pieces.setdefault((named.url, text), Piece(named.url, text))
            for functions in seen.functions.get(named, ()):
                piece.ran(functions)
            piece.spans += seen.rules.get(named, ())
            if served.map_url and not piece.map:
                url = urljoin(named.url, served.map_url)
                if url not in maps:
                    maps[url] = await self._map(named.url, url)
                piece.map = maps[url]
        return list(pieces.values())

    async def _map(self, served_from: str, url: str) -> str:
        """The text of a source map: in its address, or from the host that has what it maps."""
        if url.startswith("data:"):
            head, _, data = url.partition(",")
            raw = unquote_to_bytes(data)
            try:
                decoded = base64.b64decode(raw) if head.endswith(";base64") else raw
            except ValueError:
                return ""
            return decoded.decode("utf-8", "replace")
        if urlsplit(url).netloc != urlsplit(served_from).netloc:
            return ""
        return await text_of(self._context, self._policy, url)

    def _own(self, url: str) -> bool:
        """Whether code is the site's own: of one of its hosts, or of a bundler that evaluates it
        under a name, as they do while a site is being developed."""
        scheme = urlsplit(url).scheme
        if scheme not in {"http", "https"}:
            return scheme in {"webpack", "webpack-internal", "turbopack", "rsc"}
        try:
            self._policy.document(url)
        except HostRefused:
            return False
        return not foreign(path_of(url))


class _Tab:
    """The recording of one page."""

    def __init__(self, session: CDPSession, seen: _Seen, own: Callable[[str], bool]) -> None:
        self._session = session
        self._seen = seen
        self._own = own
        self._stops = 0
        session.on("Debugger.scriptParsed", self._script)
        session.on("Debugger.paused", self._paused)
        session.on("CSS.styleSheetAdded", self._sheet)

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The answer to a command; nothing when the page is gone or hangs."""
        try:
            async with asyncio.timeout(_TAKING):
                return dict(await self._session.send(method, parameters))
        except (Error, TimeoutError):
            return {}

    async def take(self, *commands: str) -> None:
        """Note what was counted since it was taken last; other commands go right after."""
        scripts, rules, *_ = await asyncio.gather(
            self.ask("Profiler.takePreciseCoverage"),
            self.ask("CSS.takeCoverageDelta"),
            *(self.ask(command) for command in commands),
        )
        for script in scripts.get("result", ()):
            named = _Named(script["scriptId"], script["url"])
            if named in self._seen.served:
                self._seen.functions.setdefault(named, []).append(script["functions"])
        for rule in rules.get("coverage", ()):
            sheet = self._seen.sheets.get(rule["styleSheetId"])
            if sheet is not None and rule["used"]:
                span = Span(int(rule["startOffset"]), int(rule["endOffset"]))
                self._seen.rules.setdefault(sheet, []).append(span)

    def _script(self, event: dict[str, Any]) -> None:
        named = _Named(event["scriptId"], event["url"])
        if event.get("executionContextAuxData", {}).get("type", "default") != "default":
            return
        # What a page translates by itself and puts into a script element has no address; code that
        # is put into the page from outside has none either, but no map.
        translated = not named.url and event.get("sourceMapURL", "").startswith("data:")
        if not translated and not self._own(named.url):
            return
        if event.get("length", 0) <= _LONGEST_SOURCE:
            self._serve(
                named,
                event["hash"],
                event.get("sourceMapURL", ""),
                self._text("Debugger.getScriptSource", "scriptSource", scriptId=named.id),
            )

    def _sheet(self, event: dict[str, Any]) -> None:
        sheet = event["header"]
        named = _Named(sheet["styleSheetId"], sheet["sourceURL"])
        if not self._own(named.url) or sheet["length"] > _LONGEST_SOURCE:
            return
        self._seen.sheets[named.id] = named
        # What scripts put into a sheet changes its text but not its address.
        same = named.id if sheet["isInline"] or sheet["isMutable"] else str(sheet["length"])
        self._serve(
            named,
            same,
            sheet.get("sourceMapURL", ""),
            self._text("CSS.getStyleSheetText", "text", styleSheetId=named.id),
        )

    def _serve(
        self, named: _Named, same: str, map_url: str, text: Coroutine[Any, Any, str]
    ) -> None:
        """Ask for the text now, as the page may be left at any moment; the same one only once."""
        key = (named.url, same)
        known = self._seen.same.get(key)
        if known is not None and not (known.done() and not known.result()):
            text.close()
        else:
            known = self._seen.same[key] = spawn(text, name="source for coverage")
        self._seen.served[named] = _Served(known, map_url)

    async def _text(self, method: str, field_: str, **parameters: str) -> str:
        return str((await self.ask(method, **parameters)).get(field_, ""))

    def _paused(self, event: dict[str, Any]) -> None:
        spawn(self._go_on(event["callFrames"]), name="coverage of a page that is left")

    async def _go_on(self, frames: Iterable[dict[str, Any]]) -> None:
        """Take the counts of a page that is about to be left. A page may stop by itself as well:
        then it goes on at once, and when it never ends to stop, is not stopped any more."""
        if any(frame["functionName"] == "assayLeaving" for frame in list(frames)[:1]):
            await self.take("Debugger.resume")
            return
        self._stops += 1
        if self._stops > _MOST_STOPS:
            await self.ask("Debugger.setSkipAllPauses", skip=True)
        await self.ask("Debugger.resume")
