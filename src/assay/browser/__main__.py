"""`python -m assay.browser`: finds or installs a browser and prints its path, for the set-up."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from playwright.async_api import async_playwright

from assay.browser.errors import BrowserMissing
from assay.browser.install import Installer
from assay.browser.launch import launch
from assay.settings import load


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


async def _find() -> Path:
    wanted = load().browser
    async with async_playwright() as playwright:
        browser, path = await launch(
            playwright, Path(wanted).expanduser() if wanted else None, Installer(_say)
        )
        await browser.close()
        return path


def main() -> int:
    """Standard output is the path alone; progress and errors go to standard error."""
    try:
        path = asyncio.run(_find())
    except BrowserMissing as missing:
        _say(f"error: {missing.message}")
        return 1
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
