"""Imports go down only: the order of rooms in pyproject.toml is kept."""

from __future__ import annotations

import subprocess
import sys

from tests.house.source import ROOT


def test_rooms_import_downwards_only() -> None:
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
