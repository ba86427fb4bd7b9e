"""Locator bundles: several independent ways to one element, each checked on the live page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from playwright.async_api import ElementHandle, Error, Page

from assay.browser.errors import TargetMissing
from assay.browser.locating import locate, quoted
from assay.browser.model import Fingerprint, Locator, LocatorBundle, LocatorKind, Node
from assay.browser.observing import View, handle_of
from assay.browser.page import script

ALTERNATES = 5
_PLACE = "(all, wanted) => [all.length, all.indexOf(wanted)]"
_GENERATED = re.compile(
    r"\d{3,}|[0-9a-f]{8,}|^:r|^(ember|radix|mui|headlessui|react-|yui|gwt)|__\d", re.I
)
_NAMED = re.compile(r"#[\w\\-]+|\w+\[name=[^>]*\]")
# A count in brackets belongs to the moment; other numbers may be what tells a thing from others.
_COUNTER = re.compile(r"(?<=\w)\s*[(\[]\d+[)\]]\s*$")
_VOLATILE = re.compile(r"\d")
_NAMED_ROLES = {"generic", "presentation", "paragraph", ""}
_SECTIONS = {"section", "article", "details", "fieldset", "aside", "dl", "li", "nav", "form"}
_CONTAINERS = {
    "table", "grid", "treegrid", "list", "listbox", "main", "navigation", "form", "banner",
    "contentinfo", "dialog", "alertdialog", "alert", "status", "search", "complementary",
    "tablist", "menu", "tree", "progressbar", "tabpanel", "article", "heading", "searchbox",
    "toolbar", "textbox", "combobox", "spinbutton", "slider",
}  # fmt: skip
_STRUCTURAL = script("path")


class Bundler:
    """Makes the bundles of one observation."""

    def __init__(self, page: Page, view: View) -> None:
        self._page = page
        self._view = view

    async def bundle(self, ref: str, intent: str, volatile: Sequence[str] = ()) -> LocatorBundle:
        """The best locators of the element that match it and nothing else."""
        node = self._view.nodes.get(ref)
        if node is None:
            raise TargetMissing(f"{ref} is not of the newest look at the page.")
        handle = await handle_of(self._view, ref)
        frame = await self._frame_path(node)
        tokens = tuple(token.casefold() for token in volatile if token)
        plain = [replace(found, frame=frame) for found in plain_candidates(node)]
        good = await self._unique(plain, handle)
        if not any(found.kind is not LocatorKind.CSS for found in good):
            scoped = [replace(found, frame=frame) for found in self._scoped(node)]
            good += await self._unique(scoped, handle)
            good += await self._unique(await self._in_row(node, handle, frame), handle)
        structural: str = await handle.evaluate(_STRUCTURAL)
        path = Locator(LocatorKind.CSS, structural, frame=frame)
        good += [found for found in await self._unique([path], handle) if found not in good]
        if not good:
            raise TargetMissing(f"No locator finds only the {node.role} “{node.name}”.")
        ranked = sorted(good, key=lambda found: _rank(found, tokens))
        return LocatorBundle(
            primary=ranked[0],
            alternates=tuple(ranked[1 : ALTERNATES + 1]),
            fingerprint=fingerprint(node),
            intent=intent or f"{node.role} “{node.name or node.label or node.text[:60]}”",
        )

    async def _unique(self, found: Sequence[Locator], handle: ElementHandle) -> list[Locator]:
        """Those candidates that match exactly the wanted element, in the given order."""
        exact = [one for one in found if one.exact]
        good = await self._checked(exact, handle)
        loose = [one for one in found if not one.exact and replace(one, exact=True) not in good]
        return good + (await self._checked(loose, handle) if loose else [])

    async def _checked(self, found: Sequence[Locator], handle: ElementHandle) -> list[Locator]:
        answers = await asyncio.gather(*(self._only(one, handle) for one in found))
        return [one for one, good in zip(found, answers, strict=True) if good]

    async def _only(self, locator: Locator, handle: ElementHandle) -> bool:
        try:
            count, index = await locate(self._page, locator).evaluate_all(_PLACE, handle)
        except Error:
            return False  # a selector this page makes invalid is no candidate
        return bool(count == 1 and index == 0)

    async def _in_row(
        self, node: Node, handle: ElementHandle, frame: tuple[str, ...]
    ) -> list[Locator]:
        """The place of the element inside its row or card, which may move as a whole."""
        row = self._view.nodes.get(node.row) if node.row else None
        if row is None or row.ref == node.ref:
            return []
        path: str = await handle.evaluate(_STRUCTURAL, await handle_of(self._view, row.ref))
        return [
            Locator(
                LocatorKind.CSS, path, within=replace(self._row_locator(row, text), frame=frame),
                frame=frame,
            )
            for text in self._telling(row, node)
        ]  # fmt: skip

    def _scoped(self, node: Node) -> Iterator[Locator]:
        """Candidates inside the row, card, dialog, group or landmark that tells twins apart."""
        plain = [
            one for one in plain_candidates(node) if one.kind is not LocatorKind.CSS and one.exact
        ]
        if node.role and node.role not in _NAMED_ROLES:
            plain.append(Locator(LocatorKind.ROLE, node.role))
        for container in self._containers(node):
            for one in plain:
                yield replace(one, within=container)

    def _containers(self, node: Node) -> Iterator[Locator]:
        row = self._view.nodes.get(node.row) if node.row else None
        if row is not None and row.ref != node.ref:
            for text in self._telling(row, node):
                yield self._row_locator(row, text)
        yield from self._sections(node)
        for ref in (node.dialog, node.form):
            holder = self._view.nodes.get(ref) if ref else None
            if holder is not None and holder.ref != node.ref:
                yield from (one for one in plain_candidates(holder) if one.exact)
        if node.landmark:
            yield Locator(LocatorKind.ROLE, node.landmark, node.landmark_name or None)
        if node.group:
            yield Locator(LocatorKind.ROLE, "group", node.group)

    def _sections(self, node: Node) -> Iterator[Locator]:
        """Containers around the element that can be told apart by the heading they hold."""
        seen = self._view.nodes.get(node.parent) if node.parent else None
        for _ in range(6):
            if seen is None or seen.tag in {"body", "main"}:
                return
            if seen.ref != node.row and (seen.tag in _SECTIONS or seen.classes):
                for text in self._telling(seen, node)[:1]:
                    yield self._row_locator(replace(seen, role=""), text)
            seen = self._view.nodes.get(seen.parent) if seen.parent else None

    def _telling(self, row: Node, node: Node) -> list[str]:
        """The texts in a row that no other row has, best for telling it apart first."""
        others = [
            other.text
            for other in self._view.nodes.values()
            if other.role == row.role and other.tag == row.tag and other.ref != row.ref
        ]
        texts = [
            inner.own_text or inner.name
            for inner in self._view.nodes.values()
            if inner.ref != node.ref and self._inside(inner, row.ref)
        ]
        found = [
            text
            for text in dict.fromkeys(texts)
            if 2 <= len(text) <= 80 and not any(text in other for other in others)
        ]
        found.sort(key=lambda text: (not re.search(r"[^\W\d]{3}", text), len(text) > 40))
        return found[:3]

    def _inside(self, node: Node, ref: str) -> bool:
        up = node.parent
        for _ in range(12):
            if up is None or up == ref:
                return up == ref
            holder = self._view.nodes.get(up)
            up = holder.parent if holder else None
        return False

    def _row_locator(self, row: Node, text: str) -> Locator:
        if row.role and row.role not in _NAMED_ROLES:
            return Locator(LocatorKind.ROLE, row.role, has_text=text)
        stable = [name for name in row.classes if not _GENERATED.search(name)]
        css = row.tag + "".join("." + _escaped(name) for name in stable[:3])
        return Locator(LocatorKind.CSS, css, has_text=text)

    async def _frame_path(self, node: Node) -> tuple[str, ...]:
        frame = self._view.frame_of(node.ref)
        path: list[str] = []
        while frame.parent_frame is not None:
            holder = await frame.frame_element()
            parent = frame.parent_frame
            path.insert(0, await _frame_selector(parent, holder))
            frame = parent
        return tuple(path)


async def _frame_selector(parent: object, holder: ElementHandle) -> str:
    found: str = await holder.evaluate(
        """(e) => {
          const q = (v) => JSON.stringify(v);
          const odd = /\\d{4,}|[0-9a-f]{8,}/i;
          const tries = [];
          for (const a of ['data-testid', 'id', 'name', 'title']) {
            const v = e.getAttribute(a);
            if (v && !odd.test(v)) tries.push(e.localName + '[' + a + '=' + q(v) + ']');
          }
          tries.push(e.localName);
          const root = e.getRootNode();
          return tries.find((css) => root.querySelectorAll(css).length === 1) || '';
        }"""
    )
    return found or str(await holder.evaluate(_STRUCTURAL))


def plain_candidates(node: Node) -> Iterator[Locator]:
    """Every way to name this element by itself, best kinds first, exact before loose."""
    if node.test_id:
        yield Locator(LocatorKind.TEST_ID, node.test_id, attribute=node.test_id_attribute)
    named = node.role not in _NAMED_ROLES and (node.interactive or node.tag != "label")
    if named and node.name and len(node.name) <= 120:
        yield Locator(LocatorKind.ROLE, node.role, node.name)
        yield Locator(LocatorKind.ROLE, node.role, node.name, exact=False)
        if _COUNTER.search(node.name):
            yield Locator(LocatorKind.ROLE, node.role, _COUNTER.sub("", node.name), exact=False)
    if node.placeholder:
        yield Locator(LocatorKind.PLACEHOLDER, node.placeholder)
    if node.label:
        yield Locator(LocatorKind.LABEL, node.label)
        yield Locator(LocatorKind.LABEL, node.label, exact=False)
    if node.alt:
        yield Locator(LocatorKind.ALT, node.alt)
    if node.own_text and len(node.own_text) <= 100:
        yield Locator(LocatorKind.TEXT, node.own_text)
    if node.title:
        yield Locator(LocatorKind.TITLE, node.title)
    yield from _css_candidates(node)
    if named and node.role in _CONTAINERS:
        yield Locator(LocatorKind.ROLE, node.role)


def _css_candidates(node: Node) -> Iterator[Locator]:
    if node.dom_id and not _GENERATED.search(node.dom_id):
        yield Locator(LocatorKind.CSS, "#" + _escaped(node.dom_id))
    if node.dom_name:
        yield Locator(LocatorKind.CSS, f"{node.tag}[name={quoted(node.dom_name)}]")
    if node.href and node.tag == "a":
        path = re.sub(r"^[a-z]+://[^/]+", "", node.href)
        if path and path != "/" and len(path) < 120:
            yield Locator(LocatorKind.CSS, f"a[href={quoted(path)}]")
    stable = [name for name in node.classes if not _GENERATED.search(name)]
    if stable:
        yield Locator(LocatorKind.CSS, node.tag + "".join("." + _escaped(n) for n in stable[:3]))


def _escaped(name: str) -> str:
    """An identifier as CSS writes it."""
    return re.sub(r"([^\w-]|^\d)", lambda hit: "\\" + format(ord(hit.group(1)), "x") + " ", name)


def _rank(found: Locator, tokens: tuple[str, ...]) -> tuple[int, int]:
    order = list(LocatorKind)
    kind = order.index(found.kind)
    text = " ".join(
        (found.name or "", found.value if found.kind is not LocatorKind.CSS else "",
         found.has_text or "", (found.within.has_text or "") if found.within else "")
    ).casefold()  # fmt: skip
    penalty = 0
    if any(token in text for token in tokens):
        penalty = 8
    elif found.kind is LocatorKind.CSS:
        named = _NAMED.fullmatch(found.value)
        penalty = 2 * bool(_VOLATILE.search(found.value)) if named else 5 if found.within else 6
    elif found.kind is LocatorKind.ROLE and found.name is None:
        penalty = 2 if found.within else 4
    elif _VOLATILE.search(text) and found.kind is not LocatorKind.TEST_ID:
        penalty = 2
    elif not found.exact:
        penalty = 1
    return penalty, kind


def fingerprint(node: Node) -> Fingerprint:
    """What is kept of an element for finding it again after a redesign."""
    attributes = {
        "id": node.dom_id,
        "name": node.dom_name,
        "type": node.input_type or node.constraints.get("type", ""),
        "placeholder": node.placeholder,
        "title": node.title,
        "alt": node.alt,
        "href": re.sub(r"^[a-z]+://[^/]+", "", node.href),
        "class": " ".join(node.classes),
        "test_id": node.test_id,
        "group": node.group,
    }
    return Fingerprint(
        role=node.role,
        name=node.name,
        tag=node.tag,
        label=node.label,
        text=node.text[:200],
        near=node.near,
        section=node.section,
        landmark=node.landmark,
        row_text=node.row_text[:200],
        column=node.column,
        attributes={key: value for key, value in attributes.items() if value},
        box=node.box,
    )
