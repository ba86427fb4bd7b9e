"""The bundled sample shop as the first application to test."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from pathlib import Path

from assay.cli.errors import ShopNotStarted

DEMO_MESSAGE = "Create tests for login and checkout, then run them"
_START_WITHIN = 20.0
# A shop whose server was killed ends by itself, but needs a moment to give its port back.
_PORT_FREE_WITHIN = 6.0


class Shop:
    """The sample shop in a process of its own, on the port it had before if that is free."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self.url = ""
        self.user = ""
        self.password = ""

    @property
    def known(self) -> bool:
        """Whether the shop was started from this folder before."""
        return self._port_file.exists()

    @property
    def _port_file(self) -> Path:
        return self._folder / "port"

    async def start(self) -> None:
        """Start it and wait until it listens."""
        self._folder.mkdir(parents=True, exist_ok=True)
        before = self._port_before()
        started = await self._launch(before)
        end = time.monotonic() + _PORT_FREE_WITHIN
        while not started and before and time.monotonic() < end:
            await asyncio.sleep(0.2)
            started = await self._launch(before)
        if not started and (before == 0 or not await self._launch(0)):
            raise ShopNotStarted("The sample shop did not start; try --no-demo.")
        fresh = self._port_file.with_suffix(".new")
        fresh.write_text(self.url.rsplit(":", 1)[1])
        fresh.replace(self._port_file)

    def _port_before(self) -> int:
        return int(self._port_file.read_text()) if self.known else 0

    async def _launch(self, port: int) -> bool:
        # The shop ends with its standard input, so that even a killed parent leaves no process.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "assay_shop",
            "--port",
            str(port),
            "--data",
            str(self._folder),
            "--until-stdin-closes",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), _START_WITHIN)
        except TimeoutError:
            line = b""
        if not line:
            await self.stop()
            return False
        told = json.loads(line)
        shopper = next(iter(told["users"].values()))
        for role, one in told["users"].items():
            if "admin" not in role:
                shopper = one
                break
        self.url, self.user, self.password = told["url"], shopper["email"], shopper["password"]
        return True

    async def stop(self) -> None:
        """End it."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), 3)
            except TimeoutError:
                self._process.kill()
        self._process = None
