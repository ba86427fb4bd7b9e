"""What ran of a site's scripts and style sheets, by source file, as marks of its lines; pure.

Ranges are as Chromium's protocol gives them: offsets in UTF-16 units, the innermost of nested ones
counts (``Profiler.FunctionCoverage``; ``CSS.RuleUsage`` for style sheets).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote

from assay.browser.lines import MARK, marks_of
from assay.browser.sourcemaps import NO_SOURCE, Segments, read_map

MOST_MARKS = 20_000
MOST_FILES = 500
_LONGEST_PATH = 300
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
# Packages of others: no change of the site's own code is in them.
_FOREIGN = re.compile(r"(?:^|/)(?:node_modules|bower_components|vendors?)/|^\(?webpack\)?/")


class Span(NamedTuple):
    """Offsets from ``start`` up to ``end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FileLines:
    """The lines of a source file that ran: ``marks`` of ``MARK`` bytes each, in a row."""

    path: str
    marks: bytes

    def among(self, wanted: frozenset[bytes]) -> frozenset[bytes]:
        """Which of the wanted marks are here."""
        if not wanted:
            return wanted
        marks = self.marks
        return wanted.intersection(marks[at : at + MARK] for at in range(0, len(marks), MARK))


@dataclass(frozen=True, slots=True)
class Footprint:
    """What of a site's own scripts and style sheets ran, by source file."""

    files: tuple[FileLines, ...] = ()

    def packed(self) -> bytes:
        """As bytes: paths and sizes as one line of JSON, then the marks of all files."""
        head = [[file.path, len(file.marks)] for file in self.files]
        return json.dumps(head).encode() + b"\n" + b"".join(file.marks for file in self.files)

    @staticmethod
    def unpacked(data: bytes) -> Footprint:
        """From what ``packed`` gave."""
        head, _, marks = data.partition(b"\n")
        files: list[FileLines] = []
        at = 0
        for path, size in json.loads(head):
            files.append(FileLines(path, marks[at : at + size]))
            at += size
        return Footprint(tuple(files))


@dataclass(slots=True)
class Piece:
    """A script or style sheet as it was served, and what ran of it; ``map`` is its source map."""

    url: str
    text: str
    map: str = ""
    spans: list[Span] = field(default_factory=list)
    called: set[Span] = field(default_factory=set)
    idle: set[Span] = field(default_factory=set)

    def ran(self, functions: Sequence[Mapping[str, Any]]) -> None:
        """Take in one look at a script, in the words of ``Profiler.takePreciseCoverage``."""
        for function in functions:
            whole = function["ranges"][0]
            known = self.called if whole["count"] else self.idle
            known.add(Span(whole["startOffset"], whole["endOffset"]))
        ranges = [one for function in functions for one in function["ranges"]]
        self.spans += _counted(
            (one["startOffset"], one["endOffset"], one["count"]) for one in ranges
        )


def _counted(ranges: Iterable[tuple[int, int, int]]) -> list[Span]:
    """The offsets whose innermost range has a count."""
    ran: list[Span] = []
    around: list[tuple[int, int]] = []  # ends and counts of the ranges that are open
    at = 0
    for start, end, count in sorted(ranges, key=lambda one: (one[0], -one[1])):
        at = _closed(around, at, start, ran)
        around.append((end, count))
    _closed(around, at, None, ran)
    return ran


def _closed(around: list[tuple[int, int]], at: int, upto: int | None, ran: list[Span]) -> int:
    """Go on to an offset (None: to the end) and close the ranges that end before it."""
    while around:
        end, count = around[-1]
        to = end if upto is None else min(end, upto)
        if count and at < to:
            ran.append(Span(at, to))
        at = max(at, to)
        if upto is not None and end > upto:
            break
        around.pop()
    return at if upto is None else max(at, upto)


