"""Observations made by hand, for tests of what is decided on them."""

from __future__ import annotations

from typing import Any

from assay.browser.model import Node, Observation

_FIELDS = {"text": "textbox", "email": "textbox", "password": "textbox", "search": "searchbox"}


class Page:
    """Collects nodes; ``seen()`` is the observation."""

    def __init__(self, url: str = "http://site.test/", title: str = "") -> None:
        self.url = url
        self.title = title
        self.nodes: list[Node] = []
        self.lines: list[str] = []

    def add(self, role: str, name: str = "", **more: Any) -> Node:
        more.setdefault("tag", {"link": "a", "heading": "h1"}.get(role, role or "div"))
        more.setdefault("text", name)
        more.setdefault("parent", None)
        more.setdefault("interactive", role in {"link", "button", "tab"})
        node = Node(ref=f"n{len(self.nodes)}", frame="", role=role, name=name, **more)
        self.nodes.append(node)
        if name:
            self.lines.append(name)
        return node

    def field(self, label: str, kind: str = "text", **more: Any) -> Node:
        more.setdefault("tag", "input")
        return self.add(
            _FIELDS.get(kind, kind), label, label=label, input_type=kind, value="", text="",
            interactive=True, editable=True, **more,
        )  # fmt: skip

    def seen(self, **more: Any) -> Observation:
        return Observation(
            id=1, url=self.url, title=self.title, nodes=tuple(self.nodes),
            text="\n".join(self.lines), **more,
        )  # fmt: skip
