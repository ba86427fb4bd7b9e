"""The bundled sample shop as the first application to test."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from pathlib import Path

from assay.cli.client import FINAL, Client, follow
from assay.cli.errors import ShopNotStarted
from assay.cli.show import markdown, say, step

NAME = "Sample shop"
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
        return bool(self.noted("port"))

    async def start(self) -> None:
        """Start it and wait until it listens."""
        self._folder.mkdir(parents=True, exist_ok=True)
        before = int(self.noted("port") or 0)
        started = await self._launch(before)
        end = time.monotonic() + _PORT_FREE_WITHIN
        while not started and before and time.monotonic() < end:
            await asyncio.sleep(0.2)
            started = await self._launch(before)
        if not started and (before == 0 or not await self._launch(0)):
            raise ShopNotStarted("The sample shop did not start; try --no-demo.")
        self.note("port", self.url.rsplit(":", 1)[1])

    def note(self, name: str, text: str) -> None:
        """Keep a word beside the shop's data; a kill leaves the old one or the new one."""
        fresh = self._folder / f".{name}.new"
        fresh.write_text(text)
        fresh.replace(self._folder / name)

    def noted(self, name: str) -> str:
        """What ``note`` kept, or nothing."""
        path = self._folder / name
        return path.read_text() if path.exists() else ""

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


async def demonstrate(client: Client, shop: Shop) -> None:
    """Test the sample shop, as a first user would ask for it. Once is enough; a demo that was
    interrupted is gone on with."""
    if not shop.url:
        await shop.start()
    say(f"The sample shop runs on {shop.url}")
    chat = shop.noted("chat")
    if not chat:
        await _register(client, shop)
        say(f"It is registered as “{NAME}”. You: {DEMO_MESSAGE}")
        chat = str((await client.post("/v1/chat", {"message": DEMO_MESSAGE}))["shortId"])
        shop.note("chat", chat)
    elif await _answered(client, chat):
        return
    answer = await follow(client, chat, step)
    markdown(answer["text"], sys.stdout)
    print(f"\nConversation: {(await client.get(f'/v1/chat/{chat}'))['url']}", flush=True)


async def _register(client: Client, shop: Shop) -> None:
    known = (await client.get("/v1/applications"))["applications"]
    made = next((one for one in known if one["name"] == NAME), None)
    if made is None:
        made = await client.post("/v1/applications", {"name": NAME, "url": shop.url})
    await client.post(
        "/v1/configs",
        {
            "name": "shopper",
            "kind": "usernamePassword",
            "applicationShortId": made["shortId"],
            "values": {"username": shop.user, "password": shop.password},
        },
    )


async def _answered(client: Client, chat: str) -> bool:
    messages = (await client.get(f"/v1/chat/{chat}", limit=2))["messages"]
    return bool(messages) and messages[0]["status"] in FINAL
