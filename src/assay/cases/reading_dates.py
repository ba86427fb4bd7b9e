"""Dates as people write them: found in a text, and read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from dateutil.parser import ParserError, parse, parserinfo
from dateutil.relativedelta import relativedelta

MONTH_NAMES = "|".join(
    sorted((name for names in parserinfo.MONTHS for name in names), key=len, reverse=True)
)

_TH = r"(?:st|nd|rd|th)?"
_NAMED = (
    rf"\b\d{{1,2}}{_TH}\s+(?:{MONTH_NAMES})\.?,?\s+\d{{4}}"
    rf"|\b(?:{MONTH_NAMES})\.?\s+\d{{1,2}}{_TH},?\s+\d{{4}}"
)
_YEAR_FIRST = r"\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}"
_CLOCK = r"(?:[T,\s]+(?:at\s+)?(?P<clock>\d{1,2}:\d{2}(?::\d{2})?\s*(?:[ap]\.?m\b)?))?"
_ONE = re.compile(
    rf"{_YEAR_FIRST}|\d{{1,2}}(?P<sep>[/.-])\d{{1,2}}(?P=sep)(?:\d{{4}}|\d{{2}})|{_NAMED}", re.I
)
_WRITTEN = re.compile(
    rf"(?:{_YEAR_FIRST}|(?P<dotted>\b\d{{1,2}}\.\d{{1,2}}\.\d{{4}})"
    rf"|(?P<slashed>\b(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/\d{{4}})|{_NAMED}){_CLOCK}",
    re.I,
)
_AGO = re.compile(
    r"(?i)\b(?P<n>\d+|an?|one)\s+(?P<unit>second|minute|hour|day|week|month|year)s?\s+ago\b"
)
_DAY = re.compile(r"(?i)\b(?P<day>today|yesterday)\b" + _CLOCK)
# What "ago" and "today" are counted from, within one page.
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)

Manner = Literal["absolute", "relative", "unsure"]


def read_date(text: str) -> date | None:
    """A text that is a date and no more; months come first in ``a/b/c`` unless that is no month.

    ``None`` for anything else, days that no calendar has among it.
    """
    match = _ONE.fullmatch(text.strip())
    when = _parsed(match[0], day_first=match["sep"] == ".") if match else None
    return when.date() if when else None


def read_dates(text: str, *, day_first: bool = False) -> tuple[datetime, ...]:
    """The dates in a text, in the order they stand there. ``day_first`` is about 3/4/2024.

    What says "ago", "today" or "yesterday" can be compared with its like only.
    """
    found: list[tuple[int, datetime | None]] = []
    for match in _WRITTEN.finditer(text):
        first = bool(match["dotted"] or (day_first and match["slashed"]))
        found.append((match.start(), _parsed(match[0], day_first=first)))
    for match in _AGO.finditer(text):
        number = int(match["n"]) if match["n"].isdigit() else 1
        span: dict[str, int] = {f"{match['unit'].lower()}s": number}
        found.append((match.start(), _ANY_DAY - relativedelta(**span)))  # type: ignore[arg-type]
    for match in _DAY.finditer(text):
        that = _ANY_DAY - timedelta(days=match["day"].lower() == "yesterday")
        found.append((match.start(), _parsed(match["clock"], that) if match["clock"] else that))
    return tuple(when for _, when in sorted((at, when) for at, when in found if when))


def day_comes_first(texts: Iterable[str]) -> bool | None:
    """Whether days come before months in dates such as 3/4/2024, where one of them tells."""
    pairs = [(int(one["a"]), int(one["b"])) for text in texts for one in _slashed(text)]
    days, months = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
    return days if days != months else None


def manner_of(text: str, day_first: bool | None) -> Manner:
    """How the dates of a text are written: by the calendar, by how long ago, or so that two days
    may be meant, since nothing tells whether days come first (``day_first`` is ``None``)."""
    if _AGO.search(text) or _DAY.search(text):
        return "relative"
    either = any(match["a"] != match["b"] for match in _slashed(text))
    return "unsure" if either and day_first is None else "absolute"


def _slashed(text: str) -> Iterable[re.Match[str]]:
    return (match for match in _WRITTEN.finditer(text) if match["slashed"])


def _parsed(text: str, default: datetime = _ANY_DAY, *, day_first: bool = False) -> datetime | None:
    plain = re.sub(r"(?i)([ap])\.m", r"\1m", text)
    try:
        return parse(plain, default=default, dayfirst=day_first)
    except ParserError:  # the 31st of a shorter month
        return None
