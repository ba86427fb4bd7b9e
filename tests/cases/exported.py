"""Running exported folders as their readers do: in a process of their own, without Assay."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_ROOT = Path(__file__).parents[2]
# The exported code may not lean on what made it.
_PLAIN = (
    "import sys; sys.modules['assay'] = None; import pytest;"
    " sys.exit(pytest.main(['-q', '-p', 'playwright', '-p', 'no:cacheprovider',"
    " '--tb=line', '-rA', *sys.argv[1:]]))"
)
_QUICKLY = {"helpers.py": ("seconds: float = 5.0", "seconds: float = 0.5"),
            "helpers.ts": ("timeout: 5000", "timeout: 500")}  # fmt: skip


def plain_environ(browser: str, url: str) -> dict[str, str]:
    """What a person has set, and nothing of this process: no path to the code under test."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"ASSAY_BROWSER": browser, "BASE_URL": url}


def put(files: Mapping[str, bytes], folder: Path, *, quick: bool = False) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for name, (slow, fast) in _QUICKLY.items() if quick else ():
        if (folder / name).exists():
            text = (folder / name).read_text()
            assert slow in text
            (folder / name).write_text(text.replace(slow, fast))


async def run(command: list[str], folder: Path, env: dict[str, str]) -> str:
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=folder, env=env, capture_output=True, text=True, timeout=400
    )
    return done.stdout + done.stderr


async def under_pytest(
    folder: Path, env: dict[str, str], *flags: str
) -> tuple[set[str], set[str], str]:
    """The tests that passed and that failed, under plain pytest."""
    said = await run([sys.executable, "-c", _PLAIN, *flags], folder, env)
    passed = set(re.findall(r"^PASSED test_(\w+)\.py", said, re.M))
    failed = set(re.findall(r"^FAILED test_(\w+)\.py", said, re.M))
    return passed, failed, said


async def under_playwright(folder: Path, env: dict[str, str]) -> tuple[set[str], set[str], str]:
    """The tests that passed and that failed, under Playwright Test."""
    modules = _ROOT / "node_modules"
    assert (modules / "@playwright" / "test").is_dir(), "run: python scripts/assets.py --dev"
    (folder / "node_modules").symlink_to(modules)
    npx = shutil.which("node")
    assert npx, "Playwright Test needs node"
    cli = modules / "@playwright" / "test" / "cli.js"
    said = await run([npx, str(cli), "test", "--reporter=list", "--workers=2"], folder, env)
    passed = set(re.findall(r"^\s*(?:\S+)?\s*✓\s+\d+ ([\w.-]+)\.spec\.ts", said, re.M))
    failed = set(re.findall(r"^\s*(?:\S+)?\s*✘\s+\d+ ([\w.-]+)\.spec\.ts", said, re.M))
    return passed, failed, said
