"""Finding the nodes of an observation that a locator bundle means, without a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from assay.browser.model import (
    Fingerprint,
    Locator,
    LocatorBundle,
    LocatorKind,
    Node,
    Observation,
)
from assay.cases.texts import contains, equal, fold, stems

Render = Callable[[str], str]

_SCORE_FLOOR = 0.72
_MARGIN_FLOOR = 0.1
_COMPOUND = re.compile(
    r"""^(?P<tag>[a-zA-Z][\w-]*|\*)?
        (?P<rest>(?:\#[\w-]+|\.[\w-]+|\[[\w-]+(?:[*^$]?=(?:"[^"]*"|'[^']*'|[\w-]+))?\])*)$""",
    re.VERBOSE,
)
_PART = re.compile(
    r"""\#(?P<id>[\w-]+)|\.(?P<cls>[\w-]+)|\[(?P<attr>[\w-]+)(?:(?P<op>[*^$]?)=(?P<val>"[^"]*"|'[^']*'|[\w-]+))?\]"""
)


def find(
    observation: Observation,
    bundle: LocatorBundle,
    *,
    strict: bool = False,
    render: Render | None = None,
) -> tuple[Node, ...]:
    """The nodes a bundle means: by its primary, else its alternates, else by likeness.

    Several primary matches are narrowed by the alternates and the fingerprint only when that leaves
    one clear winner; else all are returned. ``strict`` never falls back on likeness: for asserting
    that an element is there or is gone.
    """
    if render is not None:
        bundle = rendered(bundle, render)
    index = _Index(observation)
    matched = index.match(bundle.primary)
    if len(matched) == 1:
        return matched
    if len(matched) > 1:
        return matched if strict else (_narrow(matched, bundle, index) or matched)
    for locator in bundle.alternates:
        matched = index.match(locator)
        if len(matched) == 1 and (not strict or _same_kind(matched[0], bundle.fingerprint)):
            return matched
    if strict:
        return ()
    best = _most_alike(observation.nodes, bundle.fingerprint)
    return (best,) if best is not None else ()


def rendered(bundle: LocatorBundle, render: Render) -> LocatorBundle:
    """The bundle with its templates put to the values of this run."""

    def locator(item: Locator) -> Locator:
        return replace(
            item,
            value=render(item.value),
            name=render(item.name) if item.name else item.name,
            has_text=render(item.has_text) if item.has_text else item.has_text,
            within=locator(item.within) if item.within else None,
        )

    seen = bundle.fingerprint
    return replace(
        bundle,
        primary=locator(bundle.primary),
        alternates=tuple(locator(item) for item in bundle.alternates),
        fingerprint=replace(
            seen,
            name=render(seen.name),
            text=render(seen.text),
            label=render(seen.label),
            near=render(seen.near),
            row_text=render(seen.row_text),
        ),
    )


def fingerprint_of(node: Node) -> Fingerprint:
    """What a node is like, for finding it again."""
    attributes = {
        name: value
        for name, value in (
            ("id", node.dom_id),
            ("name", node.dom_name),
            ("class", " ".join(node.classes)),
            ("type", node.input_type),
            ("placeholder", node.placeholder),
        )
        if value
    }
    return Fingerprint(
        role=node.role,
        name=node.name,
        tag=node.tag,
        label=node.label,
        text=node.text[:160],
        near=node.near,
        section=node.section,
        landmark=node.landmark,
        row_text=node.row_text[:160],
        column=node.column,
        attributes=attributes,
        box=node.box,
    )


def sketch(observation: Observation, node: Node, intent: str = "") -> LocatorBundle:
    """A bundle for a node made from the observation alone: for asserting, where nothing is clicked.

    It also works for nodes of observations that are no longer the page's newest.
    """
    index = _Index(observation)
    unique: list[Locator] = []
    several: list[Locator] = []
    for locator in _candidates(node):
        matched = index.match(locator)
        if len(matched) == 1 and matched[0].ref == node.ref:
            unique.append(locator)
        elif any(item.ref == node.ref for item in matched):
            several.append(locator)
    row = index.parents.get(node.row) if node.row else None
    if not unique and row is not None and row.ref != node.ref and node.row_text:
        within = Locator(LocatorKind.ROLE, row.role, has_text=node.row_text[:80])
        for locator in _candidates(node):
            narrowed = replace(locator, within=within)
            matched = index.match(narrowed)
            if len(matched) == 1 and matched[0].ref == node.ref:
                unique.append(narrowed)
    chosen = (unique or several or [Locator(LocatorKind.CSS, node.tag or "*")])[0]
    rest = tuple(item for item in [*unique, *several] if item != chosen)[:4]
    return LocatorBundle(chosen, rest, fingerprint_of(node), intent)


def within(observation: Observation, ref: str) -> tuple[Node, ...]:
    """The node and everything below it, in document order."""
    parents = {node.ref: node.parent for node in observation.nodes}

    def below(candidate: str) -> bool:
        current: str | None = candidate
        for _ in range(200):
            if current is None:
                return False
            if current == ref:
                return True
            current = parents.get(current)
        return False

    return tuple(node for node in observation.nodes if below(node.ref))


def _candidates(node: Node) -> list[Locator]:
    found: list[Locator] = []
    if node.test_id:
        found.append(
            Locator(
                LocatorKind.TEST_ID,
                node.test_id,
                attribute=node.test_id_attribute or "data-testid",
            )
        )
    if node.role and node.name and len(node.name) <= 120:
        found.append(Locator(LocatorKind.ROLE, node.role, name=node.name))
    if node.placeholder:
        found.append(Locator(LocatorKind.PLACEHOLDER, node.placeholder))
    if node.label:
        found.append(Locator(LocatorKind.LABEL, node.label))
    if node.alt:
        found.append(Locator(LocatorKind.ALT, node.alt))
    if node.dom_id and not re.search(r"\d{3,}|:", node.dom_id):
        found.append(Locator(LocatorKind.CSS, f"#{node.dom_id}"))
    if node.dom_name:
        found.append(Locator(LocatorKind.CSS, f'{node.tag}[name="{node.dom_name}"]'))
    if node.own_text and len(node.own_text) <= 80:
        found.append(Locator(LocatorKind.TEXT, node.own_text))
    names = [item for item in node.classes if re.fullmatch(r"[a-zA-Z_-][\w-]*", item)]
    if names:
        found.append(Locator(LocatorKind.CSS, node.tag + "".join(f".{item}" for item in names[:3])))
    if node.role in {"table", "grid", "list", "main", "form", "dialog", "navigation"}:
        found.append(Locator(LocatorKind.ROLE, node.role))
    return found


class _Index:
    """The nodes of one observation with their parents, for matching locators."""

    def __init__(self, observation: Observation) -> None:
        self.nodes = observation.nodes
        self.parents = {node.ref: node for node in observation.nodes}

    def match(self, locator: Locator) -> tuple[Node, ...]:
        matched = [node for node in self.nodes if self._is(node, locator)]
        if locator.has_text is not None:
            wanted = locator.has_text
            matched = [n for n in matched if contains(f"{n.text} {n.name}", wanted)]
        if locator.within is not None:
            outer = {node.ref for node in self.match(locator.within)}
            matched = [node for node in matched if self._inside(node, outer)]
        if locator.kind is LocatorKind.TEXT:
            matched = self._innermost(matched)
        return tuple(matched)

    def _inside(self, node: Node, outer: set[str]) -> bool:
        if node.row in outer or node.form in outer or node.dialog in outer:
            return True
        current = node.parent
        for _ in range(200):
            if current is None:
                return False
            if current in outer:
                return True
            above = self.parents.get(current)
            current = above.parent if above else None
        return False

    def _innermost(self, matched: list[Node]) -> list[Node]:
        above = {node.parent for node in matched}
        for node in list(matched):
            current = node.parent
            for _ in range(200):
                if current is None:
                    break
                above.add(current)
                upper = self.parents.get(current)
                current = upper.parent if upper else None
        return [node for node in matched if node.ref not in above]

    @staticmethod
    def _is(node: Node, locator: Locator) -> bool:
        kind, wanted = locator.kind, locator.value
        if kind is LocatorKind.TEST_ID:
            return bool(node.test_id) and node.test_id == wanted
        if kind is LocatorKind.ROLE:
            if node.role != wanted:
                return False
            return locator.name is None or _text_is(node.name, locator.name, locator.exact)
        if kind is LocatorKind.CSS:
            return _css(node, wanted)
        texts = {
            LocatorKind.PLACEHOLDER: (node.placeholder,),
            LocatorKind.LABEL: (node.label,) if node.editable or node.input_type else (),
            LocatorKind.ALT: (node.alt,),
            LocatorKind.TITLE: (node.title,),
            LocatorKind.TEXT: (node.own_text, node.text),
        }[kind]
        return any(text and _text_is(text, wanted, locator.exact) for text in texts)


def _text_is(text: str, wanted: str, exact: bool) -> bool:
    return equal(text, wanted) if exact else contains(text, wanted)


def _css(node: Node, selector: str) -> bool:
    """Whether one compound selector fits; selectors with combinators are left to the browser."""
    match = _COMPOUND.match(selector.strip())
    if match is None or not selector.strip():
        return False
    tag = match.group("tag")
    if tag and tag != "*" and tag.lower() != node.tag.lower():
        return False
    have = {
        "id": node.dom_id,
        "name": node.dom_name,
        "type": node.input_type,
        "placeholder": node.placeholder,
        "title": node.title,
        "alt": node.alt,
        "href": node.href,
        "value": node.value or "",
        node.test_id_attribute or "data-testid": node.test_id,
    }
    for part in _PART.finditer(match.group("rest")):
        if part.group("id") is not None and node.dom_id != part.group("id"):
            return False
        if part.group("cls") is not None and part.group("cls") not in node.classes:
            return False
        if part.group("attr") is not None:
            value, wanted = have.get(part.group("attr"), ""), part.group("val")
            if not value:
                return False
            if wanted is not None and not _attribute(value, part.group("op"), wanted.strip("\"'")):
                return False
    return True


def _attribute(value: str, how: str, wanted: str) -> bool:
    if how == "*":
        return wanted in value
    if how == "^":
        return value.startswith(wanted)
    if how == "$":
        return value.endswith(wanted)
    return value == wanted


def _same_kind(node: Node, seen: Fingerprint) -> bool:
    return node.role == seen.role and equal(node.name, seen.name)


def _narrow(
    matched: tuple[Node, ...], bundle: LocatorBundle, index: _Index
) -> tuple[Node, ...] | None:
    refs = {node.ref for node in matched}
    for locator in bundle.alternates:
        both = [node for node in index.match(locator) if node.ref in refs]
        if len(both) == 1:
            return (both[0],)
    best = _most_alike(matched, bundle.fingerprint, floor=0.0)
    return (best,) if best is not None else None


def _most_alike(
    nodes: Iterable[Node], seen: Fingerprint, floor: float = _SCORE_FLOOR
) -> Node | None:
    pool = list(nodes)
    scored = sorted(
        ((likeness(node, seen), place) for place, node in enumerate(pool)), reverse=True
    )
    if not scored or scored[0][0] < floor:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < _MARGIN_FLOOR:
        return None
    return pool[scored[0][1]]


def likeness(node: Node, seen: Fingerprint) -> float:
    """How much a node is like a fingerprint, 0 to 1; a different role is never alike."""
    if node.role != seen.role:
        return 0.0
    attributes = {
        "id": node.dom_id,
        "name": node.dom_name,
        "class": " ".join(node.classes),
        "type": node.input_type,
        "placeholder": node.placeholder,
    }
    parts = [
        (3.0, _overlap(node.name, seen.name)),
        (1.5, _overlap(node.label, seen.label)),
        (1.0, _overlap(node.text[:160], seen.text)),
        (1.0, _overlap(node.section, seen.section)),
        (0.5, 1.0 if node.landmark == seen.landmark else 0.0),
        (0.5, 1.0 if node.tag == seen.tag else 0.0),
        (0.5, _overlap(node.near, seen.near)),
        (1.0, _overlap(node.row_text[:160], seen.row_text)),
    ]
    for name, value in seen.attributes.items():
        have = attributes.get(name, "")
        parts.append((1.0 if name in {"id", "name"} else 0.5, 1.0 if have == value else 0.0))
    used = [(weight, score) for weight, score in parts if score >= 0]
    total = sum(weight for weight, _ in used)
    return sum(weight * score for weight, score in used) / total if total else 0.0


def _overlap(left: str, right: str) -> float:
    """Share of common words; -1 when the recorded text says nothing."""
    if not right:
        return -1.0
    if fold(left) == fold(right):
        return 1.0
    one, two = set(stems(left, content=False)), set(stems(right, content=False))
    return len(one & two) / len(one | two) if one | two else 0.0
