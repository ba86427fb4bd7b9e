"""`python -m assay.browser`: finds or installs a browser and prints its path, for the set-up."""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path

from playwright.async_api import async_playwright

from assay.browser.errors import BrowserMissing
from assay.browser.install import Installer
from assay.browser.launch import launch
from assay.settings import SettingInvalid, load


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _progress(last: deque[str]) -> Callable[[str], None]:
    """Says what is run, and keeps the rest for the case that it fails."""

    def hear(line: str) -> None:
        last.append(line)
        if line.startswith("Running "):
            _say(line)

    return hear


async def _find(wanted: Path | None, last: deque[str]) -> Path:
    async with async_playwright() as playwright:
        browser, path = await launch(playwright, wanted, Installer(_progress(last)))
        await browser.close()
        return path


def main() -> int:
    """Standard output is the path alone; progress and errors go to standard error."""
    last = deque[str](maxlen=30)
    try:
        setting = load().browser
        path = asyncio.run(_find(Path(setting).expanduser() if setting else None, last))
    except (BrowserMissing, SettingInvalid) as problem:
        for line in last:
            _say(f"  {line}")
        _say(f"error: {problem.message}")
        return 1
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
