"""One worker per SQLite data directory: a file lock that dies with its process."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from assay.jobs.errors import DataDirectoryInUse


class WorkerLock:
    """An exclusive lock on ``path``; the operating system frees it even after ``kill -9``.

    Taking it twice through the same object is harmless, so the command line may take it early and
    the job runner again at launch.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._handle is not None

    def acquire(self, wait: float = 1.0) -> None:
        """Take the lock or raise ``DataDirectoryInUse`` naming the directory and the holder.

        Blocks up to ``wait`` seconds: the system frees the lock of a killed process a little after
        its end, and a supervisor starts the next one at once.
        """
        if self._handle is not None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not _locked(handle, wait):
            holder = os.read(handle, 32).decode(errors="replace").strip()
            os.close(handle)
            who = f" by process {holder}" if holder else ""
            raise DataDirectoryInUse(
                f"The data directory {self._path.parent} is in use{who}: "
                "stop that process or choose another directory with --data."
            )
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        self._handle = handle

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _locked(handle: int, wait: float) -> bool:
    end = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(0.02)
