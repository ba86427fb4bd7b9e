"""Texts that fit simple regular expressions, for fields with a ``pattern``; pure."""

from __future__ import annotations

import re
from collections.abc import Callable

_CLASSES = {r"\d": "7", r"\w": "a", r"\s": " ", r"\D": "x", ".": "a", r"\S": "a"}
_ATOM = re.compile(r"\\.|\[[^\]]*\]|\(\?:|\(|\)|.")


def matches(pattern: str, value: str) -> bool:
    """Whether a value fits a field's pattern as a whole; a pattern we cannot read fits anything."""
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:
        return True


def example(pattern: str) -> str:
    """A text for a simple pattern of classes, literals and counts; ``""`` when that fails."""
    body = pattern.strip("^$").split("|")[0]
    out = ""
    for match in re.finditer(rf"({_ATOM.pattern})(\{{(\d+)(?:,\d*)?\}}|[+*?])?", body):
        atom, count, least = match[1], match[2] or "", match[3]
        if atom in ("(", "(?:", ")"):
            continue
        char = _CLASSES.get(atom) or (
            _of_class(atom) if atom.startswith("[") else atom.lstrip("\\")
        )
        out += char * (int(least) if least else 0 if count in ("*", "?") else 1)
    return out if out and matches(pattern, out) else ""


def _of_class(atom: str) -> str:
    inner = atom[1:-1]
    tests: tuple[Callable[[str], bool], ...] = (str.isupper, str.isdigit, str.islower)
    for char in "A7a-_ ":
        if re.fullmatch(atom, char) and any(test(char) for test in tests):
            return char
    return inner[:1]
