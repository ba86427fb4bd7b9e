"""Installing a browser when the machine has none: Playwright's build, else Debian's package."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Callable


class Installer:
    """Tries the ways to get a Chromium; ``say`` hears each line of their progress."""

    def __init__(self, say: Callable[[str], None] = lambda line: None, stall: float = 60.0) -> None:
        self._say = say
        self._stall = stall

    async def install(self) -> list[str]:
        """Run the ways in order until one succeeds; returns what went wrong with the others."""
        problems: list[str] = []
        root = os.geteuid() == 0
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        ways = [[*command, "--with-deps"] if root else command]
        if root and shutil.which("apt-get"):
            ways.append(["apt-get", "update", "-q"])
            # Installed and yet not found: some of its files are gone.
            again = ["install", "--reinstall", "-y", "-q", "--no-install-recommends"]
            ways += [["apt-get", *again, name] for name in ("chromium-headless-shell", "chromium")]
        for way in ways:
            problem = await self._run(way)
            if problem:
                problems.append(f"{' '.join(way[-4:])}: {problem}")
            elif way[0] != "apt-get" or "install" in way:
                return problems
        return problems

    async def _run(self, command: list[str]) -> str:
        self._say("Running " + " ".join(command))
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        assert process.stdout is not None
        last = ""
        try:
            while chunk := await asyncio.wait_for(process.stdout.read(4096), self._stall):
                lines = chunk.decode(errors="replace").strip().splitlines()
                last = lines[-1] if lines else last
                self._say(last)
            code = await process.wait()
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
            return f"no progress for {self._stall:.0f} s"
        return "" if code == 0 else (last or f"ended with {code}")
