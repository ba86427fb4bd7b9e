"""Exported suites of tests that chat wrote, run where Assay cannot be imported."""

from __future__ import annotations

import asyncio
import io
import os
import re
import shutil
import subprocess
import tempfile
import venv
import zipfile
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assay.browser.pool import PlaywrightPool
from bench.serving import Server

_ROOT = Path(__file__).parents[1]
_PYTEST = re.compile(r"^(PASSED|FAILED|ERROR) (\S+?)(?:::\S+)?(?: - (.*))?$", re.MULTILINE)
_NODE = re.compile(r"^\s*(✓|✘)\s+\d+ ([\w.-]+\.spec\.ts)", re.MULTILINE)


def suite(
    server: Server, short_id: str, app: dict[str, Any], style: str, root: Path, timeout: float
) -> dict[str, Any]:
    """Export an application's enabled tests and run them on a running copy of it.

    ``style`` is ``pytest`` or ``playwright``; ``root`` is where the plain environment is kept.
    """
    answer = server.client.get(
        "/v1/test-cases/export", params={"format": style, "application": short_id}
    )
    answer.raise_for_status()
    with tempfile.TemporaryDirectory(prefix="assay-suite-") as place:
        folder = Path(place)
        zipfile.ZipFile(io.BytesIO(answer.content)).extractall(folder)
        command = _plain_pytest(root) if style == "pytest" else _playwright_test(folder)
        done = subprocess.run(
            command,
            cwd=folder,
            env=_environ(app),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
    said = done.stdout + done.stderr
    results = {
        name: (mark in {"PASSED", "✓"}, why)
        for mark, name, why in (
            _PYTEST.findall(said)
            if style == "pytest"
            else [(mark, name, "") for mark, name in _NODE.findall(said)]
        )
    }
    passed = sum(1 for good, _ in results.values() if good)
    print(f"  exported to {style}: {passed}/{len(results)} pass, exit code {done.returncode}")
    for name, (good, why) in results.items():
        if not good:
            print(f"      {name}: {why}", flush=True)
    return {
        "style": style,
        "passed": passed,
        "run": len(results),
        "exit": done.returncode,
        "failed": {name: why for name, (good, why) in results.items() if not good},
        "output": said[-20_000:] if done.returncode else "",
    }


def _plain_pytest(root: Path) -> list[str]:
    """pytest in an environment that has pytest-playwright and not Assay; made on first use."""
    place = root / "plain-pytest"
    python = place / "bin" / "python"
    if not python.exists():
        venv.create(place, with_pip=True)
        wanted = [f"{name}=={version(name)}" for name in ("pytest", "pytest-playwright")]
        install = [str(python), "-m", "pip", "install", "-q", *wanted]
        subprocess.run([*install, f"playwright=={version('playwright')}"], check=True)
    look = "import importlib.util as u, sys; sys.exit(u.find_spec('assay') is not None)"
    if subprocess.run([str(python), "-c", look], env=_kept(), check=False).returncode:
        raise RuntimeError(f"{place} can import assay: remove it")
    return [str(python), "-m", "pytest", "-q", "-rA", "--tb=line", "-p", "no:cacheprovider"]


def _playwright_test(folder: Path) -> list[str]:
    modules = _ROOT / "node_modules"
    cli = modules / "@playwright" / "test" / "cli.js"
    node = shutil.which("node")
    if not cli.exists() or node is None:
        raise RuntimeError("Playwright Test is not installed: run scripts/assets.py --dev")
    (folder / "node_modules").symlink_to(modules)
    return [node, str(cli), "test", "--reporter=list", "--workers=1"]


def _environ(app: dict[str, Any]) -> dict[str, str]:
    """What a person has set: the address, the browser and the accounts."""
    accounts = {}
    for prefix in ("", "other_"):
        user = app.get(f"{prefix}user")
        if user:
            name = re.sub(r"\W+", "_", str(user).split("@")[0]).upper()
            accounts[f"{name}_USERNAME"] = str(user)
            accounts[f"{name}_PASSWORD"] = str(app[f"{prefix}password"])
    return _kept() | accounts | {"BASE_URL": str(app["url"]), "ASSAY_BROWSER": _browser()}


def _kept() -> dict[str, str]:
    """What the plain environment keeps of this one: no path to the code under test."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


@cache
def _browser() -> str:
    async def found() -> str:
        pool = PlaywrightPool()
        await pool.start()
        await pool.close()
        return str(pool.path)

    return asyncio.run(found())
