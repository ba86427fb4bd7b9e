"""Observations made by hand: a page of lines, controls, tables, lists, and a trail over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assay.browser.model import (
    ActionKind,
    Box,
    Collection,
    Effect,
    Node,
    Observation,
    Table,
)
from assay.cases.expectations import compile_expected
from assay.cases.find import sketch
from assay.cases.model import Step
from assay.cases.trail import Compiled, Moment, Trail, Typed

SITE = "http://site.test"
BLANK = Observation(id=0, url="about:blank", title="", nodes=(), text="")


class Paper:
    """A page under construction; every method gives the ref of what it added."""

    def __init__(self, path: str = "/", title: str = "", **more: Any) -> None:
        self.url = SITE + path
        self.title = title
        self.more = more
        self.nodes: list[Node] = []
        self.lines: list[str] = []
        self.notices: list[str] = []
        self.tables: list[Table] = []
        self.collections: list[Collection] = []

    def node(self, role: str, name: str = "", **fields: Any) -> str:
        ref = f"e{len(self.nodes) + 1}"
        made: dict[str, Any] = {
            "tag": "div",
            "frame": "",
            "parent": None,
            "text": name,
            "landmark": "main",
        }
        made |= {"box": Box(0, 0, 400, 200)} | fields
        self.nodes.append(Node(ref=ref, role=role, name=name, **made))
        return ref

    def line(self, text: str, *, role: str = "paragraph", **fields: Any) -> str:
        self.lines.append(text)
        return self.node(role, "", text=text, own_text=text, tag="p", **fields)

    def heading(self, text: str) -> str:
        self.lines.append(text)
        return self.node("heading", text, own_text=text, tag="h1", level=1)

    def notice(self, text: str, *classes: str, role: str = "") -> str:
        self.notices.append(text)
        self.lines.append(text)
        return self.node(role, "", text=text, own_text=text, classes=classes)

    def field(self, label: str, value: str = "", **fields: Any) -> str:
        form = fields.pop("form", "f1")
        made = {"label": label, "editable": True, "input_type": "text", "tag": "input"} | fields
        return self.node("textbox", label, value=value, text="", form=form, **made)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], **fields: Any) -> str:
        ref = self.node("table", "", tag="table", text="", **fields)
        refs = []
        for row in rows:
            text = " ".join(row)
            refs.append(self.node("row", "", tag="tr", text=text, parent=ref))
            self.lines.append(text)
        cells = tuple(tuple(row) for row in rows)
        self.tables.append(Table(ref, "", tuple(columns), cells, tuple(refs)))
        return ref

    def list(self, items: Sequence[str], *, states: Sequence[str] = (), **fields: Any) -> str:
        ref = self.node("list", "", tag="ul", text="", **({"classes": ("items",)} | fields))
        refs = []
        for place, item in enumerate(items):
            own = frozenset({states[place]} if place < len(states) and states[place] else ())
            refs.append(
                self.node(
                    "listitem", "", tag="li", text=item, parent=ref, states=own, classes=("item",)
                )
            )
            self.lines.append(item)
        self.collections.append(Collection(ref, "list", "", tuple(refs), tuple(items)))
        return ref

    def seen(self) -> Observation:
        return Observation(
            id=1,
            url=self.url,
            title=self.title,
            nodes=tuple(self.nodes),
            text="\n".join(self.lines),
            notices=tuple(self.notices),
            tables=tuple(self.tables),
            collections=tuple(self.collections),
            **self.more,
        )


class Story:
    """A trail under construction, page by page."""

    def __init__(self, start: Observation = BLANK) -> None:
        self.now = start
        self.moments: list[Moment] = []
        self.typed: list[Typed] = []
        self.setup = 0
        self.variables: dict[str, str] = {}

    def step(
        self,
        kind: ActionKind,
        after: Observation,
        ref: str | None = None,
        value: str = "",
        **effect: Any,
    ) -> Story:
        target = sketch(self.now, self.now.node(ref)) if ref else None
        number = len(self.moments) + 1
        step = Step(number, f"{kind.value} {value}", action=kind, target=target, value=value)
        happened = Effect(
            self.now.url, after.url, navigated=self.now.url != after.url, mutated=True, **effect
        )
        self.moments.append(Moment(step, self.now, happened, after))
        self.now = after
        return self

    def open(self, after: Observation) -> Story:
        return self.step(ActionKind.NAVIGATE, after, value=after.url)

    def click(self, ref: str, after: Observation, **effect: Any) -> Story:
        return self.step(ActionKind.CLICK, after, ref, **effect)

    def type(self, ref: str, value: str, template: str = "") -> Story:
        label = self.now.node(ref).label
        self.step(ActionKind.TYPE, self.now, ref, template or value)
        self.typed.append(Typed(template or value, value, label, len(self.moments)))
        return self

    def ready(self) -> Story:
        self.setup = len(self.moments)
        return self

    def trail(self) -> Trail:
        return Trail(tuple(self.moments), self.now, tuple(self.typed), self.variables, self.setup)

    def expect(self, *lines: str) -> Compiled:
        return compile_expected(lines, self.trail())


def changed(page: Observation, **fields: Any) -> Observation:
    """The same page with some fields replaced."""
    return replace(page, **fields)
