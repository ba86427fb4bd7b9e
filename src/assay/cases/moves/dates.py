"""A date into a field: typed where that is possible, else by turning the pages of a calendar."""

from __future__ import annotations

import re
from datetime import date

from dateutil.parser import parse

from assay.browser.model import ActionKind, Node, Observation
from assay.cases.clauses import Clause, Phrase, Verb
from assay.cases.hands import Hands, Undone, phrase_of
from assay.cases.reading_dates import MONTH_NAMES, read_date
from assay.cases.words import lexical

_MONTH = re.compile(rf"\b(?:{MONTH_NAMES})\.?,?\s+\d{{4}}\b", re.I)
_TYPES = frozenset({"date", "datetime-local"})
_TURNS = 240  # twenty years of months
# Days of the months before and after, as calendars mark them.
_AWAY = {"other", "outside", "old", "new", "off", "prev", "next", "disabled", "muted", "adjacent"}


async def enter(hands: Hands, clause: Clause) -> None:
    """Put a date into the field that is named, or the only one that takes dates. Raises Undone."""
    wanted = read_date(clause.value or "")
    if wanted is None:
        raise Undone(f"“{clause.value}” is no date that I can read.")
    field = await _field(hands, phrase_of(clause))
    if field.input_type in _TYPES:
        stamp = wanted.isoformat() + ("T00:00" if field.input_type == "datetime-local" else "")
        await hands.do(ActionKind.TYPE, field.ref, value=stamp)
        return
    if field.editable and "readonly" not in field.states:
        await hands.do(ActionKind.TYPE, field.ref, value=clause.value or "")
        if _heading(hands.page) is not None:
            await hands.do(ActionKind.PRESS, hands.ref_of_last(), value="Escape")
        return
    await hands.do(ActionKind.CLICK, field.ref)
    await _by_calendar(hands, wanted)


def sole(hands: Hands, phrase: Phrase) -> Node | None:
    """The only field that takes a date, where a step says "the date" and no field is called so."""
    taking = [node for node in hands.page.nodes if node.input_type in _TYPES]
    return taking[0] if len(taking) == 1 and phrase.text.casefold() == "date" else None


async def _field(hands: Hands, phrase: Phrase) -> Node:
    fields = [
        node
        for node in hands.page.nodes
        if node.tag in {"input", "button"} or node.editable or node.role in {"combobox", "textbox"}
    ]
    dated = [node for node in fields if node.input_type in _TYPES]
    if len(dated) == 1:
        return dated[0]
    hints = [node for node in fields if re.search(r"(?i)date|calendar|day\b", _said(node))]
    named = sorted(hints, key=lambda node: -lexical(phrase.text, _said(node)))
    if named:
        return named[0]
    found = await hands.find(phrase, Verb.TYPE)
    if found.choice is None:
        raise Undone("I found no field for a date.")
    return hands.page.node(found.choice.ref)


def _said(node: Node) -> str:
    parts = (node.name, node.label, node.placeholder, node.near, node.dom_id, node.dom_name)
    return " ".join([*parts, *node.classes])


def _heading(page: Observation) -> tuple[int, int] | None:
    """The year and month that an open calendar shows."""
    for node in page.nodes:
        match = _MONTH.search(node.text) if len(node.text) <= 40 else None
        if match is not None and not node.editable:
            return _month_of(match)
    line = _MONTH.search(page.text)
    return _month_of(line) if line is not None else None


def _month_of(match: re.Match[str]) -> tuple[int, int]:
    month = parse(match[0])
    return month.year, month.month


async def _by_calendar(hands: Hands, wanted: date) -> None:
    for _ in range(_TURNS):
        shown = _heading(hands.page)
        if shown is None:
            raise Undone("The field opens no calendar that I can read.")
        ahead = (wanted.year - shown[0]) * 12 + wanted.month - shown[1]
        if ahead == 0:
            break
        turn = _turner(hands.page, forward=ahead > 0)
        if turn is None:
            raise Undone("I found no way to another month in the calendar.")
        await hands.do(ActionKind.CLICK, turn.ref)
        if _heading(hands.page) == shown:
            raise Undone(f"The calendar does not go on to {wanted:%B %Y}.")
    day = _cell(hands.page, wanted.day)
    if day is None:
        raise Undone(f"The calendar has no day {wanted.day} to choose.")
    await hands.do(ActionKind.CLICK, day.ref)


def _turner(page: Observation, *, forward: bool) -> Node | None:
    words = {"next", "forward", "following"} if forward else {"prev", "previous", "back", "earlier"}
    signs = {">", "›", "→", "▶", "❯"} if forward else {"<", "‹", "←", "◀", "❮"}
    found = []
    for node in page.nodes:
        if not node.interactive or node.editable or "disabled" in node.states:
            continue
        said = f"{node.name} {node.text} {node.title} {node.label} {' '.join(node.classes)}"
        named = words & set(re.split(r"[^a-z]+", said.lower()))
        if named or (node.name or node.text).strip() in signs:
            found.append(node)
    return next((one for one in found if "year" not in (one.name + one.title).lower()), None)


def _cell(page: Observation, day: int) -> Node | None:
    """The day of the month that is shown; not one of the months beside it."""
    cells = [
        node
        for node in page.nodes
        if (node.own_text or node.text or node.name).strip().lstrip("0") == str(day)
        and "disabled" not in node.states
        and not _AWAY & {w for one in node.classes for w in re.split(r"[^a-z]+", one.lower())}
    ]
    active = [node for node in cells if node.interactive]
    return next(iter(active or cells), None)
