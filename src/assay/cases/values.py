"""Values that steps enter: templates, and their rendering in one run.

What fits a field is made by ``fielddata``; the names are given here again for those who use both.
"""

from __future__ import annotations

import base64
import hashlib
import re
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from assay.browser.model import Upload
from assay.cases.errors import ValueUnknown
from assay.cases.fielddata import generate, wrong

_TEMPLATE = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1"
    b">>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
_MEDIA = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "pdf": "application/pdf",
    "csv": "text/csv",
    "json": "application/json",
    "xml": "application/xml",
    "txt": "text/plain",
    "html": "text/html",
    "md": "text/markdown",
    "svg": "image/svg+xml",
    "zip": "application/zip",
    "doc": "application/msword",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class CredentialLike(Protocol):
    """A named account or set of values of the project under test."""

    @property
    def name(self) -> str: ...
    @property
    def username(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def values(self) -> Mapping[str, str]: ...


class TargetLike(Protocol):
    """What values need to know about the target."""

    @property
    def credentials(self) -> Sequence[CredentialLike]: ...


class Values:
    """Renders templates for one run; the same seed gives the same values.

    Known are ``unique`` (8 letters, new in each run), ``email``, ``password`` (new,
    long, with all kinds of characters), ``config:NAME.KEY`` and ``var:NAME``.
    """

    def __init__(self, target: TargetLike, seed: str) -> None:
        self._configs = {one.name: one for one in target.credentials}
        self._variables: dict[str, str] = {}
        self.unique = _token(f"{seed}:unique", 8)
        self._secret = _token(f"{seed}:password", 10)

    def render(self, template: str) -> str:
        """The template with every ``{{…}}`` replaced; raises ValueUnknown for one with no value."""
        return _TEMPLATE.sub(lambda match: self._value(match[1]), template)

    @property
    def variables(self) -> dict[str, str]:
        """The values kept so far, by name."""
        return dict(self._variables)

    def set(self, name: str, value: str) -> None:
        """Keep a value for ``{{var:name}}``."""
        self._variables[name] = value

    def _value(self, key: str) -> str:
        known: dict[str, Callable[[], str]] = {
            "unique": lambda: self.unique,
            "email": lambda: f"qa.{self.unique}@example.com",
            "password": lambda: f"Zq7-{self._secret}-Kx4",
        }
        if key in known:
            return known[key]()
        kind, _, name = key.partition(":")
        if kind == "var" and name in self._variables:
            return self._variables[name]
        if kind == "config":
            return self._config(name)
        raise ValueUnknown(f"The test uses the value “{key}”, which this run does not have.")

    def _config(self, path: str) -> str:
        name, _, key = path.rpartition(".")
        config = self._configs.get(name)
        if config is None:
            raise ValueUnknown(f"There is no config named “{name}”; add it to the project.")
        if key == "username" and config.username:
            return config.username
        if key == "password" and config.password:
            return config.password
        if key in config.values:
            return config.values[key]
        raise ValueUnknown(f"The config “{name}” has no “{key}”.")


def _token(seed: str, size: int) -> str:
    # Letters only: a name with digits in it reads as several words and as numbers.
    digest = hashlib.sha256(seed.encode()).digest()
    return "".join(string.ascii_lowercase[byte % 26] for byte in digest[:size])


def upload(name: str = "", size: int | None = None, accept: str = "") -> Upload:
    """A small file of the wanted size (in bytes) and kind; ``accept`` is the field's own list."""
    ending = _ending(name, accept)
    filename = name if "." in name else f"{name or 'sample'}.{ending}"
    content = {"png": _PNG, "pdf": _PDF}.get(ending)
    if content is None:
        content = b"name,number\nsample,1\n" if ending == "csv" else b"Sample text for a test.\n"
        content = b'{"sample": true}\n' if ending == "json" else content
    if size is not None:
        content = (
            (content * (size // len(content) + 1))[:size]
            if ending != "png" or size < len(content)
            else (content + b"\0" * (size - len(content)))
        )
    return Upload(filename, _MEDIA.get(ending, "application/octet-stream"), content)


def _ending(name: str, accept: str) -> str:
    if "." in name:
        return name.rsplit(".", 1)[1].lower()
    for part in accept.lower().split(","):
        part = part.strip()
        if part.startswith(".") and part[1:] in _MEDIA:
            return part[1:]
        if part.startswith("image/"):
            return "png"
        if part.endswith("/pdf"):
            return "pdf"
        known = next((ending for ending, media in _MEDIA.items() if media == part), None)
        if known is not None:
            return known
    return "txt"


__all__ = ["CredentialLike", "TargetLike", "Values", "generate", "upload", "wrong"]
