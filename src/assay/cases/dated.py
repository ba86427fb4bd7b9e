"""Lists whose rows tell dates: which row is the oldest, the newest, the first or the last. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urljoin, urlsplit

from assay.browser.model import Node, Observation
from assay.cases.reading_dates import Manner, day_comes_first, manner_of, read_dates
from assay.cases.words import canonical

_STAMP = re.compile(r"(?<=[=/])1\d{9}(?=$|[&/#])")  # seconds since 1970 in an address
_NEXT = re.compile(r"(?i)^\W*(?:(?:next|older)(?: \w+)?|»|›|>+|→)\W*$")
_BACK = re.compile(r"(?i)^\W*(?:(?:prev|previous|newer)(?: \w+)?|«|‹|<+|←)\W*$")
_GENERIC = {"entry", "row", "item", "record", "result", "line", "version", "one", "element"}

End = Literal["old", "new", "first", "last"]


@dataclass(frozen=True, slots=True)
class _Row:
    link: Node
    dates: tuple[datetime, ...]
    manner: Manner
    stamp: int


@dataclass(frozen=True, slots=True)
class Told:
    """The link of the row that is meant, or the reason why none can be told to be it."""

    link: Node | None
    reason: str = ""


def at_end(page: Observation, end: End, noun: str = "") -> Told | None:
    """The row at an end of the one dated list of a page, or of the one that the noun names.

    ``None`` for a page without such a list.
    """
    lists = [rows for rows in _lists(page).values() if len(rows) > 1]
    if noun and noun not in _GENERIC and lists:
        sole = len(lists) == 1 and _about(page, noun)
        lists = lists if sole else [rows for rows in lists if _is_of(rows, noun)]
        if not lists:
            return Told(None, f"No list with dates on the page is one of “{noun}”.")
    if not lists:
        return None
    if len(lists) > 1:
        return Told(None, "There is more than one list with dates on the page.")
    rows = lists[0]
    if end in ("first", "last"):
        return Told(rows[0].link if end == "first" else rows[-1].link)
    return _by_date(page, rows, oldest=end == "old")


def _by_date(page: Observation, rows: list[_Row], *, oldest: bool) -> Told:
    count = {len(row.dates) for row in rows}
    manners = {row.manner for row in rows}
    if len(count) > 1 or len(manners) > 1 or "unsure" in manners:
        return Told(None, "Not all rows of the list show their dates alike.")
    found: set[str] = set()
    for at in range(count.pop()):
        keys = [row.dates[at] for row in rows]
        place = _extreme(keys, oldest) or _extreme([row.stamp for row in rows], oldest)
        if place is None:
            return Told(None, "The dates of the list do not tell which row that is.")
        found.add(rows[place - 1].link.ref)
        beyond = _leaves_off(page, rows, place, keys)
        if beyond:
            return Told(None, "The list goes on, on other pages.")
    if len(found) > 1:
        return Told(None, "The rows show several dates that do not agree on which row that is.")
    ref = found.pop()
    return Told(next(row.link for row in rows if row.link.ref == ref))


def _extreme(keys: list[datetime] | list[int], oldest: bool) -> int | None:
    """The position, from 1, of the least or greatest; of equals the one at that end of a list in
    order. ``None`` where that cannot be told."""
    known = [(key, at) for at, key in enumerate(keys, 1) if key]
    values = [key for key, _ in known]
    if len(set(values)) < 2:
        return None
    best = min(values) if oldest else max(values)  # type: ignore[type-var]
    same = [at for key, at in known if key == best]
    if len(same) == 1:
        return same[0]
    if values == sorted(values):  # type: ignore[type-var]
        return same[0] if oldest else same[-1]
    if values == sorted(values, reverse=True):  # type: ignore[type-var]
        return same[-1] if oldest else same[0]
    return None


def _leaves_off(page: Observation, rows: list[_Row], place: int, keys: list[datetime]) -> bool:
    """Whether rows on another page may be further that way than the one that was found here."""
    own = {row.link.row for row in rows}
    names = [
        node.name or node.text
        for node in page.nodes
        if node.role == "link" and node.row not in own and "disabled" not in node.states
    ]
    numbered = any(name.strip().isdigit() for name in names)
    after = numbered or any(_NEXT.match(name) for name in names)
    before = numbered or any(_BACK.match(name) for name in names)
    if not after and not before:
        return False
    ordered = keys in (sorted(keys), sorted(keys, reverse=True))
    if not ordered:
        return True
    half = place > len(rows) / 2
    return after if half else before


def _lists(page: Observation) -> dict[str, list[_Row]]:
    """The rows with a date and a link, by what holds them."""
    by_ref = {node.ref: node for node in page.nodes}
    links: dict[str, list[Node]] = {}
    for node in page.nodes:
        if node.row and node.role == "link" and node.href:
            links.setdefault(node.row, []).append(node)
    found: dict[str, list[_Row]] = {}
    texts = {
        ref: (by_ref[ref].text if ref in by_ref else "") or inside[0].row_text
        for ref, inside in links.items()
    }
    day_first = day_comes_first(texts.values())
    for ref, inside in links.items():
        row = by_ref.get(ref)
        text = texts[ref]
        dates = read_dates(text, day_first=bool(day_first))
        link = _main(inside)
        if dates and link is not None:
            holder = row.parent if row is not None and row.parent else ""
            key = holder or f"{link.section} {link.landmark}"
            found.setdefault(key, []).append(
                _Row(link, dates, manner_of(text, day_first), _stamp(link, page.url))
            )
    return found


def _main(links: list[Node]) -> Node | None:
    """The link of a row that opens what the row is about: the first with words of its own."""
    worded = [node for node in links if re.search(r"\w", node.text or "")]
    return next(iter(worded), links[0] if len(links) == 1 else None)


def _stamp(link: Node, base: str) -> int:
    parts = urlsplit(urljoin(base, link.href))
    match = _STAMP.search(f"{parts.path}?{parts.query}")
    return int(match[0]) if match else 0


def _about(page: Observation, noun: str) -> bool:
    """Whether a page as a whole is about the things of a noun: by its title, heading, address."""
    heads = [node.name for node in page.nodes if node.role == "heading"][:3]
    path = re.sub(r"[^A-Za-z0-9]+", " ", urlsplit(page.url).path + " " + urlsplit(page.url).query)
    return set(canonical(noun)) <= set(canonical(" ".join([page.title, *heads, path])))


def _is_of(rows: list[_Row], noun: str) -> bool:
    wanted = set(canonical(noun))
    first = rows[0].link
    path = urlsplit(first.href).path.replace("/", " ").replace("-", " ")
    return wanted <= set(canonical(f"{first.section} {first.column} {first.group} {path}"))
