"""Which further pages the lists on compared pages lead to: records that are not like the others,
other orders of a list, and its next part; pure."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from assay.atlas.rules import may_follow
from assay.reviews.differences import folded
from assay.reviews.impact import route_of
from assay.reviews.views import Row, View, place_of, turn_of

_MOST_RECORDS = 6
_MOST_OF_A_KIND = 2
_MOST_TURNED = 6
# A column of so many different texts at most says how a record stands, not which one it is.
_MOST_STANDS = 3
_BRACKETED = re.compile(r"[(\[]([^()\[\]]{2,30})[)\]]")


@dataclass(frozen=True, slots=True)
class Records:
    """Pages of records; ``apart`` are those of another sort than the first of their kind."""

    paths: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


def records(views: Sequence[View], paths: Sequence[str]) -> Records:
    """Records of the kinds that the lists show, one of each sort, without those in ``paths``.

    The app map holds one page for all records of a kind, if any, but a record that is closed, empty
    or sold out may have another page than the rest, and refuse what the rest take.
    """
    sorted_rows = [
        (route_of(row.href), sort, row.href)
        for view in views
        for rows in view.lists
        for row, sort in zip(rows, _sorts(rows), strict=True)
        if "*" in route_of(row.href) and not turn_of(row.href)
    ]
    met = {(kind, sort) for kind, sort, href in sorted_rows if href in paths}
    kinds = {route_of(path) for path in paths if "*" in route_of(path)}
    found: list[str] = []
    apart: list[str] = []
    for kind, sort, href in sorted_rows:
        of_kind = sum(route_of(path) == kind for path in found)
        if (kind, sort) in met or href in paths or of_kind >= _MOST_OF_A_KIND:
            continue
        if kind in kinds:
            apart.append(href)
        met.add((kind, sort))
        kinds.add(kind)
        found.append(href)
    chosen = found[:_MOST_RECORDS]
    return Records(tuple(chosen), tuple(href for href in apart if href in chosen))


def _sorts(rows: Sequence[Row]) -> list[Hashable]:
    """How each row stands: by columns of few different texts, by what is in brackets, or by its
    text where that is like the others' but for numbers."""
    if len({len(row.cells) for row in rows}) == 1 and rows[0].cells:
        columns = list(zip(*(map(folded, row.cells) for row in rows), strict=True))
        telling = [column for column in columns if 1 < len(set(column)) <= _MOST_STANDS]
        return list(zip(*telling, strict=True)) if telling else [()] * len(rows)
    texts = [folded(row.text) for row in rows]
    if 2 * len(set(texts)) <= len(texts) + 1:
        return list(texts)
    return [tuple(map(folded, _BRACKETED.findall(row.text))) for row in rows]


def turned(views: Sequence[View], paths: Sequence[str]) -> list[str]:
    """Where pages with a list lead to the same list in another order, and to its next part."""
    listing = [view for view in views if any(len(rows) > 1 for rows in view.lists)]
    seen = {(place_of(view.landed), turn_of(view.landed)) for view in listing}
    found: list[str] = []
    for view in listing:
        leading = [*view.links, *(("", row.href) for rows in view.lists for row in rows)]
        for label, href in leading:
            way = (place_of(href), turn_of(href))
            own = way[0] == place_of(view.landed) and href not in paths
            if own and way[1] and way not in seen and may_follow(label, href):
                seen.add(way)
                found.append(href)
    return found[:_MOST_TURNED]
