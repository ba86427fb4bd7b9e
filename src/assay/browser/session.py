"""One isolated browser context: seeing, acting, locating, under the rules of its project."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin

from playwright.async_api import BrowserContext, Dialog, Download, ElementHandle, Error, Page
from playwright.async_api import Locator as PageLocator

from assay.browser import acting, auditing, resolving
from assay.browser.acting import Hands
from assay.browser.bundles import Bundler
from assay.browser.concealing import hidden_as_typed
from assay.browser.coverage import Coverage
from assay.browser.errors import (
    ActionFailed,
    HostRefused,
    PageCrashed,
    TargetAmbiguous,
    TargetBlocked,
    TargetMissing,
)
from assay.browser.evidence import Evidence
from assay.browser.fetching import Fetcher, decoded
from assay.browser.filling import CONCEAL, Target
from assay.browser.guard import Guard
from assay.browser.locating import locate
from assay.browser.model import (
    Action,
    ActionKind,
    Effect,
    Exchange,
    LocatorBundle,
    Observation,
    Tab,
    Violation,
)
from assay.browser.model import Dialog as DialogSeen
from assay.browser.model import Download as DownloadSeen
from assay.browser.mutations import Mutations
from assay.browser.observing import Observer, View, handle_of
from assay.browser.overlays import consent
from assay.browser.port import Mutation, Resolution, SessionOptions
from assay.browser.settling import Settled, Settler
from assay.browser.tabs import Tabs
from assay.browser.traffic import Traffic
from assay.browser.wire import Wires
from assay.kernel.redaction import Redactor

# Scripts of a page that hangs are never answered; these are far beyond what pages need.
_LOOKING, _DOING = 30.0, 90.0
_R = TypeVar("_R")

_TRAVEL = {ActionKind.NAVIGATE, ActionKind.BACK, ActionKind.FORWARD, ActionKind.RELOAD}
_WAITS = {ActionKind.WAIT_FOR, ActionKind.WAIT_GONE}
_TABS = {ActionKind.OPEN_TAB, ActionKind.SWITCH_TAB, ActionKind.CLOSE_TAB}


class PlaywrightSession:
    """The adapter of ``port.Session``; made by the pool, which also ends it."""

    def __init__(
        self,
        context: BrowserContext,
        page: Page,
        options: SessionOptions,
        guard: Guard,
        redactor: Redactor,
        evidence: Evidence | None,
    ) -> None:
        self._context = context
        self._options = options
        self._guard = guard
        self._policy = guard.policy
        self._redactor = redactor
        self._evidence = evidence
        self.coverage = Coverage(context, self._policy, redactor)
        self.footprint = self.coverage.footprint
        self._traffic = Traffic(context)
        self.streams = self._traffic.streams
        self._mutations = Mutations(context, self._policy)
        self._fetcher = Fetcher(context, self._policy, self._mutations)
        self._wires = Wires()
        self._observer = Observer(self._wires, attributes=options.attributes)
        self._view: View | None = None
        self._tabs = Tabs()
        self._dialogs: list[DialogSeen] = []
        self._downloads: list[DownloadSeen] = []
        self._downloading = 0
        self._answer = ("accept", "")
        self._stays = False
        self._refused: str = ""
        self._acted = False
        self.hangs = False
        self._watched: tuple[Target, str | None] | None = None
        context.on("page", self._adopt)
        self._adopt(page)

    @property
    def page(self) -> Page:
        """The tab in front: the newest, unless another one was brought there."""
        return self._tabs.front

    async def tabs(self) -> tuple[Tab, ...]:
        return await self._within(_LOOKING, self._tabs.shown())

    async def observe(self, *, whole: bool = False) -> Observation:
        return await self._within(_LOOKING, self._observe(whole))

    async def _observe(self, whole: bool = False) -> Observation:
        await self._mutations.refresh(self.page)
        self._acted = False
        status = self._traffic.status
        self._view = await self._observer.observe(self.page, status, whole=whole)
        return self._view.observation

    async def perform(self, action: Action, *, settle: bool = True) -> Effect:
        return await self._within(_DOING, self._perform(action, settle))

    async def _perform(self, action: Action, settle: bool) -> Effect:
        await self.coverage.before_acting()
        started = time.monotonic()
        self._acted = True
        page = self.page
        settler = Settler(page, self._traffic)
        url_before = page.url
        tabs = list(self._tabs)
        dialogs, downloads = len(self._dialogs), len(self._downloads)
        self._answer = (action.dialog, action.dialog_text)
        # Travelling by address is never held up: it is how a session leaves a page that traps it.
        self._stays = action.stays and action.kind not in _TRAVEL
        self._refused = ""
        self._watched = None
        try:
            if settle:
                await settler.begin()
            value, fetched = await self._do(action, page, settle)
            settled = await self._wait(settler, settle)
            if settle and value is None:
                value = await self._changed()
        finally:
            settler.close()
        await self._check_host()
        if fetched is not None:
            self._downloads.append(fetched[1])
        mark = settler.mark
        return Effect(
            url_before=url_before,
            url_after=self.page.url,
            navigated=settled.navigated,
            mutated=settled.mutated,
            exchanges=self._traffic.exchanges(mark),
            dialogs=tuple(self._dialogs[dialogs:]),
            downloads=tuple(self._downloads[downloads:]),
            opened=tuple(tab.url for tab in self._tabs if tab not in tabs),
            closed=any(tab.is_closed() for tab in tabs),
            console_errors=self._traffic.errors(mark),
            failed_requests=self._traffic.failed(mark),
            value_after=value,
            status=fetched[0] if fetched else self._traffic.status if settled.navigated else None,
            seconds=time.monotonic() - started,
            last=settled.last,
        )

    async def bundle(
        self, ref: str, intent: str = "", volatile: Sequence[str] = ()
    ) -> LocatorBundle:
        """The bundle of an element; ``volatile`` are texts that will differ in the next run."""
        return await self._within(_LOOKING, self._bundle(ref, intent, volatile))

    async def _bundle(self, ref: str, intent: str, volatile: Sequence[str]) -> LocatorBundle:
        return await Bundler(self.page, self._seen()).bundle(ref, intent, volatile)

    async def resolve(self, bundle: LocatorBundle) -> Resolution:
        """Find a bundle's element. ``handle`` is its ref, good for actions until the next look."""
        return await self._within(_LOOKING, self._resolve(bundle))

    async def _resolve(self, bundle: LocatorBundle) -> Resolution:
        count, handle = await resolving.by_primary(self.page, bundle)
        if handle is not None:
            ref = await resolving.ref_of(handle)
            if self._view is None or ref not in self._view.nodes:
                await self.observe()
                ref = await resolving.ref_of(handle)
            return Resolution("unique", ref, "primary")
        observation = await self.observe()
        other, agree, differ = await resolving.by_alternates(self.page, bundle)
        if other is not None and agree >= 2 and agree > differ:
            ref = await resolving.ref_of(other)
            if resolving.acceptable(observation, bundle.fingerprint, ref):
                total = agree + differ
                return Resolution(
                    "healed", ref, "alternates", agree / total, (agree - differ) / total
                )
        found = resolving.by_likeness(observation, bundle)
        if count > 1 and found.outcome == "missing":
            return Resolution("ambiguous", candidates=found.candidates)
        return found

    async def mutate(self, mutation: Mutation, *, passing: bool = False) -> bool:
        return await self._within(_LOOKING, self._mutate(mutation, passing))

    async def _mutate(self, mutation: Mutation, passing: bool) -> bool:
        return await self._mutations.put(self.page, mutation, passing=passing)

    async def lift(self) -> None:
        await self._within(_LOOKING, self._lift())

    async def _lift(self) -> None:
        await self._mutations.lift(self.page)

    async def screenshot(self, name: str) -> Path | None:
        return await self._within(_LOOKING, self._screenshot(name))

    async def _screenshot(self, name: str) -> Path | None:
        if self._evidence is None:
            return None
        await self._conceal()
        path = self._evidence.folder / f"{name}.png"
        path.write_bytes(await (await self._wires.to(self.page)).picture())
        return path

    async def _within(self, seconds: float, work: Coroutine[Any, Any, _R]) -> _R:
        """Raise PageCrashed when the page has not answered in so long, and from then on."""
        if self.hangs:
            work.close()
            raise PageCrashed("The page does not answer any more.")
        try:
            async with asyncio.timeout(seconds):
                return await work
        except TimeoutError:
            self.hangs = True
            raise PageCrashed(f"The page did not answer for {seconds:.0f} s.") from None

    async def stop(self) -> None:
        """End recording; the pool calls this before it closes the context."""
        if self._evidence is not None:
            await self._evidence.stop(self._context)

    async def keep(self) -> None:
        """Write the evidence, secrets masked; the context may be closed meanwhile."""
        if self._evidence is not None:
            traffic = self._traffic
            await self._evidence.keep(traffic.errors(), traffic.exchanges(), traffic.failed())

    async def _conceal(self) -> None:
        """Make elements that show a secret unreadable, for pictures."""
        if self._redactor.empty:
            return
        if self._view is None or self._acted:
            # What changes by itself after a look is painted over by the concealer's own script.
            await self._observe()
        for node in self._seen().nodes.values():
            if self._redactor.found_in(f"{node.value or ''}\n{node.own_text}"):
                try:
                    await (await handle_of(self._seen(), node.ref)).evaluate(CONCEAL)
                except (Error, TargetMissing):
                    continue  # it went away by itself

    async def dismiss_overlays(self) -> tuple[str, ...]:
        """Answer consent banners with the least consent; returns the names of what was pressed."""
        pressed: list[str] = []
        for _ in range(3):
            observation = await self.observe()
            ref = consent(observation)
            if ref is None:
                break
            try:
                await self.perform(Action(ActionKind.CLICK, ref))
            except (TargetBlocked, TargetMissing):
                break
            pressed.append(observation.node(ref).name or observation.node(ref).text)
        return tuple(pressed)

    async def storage_state(self, *, databases: bool = True) -> dict[str, object]:
        try:
            return dict(await self._context.storage_state(indexed_db=databases))
        except Error as error:
            raise PageCrashed(f"The browser's storage cannot be read: {error.message}") from error

    async def audit(self) -> tuple[Violation, ...]:
        return await self._within(_LOOKING, auditing.violations(self.page))

    def console_errors(self) -> tuple[str, ...]:
        return self._traffic.errors()

    def failed_requests(self) -> tuple[Exchange, ...]:
        return self._traffic.failed()

    def downloads(self) -> tuple[DownloadSeen, ...]:
        return tuple(self._downloads)

    def exchanges(self) -> tuple[Exchange, ...]:
        return self._traffic.exchanges()

    # -- acting ------------------------------------------------------------------------------

    async def _do(
        self, action: Action, page: Page, settle: bool
    ) -> tuple[str | None, tuple[int, DownloadSeen] | None]:
        if action.kind is ActionKind.FETCH:
            return None, await self._fetcher.fetch(action.value, self._options.base_url)
        if action.kind in _TABS:
            await self._change_tab(action)
            return None, None
        if action.kind in _TRAVEL:
            await self._travel(action, page)
            return None, None
        times = self._options
        hands = Hands(page, times.action_timeout, settle, times.navigation_timeout)
        target = await self._target(action.target, action.kind, settle)
        to = await self._target(action.to, ActionKind.SCROLL, settle)
        if settle and target is not None and action.kind not in _WAITS:
            self._watched = (target, await acting.value_of(target))
        if action.secret and hidden_as_typed(action, self._redactor):
            action = replace(action, secret=False)
        return await acting.act(hands, action, target, to), None

    async def _change_tab(self, action: Action) -> None:
        try:
            if action.kind is ActionKind.SWITCH_TAB:
                await self._tabs.bring(action.value)
            elif action.kind is ActionKind.CLOSE_TAB:
                await self._tabs.close(action.value)
            else:
                page = await self._context.new_page()
                self._adopt(page)
                if action.value:
                    await self._travel(replace(action, kind=ActionKind.NAVIGATE), page)
        except Error as error:
            raise acting.translate(error, action) from error

    async def _target(
        self, wanted: str | LocatorBundle | None, kind: ActionKind, settle: bool
    ) -> Target | None:
        """The live element of a ref, or a locator that Playwright waits for."""
        if wanted is None:
            return None
        if isinstance(wanted, LocatorBundle):
            found = locate(self.page, wanted.primary)
            if not settle or kind in _WAITS:
                return found
            one = await self._await_one(found, wanted)
            await acting.check(one, kind, wanted.intent)
            return one
        view = self._seen()
        handle: ElementHandle = await handle_of(view, wanted)
        node = view.nodes.get(wanted)
        words = f"The {node.role} “{node.name or node.text[:40]}”" if node else "The element"
        try:
            await acting.check(handle, kind, words)
        except Error as error:
            raise TargetMissing(f"{words} is no longer on the page.") from error
        return handle

    async def _await_one(self, found: PageLocator, wanted: LocatorBundle) -> ElementHandle:
        try:
            return await found.element_handle(timeout=self._options.action_timeout * 1000)
        except Error as error:
            words = resolving.described(wanted)
            if "strict mode violation" in error.message:
                raise TargetAmbiguous(f"Several elements fit {words}.") from error
            raise TargetMissing(f"{words} is not on the page.") from error

    async def _travel(self, action: Action, page: Page) -> None:
        timeout = self._options.navigation_timeout * 1000
        try:
            match action.kind:
                case ActionKind.NAVIGATE:
                    url = self._url(action.value)
                    self._policy.document(url)
                    await page.goto(url, wait_until="domcontentloaded", timeout=timeout)
                    if page.url == url:
                        self._guard.explain(url)
                case ActionKind.BACK:
                    await page.go_back(wait_until="domcontentloaded", timeout=timeout)
                case ActionKind.FORWARD:
                    await page.go_forward(wait_until="domcontentloaded", timeout=timeout)
                case _:
                    await page.reload(wait_until="domcontentloaded", timeout=timeout)
        except Error as error:
            if "Download is starting" in error.message:
                return
            if self._refused:
                await self._check_host()
            if "ERR_ABORTED" in error.message and self._downloading:
                return
            if action.kind is ActionKind.NAVIGATE:
                self._guard.explain(self._url(action.value))
            raise acting.translate(error, action) from error

    async def _wait(self, settler: Settler, settle: bool) -> Settled:
        cap = self._options.navigation_timeout
        if not settle:
            await settler.committed(cap)
            return Settled(settler.navigated, settler.navigated, "nothing")
        settled = await settler.settle(navigation_cap=cap)
        if self._downloading:
            await self._traffic.wait_until(lambda: not self._downloading, 10.0)
        newest = self.page
        if newest is not settler.page:
            await self._popup_ready(newest)
        return settled

    async def _popup_ready(self, page: Page) -> None:
        try:
            await page.wait_for_load_state("domcontentloaded", timeout=10_000)
        except Error:
            return

    async def _changed(self) -> str | None:
        """What the element acted on holds now, when that is not what it held before."""
        if self._watched is None:
            return None
        target, before = self._watched
        try:
            after = await acting.value_of(target)
        except Error:
            return None  # it left the page
        return after if after != before else None

    def _url(self, value: str) -> str:
        return urljoin(self._options.base_url, value)

    def _seen(self) -> View:
        if self._view is None:
            raise ActionFailed("The page has to be looked at before its elements can be used.")
        return self._view

    # -- what the context tells ----------------------------------------------------------------

    def _adopt(self, page: Page) -> None:
        if not self._tabs.add(page):
            return
        page.on("dialog", self._on_dialog)
        page.on("download", self._on_download)
        page.on("framenavigated", lambda frame: self._on_navigated(page, frame.url, frame))
        self._traffic.touch()

    def _on_navigated(self, page: Page, url: str, frame: object) -> None:
        if frame != page.main_frame:
            return
        try:
            self._policy.document(url)
        except HostRefused:
            self._refused = url

    async def _on_dialog(self, dialog: Dialog) -> None:
        kind, message = dialog.type, dialog.message
        answer, text = self._answer
        self._dialogs.append(DialogSeen(kind, message, answer))
        try:
            if answer == "dismiss" and (kind != "beforeunload" or self._stays):
                await dialog.dismiss()
            else:
                await dialog.accept(text or dialog.default_value)
        except Error:
            return  # the page closed with its dialog open
        finally:
            self._traffic.touch()

    async def _on_download(self, download: Download) -> None:
        self._downloading += 1
        self._traffic.touch()
        name = self._mutations.filename(download.suggested_filename)
        try:
            path = await download.path()
            content = await asyncio.to_thread(Path(path).read_bytes)
            text = decoded(content)
            # Files pass by what spoils answers: the browser takes them, or the page made them.
            text = self._mutations.body(text) if text is not None else None
            self._downloads.append(DownloadSeen(name, len(content), text))
        except (Error, OSError):
            self._downloads.append(DownloadSeen(name, 0, None))
        finally:
            self._downloading -= 1
            self._traffic.touch()

    async def _check_host(self) -> None:
        """Leave a page that is not the project's, and say so."""
        if not self._refused:
            return
        url, self._refused = self._refused, ""
        page = self.page
        try:
            if len(list(self._tabs)) > 1:
                await page.close()
            else:
                await page.go_back(wait_until="commit", timeout=5000)
                self._policy.document(page.url)
        except (Error, HostRefused):
            await page.goto("about:blank")
        self._policy.document(url)
