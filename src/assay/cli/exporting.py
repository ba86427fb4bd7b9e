"""``assay export``: the archive that the server makes, unpacked into a folder."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.cli.client import connect
from assay.cli.errors import UsageWrong


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be exported: the named tests, or all enabled ones (of an application)."""

    to: Path
    style: str
    tests: Sequence[str] = ()
    application: str | None = None

    def query(self) -> list[tuple[str, str]]:
        """The wish as the server understands it."""
        found = [("format", self.style), *(("testCase", name) for name in self.tests)]
        return [*found, *([("application", self.application)] if self.application else [])]


def export_tests(wish: Wish, data: Path | None, *, as_json: bool) -> str:
    """Write the exported folder; gives what to print. Files of the same names are replaced.

    Raises UsageWrong when the folder is a file, and what the client raises.
    """
    if wish.to.exists() and not wish.to.is_dir():
        raise UsageWrong(f"{wish.to} is a file, not a folder.")
    content = asyncio.run(_load(wish, data))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
        wish.to.mkdir(parents=True, exist_ok=True)
        packed.extractall(wish.to)
    if as_json:
        return json.dumps({"folder": str(wish.to), "files": names})
    return f"Wrote {len(names)} files to {wish.to}; its README.md says how to run them."


async def _load(wish: Wish, data: Path | None) -> bytes:
    client = connect(data)
    try:
        return await client.load("/v1/test-cases/export", wish.query())
    finally:
        await client.close()
