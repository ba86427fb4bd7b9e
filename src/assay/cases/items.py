"""Tables and collections of an observation as lists of items, and which of them is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assay.browser.model import Collection, LocatorBundle, Node, Observation, Table
from assay.cases.find import find, within
from assay.cases.texts import contains, equal, fold, stems

_CHROME = {"navigation", "banner", "contentinfo"}
_DONE_CLASSES = {"completed", "done", "complete", "checked", "finished"}


@dataclass(frozen=True, slots=True)
class Items:
    """One list of items: table rows or repeated siblings. ``cells`` is empty for a collection."""

    ref: str
    kind: str
    label: str
    refs: tuple[str, ...]
    texts: tuple[str, ...]
    columns: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    chrome: bool = False

    def column(self, name: str) -> int | None:
        """The index of a column by its header: equal first, then by words."""
        for place, header in enumerate(self.columns):
            if equal(header, name):
                return place
        wanted = set(stems(name))
        near = [i for i, h in enumerate(self.columns) if wanted and wanted <= set(stems(h))]
        return near[0] if len(near) == 1 else None

    def under(self, name: str) -> tuple[str, ...]:
        """The texts under a column; all item texts when the name is empty or unknown."""
        place = self.column(name) if name else None
        if place is None:
            return self.texts if not name else ()
        return tuple(row[place] if place < len(row) else "" for row in self.cells)


def from_table(observation: Observation, table: Table) -> Items:
    """A table's body rows as items."""
    rows = [
        (ref, row)
        for ref, row in zip(table.row_refs, table.rows, strict=False)
        if any(cell.strip() for cell in row)
    ]
    return Items(
        ref=table.ref,
        kind="table",
        label=table.caption,
        refs=tuple(ref for ref, _ in rows),
        texts=tuple(" ".join(cell for cell in row if cell) for _, row in rows),
        columns=table.columns,
        cells=tuple(row for _, row in rows),
        chrome=_in_chrome(observation, table.ref),
    )


def from_collection(observation: Observation, collection: Collection) -> Items:
    """A collection's items."""
    return Items(
        ref=collection.ref,
        kind=collection.kind,
        label=collection.label,
        refs=collection.item_refs,
        texts=collection.item_texts,
        chrome=_in_chrome(observation, collection.ref),
    )


def all_items(observation: Observation) -> list[Items]:
    """Every list of the page: tables first, then collections that are not a table's rows."""
    tables = [from_table(observation, table) for table in observation.tables]
    seen = {ref for table in tables for ref in table.refs} | {table.ref for table in tables}
    others = [
        from_collection(observation, collection)
        for collection in observation.collections
        if collection.ref not in seen and not (set(collection.item_refs) & seen)
    ]
    return tables + others


def items_of(
    observation: Observation,
    scope: LocatorBundle | None,
    render: Callable[[str], str] | None = None,
) -> Items | None:
    """The list a scope means: at the element, the largest one below it, or the one around it."""
    lists = all_items(observation)
    if scope is None:
        candidates = [item for item in lists if not item.chrome]
        return max(candidates, key=lambda item: len(item.refs), default=None)
    nodes = find(observation, scope, render=render)
    if len(nodes) != 1:
        return None
    return items_at(observation, nodes[0].ref, lists)


def items_at(observation: Observation, ref: str, lists: list[Items] | None = None) -> Items | None:
    """The list whose container is the element with this ref, or the largest one below it."""
    lists = all_items(observation) if lists is None else lists
    for item in lists:
        if item.ref == ref:
            return item
    below = {node.ref for node in within(observation, ref)}
    inner = [item for item in lists if item.ref in below]
    return max(inner, key=lambda item: len(item.refs), default=None)


def total_items(observation: Observation) -> int:
    """How many items all lists outside navigation and page frame have together."""
    return sum(len(item.refs) for item in all_items(observation) if not item.chrome)


def has_state(observation: Observation, ref: str, state: str) -> bool:
    """Whether an item, or an element within it, is in a state (struck, checked, ...)."""
    nodes = within(observation, ref)
    if state == "struck":
        return any(is_struck(node) for node in nodes)
    if state == "unstruck":
        return not any(is_struck(node) for node in nodes)
    return any(state in node.states for node in nodes)


def is_struck(node: Node) -> bool:
    """Whether a node's text is struck through or its element is marked as completed."""
    return "struck" in node.states or bool({fold(name) for name in node.classes} & _DONE_CLASSES)


def counted(observation: Observation, items: Items, text: str = "", state: str = "") -> int:
    """How many items contain a text and are in a state."""
    return sum(
        1
        for ref, item in zip(items.refs, items.texts, strict=False)
        if (not text or contains(item, text)) and (not state or has_state(observation, ref, state))
    )


def _in_chrome(observation: Observation, ref: str) -> bool:
    for node in observation.nodes:
        if node.ref == ref:
            return node.landmark in _CHROME or node.role == "navigation"
    return False
