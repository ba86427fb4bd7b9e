"""Masks what looks like a credential in lines of code, before anything of them is shown; pure."""

from __future__ import annotations

import re

from assay.kernel.redaction import MASK, is_credential_key

# Tokens that say by their own shape what they are.
_TOKENS = re.compile(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|"
    r"sk-[\w-]{16,}|(?:AKIA|ASIA)[0-9A-Z]{12,}|AIza[\w-]{30,}|npm_[A-Za-z0-9]{30,}|"
    r"pypi-[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|"
    r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})|(?<=://)[^\s/:@]+:[^\s/@]+(?=@)"
)
_ASSIGNED = re.compile(
    r"([\w.\-\[\]\"'$]*\w[\"'\]]*)(\s*(?:=>|:=|=|:)\s*)(\"[^\"\n]{3,}\"|'[^'\n]{3,}'|`[^`\n]{3,}`|"
    r"[^\s\"'`,;(){}<>\[\]]{6,})"
)
_BEARER = re.compile(r"\b(Bearer|Basic|token)\s+([A-Za-z0-9._~+/=-]{12,})")
_KEY_LINE = re.compile(r"^[ +-]?[A-Za-z0-9+/=]{60,}$")
_PLAIN = re.compile(
    r"^[a-z_.]+$|^(?:true|false|null|none|undefined|required|string|str|text)$", re.I
)


def masked(line: str) -> str:
    """The line with credentials blacked out; names of fields and variables stay."""
    if _KEY_LINE.match(line) or "PRIVATE KEY" in line:
        return MASK
    line = _TOKENS.sub(MASK, line)
    line = _BEARER.sub(lambda m: f"{m[1]} {MASK}", line)
    return _ASSIGNED.sub(_assigned, line)


def _assigned(match: re.Match[str]) -> str:
    name, between, value = match.groups()
    if not is_credential_key(name.strip("\"'[]$")):
        return match[0]
    quote = value[0] if value[0] in "\"'`" else ""
    bare = value.strip("\"'`")
    # `password: string` and `password = request.password` hold no secret.
    if not quote and _PLAIN.match(bare):
        return match[0]
    return f"{name}{between}{quote}{MASK}{quote}"
