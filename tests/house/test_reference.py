"""The reference is made from the code; a setting, command, route or error without a line fails."""

from __future__ import annotations

import subprocess
import sys

from assay.settings.reading import SETTINGS
from tests.house.source import ROOT


def test_the_reference_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/reference.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, "run .venv/bin/python scripts/reference.py\n" + done.stderr


def test_every_setting_has_its_line() -> None:
    text = (ROOT / "docs" / "reference.md").read_text()
    missing = [s.name for s in SETTINGS if f"`{s.name}`" not in text or not s.help]
    assert not missing
