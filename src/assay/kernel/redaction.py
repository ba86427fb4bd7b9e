"""Masks secrets in everything that leaves a running piece of work: texts, bytes, nested JSON.

A secret is looked for as it is and as it is written in URLs, JSON, HTML and base64. Secrets too
short or too common to be told from ordinary words (under 6 characters, or equal to a name that goes
with them) are masked only where they stand as a credential, such as after ``password=``.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar, cast
from urllib.parse import quote, quote_plus

MASK = "••••••"
SHORTEST = 6

Json = TypeVar("Json")

_LONG_WORDS = (
    r"password|passwd|passphrase|passcode|pwd|secret|token|api[_-]?key|authorization|credential"
)
_SHORT_WORDS = r"pass|pin|otp"
_KEY = re.compile(rf"(?:(?:{_LONG_WORDS})|(?:^|[^a-z])(?:{_SHORT_WORDS}))s?\d*$")
_BEFORE = (
    rf"(?P<lead>(?:(?:{_LONG_WORDS})|(?<![a-z])(?:{_SHORT_WORDS}))s?\d?"
    r"""(?:["'\]\\]|%22|&quot;|&\#34;)*\s*(?:[:=]|%3D|%3A|\bis\b|\bas\b|,\s*["']?value["']?\s*:|\s)\s*"""
    r"""(?:["'\\]|%22|&quot;|&\#34;)*)"""
)


class Redactor:
    """Masks a fixed set of secrets. ``names`` are user names and the like that stay readable."""

    def __init__(self, secrets: Iterable[str], *, names: Iterable[str] = ()) -> None:
        kept = {name.casefold() for name in names}
        given = {secret for secret in secrets if secret}
        self._plain = {s for s in given if len(s) >= SHORTEST and s.casefold() not in kept}
        self._guarded = given - self._plain
        forms = {form for secret in self._plain for form in _forms(secret)}
        self._pattern = _alternatives(forms)
        self._bytes = _alternatives_bytes(forms)
        credentials = {form for secret in self._guarded for form in _written(secret)}
        self._credential = _credential_pattern(credentials)
        self._basic = _alternatives(
            {form for s in self._guarded for name in names for form in _pair_forms(name, s)}
        )

    @property
    def empty(self) -> bool:
        """Whether there is nothing to mask."""
        return not self._plain and not self._guarded

    def mask(self, text: str) -> str:
        """The text with every secret replaced."""
        if self._pattern is not None:
            text = self._pattern.sub(MASK, text)
        if self._basic is not None:
            text = self._basic.sub(MASK, text)
        if self._credential is not None:
            text = self._credential.sub(lambda found: found["lead"] + MASK, text)
        return text

    def mask_bytes(self, content: bytes) -> bytes:
        """The same for bytes. Guarded secrets are looked for when the bytes are UTF-8 text."""
        if self._bytes is not None:
            content = self._bytes.sub(MASK.encode(), content)
        if self._guarded:
            try:
                return self.mask(content.decode()).encode()
            except UnicodeDecodeError:
                return content
        return content

    def mask_json(self, value: Json) -> Json:
        """A copy of nested lists, tuples and mappings with every string masked, keys included.

        A guarded secret is masked where it is the whole value under a password-like key, or beside
        a ``name`` that is password-like, as recorders of requests write form fields.
        """
        return cast(Json, self._walk(value, credential=False))

    def found_in(self, text: str) -> bool:
        """Whether masking would change the text."""
        return self.mask(text) != text

    def _walk(self, value: object, *, credential: bool) -> object:
        if isinstance(value, str):
            return MASK if credential and value in self._guarded else self.mask(value)
        if isinstance(value, bytes):
            return self.mask_bytes(value)
        if isinstance(value, Mapping):
            named = any(
                isinstance(value.get(key), str) and is_credential_key(value[key])
                for key in ("name", "key", "field", "label")
            )
            return {
                self.mask(key) if isinstance(key, str) else key: self._walk(
                    inner, credential=named or (isinstance(key, str) and is_credential_key(key))
                )
                for key, inner in value.items()
            }
        if isinstance(value, Sequence):
            walked = [self._walk(inner, credential=credential) for inner in value]
            return tuple(walked) if isinstance(value, tuple) else walked
        return value


def is_credential_key(key: str) -> bool:
    """Whether a field of this name holds a credential: ``password``, ``user[pwd]``, ``pass2``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key.strip().rstrip("]\"' :*"))
    return _KEY.search(words.lower()) is not None


def _written(secret: str) -> set[str]:
    """How a secret may stand in a text: as it is, and escaped for URLs, JSON and HTML."""
    escaped = {
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        html.escape(secret),
        html.escape(secret, quote=False),
        html.escape(secret).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
    }
    # A JSON text inside a JSON text, as in a recorded request body.
    escaped |= {json.dumps(form)[1:-1] for form in list(escaped)}
    # Browsers and libraries disagree on the case of percent escapes.
    escaped |= {re.sub(r"%[0-9A-F]{2}", lambda m: m[0].lower(), form) for form in list(escaped)}
    return {form for form in escaped if form}


def _forms(secret: str) -> set[str]:
    forms = _written(secret)
    raw = {secret.encode(), secret.encode("utf-16-le")}
    return forms | {form for one in raw for form in _base64_forms(one)}


def _base64_forms(raw: bytes) -> set[str]:
    """The part of a base64 text that the bytes alone decide, at each of the three alignments."""
    forms: set[str] = set()
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        first = (0, 2, 3)[shift]
        # The last character also depends on what follows, unless the bytes end a group of three.
        last = len(encoded) if (shift + len(raw)) % 3 == 0 else len(encoded) - 1
        core = encoded[first:last]
        if len(core) >= SHORTEST:
            forms |= {core, core.replace("+", "-").replace("/", "_"), quote(core, safe="")}
    return forms


def _pair_forms(name: str, secret: str) -> set[str]:
    """``user:password`` as HTTP basic authentication and URLs write it."""
    pair = f"{name}:{secret}"
    return {base64.b64encode(pair.encode()).decode(), f"{pair}@"}


def _alternatives(forms: set[str]) -> re.Pattern[str] | None:
    if not forms:
        return None
    # The longest first, so that a form inside another one does not leave its ends readable.
    return re.compile("|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True)))


def _alternatives_bytes(forms: set[str]) -> re.Pattern[bytes] | None:
    if not forms:
        return None
    raw = {form.encode() for form in forms} | {form.encode("utf-16-le") for form in forms}
    return re.compile(b"|".join(re.escape(form) for form in sorted(raw, key=len, reverse=True)))


def _credential_pattern(forms: set[str]) -> re.Pattern[str] | None:
    if not forms:
        return None
    body = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"{_BEFORE}(?:{body})(?![0-9A-Za-z])", re.IGNORECASE | re.VERBOSE)
