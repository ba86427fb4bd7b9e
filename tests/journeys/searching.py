"""Looks for secrets in everything, in every form in which they may have been written."""

from __future__ import annotations

import base64
import contextlib
import html
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus


def forms(secret: str) -> set[bytes]:
    """The secret raw, for URLs, in JSON, in HTML, in UTF-16, and base64 at all three alignments."""
    escaped = json.dumps(secret)[1:-1]
    texts = {secret, quote(secret, safe=""), quote(secret), quote_plus(secret), escaped}
    texts |= {json.dumps(escaped)[1:-1], html.escape(secret)}
    texts |= {text.lower() for text in texts if "%" in text} if "%" in quote(secret) else set()
    found = {text.encode() for text in texts}
    found.add(secret.encode("utf-16-le"))
    raw = secret.encode()
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)
        # Only what this secret alone decides: neighbours change the first and the last letters.
        whole = coded[(0, 2, 3)[shift] : (shift + len(raw)) * 8 // 6]
        found |= {whole, whole.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


class Search:
    """Where which secret was found."""

    def __init__(self, secrets: dict[str, str]) -> None:
        self._forms = {name: forms(secret) for name, secret in secrets.items()}
        self.looked_at = 0
        self.found: list[str] = []

    def look(self, where: str, content: bytes) -> None:
        """Note every secret that stands in the content."""
        self.looked_at += 1
        for name, wanted in self._forms.items():
            for form in wanted:
                at = content.find(form)
                if at >= 0:
                    around = content[max(0, at - 60) : at + len(form) + 30]
                    self.found.append(f"{name} in {where}: {around!r}")
                    break

    def folder(self, folder: Path) -> None:
        """Every file, and what is packed in it."""
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            where = str(path.relative_to(folder))
            self.look(where, path.read_bytes())
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    for entry in archive.infolist():
                        self.look(f"{where}!{entry.filename}", entry.filename.encode())
                        self.look(f"{where}!{entry.filename}", archive.read(entry))

    def database(self, path: Path) -> None:
        """Every value of every table, unpacked as far as it can be."""
        connection = sqlite3.connect(path)
        tables = connection.execute("select name from sqlite_master where type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f'select * from "{table}"'):
                for value in row:
                    for content in _unpacked(value):
                        self.look(f"table {table}", content)
        connection.close()


def _unpacked(value: Any) -> Iterator[bytes]:
    raw = value if isinstance(value, bytes) else str(value).encode()
    yield raw
    try:
        inner = base64.b64decode(raw, validate=True)
    except ValueError:
        inner = b""
    if inner:
        yield inner
        with contextlib.suppress(zlib.error):
            yield zlib.decompress(inner)
    with contextlib.suppress(ValueError):
        yield json.dumps(json.loads(raw), ensure_ascii=False).encode()
