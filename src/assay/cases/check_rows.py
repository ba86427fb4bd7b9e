"""Checking assertions about lists and tables: how many, in what order, what each row says."""

from __future__ import annotations

import re

from assay.browser.model import Observation
from assay.cases.facts import Check, Facts
from assay.cases.items import Items, all_items, counted, items_of, total_items
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import contains, equal, fold, numbers, shorten

_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}")


def check_rows(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    """Check an assertion of a kind that speaks of rows or items."""
    if assertion.kind is AssertionKind.COUNT:
        return _count(assertion, observation, facts)
    if assertion.kind is AssertionKind.CELL:
        return _cell(assertion, observation, facts)
    items = items_of(observation, assertion.scope, facts.render)
    if items is None or not items.refs:
        return Check(False, "the list has no rows" if items else "there is no such list")
    if assertion.kind is AssertionKind.SORTED:
        return _sorted(assertion, items)
    return _row_texts(assertion, items)


def wanted_number(assertion: Assertion, facts: Facts) -> int | None:
    """The number an assertion asks for, relative ones worked out; None when nothing was read."""
    if not assertion.relative_to:
        return assertion.number
    found = numbers(facts.variables.get(assertion.relative_to, ""))
    return int(found[0]) + assertion.delta if found else None


def _count(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    wanted = wanted_number(assertion, facts)
    if wanted is None:
        return Check(False, "the value to compare with was not read earlier in the run")
    if assertion.scope is None and not assertion.text and not assertion.state:
        have = total_items(observation)
    else:
        items = items_of(observation, assertion.scope, facts.render)
        have = (
            counted(observation, items, assertion.text, assertion.state) if items is not None else 0
        )
        if items is None and assertion.state and wanted == 0:
            return Check(False, "there is no such list")
    noun = "row" if assertion.column == "rows" else "item"
    suffix = f" {assertion.state}" if assertion.state else ""
    shown = f"{have} {noun}{'' if have == 1 else 's'}{suffix}"
    if have == wanted:
        return Check(True, f"there are {shown}" if have != 1 else f"there is {shown}")
    return Check(False, f"{shown} instead of {wanted}")


def _cell(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    scoped = items_of(observation, assertion.scope, facts.render) if assertion.scope else None
    lists = [scoped] if scoped else all_items(observation)
    wanted = str(wanted_number(assertion, facts)) if assertion.relative_to else assertion.text
    nearest = ""
    for items in lists:
        for cells, text in zip(items.cells or [()] * len(items.texts), items.texts, strict=False):
            if assertion.row and not contains(text, assertion.row):
                continue
            cell = _under(items, cells, text, assertion)
            if cell is None:
                continue
            if _cell_is(cell, wanted, assertion):
                return Check(True, f"{_place(assertion)} shows “{shorten(cell)}”")
            nearest = nearest or cell
    if nearest:
        return Check(False, f"{_place(assertion)} shows “{shorten(nearest)}” instead of “{wanted}”")
    return Check(False, f"{_place(assertion)} is not on the page")


def _under(items: Items, cells: tuple[str, ...], text: str, assertion: Assertion) -> str | None:
    if not assertion.column:
        if assertion.row:
            rest = fold(text).replace(fold(assertion.row), " ", 1).strip()
            return rest or None
        return text
    place = items.column(assertion.column)
    if place is None or place >= len(cells):
        return None
    return cells[place]


def _cell_is(cell: str, wanted: str, assertion: Assertion) -> bool:
    if assertion.exact:
        return equal(cell, wanted)
    if assertion.relative_to:
        return float(wanted) in numbers(cell)[:1] if wanted != "None" else False
    return contains(cell, wanted)


def _place(assertion: Assertion) -> str:
    row = f"the row “{shorten(assertion.row, 60)}”" if assertion.row else "the row"
    return f"{assertion.column or 'the value'} of {row}" if assertion.column else row


def _row_texts(assertion: Assertion, items: Items) -> Check:
    texts = items.under(assertion.column)
    if not texts:
        return Check(False, f"the list has no column “{assertion.column}”")

    def fits(text: str) -> bool:
        return equal(text, assertion.text) if assertion.exact else contains(text, assertion.text)

    if assertion.kind is AssertionKind.FIRST_ROW:
        end = -1 if assertion.order == "last" else 0
        which = "last" if end else "first"
        return Check(fits(texts[end]), f"the {which} row shows “{shorten(texts[end])}”")
    wrong = [text for text in texts if not fits(text)]
    if not wrong:
        return Check(True, f"all {len(texts)} rows show “{shorten(assertion.text)}”")
    return Check(False, f"{len(wrong)} of {len(texts)} rows do not, e.g. “{shorten(wrong[0], 80)}”")


def sort_keys(texts: tuple[str, ...]) -> list[float] | list[str]:
    """Texts as what a reader sorts them by: dates, numbers when every text has one, else words."""
    if all(_DATE.match(text) for text in texts):
        return [fold(text) for text in texts]
    found = [numbers(text) for text in texts]
    if all(len(item) == 1 for item in found):
        return [item[0] for item in found]
    return [fold(text) for text in texts]


def in_order(texts: tuple[str, ...], order: str) -> bool:
    """Whether texts are in ascending or descending order and not all the same."""
    keys = sort_keys(texts)
    arranged = sorted(keys, reverse=order == "descending")
    return len(texts) >= 2 and keys == arranged and keys[0] != keys[-1]


def _sorted(assertion: Assertion, items: Items) -> Check:
    texts = items.under(assertion.column)
    if len(texts) < 2:
        return Check(False, f"there are {len(texts)} rows to compare")
    order = assertion.order or "ascending"
    if in_order(texts, order):
        return Check(True, f"{assertion.column or 'the rows'} is in {order} order")
    keys = sort_keys(texts)
    for one, two, left, right in zip(keys, keys[1:], texts, texts[1:], strict=False):
        wrong = one > two if order == "ascending" else one < two  # type: ignore[operator]
        if wrong:
            return Check(False, f"“{shorten(left, 40)}” comes before “{shorten(right, 40)}”")
    return Check(False, f"all rows show “{shorten(texts[0], 40)}”")
