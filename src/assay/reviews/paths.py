"""Paths as diffs write them, back to the paths of the files."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\([0-7]{1,3}|[abtnvfr\"\\])")
_NAMED = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}
# Git writes a/ and b/ unless told otherwise: i/ w/ c/ o/ with mnemonic prefixes.
_PREFIXES = ("a/", "b/", "i/", "w/", "c/", "o/")
NOWHERE = "/dev/null"


def unquoted(text: str) -> str:
    """A path that git put in quotes because of unusual characters, as it is.

    Bytes that are no UTF-8 come back as surrogates, as Python names such files.
    """
    if not (text.startswith('"') and text.endswith('"') and len(text) > 1):
        return text
    raw = bytearray()
    inner, at = text[1:-1], 0
    for match in _ESCAPE.finditer(inner):
        raw += inner[at : match.start()].encode("utf-8", "surrogateescape")
        code = match.group(1)
        raw.append(_NAMED[code] if code in _NAMED else int(code, 8) & 0xFF)
        at = match.end()
    raw += inner[at:].encode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "surrogateescape")


def stripped(path: str) -> str:
    """A path without the prefix of its side."""
    return path[2:] if path.startswith(_PREFIXES) else path


def pair_of(header: str) -> tuple[str, str]:
    """Both paths of ``diff --git A B``; without quotes the line alone cannot always tell them.

    Where a name holds spaces both are taken to be equal, which they are unless the file was
    renamed or copied, and then further lines say so.
    """
    text = header.rstrip("\r\n")
    if text.startswith('"'):
        end = _closing(text)
        return stripped(unquoted(text[: end + 1])), stripped(unquoted(text[end + 1 :].strip()))
    if text.endswith('"'):
        at = text.index(' "')
        return stripped(text[:at]), stripped(unquoted(text[at + 1 :]))
    half = len(text) // 2
    old, new = text[:half], text[half + 1 :]
    if stripped(old) == stripped(new):
        return stripped(old), stripped(new)
    old, _, new = text.partition(" b/")
    return (stripped(old), new) if new else (stripped(text), stripped(text))


def file_of(line: str) -> str:
    """The path of a ``---`` or ``+++`` line, without what follows it after a tab."""
    text = line.rstrip("\r\n")
    if text.startswith('"'):
        text = text[: _closing(text) + 1]
        return stripped(unquoted(text))
    text = text.split("\t", 1)[0]
    return NOWHERE if text.rstrip() == NOWHERE else stripped(text)


def shown(path: str) -> str:
    """A path that can be stored and printed: bytes that are no text become a mark."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _closing(text: str) -> int:
    at = 1
    while at < len(text) and text[at] != '"':
        at += 2 if text[at] == "\\" else 1
    return min(at, len(text) - 1)
