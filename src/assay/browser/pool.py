"""One browser process and its isolated sessions; started when first needed, again when it died."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from playwright.async_api import Browser, BrowserContext, Error, Playwright, async_playwright

from assay.browser.concealing import Concealer
from assay.browser.disturbing import Disturber, shrunk
from assay.browser.evidence import Evidence
from assay.browser.guard import Guard
from assay.browser.install import Installer
from assay.browser.launch import launch
from assay.browser.page import script
from assay.browser.policy import HostPolicy
from assay.browser.port import SessionOptions
from assay.browser.session import PlaywrightSession
from assay.kernel.redaction import Redactor

_CLOSING = 20.0


class PlaywrightPool:
    """The adapter of ``port.BrowserPool``."""

    def __init__(self, executable: Path | None = None, installer: Installer | None = None) -> None:
        self._executable = executable
        self._installer = installer
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._path: Path | None = None
        self._starting = asyncio.Lock()

    @property
    def path(self) -> Path | None:
        """The browser that was started."""
        return self._path

    async def start(self) -> None:
        """Start the browser now instead of with the first session; raises BrowserMissing."""
        await self._running()

    @asynccontextmanager
    async def session(self, options: SessionOptions) -> AsyncIterator[PlaywrightSession]:
        """A fresh context with its own cookies and storage."""
        guard = Guard(HostPolicy(options.allowed_hosts))
        await guard.start()
        try:
            context = await self._context(options, guard)
            keep: Callable[[], Awaitable[None]] | None = None
            disturber = Disturber(context, options.disturbance) if options.disturbance else None
            try:
                session = await self._session(context, options, guard, disturber)
                keep = session.keep
                try:
                    yield session
                finally:
                    if disturber is not None:
                        disturber.end()
                    await session.stop()
            finally:
                # Masking what was recorded needs no browser any more.
                await asyncio.gather(_closed(context), *([keep()] if keep is not None else []))
        finally:
            await guard.close()

    async def _session(
        self,
        context: BrowserContext,
        options: SessionOptions,
        guard: Guard,
        disturber: Disturber | None,
    ) -> PlaywrightSession:
        redactor = Redactor(options.secrets, names=options.names)
        evidence = Evidence(options.evidence, redactor) if options.evidence else None
        starting: list[Coroutine[Any, Any, Any]] = [
            context.add_init_script(script("watch", "editor"))
        ]
        if evidence is not None:
            starting.append(evidence.start(context))
        await asyncio.gather(*starting)
        page = await context.new_page()
        if disturber is not None:
            await disturber.begin(page)
        if evidence is not None:
            await Concealer(context, options.secrets, redactor).start(page)
        session = PlaywrightSession(context, page, options, guard, redactor, evidence)
        if options.coverage:
            await session.coverage.begin(page)
        return session

    async def close(self) -> None:
        """End the browser and Playwright's driver."""
        browser, self._browser = self._browser, None
        playwright, self._playwright = self._playwright, None
        if browser is not None:
            await browser.close()
        if playwright is not None:
            await playwright.stop()

    async def _context(self, options: SessionOptions, guard: Guard) -> BrowserContext:
        arguments = _arguments(options, guard, await self._video(options))
        try:
            return await (await self._running()).new_context(**arguments)
        except Error:
            # The process may have died between two sessions; a second failure is the caller's.
            if self._browser is not None and self._browser.is_connected():
                raise
            return await (await self._running()).new_context(**arguments)

    async def _video(self, options: SessionOptions) -> Path | None:
        """Where a film of the session goes, if one is wanted and Playwright has its ffmpeg."""
        if options.evidence is None or options.extra.get("video") != "yes":
            return None
        await self._running()
        assert self._playwright is not None
        builds = Path(self._playwright.chromium.executable_path).parents[2]
        return options.evidence if any(builds.glob("ffmpeg-*/ffmpeg-*")) else None

    async def _running(self) -> Browser:
        async with self._starting:
            if self._browser is not None and self._browser.is_connected():
                return self._browser
            if self._playwright is None:
                self._playwright = await async_playwright().start()
            self._browser, self._path = await launch(
                self._playwright, self._executable, self._installer
            )
            return self._browser


def _arguments(options: SessionOptions, guard: Guard, video: Path | None) -> dict[str, Any]:
    width, height = shrunk(options.width, options.height, options.disturbance)
    arguments: dict[str, Any] = {
        "viewport": {"width": width, "height": height},
        "is_mobile": options.is_mobile,
        "has_touch": options.is_mobile,
        "ignore_https_errors": options.ignore_https_errors,
        "accept_downloads": True,
        "service_workers": "block",
        "proxy": {"server": guard.url, "bypass": ",".join([*guard.direct, "<-loopback>"])},
    }
    if video is not None:
        arguments["record_video_dir"] = video
    if options.http_credentials is not None:
        user, password = options.http_credentials
        arguments["http_credentials"] = {"username": user, "password": password}
    if options.storage_state is not None:
        arguments["storage_state"] = cast(Any, dict(options.storage_state))
    return arguments


async def _closed(context: BrowserContext) -> None:
    try:
        async with asyncio.timeout(_CLOSING):
            await context.close()
    except (Error, TimeoutError):
        return  # the browser died, or a page of it hangs; it ends with the browser
