"""A whole Assay in this process, talked to over HTTP, for tests that go all the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from assay.cli import local
from assay.cli.serving import listen, make_server
from assay.kernel.tasks import spawn
from assay.settings import load
from assay.wiring.build import open_database, worker_lock

Json = dict[str, Any]
_FINAL = {"COMPLETED", "FAILED", "CANCELLED"}


class Api:
    """The public API of a running Assay, signed in."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    @property
    def environ(self) -> dict[str, str]:
        """What the command line needs to be a caller of it too."""
        key = self._client.headers["Authorization"].removeprefix("Bearer ")
        return {"ASSAY_URL": str(self._client.base_url), "ASSAY_API_KEY": key}

    async def post(self, path: str, body: Json) -> Json:
        answer = await self._client.post(path, json=body)
        assert answer.status_code < 300, f"POST {path}: {answer.status_code} {answer.text}"
        found: Json = answer.json()
        return found

    async def get(self, path: str, **query: str) -> Json:
        answer = await self._client.get(path, params=query)
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text}"
        found: Json = answer.json()
        return found

    async def file(self, path: str, **query: str) -> bytes:
        answer = await self._client.get(path, params=query)
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text}"
        return answer.content

    async def answer(self, chat: str, seconds: float) -> Json:
        """The newest assistant message, once it is final."""
        end = time.monotonic() + seconds
        while True:
            messages = (await self.get(f"/v1/chat/{chat}"))["messages"]
            newest: Json = next(one for one in messages if one["role"] == "assistant")
            if newest["status"] in _FINAL:
                return newest
            assert time.monotonic() < end, f"no answer in {seconds:.0f} s: {newest['text'][-500:]}"
            await asyncio.sleep(0.2)

    async def run(self, body: Json, seconds: float) -> Json:
        """Start a run and give it once it is done."""
        started = await self.post("/v1/run", body)
        short_id = started["run"]["shortId"]
        end = time.monotonic() + seconds
        while True:
            found = await self.get(f"/v1/run/{short_id}")
            if found["status"] not in {"INITIATED", "RUNNING"}:
                return found
            assert time.monotonic() < end, f"the run {short_id} took over {seconds:.0f} s"
            await asyncio.sleep(0.2)


@asynccontextmanager
async def running_assay(data: Path) -> AsyncIterator[Api]:
    """Serves on a port of the system's choice with fresh data, and ends in good order."""
    sock = listen("127.0.0.1", 0)
    settings = load({"data": str(data), "host": "127.0.0.1", "port": str(sock.getsockname()[1])})
    lock = worker_lock(settings)
    lock.acquire()
    database = await open_database(settings)
    first = await local.set_up(database)
    await database.close()
    server, _ = await make_server(settings, sock, lock)
    serving = spawn(server.serve(sockets=[sock]), name="server")
    up = spawn(server.up.wait(), name="up")
    await asyncio.wait({serving, up}, return_when=asyncio.FIRST_COMPLETED)
    headers = {"Authorization": f"Bearer {first.key}"}
    try:
        async with httpx.AsyncClient(
            base_url=settings.base_url, headers=headers, timeout=30
        ) as client:
            yield Api(client)
    finally:
        server.should_exit = True
        await serving
