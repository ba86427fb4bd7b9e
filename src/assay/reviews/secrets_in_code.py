"""Masks what looks like a credential in a change, before anything of it is shown; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TypeVar, cast

from assay.kernel.redaction import MASK, is_credential_key
from assay.reviews.model import Hunk

Value = TypeVar("Value")

# Tokens that say by their own shape what they are.
_TOKENS = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|"
    r"gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|oas|ffct)-[\w-]{16,}|"
    r"sk-(?=[\w-]*\d)[\w-]{16,}|[srp]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{20,}|"
    r"(?:AKIA|ASIA)[0-9A-Z]{12,}|AIza[\w-]{30,}|npm_[A-Za-z0-9]{30,}|assay_[0-9A-Za-z]{20,}|"
    r"pypi-[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|"
    r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})|(?<=://)[^\s/:@]+:[^\s/@]+(?=@)"
)
_ASSIGNED = re.compile(
    r"([\w.\-\[\]\"'$]*\w[\"'\]]*)(\s*(?:=>|:=|=|:)\s*)(\"[^\"\n]{3,}\"|'[^'\n]{3,}'|`[^`\n]{3,}`|"
    r"[^\s\"'`,;(){}<>\[\]]{6,})"
)
_BEARER = re.compile(r"\b(Bearer|Basic|token)\s+([A-Za-z0-9._~+/=-]{12,})")
_KEY_LINE = re.compile(r"^[ +-]?[A-Za-z0-9+/=]{60,}$")
# Beside the names of credentials everywhere: the keys of code and clouds.
_KEYS = re.compile(
    r"(?:secret|private|access|signing|encryption|master|account)[_-]?key(?:[_-]?base)?$", re.I
)
_PLAIN = re.compile(
    r"^[a-z_.]+$|^(?:true|false|null|none|undefined|required|string|str|text)$", re.I
)


def masked(line: str) -> str:
    """The line with credentials blacked out; names of fields and variables stay."""
    if _KEY_LINE.match(line) or "PRIVATE KEY" in line:
        return MASK
    line = without_tokens(line)
    line = _BEARER.sub(lambda m: f"{m[1]} {MASK}", line)
    return _ASSIGNED.sub(_assigned, line)


def without_tokens(text: str) -> str:
    """The text with what is a token by its shape blacked out: for names, paths and sentences."""
    return _TOKENS.sub(MASK, text)


def masked_text(text: str) -> str:
    """What somebody wrote about a change, every line masked as if it were code."""
    return "\n".join(map(masked, text.splitlines()))


def masked_all(value: Value, mask: Callable[[str], str] = without_tokens) -> Value:
    """A copy of frozen data with every text in it masked. Hunks stay: they are only shown in
    excerpts, which are masked on their own."""
    return cast(Value, _walk(value, mask))


def _walk(value: object, mask: Callable[[str], str]) -> object:
    if isinstance(value, Enum | Hunk):
        return value
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, tuple):
        make = getattr(value, "_make", tuple)
        return make(_walk(one, mask) for one in value)
    if isinstance(value, Mapping):
        return {key: _walk(one, mask) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        given = {one.name: getattr(value, one.name) for one in fields(value)}
        changed = {name: _walk(one, mask) for name, one in given.items()}
        different = {name: one for name, one in changed.items() if one is not given[name]}
        return replace(value, **different) if different else value
    return value


def _assigned(match: re.Match[str]) -> str:
    name, between, value = match.groups()
    bare_name = name.strip("\"'[]$")
    if not is_credential_key(bare_name) and not _KEYS.search(bare_name):
        return match[0]
    quote = value[0] if value[0] in "\"'`" else ""
    bare = value.strip("\"'`")
    # `password: string` and `password = request.password` hold no secret.
    if not quote and _PLAIN.match(bare):
        return match[0]
    return f"{name}{between}{quote}{MASK}{quote}"
