"""Paths as diffs write them, back to the paths of the files."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\([0-7]{1,3}|[abtnvfr\"\\])")
_NAMED = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}
# What git puts before the old and the new path, unless it is told not to.
_PREFIXES = (
    *(("a/", "b/"), ("i/", "w/"), ("c/", "w/"), ("c/", "i/"), ("o/", "w/"), ("1/", "2/")),
    *(("b/", "a/"), ("w/", "i/"), ("w/", "c/"), ("i/", "c/"), ("w/", "o/"), ("2/", "1/")),
)
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


def stripped(old: str, new: str) -> tuple[str, str]:
    """Both paths without the prefixes of their sides, where they have such a pair."""
    for one, other in _PREFIXES:
        if old == NOWHERE and new.startswith(other):
            return old, new[len(other) :]
        if new == NOWHERE and old.startswith(one):
            return old[len(one) :], new
        if old.startswith(one) and new.startswith(other):
            return old[len(one) :], new[len(other) :]
    return old, new


def pair_of(header: str) -> tuple[str, str]:
    """Both paths of ``diff --git A B``; without quotes the line alone cannot always tell them.

    Where a name holds spaces both are taken to be equal, which they are unless the file was
    renamed or copied, and then further lines say so.
    """
    text = header.rstrip("\r\n")
    if text.startswith('"'):
        end = _closing(text)
        return stripped(unquoted(text[: end + 1]), unquoted(text[end + 1 :].strip()))
    if text.endswith('"'):
        at = text.index(' "')
        return stripped(text[:at], unquoted(text[at + 1 :]))
    half = len(text) // 2
    old, new = stripped(text[:half], text[half + 1 :])
    if old == new:
        return old, new
    old, _, new = text.partition(" b/")
    return stripped(old, f"b/{new}") if new else (text, text)


def named(line: str) -> str:
    """The path of a ``---`` or ``+++`` line with its prefix, without what follows after a tab."""
    text = line.rstrip("\r\n")
    if text.startswith('"'):
        return unquoted(text[: _closing(text) + 1])
    return text.split("\t", 1)[0]


def files_of(old: str, new: str) -> tuple[str, str]:
    """Both paths of a ``---`` and a ``+++`` line; one of them may be ``NOWHERE``."""
    return stripped(named(old), named(new))


def shown(path: str) -> str:
    """A path that can be stored and printed: bytes that are no text become a mark."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _closing(text: str) -> int:
    at = 1
    while at < len(text) and text[at] != '"':
        at += 2 if text[at] == "\\" else 1
    return min(at, len(text) - 1)
