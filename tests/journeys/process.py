"""A real ``assay up`` in a process of its own, for journeys that kill it or read all it leaves."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

Json = dict[str, Any]
FINAL = {"COMPLETED", "FAILED", "CANCELLED"}


class Process:
    """``assay up`` on one data folder; every start appends to the same logs."""

    def __init__(self, data: Path, environ: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.log = data.parent / "server.out"
        self.errors = data.parent / "server.err"
        self.key = ""
        self.url = ""
        self.pid = 0
        self._process: subprocess.Popen[bytes] | None = None
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSAY_")}
        # Standard output is a file here: unbuffered, a killed server leaves what it has printed.
        self._environ = {**kept, "PYTHONUNBUFFERED": "1", **(environ or {})}

    def init(self) -> None:
        """Make the data and the project's key, as a script would."""
        done = subprocess.run(
            [sys.executable, "-m", "assay.cli.main", "init", "--data", str(self.data), "--json"],
            env=self._environ,
            capture_output=True,
            check=True,
        )
        self.key = json.loads(done.stdout)["apiKey"]

    def start(self, *flags: str, port: int = 0) -> None:
        """Start it; ``ready`` waits until it serves."""
        command = [sys.executable, "-m", "assay.cli.main", "up", "--data", str(self.data)]
        with self.log.open("ab") as out, self.errors.open("ab") as err:
            self._process = subprocess.Popen(
                [*command, "--port", str(port), *flags],
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        self.pid = self._process.pid

    async def ready(self, seconds: float = 240) -> None:
        """Wait until it serves and works."""
        end = time.monotonic() + seconds
        client_file = self.data / "cli.json"
        async with httpx.AsyncClient(timeout=5) as client:
            while True:
                assert self._process is not None
                assert self._process.poll() is None, self.errors.read_text()[-2000:]
                self.url = json.loads(client_file.read_text())["url"]
                try:
                    if (await client.get(f"{self.url}/healthz")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                assert time.monotonic() < end, "the server did not start"
                await asyncio.sleep(0.05)

    def kill(self) -> list[Descendant]:
        """``kill -9``; gives every process that it had started."""
        assert self._process is not None
        left = descendants(self.pid)
        os.kill(self.pid, signal.SIGKILL)
        self._process.wait()
        return left

    def stop(self) -> None:
        """End it in good order."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise

    def client(self) -> httpx.AsyncClient:
        """A caller of its API, signed in with the key."""
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=30)


# A process id alone may be somebody else's later; with its start time it is not.
Descendant = tuple[int, str]


def _stat(pid: int) -> list[str] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()


def descendants(pid: int) -> list[Descendant]:
    """Children, their children and so on, with when they started."""
    parents: dict[int, list[Descendant]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))) is not None:
            parents.setdefault(int(stat[1]), []).append((int(entry.name), stat[19]))
    found: list[Descendant] = []
    waiting = [pid]
    while waiting:
        below = parents.get(waiting.pop(), [])
        found += below
        waiting += [child for child, _ in below]
    return found


def alive(processes: list[Descendant]) -> list[str]:
    """The command lines of those that still run; zombies do not."""
    found = []
    for pid, started in processes:
        stat = _stat(pid)
        if stat is None or stat[19] != started or stat[0] == "Z":
            continue
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        found.append(f"{pid} {words[:200]}")
    return found


async def gone(processes: list[Descendant], seconds: float = 8) -> None:
    """Wait until none of them runs any more."""
    end = time.monotonic() + seconds
    while left := alive(processes):
        assert time.monotonic() < end, "left behind: " + "\n".join(left)
        await asyncio.sleep(0.1)


async def answers(client: httpx.AsyncClient, chat: str, count: int, seconds: float) -> list[Json]:
    """The conversation's messages, oldest first, once ``count`` answers are final."""
    end = time.monotonic() + seconds
    while True:
        got = await client.get(f"/v1/chat/{chat}", params={"limit": 100})
        assert got.status_code == 200, got.text
        messages: list[Json] = got.json()["messages"]
        done = [m for m in messages if m["role"] == "assistant" and m["status"] in FINAL]
        if len(done) >= count:
            return list(reversed(messages))
        said = "\n".join(m["text"][-600:] for m in messages)
        assert time.monotonic() < end, f"no answer in {seconds:.0f} s: {said}"
        await asyncio.sleep(0.25)
