"""Spelling a value the way a native field takes it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_DATED = {"date", "time", "month", "week", "datetime-local"}
_DATE_FORMATS = (
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%b %d, %Y",
)
_COLORS = {
    "red": "#ff0000", "green": "#008000", "blue": "#0000ff", "black": "#000000", "white": "#ffffff",
    "yellow": "#ffff00", "orange": "#ffa500", "purple": "#800080", "pink": "#ffc0cb",
    "gray": "#808080", "grey": "#808080", "brown": "#a52a2a", "cyan": "#00ffff",
    "magenta": "#ff00ff",
}  # fmt: skip


def proper(kind: str, value: str) -> str:
    """The value in the form that a native date, month or colour field takes; ``kind`` is its
    ``type``."""
    if kind == "color":
        return _COLORS.get(value.strip().lower(), value)
    if kind == "time" and re.fullmatch(r"\d:\d\d", value.strip()):
        return "0" + value.strip()
    if kind not in _DATED or kind in {"time", "week"}:
        return value
    text = value.strip()
    if kind == "datetime-local":
        return re.sub(r"^(\d{4}-\d\d-\d\d) +(\d\d:\d\d)", r"\1T\2", text)
    day = _day(text)
    if day is None:
        return text
    return day.strftime("%Y-%m") if kind == "month" else day.isoformat()


def _day(text: str) -> date | None:
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    return None
