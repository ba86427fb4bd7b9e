"""Reading a value from a page, to keep it for later steps. Pure: no page is looked at here."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from assay.browser.model import Node, Observation
from assay.cases.find import find
from assay.cases.items import items_of
from assay.cases.model import Extraction
from assay.cases.texts import contains, equal, fold, numbers

Render = Callable[[str], str]
_NUMBERED = re.compile(r"(?i)(?:\b(?:numbers?|no|nr|id|code|reference|ref)\.?|#|№)$")


def extract(extraction: Extraction, observation: Observation, render: Render) -> str | None:
    """The value an extraction reads from a page, ``None`` when the page does not show it.

    Kinds: ``number_in_row`` (the number under ``column``, or the only one, of the row that has
    ``row``), ``number_near`` (the number beside ``target``), ``count`` (items of ``target``),
    ``text`` and ``value`` (of ``target``), ``cell`` (what the row that has ``row`` says under
    ``column``), ``beside`` (what stands after the label ``row``), ``url`` (path and query) and
    ``title``.
    """
    if extraction.kind in _OF_PAGE:
        return _OF_PAGE[extraction.kind](extraction, observation, render)
    if extraction.kind == "number_in_row":
        return _number_in_row(observation, render(extraction.row), extraction.column)
    if extraction.kind == "count":
        items = items_of(observation, extraction.target, render)
        return str(len(items.refs)) if items is not None else "0"
    if extraction.target is None:
        return None
    nodes = find(observation, extraction.target, render=render)
    if len(nodes) != 1:
        return None
    if extraction.kind == "number_near":
        return number_near(observation, nodes[0])
    if extraction.kind == "value":
        return nodes[0].value
    return nodes[0].text or nodes[0].name or None


def number_near(observation: Observation, node: Node) -> str | None:
    """The number in an element's own text, else in the smallest text around it."""
    own = numbers(node.text or node.name)
    if len(own) == 1:
        return _plain(own[0])
    known = {item.ref: item for item in observation.nodes}
    current = known.get(node.parent) if node.parent else None
    for _ in range(3):
        if current is None:
            break
        rest = fold(current.text).replace(fold(node.text), " ", 1)
        beside = numbers(rest)
        if len(beside) == 1:
            return _plain(beside[0])
        if len(beside) > 1:
            return None
        current = known.get(current.parent) if current.parent else None
    beside = numbers(node.near)
    return _plain(beside[0]) if len(beside) == 1 else None


def beside(observation: Observation, label: str) -> str | None:
    """What stands after a label: in its line, where a colon counts more than a space, else in the
    line below. Of what follows a label such as "Order number" only the word with digits counts."""
    lines = [line.strip() for line in observation.text.splitlines() if line.strip()]
    heads = {fold(" ".join(table.columns)) for table in observation.tables}
    words = r"\s+".join(re.escape(word) for word in label.strip().rstrip(":").split())
    if not words:
        return None
    form = re.compile(rf"{words}(?!\w)\s*(?P<sign>[:=–—-]?)\s*(?P<rest>.*)$", re.IGNORECASE)
    found: list[str] = []
    for place, line in enumerate(lines):
        match = form.match(line)
        if match is None or fold(line) in heads:
            continue
        below = lines[place + 1] if place + 1 < len(lines) else ""
        value = match["rest"] or below
        if match["sign"] and value:
            return _token(label, value)
        found += [value] if value else []
    return _token(label, found[0]) if found else None


def _token(label: str, value: str) -> str:
    if not _NUMBERED.search(label.strip().rstrip(":")):
        return value
    tokens = [one.strip(".,;:!()") for one in value.split() if re.search(r"\d", one)]
    return tokens[0] if tokens else value


def _cell(extraction: Extraction, observation: Observation, render: Render) -> str | None:
    row = render(extraction.row)
    for table in observation.tables:
        place = next(
            (i for i, name in enumerate(table.columns) if equal(name, extraction.column)), None
        )
        for cells in table.rows:
            fits = any(contains(cell, row) for cell in cells)
            if place is not None and place < len(cells) and fits and cells[place]:
                return cells[place]
    return None


def _beside(extraction: Extraction, observation: Observation, render: Render) -> str | None:
    return beside(observation, render(extraction.row))


def _url(extraction: Extraction, observation: Observation, render: Render) -> str | None:
    parts = urlsplit(observation.url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _title(extraction: Extraction, observation: Observation, render: Render) -> str | None:
    return observation.title


_OF_PAGE: dict[str, Callable[[Extraction, Observation, Render], str | None]] = {
    "cell": _cell,
    "beside": _beside,
    "url": _url,
    "title": _title,
}


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _number_in_row(observation: Observation, row: str, column: str) -> str | None:
    for table in observation.tables:
        place = next((i for i, name in enumerate(table.columns) if equal(name, column)), None)
        for cells in table.rows:
            if not any(contains(cell, row) for cell in cells):
                continue
            if place is not None and place < len(cells):
                found = numbers(cells[place])
            else:
                found = [n for cell in cells if not contains(cell, row) for n in numbers(cell)]
            if found:
                return _plain(found[0])
    for collection in observation.collections:
        for text in collection.item_texts:
            if contains(text, row):
                found = numbers(fold(text).replace(fold(row), " ", 1))
                if found:
                    return _plain(found[0])
    return None
