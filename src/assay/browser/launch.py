"""Finding a Chromium that really works, and starting it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.async_api import Browser, Error, Playwright

from assay.browser.errors import BrowserMissing
from assay.browser.install import Installer

# The last --disable-features wins, so what Playwright disables is named here again. The omnibox's
# two pop-ups are pages of Chromium's own that headless mode would render in every new context:
# they made a context and a log-in cost 2.1 s of processor time instead of 0.9 s. A spare renderer
# is of no use to a context that opens one site: 0.06 s. A document of the same site comes into the
# frame that is there (RenderDocument makes a new one): 0.13 s a page instead of 0.19 s.
_DISABLED = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess,RenderDocument,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,TcpPortRandomizationWin,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
)
FLAGS = (
    f"--disable-features={_DISABLED}",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
# The headless shell has no windows: a context costs it half as much as a whole browser.
_SHELL = "chromium-headless-shell"
_NAMES = (_SHELL, "chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
# Where packages put a browser, for machines whose PATH does not lead there.
_PLACES = (
    f"/usr/bin/{_SHELL}",
    "/usr/bin/chromium",
    "/usr/lib/chromium/chromium",
    "/usr/bin/google-chrome",
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def candidates(playwright: Playwright, wanted: Path | None) -> list[Path]:
    """Where a browser may be, best first; a path that was asked for is the only candidate."""
    if wanted is not None:
        return [wanted]
    own = Path(playwright.chromium.executable_path)
    found = [*_shells(own), own]
    found += [Path(path) for name in _NAMES if (path := shutil.which(name))]
    found += [Path(place) for place in _PLACES]
    return [path for path in dict.fromkeys(found) if path.is_file()]


def _shells(own: Path) -> list[Path]:
    """Playwright's headless shells of the same revision, which it installs beside its Chromium."""
    folder = next((up for up in own.parents if up.name.startswith("chromium-")), None)
    if folder is None:
        return []
    revision = folder.name.removeprefix("chromium-")
    beside = folder.with_name(f"chromium_headless_shell-{revision}")
    return [path for path in sorted(beside.glob("*/*headless*shell*")) if os.access(path, os.X_OK)]


async def start(playwright: Playwright, path: Path) -> Browser:
    """Start the browser of ``path`` and prove that it renders; raises playwright's Error."""
    browser = await playwright.chromium.launch(
        executable_path=path,
        args=list(FLAGS),
        # Chromium refuses to start sandboxed as root; everybody else keeps the sandbox.
        chromium_sandbox=os.geteuid() != 0,
        # Ctrl-C in a terminal reaches every process: the browser stays until we close it, so that
        # work in it is left to be gone on with, and does not fail.
        handle_sigint=False,
    )
    try:
        page = await browser.new_page()
        await page.set_content("<p>ready</p>")
        if await page.inner_text("p", timeout=10_000) != "ready":
            raise Error(f"{path} started but renders nothing")
        await page.close()
    except Error:
        await browser.close()
        raise
    return browser


async def launch(
    playwright: Playwright, wanted: Path | None = None, installer: Installer | None = None
) -> tuple[Browser, Path]:
    """The first browser that works, installed if there is none; raises BrowserMissing."""
    tried: list[str] = []
    for path in candidates(playwright, wanted):
        try:
            return await start(playwright, path), path
        except Error as error:
            tried.append(f"{path}: {error.message.splitlines()[0]}")
    if wanted is None and installer is not None:
        tried += await installer.install()
        for path in candidates(playwright, None):
            try:
                return await start(playwright, path), path
            except Error as error:
                tried.append(f"{path}: {error.message.splitlines()[0]}")
    if wanted is not None and not tried:
        tried.append(f"{wanted} is not a file")
    raise BrowserMissing(
        "No working Chromium was found"
        + (f" ({'; '.join(tried)})" if tried else "")
        + ". Install one (as root: apt-get install -y chromium; or: playwright install"
        " --with-deps chromium) or set ASSAY_BROWSER to the path of a Chromium."
    )
