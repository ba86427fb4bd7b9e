"""Running the command line: in this process, or as people do in one of its own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from assay.cli.main import main

COMMAND = [sys.executable, "-m", "assay.cli.main"]


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a person with nothing set, at home in a folder of the test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSAY_")}
    kept.pop("XDG_DATA_HOME", None)
    browser = os.environ.get("ASSAY_BROWSER")
    return {**kept, "HOME": str(home), **({"ASSAY_BROWSER": browser} if browser else {}), **more}


@dataclass(frozen=True)
class Done:
    """What a command printed, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def assay(*args: str, home: Path, stdin: str = "", **more: str) -> Done:
    """Run a command in this process, which saves the start of another one."""
    out, errors = io.StringIO(), io.StringIO()
    typed = io.TextIOWrapper(io.BytesIO(stdin.encode()))
    with (
        mock.patch.dict(os.environ, environment(home, **more), clear=True),
        mock.patch.object(sys, "argv", ["assay", *args]),
        mock.patch.object(sys, "stdin", typed),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(errors),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    code = ended.value.code
    return Done(code if isinstance(code, int) else 0, out.getvalue(), errors.getvalue())


def assay_alone(*args: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    return subprocess.run(
        [*COMMAND, *args],
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def start(*args: str, home: Path, **more: str) -> subprocess.Popen[str]:
    """A command that goes on."""
    return subprocess.Popen(
        [*COMMAND, *args],
        env=environment(home, **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
