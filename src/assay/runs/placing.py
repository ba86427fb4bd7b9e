"""Where a planned fault belongs on the page as it is now: the element, and the page's own words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from assay.browser.model import LocatorBundle, Node, Observation
from assay.browser.port import Mutation
from assay.cases.check_rows import wanted_number
from assay.cases.facts import Facts
from assay.cases.find import find, within
from assay.cases.items import Items, all_items, has_state, items_of
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import contains

_STRIKES = {"strike", "unstrike"}
_SINGLE = {"'": "['\u2018\u2019`\u00b4]", '"': '["\u201c\u201d]', "-": "[-\u2010-\u2014]"}


@dataclass(frozen=True, slots=True)
class Placed:
    """The mutation for this page; ``ref`` is the element it is for, when one was found."""

    mutation: Mutation
    ref: str | None


def place(
    mutation: Mutation, assertion: Assertion | None, page: Observation, facts: Facts
) -> Placed:
    """Fit a planned mutation to the page: this run's values, the very item, the page's spelling."""
    text = facts.render(mutation.text)
    mutation = replace(mutation, text=text)
    ref = _single(mutation.target, page, facts.render)
    if assertion is not None:
        if assertion.kind is AssertionKind.CELL:
            return _cell(mutation, assertion, page, facts)
        if assertion.kind is AssertionKind.COUNT and assertion.scope is None:
            first = next((items.ref for items in all_items(page) if not items.chrome), None)
            return Placed(mutation, first)
        if assertion.kind is AssertionKind.COUNT and assertion.state:
            return Placed(mutation, _item(mutation, assertion, page, facts.render) or ref)
    if mutation.kind == "blank_text":
        mutation = replace(mutation, text=own_words(page, text))
    return Placed(mutation, ref)


def _single(
    bundle: LocatorBundle | None, page: Observation, render: Callable[[str], str]
) -> str | None:
    nodes = find(page, bundle, render=render) if bundle is not None else ()
    return nodes[0].ref if len(nodes) == 1 else None


def own_words(page: Observation, text: str) -> str:
    """A text as the page writes it: its own quotes and dashes."""
    pattern = r"\s+".join(
        "".join(_SINGLE.get(_plain(char), re.escape(char)) for char in word)
        for word in text.split()
    )
    if not pattern:
        return text
    found = re.search(pattern, "\n".join((page.text, *page.notices)), re.IGNORECASE)
    return found.group() if found else text


def _plain(char: str) -> str:
    if char in "\u2018\u2019`\u00b4":
        return "'"
    return '"' if char in "\u201c\u201d" else char


def _cell(mutation: Mutation, assertion: Assertion, page: Observation, facts: Facts) -> Placed:
    """The row of the cell, or the cell itself when its column is known."""
    row = facts.render(assertion.row)
    wanted = str(wanted_number(assertion, facts)) if assertion.relative_to else ""
    wanted = wanted or facts.render(assertion.text)
    scoped = items_of(page, assertion.scope, facts.render) if assertion.scope else None
    for items in [scoped] if scoped is not None else all_items(page):
        for ref, text in zip(items.refs, items.texts, strict=False):
            if (row and not contains(text, row)) or not contains(text, wanted):
                continue
            if mutation.kind == "change_cell":
                cell = _cell_node(page, ref, items, assertion, wanted)
                return Placed(replace(mutation, text=""), cell.ref if cell is not None else ref)
            return Placed(replace(mutation, text=wanted), ref)
    return Placed(mutation, None)


def _cell_node(
    page: Observation, row: str, items: Items, assertion: Assertion, wanted: str
) -> Node | None:
    place = items.column(assertion.column) if assertion.column else None
    cells = [node for node in within(page, row) if node.role in {"cell", "gridcell", "rowheader"}]
    if place is not None and place < len(cells) and contains(cells[place].text, wanted):
        return cells[place]
    fitting = [node for node in cells if contains(node.text, wanted)]
    return fitting[-1] if fitting else None


def _item(
    mutation: Mutation, assertion: Assertion, page: Observation, render: Callable[[str], str]
) -> str | None:
    """The item whose state is to be turned, or the box in it."""
    items = items_of(page, assertion.scope, render)
    if items is None:
        return None
    text = render(assertion.text)
    wanted = assertion.number > 0
    for ref, own in zip(items.refs, items.texts, strict=False):
        if text and not contains(own, text):
            continue
        if has_state(page, ref, assertion.state) != wanted:
            continue
        if mutation.kind in _STRIKES:
            return ref
        boxes = [node for node in within(page, ref) if {"checked", "unchecked"} & node.states]
        return boxes[0].ref if boxes else None
    return None
