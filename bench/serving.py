"""Starting an Assay server and real applications for a bench, and ending them again."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx


@dataclass(frozen=True)
class Server:
    """A running Assay and a client that is signed in to it."""

    url: str
    key: str
    client: httpx.Client

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """POST JSON; raises for an error status, with the server's message."""
        answer = self.client.post(path, json=body)
        if answer.status_code >= 400:
            raise RuntimeError(f"POST {path}: {answer.status_code} {answer.text[:400]}")
        data: dict[str, Any] = answer.json()
        return data

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """GET JSON; raises for an error status."""
        answer = self.client.get(path, params=query)
        if answer.status_code >= 400:
            raise RuntimeError(f"GET {path}: {answer.status_code} {answer.text[:400]}")
        data: dict[str, Any] = answer.json()
        return data

    def finished(self, chat: str, timeout: float) -> dict[str, Any]:
        """The newest assistant message once it is final, or as it is when time is up."""
        end = time.monotonic() + timeout
        while True:
            messages = self.get(f"/v1/chat/{chat}")["messages"]
            newest: dict[str, Any] = next(m for m in messages if m["role"] == "assistant")
            if newest["status"] in {"COMPLETED", "FAILED", "CANCELLED"} or time.monotonic() > end:
                return newest
            time.sleep(0.1)


def free_port() -> int:
    """A port of the loopback address that was free a moment ago."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextlib.contextmanager
def assay(*, demo: bool = False) -> Iterator[Server]:
    """An Assay server on fresh data."""
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as data:
        port = free_port()
        command = [sys.executable, "-m", "assay.cli.main"]
        made = subprocess.run(
            [*command, "init", "--data", data, "--json"], check=True, capture_output=True, text=True
        )
        key = json.loads(made.stdout)["apiKey"]
        args = [*command, "up", "--port", str(port), "--data", data]
        log = Path(data) / "server.log"
        with log.open("w") as sink:
            process = subprocess.Popen(
                [*args, *([] if demo else ["--no-demo"])], stdout=sink, stderr=sink
            )
        url = f"http://127.0.0.1:{port}"
        try:
            _await(f"{url}/healthz", process, log)
            headers = {"Authorization": f"Bearer {key}"}
            with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
                yield Server(url, key, client)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _await(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended:\n{log.read_text()[-3000:]}")
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url, timeout=2).status_code == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not answer in {seconds:.0f} s:\n{log.read_text()[-3000:]}")


@dataclass(frozen=True)
class SampleShop:
    """A running sample shop and its customer."""

    url: str
    email: str
    password: str


@contextlib.contextmanager
def sample_shop(*faults: str) -> Iterator[SampleShop]:
    """The bundled shop with fresh data; it ends with its standard input."""
    command = [sys.executable, "-m", "assay_shop", "--until-stdin-closes"]
    command += [part for fault in faults for part in ("--fault", fault)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        about = json.loads(process.stdout.readline())
        user = about["users"]["customer"]
        yield SampleShop(about["url"], user["email"], user["password"])
    finally:
        process.stdin.close()
        process.wait(20)


def register_shop(server: Server, shop: SampleShop, name: str) -> str:
    """Register a shop with its customer's credentials; gives the application's short id."""
    made = server.post("/v1/applications", {"name": name, "url": shop.url})
    values = {"username": shop.email, "password": shop.password}
    config = {
        "name": "shopper" + "".join(char for char in name if char.isdigit()),
        "kind": "usernamePassword",
        "applicationShortId": made["shortId"],
        "values": values,
    }
    server.post("/v1/configs", config)
    short_id: str = made["shortId"]
    return short_id


@contextlib.contextmanager
def application(
    script: Path,
    installed: Path,
    *,
    fresh: bool = True,
    port: int | None = None,
    change: Callable[[Path], None] = lambda folder: None,
) -> Iterator[dict[str, Any]]:
    """A real application, started from a copy of its installed folder; yields its JSON line.

    ``change`` may edit the copy before it is started.
    """
    with tempfile.TemporaryDirectory(prefix="assay-app-") as scratch:
        folder = installed
        if fresh:
            folder = Path(scratch) / "app"
            subprocess.run(["cp", "-a", str(installed), str(folder)], check=True)
            _moved(folder)
            change(folder)
        process = subprocess.Popen(
            ["sh", str(script), str(folder), str(port or free_port())],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"{script.name} did not start")
            yield json.loads(line)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def _moved(folder: Path) -> None:
    """Point the commands of a copied virtual environment at the copy, wherever they pointed."""
    here = f"#!{folder}/venv/bin/".encode()
    for command in (folder / "venv" / "bin").glob("*"):
        if not command.is_symlink() and command.is_file():
            text = command.read_bytes()
            command.write_bytes(re.sub(rb"\A#!\S*/venv/bin/", here, text))


def installed(script: Path, root: Path) -> Path:
    """The installed folder of an application, made on first use."""
    folder = root / script.stem
    if not (folder / ".installed").exists():
        folder.mkdir(parents=True, exist_ok=True)
        with application(script, folder, fresh=False):
            pass
    return folder
