"""Secrets at rest: AES-256-GCM under one key per deployment, bound to the place they belong to."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.storage.errors import SecretKeyInvalid

_VERSION = "v1"
_NONCE = 12
_SHORTEST_KEY = 16


class SecretBox:
    """Seals and opens texts. What was sealed for one context does not open in another."""

    def __init__(self, key: bytes) -> None:
        if len(key) != 32:
            raise SecretKeyInvalid("The secret key must have 32 bytes.")
        self._cipher = AESGCM(key)

    @classmethod
    def from_text(cls, text: str) -> SecretBox:
        """A box whose key is made from a configured text of 16 characters or more."""
        if len(text) < _SHORTEST_KEY:
            raise SecretKeyInvalid(
                "ASSAY_SECRET_KEY is too short: give it at least 16 random characters."
            )
        return cls(hashlib.sha256(b"assay secret box\0" + text.encode()).digest())

    @classmethod
    def from_file(cls, path: Path) -> SecretBox:
        """A box whose key stands in a file; the file is made, for its owner only, when absent."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            return cls(_read_key(path) if path.exists() else _make_key(path))
        except OSError as error:
            raise SecretKeyInvalid(
                f"The key file {path} cannot be used: {error.strerror}."
            ) from error

    def seal(self, text: str, *, context: str) -> str:
        """The text, encrypted; ``context`` is where it is kept, such as ``config/<row id>``."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._cipher.encrypt(nonce, text.encode(), context.encode())
        return f"{_VERSION}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, context: str) -> str:
        """The text that was sealed for this context."""
        version, _, body = sealed.partition(":")
        try:
            raw = base64.b64decode(body, validate=True)
            if version != _VERSION or len(raw) <= _NONCE:
                raise ValueError(version)
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], context.encode()).decode()
        except (ValueError, InvalidTag) as error:
            raise SecretKeyInvalid(
                "A stored secret cannot be opened with this key. Start with the secret key that "
                "the data was made with, or enter the configs again."
            ) from error


def _read_key(path: Path) -> bytes:
    try:
        return base64.b64decode(path.read_text().strip(), validate=True)
    except ValueError as error:
        raise SecretKeyInvalid(f"The key file {path} is damaged.") from error


def _make_key(path: Path) -> bytes:
    key = secrets.token_bytes(32)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(base64.b64encode(key).decode())
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link, unlike a rename, fails when another start made the key first.
            os.link(draft, path)
        except FileExistsError:
            return _read_key(path)
    finally:
        draft.unlink(missing_ok=True)
    return key
