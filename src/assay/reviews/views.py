"""A page as two environments are compared by: texts, controls, rows, requests, console; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from assay.browser.model import Node, Observation

Json = Any
_CONTROLS = frozenset(
    "button link textbox searchbox combobox checkbox radio switch slider spinbutton tab menuitem "
    "listbox".split()
)
_HOST = re.compile(r"https?://[^/\s\"'<>]+", re.IGNORECASE)
_MOST = 600


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a list or table; ``href`` is where its first link leads, as a path."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """One page of one environment. Addresses are paths, so that two environments can be equal.

    ``links`` are the controls that lead somewhere, with where; ``wall`` says that a sign-in form
    is shown.
    """

    path: str
    landed: str
    status: int | None
    title: str
    lines: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    lists: tuple[tuple[Row, ...], ...] = ()
    console: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    problem: str = ""
    links: tuple[tuple[str, str], ...] = ()
    wall: bool = False


def view_of(
    path: str,
    page: Observation,
    console: Sequence[str],
    failed: Sequence[str],
    *,
    wall: bool = False,
) -> View:
    """What is compared of a page that was opened at ``path``."""
    inside = {ref for one in page.collections for ref in one.item_refs}
    inside |= {ref for table in page.tables for ref in table.row_refs}
    rows = _within(page, inside)
    controls = [
        node
        for node in page.nodes
        if node.role in _CONTROLS and _name(node) and node.ref not in rows
    ][:_MOST]
    lists = [_rows(page, one.item_refs, one.item_texts) for one in page.collections]
    return View(
        path=path,
        landed=path_of(page.url),
        status=page.status,
        title=neutral(page.title),
        lines=tuple(neutral(line) for line in page.text.splitlines() if line.strip())[:_MOST],
        controls=tuple(control_of(node) for node in controls),
        links=tuple(
            (control_of(node), path_of(urljoin(page.url, node.href)))
            for node in controls
            if node.href and not node.href.startswith(("#", "javascript:"))
        ),
        wall=wall,
        lists=tuple(one for one in lists if one),
        console=tuple(neutral(line)[:300] for line in console),
        requests=tuple(failed),
    )


def control_of(node: Node) -> str:
    """What a control is called in reports: ``button “Save”``."""
    return f"{node.role} “{neutral(_name(node))}”"


def _name(node: Node) -> str:
    return " ".join((node.name or node.label or node.text)[:80].split())


def _within(page: Observation, roots: set[str]) -> set[str]:
    """Everything inside repeated items; parents come before their children."""
    found = set(roots)
    for node in page.nodes:
        if node.parent in found:
            found.add(node.ref)
    return found


def _rows(page: Observation, refs: Sequence[str], texts: Sequence[str]) -> tuple[Row, ...]:
    links: dict[str, str] = {}
    home = {ref: ref for ref in refs}
    for node in page.nodes:
        root = home.get(node.ref) or home.get(node.parent or "")
        if root is None:
            continue
        home[node.ref] = root
        if node.href and root not in links and not node.href.startswith(("#", "javascript:")):
            links[root] = path_of(urljoin(page.url, node.href))
    return tuple(
        Row(neutral(text), links.get(ref, "")) for ref, text in zip(refs, texts, strict=False)
    )


def neutral(text: str) -> str:
    """A text without the host of its environment, white space folded."""
    return " ".join(_HOST.sub("", text).split())


def path_of(url: str) -> str:
    """The part of an address that two environments share."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    return f"{parts.path or '/'}{query}{fragment}"


def dump(view: View) -> Json:
    """A view as JSON."""
    return asdict(view)


def load(data: Json) -> View:
    """A view from what ``dump`` gave."""
    lists = tuple(tuple(Row(**row) for row in rows) for rows in data["lists"])
    texts = ("lines", "controls", "console", "requests")
    links = tuple((control, path) for control, path in data["links"])
    told = {name: tuple(data[name]) for name in texts}
    return View(**{**data, "lists": lists, "links": links, **told})
