"""Where ``assay review`` gets a change from: a file, standard input, or the working tree's git."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from assay.cli.errors import UsageWrong

# The user's own settings must neither change what is printed nor run programs.
_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=")
_DIFF = (
    *("-c", "core.quotePath=on", "diff", "--no-ext-diff", "--no-textconv", "--no-color"),
    *("--find-renames", "--src-prefix=a/", "--dst-prefix=b/", "--full-index", "--submodule=short"),
)
_MOST_SUBJECTS = 5


@dataclass(frozen=True, slots=True)
class Local:
    """A change as text, and what it is said to be about."""

    diff: str
    description: str = ""


def from_file(name: str) -> Local:
    """The diff of a file, or of standard input for ``-``."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise UsageWrong(f"cannot read {name}: {error.strerror}.") from error
    return Local(decoded(raw))


def from_git(base: str) -> Local:
    """What the working tree has changed since it left ``base``, committed or not; new files that
    git does not know yet are not in it."""
    if base.startswith("-"):
        raise UsageWrong(f"{base} is no name of a commit.")
    fork = _git("merge-base", base, "HEAD").decode().strip()
    diff = decoded(_git(*_DIFF, fork))
    if not diff.strip():
        raise UsageWrong(f"there is no change since {base}.")
    counts = _git(*_DIFF, "--numstat", fork).decode("utf-8", "replace")
    _checked(diff, counts)
    subjects = decoded(_git("log", "--format=%s", f"{fork}..HEAD")).splitlines()
    return Local(diff, "; ".join(subjects[:_MOST_SUBJECTS]))


def decoded(raw: bytes) -> str:
    """Text of a diff; lines that are no UTF-8 are taken for Latin-1, as old files are."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "\n".join(_line(line) for line in raw.split(b"\n"))


def _line(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _checked(diff: str, numstat: str) -> None:
    """Refuse a diff that would be read otherwise than git counts it."""
    from assay.reviews.reading import read_change

    files = read_change(diff).files
    pairs = re.findall(r"^(\d+)\t(\d+)\t", numstat, re.MULTILINE)
    counted = sum(int(added) + int(removed) for added, removed in pairs)
    read = sum(file.added + file.removed for file in files if not file.binary)
    if counted != read:
        raise UsageWrong(f"git counts {counted} changed lines, but {read} could be read.")


def _git(*args: str) -> bytes:
    try:
        done = subprocess.run(["git", *_QUIET, *args], capture_output=True, check=False)
    except OSError as error:
        raise UsageWrong("git is not installed: give the change with --diff.") from error
    if done.returncode != 0:
        told = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageWrong(f"git {args[0]}: {told[-1] if told else 'failed'}")
    return done.stdout
