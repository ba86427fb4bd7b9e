"""Lists whose rows tell dates: which row is the oldest, the newest, the first or the last. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urljoin, urlsplit

from assay.browser.model import Node, Observation
from assay.cases.moves.dates import MONTHS
from assay.cases.words import canonical

_CLOCK = (
    r"(?:[T,\s]+(?:at\s+)?(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2}))?\s*(?P<half>[ap]\.?m\b)?)?"
)
_MONTH = "|".join(month[:3] for month in MONTHS)
_FORMS = tuple(
    re.compile(form + _CLOCK, re.I)
    for form in (
        r"\b(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"\b(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})",
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<name>{_MONTH})[a-z]*\.?,?\s+(?P<y>\d{{4}})",
        rf"\b(?P<name>{_MONTH})[a-z]*\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})",
    )
)
_SLASHED = re.compile(r"\b(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4})" + _CLOCK, re.I)
_AGO = re.compile(
    r"(?i)\b(?P<n>\d+|an?|one)\s+(?P<unit>second|minute|hour|day|week|month|year)s?\s+ago\b"
)
_DAY = re.compile(r"(?i)\b(?P<day>today|yesterday)\b" + _CLOCK)
_SPANS = {
    "second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2592000,
    "year": 31536000,
}  # fmt: skip
_STAMP = re.compile(r"(?<=[=/])1\d{9}(?=$|[&/#])")  # seconds since 1970 in an address
_NEXT = re.compile(r"(?i)^\W*(?:(?:next|older)(?: \w+)?|»|›|>+|→)\W*$")
_BACK = re.compile(r"(?i)^\W*(?:(?:prev|previous|newer)(?: \w+)?|«|‹|<+|←)\W*$")
_GENERIC = {"entry", "row", "item", "record", "result", "line", "version", "one", "element"}
_ANY_DAY = datetime(
    2000, 1, 1, tzinfo=UTC
)  # what "ago" and "today" are counted from, within one page

End = Literal["old", "new", "first", "last"]


@dataclass(frozen=True, slots=True)
class _Row:
    link: Node
    dates: tuple[datetime, ...]
    manner: str  # how the dates are written: absolute, relative, or so that two days may be meant
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
    day_first = _day_first(texts.values())
    for ref, inside in links.items():
        row = by_ref.get(ref)
        text = texts[ref]
        dates = read_dates(text, day_first=bool(day_first))
        link = _main(inside)
        if dates and link is not None:
            holder = row.parent if row is not None and row.parent else ""
            key = holder or f"{link.section} {link.landmark}"
            found.setdefault(key, []).append(
                _Row(link, dates, _manner(text, day_first), _stamp(link, page.url))
            )
    return found


def _manner(text: str, day_first: bool | None) -> str:
    if _AGO.search(text) or _DAY.search(text):
        return "relative"
    slashed = [match for match in _SLASHED.finditer(text) if match["a"] != match["b"]]
    return "unsure" if slashed and day_first is None else "absolute"


def _day_first(texts: Iterable[str]) -> bool | None:
    """Whether days come before months in dates such as 3/4/2024, where one of them tells."""
    pairs = [(int(one["a"]), int(one["b"])) for text in texts for one in _SLASHED.finditer(text)]
    days, months = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
    return days if days != months else None


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


def read_dates(text: str, *, day_first: bool = False) -> tuple[datetime, ...]:
    """The dates in a text, in the order they stand there. ``day_first`` is about 3/4/2024.

    What says "ago", "today" or "yesterday" can be compared with its like only.
    """
    found: list[tuple[int, datetime]] = []
    for form in _FORMS:
        for match in form.finditer(text):
            groups = match.groupdict()
            name = (groups.get("name") or "").lower()
            month = int(groups.get("m") or 0) or _month(name)
            _put(found, match, int(match["y"]), month, int(match["d"]))
    for match in _SLASHED.finditer(text):
        a, b = int(match["a"]), int(match["b"])
        day, month = (a, b) if day_first or a > 12 else (b, a)
        _put(found, match, int(match["y"]), month, day)
    for match in _AGO.finditer(text):
        number = int(match["n"]) if match["n"].isdigit() else 1
        span = timedelta(seconds=number * _SPANS[match["unit"].lower()])
        found.append((match.start(), _ANY_DAY - span))
    for match in _DAY.finditer(text):
        that = _ANY_DAY - timedelta(days=match["day"].lower() == "yesterday")
        _put(found, match, that.year, that.month, that.day)
    return tuple(date for _, date in sorted(found))


def _month(name: str) -> int:
    return next((at for at, month in enumerate(MONTHS, 1) if name and month.startswith(name)), 0)


def _put(
    found: list[tuple[int, datetime]], match: re.Match[str], year: int, month: int, day: int
) -> None:
    hour, minute, second = int(match["h"] or 0), int(match["min"] or 0), int(match["s"] or 0)
    half = (match["half"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60:
        try:
            found.append(
                (match.start(), datetime(year, month, day, hour, minute, second, tzinfo=UTC))
            )
        except ValueError:  # the 31st of a shorter month
            return
