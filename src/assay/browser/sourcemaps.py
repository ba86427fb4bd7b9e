"""Source maps: from places of a bundle to lines of the files it was made of; pure.

After ECMA-426, "Source map format": lines of segments, each a few numbers as base64 VLQ that add up
from segment to segment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

_DIGITS = {
    sign: value
    for value, sign in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
}
_MOST_SEGMENTS = 500_000


class Segment(NamedTuple):
    """A place of the bundle, from which on it was made of a line of a source; all from 0.

    ``source`` is None where nothing stands for it in a source.
    """

    line: int
    column: int
    source: int | None
    source_line: int


@dataclass(frozen=True, slots=True)
class SourceMap:
    """A map's sources by name with their texts (None where it has none), and its segments."""

    names: tuple[str, ...]
    texts: tuple[str | None, ...]
    segments: tuple[Segment, ...]


def read_map(text: str) -> SourceMap | None:
    """A map from its JSON; None for what is none, or has more segments than could be used."""
    try:
        # A first line of ")]}'" keeps others from running the file as a script.
        data = json.loads(text.partition("\n")[2] if text.startswith(")]}") else text)
        names: list[str] = []
        texts: list[str | None] = []
        segments: list[Segment] = []
        for line, column, part in _parts(data):
            first = len(names)
            root = part.get("sourceRoot") or ""
            names += [_joined(root, name or "") for name in part["sources"]]
            own = part.get("sourcesContent") or []
            texts += [own[at] if at < len(own) else None for at in range(len(part["sources"]))]
            for one in _segments(part["mappings"]):
                source = one.source + first if one.source is not None else None
                if source is not None and not first <= source < len(names):
                    return None
                shift = column if one.line == 0 else 0
                segments.append(
                    Segment(line + one.line, shift + one.column, source, one.source_line)
                )
                if len(segments) > _MOST_SEGMENTS:
                    return None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return SourceMap(tuple(names), tuple(texts), tuple(sorted(segments, key=lambda one: one[:2])))


def _parts(data: dict[str, Any]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """The map itself, or those that an index map consists of, each from a line and column on."""
    if "sections" not in data:
        yield 0, 0, data
        return
    for section in data["sections"]:
        yield section["offset"]["line"], section["offset"]["column"], section["map"]


def _segments(mappings: str) -> Iterator[Segment]:
    source = source_line = 0
    for number, line in enumerate(mappings.split(";")):
        column = 0
        for coded in line.split(","):
            numbers = _numbers(coded)
            if not numbers:
                continue
            column += numbers[0]
            if len(numbers) < 4:
                yield Segment(number, column, None, 0)
                continue
            source += numbers[1]
            source_line += numbers[2]
            yield Segment(number, column, source, source_line)


def _numbers(coded: str) -> list[int]:
    """Base64 VLQ: five bits a digit, the lowest ones first, a sixth says that more follow; the
    lowest bit of a number is its sign."""
    found: list[int] = []
    value = shift = 0
    for sign in coded:
        digit = _DIGITS[sign]
        value += (digit & 31) << shift
        if digit & 32:
            shift += 5
            continue
        found.append(-(value >> 1) if value & 1 else value >> 1)
        value = shift = 0
    return found


def _joined(root: str, name: str) -> str:
    return f"{root.rstrip('/')}/{name}" if root else name
