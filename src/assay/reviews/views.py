"""A page as two environments are compared by: texts, controls, rows, structure, places, requests,
console and storage; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from assay.browser.model import Exchange, Node, Observation

Json = Any
_CONTROLS = frozenset(
    "button link textbox searchbox combobox checkbox radio switch slider spinbutton tab menuitem "
    "listbox".split()
)
_STRUCTURE = frozenset(
    "heading img navigation main banner contentinfo complementary search form region dialog "
    "alertdialog table list tablist".split()
)
_STATES = frozenset("disabled readonly required checked mixed expanded selected pressed".split())
HTTP_ONLY = " (HttpOnly)"
_ORDER = re.compile(r"[?&](?:[^=&]*(?:sort|order)[^=&]*|o)=", re.IGNORECASE)
_DOWN = re.compile(r"desc|[?&][^=&]*(?:sort|order|o)[^=&]*=-", re.IGNORECASE)
_PAGED = re.compile(r"[?&](?:p|page|offset|start|cursor|after|before|_next)=", re.IGNORECASE)
_HOST = re.compile(r"https?://[^/\s\"'<>]+", re.IGNORECASE)
_MOST = 600
# Pixels by which texts of other fonts and rounding move things between two looks.
SLACK = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One item of a list or table; ``href`` is where its first link leads, as a path, ``cells`` are
    the texts of a table's columns."""

    text: str
    href: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a control stands: left, top, width and height in CSS pixels of the document.

    It is ``outside`` when no scrolling brings it into view, and ``covered`` when a click would
    reach something else."""

    control: str
    box: tuple[int, int, int, int]
    covered: bool = False
    outside: bool = False

    def near(self, other: Place) -> bool:
        """Whether two controls stand at the same place and have the same size."""
        return all(abs(a - b) <= SLACK for a, b in zip(self.box, other.box, strict=True))


@dataclass(frozen=True, slots=True)
class View:
    """One page of one environment. Addresses are paths, so that two environments can be equal.

    ``links`` are the controls that lead somewhere, with where; ``wall`` says that a sign-in form
    is shown. ``tree`` are headings, landmarks and pictures by role and name, ``states`` the states
    of controls, ``rowed`` the controls inside lists and tables. ``requests`` are those that failed,
    ``asked`` all to the site's own server as ``GET /path 200``. ``storage`` names what is kept in
    the browser, without the values.
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
    tree: tuple[str, ...] = ()
    states: tuple[tuple[str, tuple[str, ...]], ...] = ()
    places: tuple[Place, ...] = ()
    asked: tuple[str, ...] = ()
    storage: tuple[str, ...] = ()
    rowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What came with a page beside what is seen: console errors, requests that failed, requests to
    the site's own server, and names of what is kept in the browser."""

    console: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    storage: tuple[str, ...] = ()


def view_of(
    path: str,
    page: Observation,
    heard: Heard,
    mask: Callable[[str], str],
    *,
    wall: bool = False,
) -> View:
    """What is compared of a page that was opened at ``path``; ``mask`` takes out what must not be
    told."""

    def told(text: str) -> str:
        return mask(neutral(text))

    inside = {ref for one in page.collections for ref in one.item_refs}
    inside |= {ref for table in page.tables for ref in table.row_refs}
    rows = _within(page, inside)
    controls = [
        node
        for node in page.nodes
        if node.role in _CONTROLS and _name(node) and node.ref not in rows
    ][:_MOST]
    lists = [
        _rows(page, one.item_refs, [(text,) for text in one.item_texts], told)
        for one in page.collections
    ]
    lists += [_rows(page, one.row_refs, one.rows, told) for one in page.tables]
    named = [(mask(control_of(node)), node) for node in controls]
    return View(
        path=path,
        landed=path_of(page.url),
        status=page.status,
        title=told(page.title),
        lines=tuple(told(line) for line in page.text.splitlines() if line.strip())[:_MOST],
        controls=tuple(name for name, _ in named),
        links=tuple(
            (name, path_of(urljoin(page.url, node.href)))
            for name, node in named
            if node.href and not node.href.startswith(("#", "javascript:"))
        ),
        wall=wall,
        lists=tuple(one for one in lists if one),
        console=tuple(told(line)[:300] for line in heard.console),
        requests=heard.failed,
        tree=tuple(
            told(_structure(node))
            for node in page.nodes
            if node.role in _STRUCTURE and node.ref not in rows
        )[:_MOST],
        states=tuple((name, tuple(sorted(node.states & _STATES))) for name, node in named),
        places=tuple(_place(name, node) for name, node in named),
        asked=heard.asked,
        storage=heard.storage,
        rowed=tuple(
            mask(control_of(node))
            for node in page.nodes
            if node.role in _CONTROLS and _name(node) and node.ref in rows
        )[:_MOST],
    )


def asked_of(exchanges: Iterable[Exchange]) -> tuple[str, ...]:
    """Exchanges as they are compared: method, path, names in the query, status or failure."""
    return tuple(
        f"{one.method} {named(path_of(one.url))} {one.status or one.failure or 'open'}"
        for one in exchanges
    )


def named(path: str) -> str:
    """A path without the values of its query, which may be secrets or of the moment."""
    path, _, query = path.partition("?")
    names = sorted({pair.partition("=")[0] for pair in query.split("&") if pair})
    return f"{path}?{'&'.join(names)}" if names else path


def stored(state: Mapping[str, Json], host: str) -> tuple[str, ...]:
    """Names of a host's cookies and of what is in local storage, of Playwright's state."""
    cookies = [
        f"cookie {one['name']}{HTTP_ONLY if one.get('httpOnly') else ''}"
        for one in state.get("cookies", ())
        if f".{host}".endswith(f".{one['domain'].lstrip('.')}")
    ]
    kept = [
        f"local storage {item['name']}"
        for origin in state.get("origins", ())
        for item in origin.get("localStorage", ())
    ]
    return tuple(sorted({*cookies, *kept}))[:_MOST]


def _structure(node: Node) -> str:
    level = f" of level {node.level}" if node.level else ""
    # The text of a landmark is not its name.
    name = _name(node) if node.role == "heading" else node.name or node.label
    return f"{node.role}{level} “{name[:80]}”" if name else f"{node.role}{level}"


def _place(name: str, node: Node) -> Place:
    box = node.box
    right, bottom = box.x + box.width, box.y + box.height
    return Place(
        name,
        (round(box.x), round(box.y), round(box.width), round(box.height)),
        covered="covered" in node.states,
        outside=right <= 0 or bottom <= 0,
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


def _rows(
    page: Observation,
    refs: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    told: Callable[[str], str],
) -> tuple[Row, ...]:
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
        Row(
            " ".join(told(cell) for cell in cells if cell),
            links.get(ref, ""),
            tuple(map(told, cells)) if len(cells) > 1 else (),
        )
        for ref, cells in zip(refs, rows, strict=False)
    )


def neutral(text: str) -> str:
    """A text without the host of its environment, white space folded."""
    return " ".join(_HOST.sub("", text).split())


def turn_of(path: str) -> Literal["", "up", "down", "page"]:
    """Whether an address asks for a list in ascending or descending order, as far as that can be
    told, or for a further part of it."""
    if _ORDER.search(path):
        return "down" if _DOWN.search(path) else "up"
    return "page" if _PAGED.search(path) else ""


def place_of(path: str) -> str:
    """A path without its query, so that all parts and orders of a list are one place."""
    return path.partition("?")[0].rstrip("/")


def path_of(url: str) -> str:
    """The part of an address that two environments share."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    return f"{parts.path or '/'}{query}{fragment}"
