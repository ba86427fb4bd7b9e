"""The order in which base and preview show the same: rows of a list, and texts of a page; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import combinations, takewhile

from assay.cases.check_rows import in_order
from assay.reviews.clues import Clues
from assay.reviews.differences import Difference, Triple, short
from assay.reviews.model import FindingKind
from assay.reviews.views import Row

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_LEAST_SHARED = 5
# Three things the other way round share a third of their texts in order, two a half.
_LEAST_SHUFFLED = 4
_MOST_ALIKE = 0.5
_LETTERS = re.compile(r"[^\W\d_]{3}")


def reordered(rows: Sequence[Row], other: Sequence[Row]) -> bool:
    """Whether the rows that two lists share stand in another order altogether: half of the pairs
    the other way round, which one row that moved to the top of several does not do."""
    before, after = [key_of(row) for row in rows], [key_of(row) for row in other]
    shared = [key for key in before if before.count(key) == after.count(key) == 1]
    if len(shared) < _LEAST_SHARED:
        return False
    places = [after.index(key) for key in shared]
    pairs = list(combinations(places, 2))
    return 2 * sum(one > later for one, later in pairs) >= len(pairs)


def turned_round(rows: Sequence[Row], triple: Triple) -> Iterable[Difference]:
    """A list that goes on and begins at its other end now: none of the same rows are shown, but a
    column that went up goes down."""
    path = triple.base.path
    before = _columns(rows)
    for other in (one for one in triple.preview.lists if one not in triple.base.lists):
        after = _columns(other)
        for was, now in zip(before, after, strict=True) if len(before) == len(after) else ():
            for one, way in (("ascending", "descending"), ("descending", "ascending")):
                if in_order(was, one) and in_order(now, way):
                    yield Difference(
                        FindingKind.CONTENT_CHANGED,
                        f"The list on {path} has another order",
                        f"it is {way}, from “{short(now[0])}” on, and was {one}, from "
                        f"“{short(was[0])}” on",
                        path,
                        regression=True,
                    )
                    return


def _columns(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """The columns of a list of some length, each from top to bottom."""
    if len(rows) < _LEAST_SHARED or len({len(row.cells) for row in rows}) > 1:
        return []
    return list(zip(*(row.cells for row in rows), strict=True))


def shuffled(triple: Triple, clues: Clues) -> Iterable[Difference]:
    """The same texts in another order, where no markup says that they are a list."""
    if triple.base.lines != triple.again.lines:
        return
    for read in (str, without_numbers):
        before, after = _between(
            *([read(line) for line in view.lines] for view in (triple.base, triple.preview))
        )
        if len(before) < _LEAST_SHUFFLED or Counter(before) != Counter(after):
            continue
        if SequenceMatcher(None, before, after, autojunk=False).ratio() > _MOST_ALIKE:
            continue
        moved = {line.strip() for line in clues.lines("-")} & {
            line.strip() for line in clues.lines("+")
        }
        yield Difference(
            FindingKind.CONTENT_CHANGED,
            f"The texts on {triple.base.path} have another order",
            f"“{short(after[0])}” stands where “{short(before[0])}” stood",
            triple.base.path,
            # Who moves lines of a page means to.
            regression=not any(map(_LETTERS.search, moved)),
        )
        return


def _between(one: Sequence[str], other: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Two sequences without what they begin and end with alike."""
    start = _alike(one, other)
    end = _alike(one[start:][::-1], other[start:][::-1])
    return one[start : len(one) - end], other[start : len(other) - end]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items two sequences begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def key_of(row: Row) -> str:
    """What tells a row of a list from the others."""
    return row.href or row.text


def same_words(one: str, other: str) -> bool:
    """Whether two lines are the same but for their numbers."""
    return without_numbers(one) == without_numbers(other)


def without_numbers(text: str) -> str:
    """A text with its numbers made alike, its case and white space folded."""
    return " ".join(_NUMBER.sub("#", text).casefold().split())
