"""Source maps: from places of a bundle to lines of the files it was made of; pure.

After ECMA-426, "Source map format": lines of segments, each a few numbers as base64 VLQ that add up
from segment to segment.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

_DIGITS = {
    sign: value
    for value, sign in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
}
_MOST_SEGMENTS = 500_000
NO_SOURCE = -1


def _numbers() -> array[int]:
    return array("i")


@dataclass(slots=True)
class Segments:
    """Places of a bundle, each by its line and column, from which on it was made of a line of a
    source (``NO_SOURCE``: of none); all from 0 and in order. Columns of numbers, for a bundle has
    hundreds of thousands of them."""

    lines: array[int] = field(default_factory=_numbers)
    columns: array[int] = field(default_factory=_numbers)
    sources: array[int] = field(default_factory=_numbers)
    source_lines: array[int] = field(default_factory=_numbers)

    def __len__(self) -> int:
        return len(self.lines)

    def add(self, line: int, column: int, source: int, source_line: int) -> None:
        """Put one at the end."""
        self.lines.append(line)
        self.columns.append(column)
        self.sources.append(source)
        self.source_lines.append(source_line)

    def rows(self) -> list[tuple[int, int, int, int]]:
        """Line, column, source and line of the source of each."""
        return list(zip(self.lines, self.columns, self.sources, self.source_lines, strict=True))


@dataclass(frozen=True, slots=True)
class SourceMap:
    """A map's sources by name with their texts (None where it has none), and its segments."""

    names: tuple[str, ...]
    texts: tuple[str | None, ...]
    segments: Segments


@lru_cache(maxsize=4)
def read_map(text: str) -> SourceMap | None:
    """A map from its JSON; None for what is none, or has more segments than could be used.

    The newest are remembered, as the tests of a site meet the same ones.
    """
    names: list[str] = []
    texts: list[str | None] = []
    segments = Segments()
    try:
        # A first line of ")]}'" keeps others from running the file as a script.
        data = json.loads(text.partition("\n")[2] if text.startswith(")]}") else text)
        for line, column, part in _parts(data):
            first = len(names)
            root = part.get("sourceRoot") or ""
            names += [_joined(root, name or "") for name in part["sources"]]
            own = part.get("sourcesContent") or []
            texts += [own[at] if at < len(own) else None for at in range(len(part["sources"]))]
            if part["mappings"].count(",") + len(segments) > _MOST_SEGMENTS:
                return None
            _read(part["mappings"], segments, (line, column), first)
        if any(not NO_SOURCE <= source < len(names) for source in set(segments.sources)):
            return None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    return SourceMap(tuple(names), tuple(texts), _ordered(segments))


def _parts(data: dict[str, Any]) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """The map itself, or those that an index map consists of, each from a line and column on."""
    if "sections" not in data:
        yield 0, 0, data
        return
    for section in data["sections"]:
        yield section["offset"]["line"], section["offset"]["column"], section["map"]


def _read(mappings: str, into: Segments, start: tuple[int, int], first: int) -> None:
    """Add the segments of a map that begins at a place and whose sources count from ``first``."""
    source, source_line = first, 0
    for number, line in enumerate(mappings.split(";"), start[0]):
        column = start[1] if number == start[0] else 0
        for coded in line.split(",") if line else ():
            found = _decoded(coded)
            if not found:
                continue
            column += found[0]
            if len(found) < 4:
                into.add(number, column, NO_SOURCE, 0)
                continue
            source += found[1]
            source_line += found[2]
            if source < first:
                raise ValueError("a source before the first one")
            into.add(number, column, source, source_line)


def _decoded(coded: str) -> list[int]:
    """Base64 VLQ: five bits a digit, the lowest ones first, a sixth says that more follow; the
    lowest bit of a number is its sign."""
    found: list[int] = []
    value = shift = 0
    for sign in coded:
        digit = _DIGITS[sign]
        if digit & 32:
            value += (digit & 31) << shift
            shift += 5
            continue
        value += digit << shift
        found.append(-(value >> 1) if value & 1 else value >> 1)
        value = shift = 0
    return found


def _ordered(segments: Segments) -> Segments:
    """In the order of the bundle, as nearly every map already is."""
    rows = segments.rows()
    places = [row[:2] for row in rows]
    if all(one <= two for one, two in pairwise(places)):
        return segments
    ordered = Segments()
    for row in sorted(rows, key=lambda row: row[:2]):
        ordered.add(*row)
    return ordered


def _joined(root: str, name: str) -> str:
    return f"{root.rstrip('/')}/{name}" if root else name
