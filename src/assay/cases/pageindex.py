"""An observation prepared for questions: who contains whom, what a control does or harms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from assay.browser.model import Node, Observation
from assay.cases.words import canonical, fold

_TYPED = frozenset({"textbox", "searchbox", "combobox", "spinbutton"})
_TEXT_INPUTS = frozenset(
    {
        "text",
        "search",
        "email",
        "url",
        "tel",
        "password",
        "number",
        "date",
        "time",
        "datetime-local",
        "month",
        "week",
        "color",
        "",
    }
)
_CHECKED = frozenset({"checkbox", "radio", "switch", "menuitemcheckbox", "menuitemradio"})
_ITEMS = frozenset({"listitem", "row", "article", "option", "treeitem"})
_HARM = frozenset(
    {"delete", "logout", "cancel", "deactivate", "reset", "unsubscribe", "destroy", "wipe"}
)
_LOCAL_DIALOGS = frozenset({"dialog", "alertdialog"})


class PageIndex:
    """Answers about one observation. Cheap to make; nothing here decides anything."""

    def __init__(self, observation: Observation) -> None:
        self.observation = observation
        self.nodes = observation.nodes
        self.by_ref = {node.ref: node for node in observation.nodes}
        self.order = {node.ref: at for at, node in enumerate(observation.nodes)}

    def ancestors(self, node: Node) -> Iterator[Node]:
        """The node's containers, nearest first."""
        seen = 0
        parent = node.parent
        while parent is not None and seen < 200:
            above = self.by_ref.get(parent)
            if above is None:
                return
            yield above
            parent = above.parent
            seen += 1

    def inside(self, node: Node, ref: str) -> bool:
        """Whether the node stands within the element ``ref``."""
        return any(above.ref == ref for above in self.ancestors(node))

    def within(self, ref: str) -> list[Node]:
        """Every node within the element ``ref``, in document order."""
        return [node for node in self.nodes if self.inside(node, ref)]

    @cached_property
    def dialog(self) -> str | None:
        """The dialog that is open now, innermost last; None when there is none."""
        opened = [node for node in self.nodes if node.role in _LOCAL_DIALOGS]
        modal = [node for node in opened if "modal" in node.states]
        shown = modal or [node for node in opened if "covered" not in node.states]
        return shown[-1].ref if shown else None

    @cached_property
    def headed(self) -> frozenset[str]:
        """Refs of nodes within a column header or heading."""
        heads = {node.ref for node in self.nodes if node.role in ("columnheader", "heading")}
        return frozenset(
            node.ref
            for node in self.nodes
            if node.ref in heads or any(above.ref in heads for above in self.ancestors(node))
        )

    @cached_property
    def header_rows(self) -> frozenset[str]:
        """Refs of rows that hold column headers."""
        rows = set()
        for node in self.nodes:
            if node.role == "columnheader" and node.row:
                rows.add(node.row)
        return frozenset(rows)

    def typable(self, node: Node) -> bool:
        """Whether text can be entered."""
        if "readonly" in node.states or node.tag == "select":
            return False
        if node.tag == "input":
            return node.input_type in _TEXT_INPUTS
        return node.editable or node.tag == "textarea" or (node.role in _TYPED and node.interactive)

    def checkable(self, node: Node) -> bool:
        """Whether it can be ticked or switched on."""
        return node.role in _CHECKED or bool(node.states & {"checked", "unchecked", "mixed"})

    def choosable(self, node: Node) -> bool:
        """Whether it offers options."""
        return bool(node.options) or node.tag == "select" or node.role in ("combobox", "listbox")

    def fillable(self, node: Node) -> bool:
        """Whether it is a field of a form of any kind."""
        return (
            self.typable(node)
            or self.checkable(node)
            or self.choosable(node)
            or node.input_type in ("file", "range")
            or node.role == "slider"
        )

    def clickable(self, node: Node) -> bool:
        """Whether a click is meant to do something."""
        return node.interactive

    def submits(self, node: Node) -> bool:
        """Whether it sends a form."""
        return node.role == "button" and node.input_type in ("submit", "image")

    def item(self, node: Node) -> bool:
        """Whether it is one of several alike: a row, a list item, a card."""
        return node.ref in self._items or node.role in _ITEMS

    @cached_property
    def _items(self) -> frozenset[str]:
        return frozenset(ref for one in self.observation.collections for ref in one.item_refs)

    def harms(self, node: Node) -> frozenset[str]:
        """What harmful things its names speak of: delete, logout, cancel."""
        named = f"{node.name} {node.title}" if node.name or node.title else ""
        words = set(canonical(named)) if named else set()
        if not node.name and node.role in ("button", "link", ""):
            for text in (*node.classes, node.dom_id, node.dom_name, node.test_id):
                words.update(canonical(text))
        return frozenset(words & _HARM)

    def label(self, node: Node) -> str:
        """How to show the element to a person: link “Add user”."""
        words = node.name or node.label or node.placeholder or node.text or node.title or node.alt
        if not words:
            words = node.dom_id or node.dom_name or " ".join(node.classes) or node.near
        kind = node.role or node.tag
        text = words if len(words) <= 60 else words[:57] + "…"
        where = (
            f" in “{node.row_text[:40]}”"
            if node.row_text and node.row_text != words and not node.name
            else ""
        )
        return f"{kind} “{text}”{where}"


def same_target(a: Node, b: Node) -> bool:
    """Whether two links lead to one place, so that either will do."""
    if not a.href or not b.href:
        return False
    return _bare(a.href) == _bare(b.href)


def _bare(href: str) -> str:
    return (
        re.sub(r"[#].*$", "", href).split("?")[0].rstrip("/") if "?" in href else href.rstrip("/")
    )


def contains_words(text: str, part: str) -> bool:
    """Whether ``part`` occurs in ``text`` as whole words, however they are written."""
    folded, wanted = fold(text), fold(part).strip()
    if not wanted:
        return False
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded) is not None
