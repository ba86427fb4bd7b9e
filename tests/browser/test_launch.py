"""Browsers are found, proven, restarted and ended."""

from __future__ import annotations

import asyncio
import os
import signal
import stat
from pathlib import Path

import pytest

from assay.browser.errors import BrowserMissing
from assay.browser.model import Action, ActionKind
from assay.browser.pool import PlaywrightPool
from assay.browser.port import SessionOptions
from tests.browser.site import Answer, Asked, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")


def _browsers() -> dict[int, list[str]]:
    """The browser processes (not their helpers) below this test, with their arguments."""
    found: dict[int, list[str]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            arguments = (entry / "cmdline").read_bytes().decode().split("\0")
            parents = _ancestors(int(entry.name))
        except (OSError, ValueError):
            continue
        main = not any(one.startswith("--type=") for one in arguments)
        if main and os.getpid() in parents and "--remote-debugging-pipe" in arguments:
            found[int(entry.name)] = arguments
    return found


def _ancestors(pid: int) -> set[int]:
    seen: set[int] = set()
    while pid > 1 and pid not in seen:
        seen.add(pid)
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return seen


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads processes from /proc")
async def test_sandbox_restart_and_a_clean_end(site: Site) -> None:
    site.pages["/"] = "<h1>Here</h1>"
    options = SessionOptions(site.url, frozenset({site.host}))
    others = set(_browsers())
    pool = PlaywrightPool()
    await pool.start()
    assert pool.path is not None
    running = {pid: args for pid, args in _browsers().items() if pid not in others}
    assert running
    for arguments in running.values():
        assert ("--no-sandbox" in arguments) == (os.geteuid() == 0)
        assert "--disable-quic" in arguments
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    await asyncio.sleep(0.3)
    async with pool.session(options) as session:
        await session.perform(Action(ActionKind.NAVIGATE, value="/"))
        assert "Here" in (await session.observe()).text
    await pool.close()
    for _ in range(300):
        left = set(_browsers()) - others
        if not left:
            break
        await asyncio.sleep(0.1)
    assert not left


async def test_a_browser_that_does_not_render_is_no_browser(tmp_path: Path) -> None:
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\nexit 3\n")
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    for path in (fake, tmp_path / "missing"):
        pool = PlaywrightPool(path)
        with pytest.raises(BrowserMissing, match="ASSAY_BROWSER"):
            await pool.start()
        await pool.close()


async def test_http_credentials_and_a_phone(pool: PlaywrightPool, site: Site) -> None:
    def guarded(asked: Asked) -> Answer:
        if asked.headers.get("authorization") == "Basic YW5uOnNlY3JldA==":
            return Answer(b"<meta name=viewport content='width=device-width'><h1>Welcome</h1>")
        return Answer(b"no", 401, headers={"WWW-Authenticate": 'Basic realm="x"'})

    site.pages["/"] = guarded
    options = SessionOptions(
        site.url, frozenset({site.host}), http_credentials=("ann", "secret"),
        width=390, height=844, is_mobile=True,
    )  # fmt: skip
    async with pool.session(options) as session:
        await session.perform(Action(ActionKind.NAVIGATE, value="/"))
        seen = await session.observe()
        assert ("Welcome" in seen.text, seen.viewport[0], seen.status) == (True, 390, 200)
        effect = await session.perform(Action(ActionKind.FETCH, value="/"))
        assert effect.status == 200


async def test_a_headless_shell_goes_before_a_whole_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = PlaywrightPool()
    await installed.start()
    await installed.close()
    for name in ("chromium", "chromium-headless-shell"):
        path = tmp_path / name
        path.write_text(f'#!/bin/sh\nexec "{installed.path}" "$@"\n')
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    pool = PlaywrightPool()
    await pool.start()
    await pool.close()
    assert pool.path == tmp_path / "chromium-headless-shell"
