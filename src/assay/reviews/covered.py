"""Which tests run the very lines that a change touches, by what was recorded of each; pure.

Looked up are lines that were there before the change: those that it removes, and where it only
adds, those right before and after. What tests ran is known by marks of lines (``browser.lines``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assay.browser.footprint import FileLines, Footprint
from assay.browser.lines import mark_of, openers, plain_line
from assay.reviews.model import ChangedFile, Hunk, Line

# Surely selects: few of the tests run it. Does so with others: most of them do, as start-up code.
TELLING, COMMON, LOADED = 0.95, 0.55, 0.4
_MOST_LINES = 1500
_SCRIPTS = frozenset("js mjs cjs jsx ts mts cts tsx vue svelte astro coffee".split())
_STYLES = frozenset("css scss sass less pcss styl".split())
# Where scripts and styles stand within something else.
_TEMPLATES = frozenset(
    "html htm xhtml jinja jinja2 j2 njk twig liquid ejs hbs mustache erb haml php phtml cshtml "
    "razor jsp ftl tmpl gohtml heex leex".split()
)
_FINGERPRINT = re.compile(r"[.-][0-9a-f]{6,}(?=\.)")
# What defines a function is not run where it stands, so its neighbours say nothing of it, nor does
# it of them. A call that takes a function, as an if or a loop, is run.
_DEFINES = re.compile(
    r"""(?x) ^ (?: (?:export|default|async|static|public|private|protected|get|set) \s+ )*
    (?: function\b | class\b
      | (?: (?:const|let|var) \s+ )? [\w$.'"]+ \s* [:=] \s* (?:async\s*)?
        (?: function\b | \(.*\) \s* (?: : .* )? => | [\w$]+ \s* => )
      | (?! (?:if|for|while|switch|catch|with) \b ) [\w$]+ \s* \([^()]*\) \s* (?: : .* )? \{ $
    )"""
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A line to look for: by its text alone or with the line that it is indented under."""

    line: int
    opener: str
    marks: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Place:
    """A changed place of a file. The change reaches who runs one of ``any_of``, or, where it only
    adds, all of ``all_of``; neither says that this cannot be told."""

    line: int
    any_of: tuple[Spot, ...] = ()
    all_of: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """How a test reaches the change of a file: how surely, and why in words."""

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class FileRuns:
    """The tests that reach the change of one file, by id; ``whole`` says that between them they run
    each place of it."""

    runs: Mapping[str, Run]
    whole: bool


def narrowed(
    files: Iterable[ChangedFile], footprints: Mapping[str, Footprint]
) -> dict[str, Footprint]:
    """The footprints without what no changed line is about, to be asked for one file after the
    other."""
    wanted = frozenset(mark for file in files for mark in _wanted(places_of(file)))
    return {
        test: Footprint(
            tuple(FileLines(one.path, b"".join(one.among(wanted))) for one in footprint.files)
        )
        for test, footprint in footprints.items()
    }


def runs_each(file: ChangedFile, footprint: Footprint, sign: str) -> bool:
    """Whether a test runs every changed place of a file, recorded before the change (``sign`` is
    ``-``) or with it (``+``)."""
    places = places_of(file, sign)
    found = _among(file, places, footprint)
    return bool(places) and all(_reached(place, found) is not None for place in places)


# -- what to look for ---------------------------------------------------------------------------


def places_of(file: ChangedFile, sign: str = "-") -> list[Place]:
    """The places of a change as the file is on one side of it: before (``-``) or after (``+``)."""
    if _extension(file) not in _SCRIPTS | _STYLES | _TEMPLATES:
        return []
    found: list[Place] = []
    read = 0
    for hunk in file.hunks:
        if read > _MOST_LINES:
            break
        read += len(hunk.lines)
        found += _places(hunk, sign, _extension(file) in _STYLES)
    return found


def _places(hunk: Hunk, sign: str, styles: bool) -> Iterable[Place]:
    side = [line for line in hunk.lines if line.sign in (" ", sign)]
    around = openers([line.text for line in side], hunk.section)
    spots = [_spot(line, opener) for line, opener in zip(side, around, strict=True)]
    at = 0  # how many lines of this side were passed
    block: list[Line] = []
    for line in (*hunk.lines, Line(" ", None, None, "")):
        if line.sign != " ":
            block.append(line)
            continue
        own = sum(1 for one in block if one.sign == sign)
        if any(plain_line(one.text) for one in block):
            yield _place(block, side, spots, at, at + own, styles)
        block = []
        at += own + 1


def _spot(line: Line, opener: str) -> Spot | None:
    text = plain_line(line.text)
    if not text:
        return None
    marks = {mark_of(text)} | ({mark_of(text, opener)} if opener else set())
    return Spot(line.old or line.new or 0, opener, frozenset(marks))


def _place(
    block: Sequence[Line],
    side: Sequence[Line],
    spots: Sequence[Spot | None],
    start: int,
    end: int,
    styles: bool,
) -> Place:
    own = tuple(spot for spot in spots[start:end] if spot is not None)
    if own:
        return Place(own[0].line, any_of=own)
    line = block[0].old or block[0].new or 0
    if _defines(next(one.text for one in block if plain_line(one.text)), styles):
        return Place(line)
    before = _next_to(side, spots, range(start - 1, -1, -1))
    after = _next_to(side, spots, range(end, len(side)))
    if after is not None and _defines(side[after[0]].text, styles):
        after = None
    return Place(line, all_of=tuple(one[1] for one in (before, after) if one is not None))


def _defines(line: str, styles: bool) -> bool:
    text = " ".join(line.split())
    return text.endswith("{") if styles else _DEFINES.match(text) is not None


def _next_to(
    side: Sequence[Line], spots: Sequence[Spot | None], order: Iterable[int]
) -> tuple[int, Spot] | None:
    """The next line of the same block in an order; a bracket alone ends the block."""
    for at in order:
        spot = spots[at]
        if spot is not None:
            return at, spot
        if re.search(r"[\])}]", side[at].text):
            return None
    return None


# -- who runs it --------------------------------------------------------------------------------


def runs_of(file: ChangedFile, footprints: Mapping[str, Footprint]) -> FileRuns:
    """The tests that run what is changed in a file."""
    places = places_of(file)
    found = {test: _among(file, places, one) for test, one in footprints.items()}
    runs: dict[str, Run] = {}
    reached: set[int] = set()
    for number, place in enumerate(places):
        for test, count, spot in _reaching(place, found):
            reached.add(number)
            run = _run(file, place, spot, few=2 * count <= len(footprints))
            if test not in runs or run.score > runs[test].score:
                runs[test] = run
    for test, one in footprints.items():
        if test not in runs and _loads(file, one):
            reason = f"its pages load {_short(file.path)}, which the change touches"
            runs[test] = Run(LOADED, reason)
    return FileRuns(runs, bool(places) and len(reached) == len(places))


def _reaching(
    place: Place, found: Mapping[str, frozenset[bytes]]
) -> Iterable[tuple[str, int, Spot]]:
    """The tests that reach a place, each with its line that the fewest tests run, and how many."""
    hits = {test: _reached(place, marks) for test, marks in found.items()}
    times = Counter(spot for spots in hits.values() for spot in spots or ())
    for test, spots in hits.items():
        if spots:
            rarest = min(spots, key=lambda spot: times[spot])
            yield test, times[rarest], rarest


def _run(file: ChangedFile, place: Place, spot: Spot, *, few: bool) -> Run:
    where = _short(file.path)
    rule = spot.opener.rstrip("{ ").strip()
    if not place.any_of:
        what = f"it runs the lines of {where} around line {place.line}, where the change adds code"
    elif _extension(file) in _STYLES and rule:
        what = f"it uses the rule “{rule[:60]}” of {where}, which the change touches"
    else:
        what = f"it runs line {spot.line} of {where}, which the change touches"
    return Run(TELLING, what) if few else Run(COMMON, f"{what}, as most tests do")


def _reached(place: Place, marks: frozenset[bytes]) -> list[Spot] | None:
    """The lines by which a test that ran these marks reaches a place; None if it does not."""
    if place.all_of:
        hits = [spot for spot in place.all_of if spot.marks & marks]
        return hits if len(hits) == len(place.all_of) else None
    return [spot for spot in place.any_of if spot.marks & marks] or None


def _among(file: ChangedFile, places: Sequence[Place], footprint: Footprint) -> frozenset[bytes]:
    """Which of the marks of the places a test ran: in this file, where its name tells which one."""
    wanted = _wanted(places)
    if not wanted:
        return wanted
    return frozenset().union(*(one.among(wanted) for one in _likely(file, footprint)))


def _wanted(places: Iterable[Place]) -> frozenset[bytes]:
    spots = (spot for place in places for spot in (*place.any_of, *place.all_of))
    return frozenset(mark for spot in spots for mark in spot.marks)


def _likely(file: ChangedFile, footprint: Footprint) -> Sequence[FileLines]:
    """The files that can be the changed one: those of its name and folder, else all."""
    ends = [(_same_end(path, one.path), one) for one in footprint.files for path in _paths(file)]
    most = max((end for end, _ in ends), default=0)
    return [one for end, one in ends if end == most] if most >= 2 else footprint.files


def _loads(file: ChangedFile, footprint: Footprint) -> bool:
    """Whether a test's pages load a file that by its path is the changed one."""
    if _extension(file) not in _SCRIPTS | _STYLES:
        return False
    ends = [max(_same_end(path, one.path) for path in _paths(file)) for one in footprint.files]
    return max(ends, default=0) >= 2 or ends.count(1) == 1


def _paths(file: ChangedFile) -> tuple[str, ...]:
    return tuple(dict.fromkeys((file.path, file.old_path or file.path)))


def _same_end(one: str, other: str) -> int:
    """How many parts two paths have in common at their ends, the names of the files first."""
    first, second = one.split("/"), other.split("/")
    if _name(first[-1]) != _name(second[-1]):
        return 0
    same = 1
    for a, b in zip(first[-2::-1], second[-2::-1], strict=False):
        if a != b:
            break
        same += 1
    return same


def _name(name: str) -> tuple[str, str]:
    """A file's name without what says its version, and what sort of code it is: a script may be
    served as what it was translated to."""
    stem, _, ending = _FINGERPRINT.sub("", name.lower()).rpartition(".")
    kind = "script" if ending in _SCRIPTS else "style" if ending in _STYLES else ending
    return stem.removesuffix(".min"), kind


def _extension(file: ChangedFile) -> str:
    return file.path.lower().rpartition(".")[2]


def _short(path: str) -> str:
    return "/".join(path.split("/")[-3:])
