"""A fuzzer speaks to a real server: nothing breaks, and every answer is as the document says."""

from __future__ import annotations

import asyncio
import subprocess
import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.process import Process

SECONDS = 20
# The contract's own schema allows what its rules refuse with 400: a limit below 1, a message of
# blanks, an address that no browser may open.
LEFT_OUT = "positive_data_acceptance"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Process]:
    """A server with one application, on a port where nothing listens. It has no browser, so that
    the turns that the fuzzer starts end at once."""
    found = Process(tmp_path / "data", {"ASSAY_BROWSER": "/bin/false"})
    found.init()
    found.start("--no-demo")
    await found.ready()
    async with found.client() as client:
        shop = {"name": "Closed", "url": "http://127.0.0.1:9/"}
        assert (await client.post("/v1/applications", json=shop)).status_code == 201
    yield found
    found.stop()


async def test_a_fuzzer_finds_nothing(server: Process, tmp_path: Path) -> None:
    command = [
        f"{sysconfig.get_path('scripts')}/schemathesis",
        "run",
        f"{server.url}/openapi.json",
        *("--header", f"Authorization: Bearer {server.key}"),
        *("--phases", "examples,coverage,fuzzing,stateful"),
        *("--exclude-checks", LEFT_OUT),
        *("--max-examples", "5", "--max-time", str(SECONDS), "--seed", "1"),
        *("--no-shrink", "--no-color", "--warnings", "off"),
        *("--generation-database", "none"),
    ]

    def fuzz() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    done = await asyncio.to_thread(fuzz)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert server.key not in server.errors.read_text()