def footprint_of(pieces: Iterable[Piece], hidden: Callable[[str], bool]) -> Footprint:
    """The footprint of what ran. Lines that are ``hidden``, as those with secrets are, leave no
    mark; the smallest files go first up to ``MOST_MARKS`` lines in all."""
    marks: dict[str, set[bytes]] = {}
    for piece in pieces:
        for path, lines, ran in _sources(piece):
            if foreign(path) or hidden(path):
                continue
            if hidden("\n".join(lines)):
                lines = ["" if hidden(line) else line for line in lines]
            marks.setdefault(path[-_LONGEST_PATH:], set()).update(marks_of(lines, ran))
    files: list[FileLines] = []
    left = MOST_MARKS
    for path, found in sorted(marks.items(), key=lambda one: (len(one[1]), one[0]))[:MOST_FILES]:
        kept = sorted(found)[:left]
        left -= len(kept)
        files.append(FileLines(path, b"".join(kept)))
    return Footprint(tuple(files))


def _sources(piece: Piece) -> Iterable[tuple[str, list[str], set[int]]]:
    """The files that a piece was made of, each with its lines and those that ran."""
    # Offsets count UTF-16 units; two of any sign stand for one beyond them.
    units = _ASTRAL.sub("\ufffd\ufffd", piece.text)
    starts = [0, *(match.end() for match in re.finditer("\n", units))]
    spans = _joined(piece.spans)
    idle = piece.idle - piece.called
    known = read_map(piece.map) if piece.map else None
    if known is None:
        ran = _lines_that_ran(units, starts, spans, idle)
        yield path_of(piece.url), piece.text.split("\n"), ran
        return
    ran_in = _mapped(known.segments, starts, spans, idle)
    for number, lines in ran_in.items():
        text = known.texts[number] or ""
        within = text.split("\n")
        yield path_of(known.names[number]), within, {at for at in lines if at < len(within)}


def _joined(spans: Iterable[Span]) -> list[Span]:
    whole: list[Span] = []
    for span in sorted(spans):
        if whole and span.start <= whole[-1].end:
            whole[-1] = Span(whole[-1].start, max(span.end, whole[-1].end))
        elif span.start < span.end:
            whole.append(span)
    return whole


def _lines_that_ran(
    text: str, starts: Sequence[int], spans: Sequence[Span], idle: Iterable[Span]
) -> set[int]:
    ran: set[int] = set()
    for span in spans:
        first = bisect_right(starts, span.start) - 1
        last = bisect_right(starts, span.end - 1) - 1
        # A span may reach into a line by no more than the white space at its end or start.
        for at in {first, last}:
            end = starts[at + 1] if at + 1 < len(starts) else len(text)
            if text[max(span.start, starts[at]) : min(span.end, end)].strip():
                ran.add(at)
        ran.update(range(first + 1, last))
    for function in idle:
        # A line that ends with a function that was never called says what that one does, no more.
        at = bisect_right(starts, function.start) - 1
        end = starts[at + 1] if at + 1 < len(starts) else len(text)
        if not text[function.end : end].strip(" \t\r\n;,)]}"):
            ran.discard(at)
    return ran


def _mapped(
    segments: Segments, starts: Sequence[int], spans: Sequence[Span], idle: Iterable[Span]
) -> dict[int, set[int]]:
    """By source, the lines that ran."""
    rows = [row for row in segments.rows() if row[0] < len(starts)]
    offsets = [starts[line] + column for line, column, _, _ in rows]
    ran: dict[int, set[int]] = {}
    at = 0
    for offset, (_, _, source, line) in zip(offsets, rows, strict=True):
        while at < len(spans) and spans[at].end <= offset:
            at += 1
        # What a segment is taken to end with may be of another function already.
        if source != NO_SOURCE and at < len(spans) and spans[at].start <= offset:
            ran.setdefault(source, set()).add(line)
    for function in idle:
        first = bisect_right(offsets, function.start) - 1
        last = bisect_right(offsets, function.end - 1) - 1
        if first < 0:
            continue
        (_, _, source, line), (_, _, end_source, end_line) = rows[first], rows[last]
        if source == end_source != NO_SOURCE and line < end_line:
            ran.get(source, set()).discard(line)
    return ran


def foreign(path: str) -> bool:
    """Whether a file is of a package that the site was made with, not of the site itself."""
    return _FOREIGN.search(path) is not None


def path_of(name: str) -> str:
    """A path from an address, or from how a bundler names a source: no host, no ``../``."""
    bare = re.sub(r"^[a-z][\w+.-]*://[^/]*/", "", re.split(r"[?#]", name)[0])
    return re.sub(r"^(?:\.{0,2}/)+", "", unquote(bare)) or "/"
