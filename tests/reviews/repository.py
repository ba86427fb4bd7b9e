"""A real git repository to make diffs with."""

from __future__ import annotations

import subprocess
from pathlib import Path

_ENV = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "PATH": "/usr/bin:/bin:/usr/local/bin",
    "LC_ALL": "C.UTF-8",
}


class Repository:
    """A working tree; ``git`` gives what git prints."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def raw(self, *args: str) -> bytes:
        done = subprocess.run(
            ["git", *args], cwd=self.folder, env=_ENV, capture_output=True, check=True
        )
        return done.stdout

    def git(self, *args: str) -> str:
        return self.raw(*args).decode("utf-8", "surrogateescape")

    def write(self, path: str | bytes, content: bytes | str) -> Path:
        name = path if isinstance(path, str) else path.decode("utf-8", "surrogateescape")
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def commit(self, message: str = "work") -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)

    def numstat(self, *args: str) -> dict[str, tuple[int, int] | None]:
        """Added and removed lines by new path; None for binaries. Names are exact."""
        parts = self.git("diff", "--numstat", "-z", "-M", "-C", "--find-copies-harder", *args)
        fields = parts.split("\0")
        found: dict[str, tuple[int, int] | None] = {}
        at = 0
        while at < len(fields) and fields[at]:
            added, removed, name = fields[at].split("\t", 2)
            at += 1
            if not name:
                name = fields[at + 1]
                at += 2
            found[name] = None if added == "-" else (int(added), int(removed))
        return found
