"""What a session leaves behind: a trace, pictures, console and requests, with secrets masked."""

from __future__ import annotations

import asyncio
import json
import zipfile
from pathlib import Path

from playwright.async_api import BrowserContext, Error

from assay.browser.model import Exchange
from assay.kernel.redaction import Redactor

TRACE = "trace.zip"
_RAW = "trace.raw.zip"
_PICTURES = (".jpeg", ".jpg", ".png", ".webp", ".woff", ".woff2")


# A page that hangs may keep its trace for itself.
_STOPPING = 60.0


class Evidence:
    """The evidence folder of one session; nothing unmasked stays in it."""

    def __init__(self, folder: Path, redactor: Redactor) -> None:
        self._folder = folder
        self._redactor = redactor
        self._tracing = False
        self._lost: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        return self._folder

    async def start(self, context: BrowserContext) -> None:
        """Begin to record the trace."""
        self._folder.mkdir(parents=True, exist_ok=True)
        await context.tracing.start(screenshots=True, snapshots=True, sources=False)
        self._tracing = True

    async def stop(self, context: BrowserContext) -> None:
        """End the trace; a browser that died leaves none, and that is told."""
        if not self._tracing:
            return
        self._tracing = False
        try:
            async with asyncio.timeout(_STOPPING):
                await context.tracing.stop(path=self._folder / _RAW)
        except (Error, TimeoutError):
            (self._folder / _RAW).unlink(missing_ok=True)
            self._lost = ("The browser ended before its trace could be written.",)

    async def keep(
        self,
        console: tuple[str, ...],
        exchanges: tuple[Exchange, ...],
        failed: tuple[Exchange, ...],
    ) -> None:
        """Write everything, secrets masked."""
        raw = self._folder / _RAW
        try:
            if raw.exists():
                await asyncio.to_thread(mask_archive, raw, self._folder / TRACE, self._redactor)
        finally:
            raw.unlink(missing_ok=True)
        self._write("console.json", [*console, *self._lost])
        requests = {
            "exchanges": [_plain(one) for one in exchanges],
            "failed": [_plain(one) for one in failed],
        }
        self._write("requests.json", requests)

    def _write(self, name: str, content: object) -> None:
        masked = self._redactor.mask_json(content)
        text = json.dumps(masked, ensure_ascii=False, indent=1)
        (self._folder / name).write_text(text, encoding="utf-8")


def mask_archive(source: Path, target: Path, redactor: Redactor) -> None:
    """Copy an archive with every secret masked in every entry; the source is removed."""
    if redactor.empty:
        source.replace(target)
        return
    with (
        zipfile.ZipFile(source) as given,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as kept,
    ):
        for entry in given.infolist():
            content = given.read(entry)
            if not entry.filename.endswith(_PICTURES):
                content = redactor.mask_bytes(content)
            how = zipfile.ZIP_STORED if entry.filename.endswith(_PICTURES) else None
            kept.writestr(redactor.mask(entry.filename), content, compress_type=how)
    source.unlink()


def _plain(exchange: Exchange) -> dict[str, object]:
    return {
        "method": exchange.method,
        "url": exchange.url,
        "resource": exchange.resource,
        "status": exchange.status,
        "failure": exchange.failure,
    }
