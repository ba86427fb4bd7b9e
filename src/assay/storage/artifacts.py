"""Files that runs leave behind in the data directory, under keys like ``runs/ID/trace.zip``."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from assay.storage.errors import ArtifactKeyInvalid, ArtifactMissing

_SEGMENT = re.compile(r"[0-9A-Za-z_\-][0-9A-Za-z_.\-@]*")
_LONGEST = 400


class ArtifactStore:
    """Stores files under keys of plain segments joined by ``/``; no key leaves the root folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def path(self, key: str) -> Path:
        """Where the file of a key is or will be."""
        parts = key.split("/")
        if len(key) > _LONGEST or not all(_SEGMENT.fullmatch(part) for part in parts):
            raise ArtifactKeyInvalid(f'"{key[:80]}" is not an artifact key.')
        path = self.root.joinpath(*parts)
        # A link planted inside the folder must not lead out of it.
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise ArtifactKeyInvalid(f'"{key[:80]}" leads out of the artifact folder.')
        return path

    def folder(self, prefix: str) -> Path:
        """The folder of a prefix, made when absent, for a tool that writes files itself."""
        path = self.path(prefix)
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    async def put(self, key: str, content: bytes) -> None:
        """Store a whole file at once: readers see the old file or the new one, never a part."""
        await asyncio.to_thread(self._write, self.path(key), content)

    async def take(self, key: str, source: Path) -> None:
        """Move a finished file into the store."""
        await asyncio.to_thread(self._move, self.path(key), source)

    async def get(self, key: str) -> bytes:
        """The content of an artifact."""
        path = self.existing(key)
        return await asyncio.to_thread(path.read_bytes)

    def existing(self, key: str) -> Path:
        """The path of an artifact that is there, for an edge that streams it."""
        path = self.path(key)
        if not path.is_file():
            raise ArtifactMissing(f'There is no artifact "{key}".')
        return path

    async def keys(self, prefix: str) -> list[str]:
        """Every key below a prefix, sorted."""
        return await asyncio.to_thread(lambda: sorted(self._walk(self.path(prefix))))

    async def delete(self, prefix: str) -> None:
        """Remove one artifact, or everything below a prefix. Nothing there is no error."""
        await asyncio.to_thread(self._remove, self.path(prefix))

    def _walk(self, folder: Path) -> Iterator[str]:
        for file in folder.rglob("*"):
            if file.is_file() and not file.name.startswith("."):
                yield file.relative_to(self.root).as_posix()

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with draft.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)

    def _move(self, path: Path, source: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            # The source may be on another file system, where only a copy can be made whole.
            shutil.move(source, draft)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)

    def _remove(self, path: Path) -> None:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
