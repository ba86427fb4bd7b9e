"""Finding a bundle's element again: primary, agreeing alternates, then likeness with a margin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

from playwright.async_api import ElementHandle, Error, Page

from assay.browser.bundles import fingerprint
from assay.browser.locating import in_words, locate
from assay.browser.model import (
    Fingerprint,
    Locator,
    LocatorBundle,
    LocatorKind,
    Node,
    Observation,
)
from assay.browser.port import Resolution

THRESHOLD = 0.62
MARGIN = 0.08
_DESTRUCTIVE = re.compile(
    r"\b(delete|remove|destroy|erase|discard|cancel|deactivate|unsubscribe|log ?out|sign ?out|"
    r"reset|clear|drop|purge|revoke|terminate|close account|pay|buy|place order)\b",
    re.IGNORECASE,
)
_REF = "(e) => { const s = window[Symbol.for('assay')]; return s ? s.ref(e) : ''; }"
_SAME = "(e, other) => e === other"
_WEIGHTS: Mapping[str, float] = {
    "name": 3.0, "label": 2.0, "text": 1.5, "near": 1.0, "section": 0.7, "landmark": 0.6,
    "row_text": 1.2, "column": 0.8, "tag": 0.5, "box": 0.6,
    "id": 1.6, "attr:name": 1.6, "type": 0.8, "placeholder": 1.4, "title": 0.8, "alt": 1.0,
    "href": 1.4, "class": 0.7, "test_id": 2.0, "group": 0.7,
}  # fmt: skip


async def by_primary(page: Page, bundle: LocatorBundle) -> tuple[int, ElementHandle | None]:
    """How many elements the primary locator matches, and the element when it is one."""
    return await _matches(page, bundle.primary)


async def _matches(page: Page, locator: Locator) -> tuple[int, ElementHandle | None]:
    found = locate(page, locator)
    try:
        handles = await found.element_handles()
    except Error:
        return 0, None
    return len(handles), handles[0] if len(handles) == 1 else None


async def by_alternates(page: Page, bundle: LocatorBundle) -> tuple[ElementHandle | None, int, int]:
    """The element most unique alternates agree on, with how many agree and how many differ."""
    found: list[ElementHandle] = []
    for locator in bundle.alternates:
        _, handle = await _matches(page, locator)
        if handle is not None:
            found.append(handle)
    groups: list[list[ElementHandle]] = []
    for handle in found:
        for group in groups:
            if await _same(group[0], handle):
                group.append(handle)
                break
        else:
            groups.append([handle])
    groups.sort(key=len, reverse=True)
    if not groups:
        return None, 0, 0
    agreeing = len(groups[0])
    return groups[0][0], agreeing, len(found) - agreeing


async def _same(one: ElementHandle, other: ElementHandle) -> bool:
    try:
        return bool(await one.evaluate(_SAME, other))
    except Error:
        return False  # of different frames


async def ref_of(handle: ElementHandle) -> str:
    """The ref under which the page keeps this element."""
    ref: str = await handle.evaluate(_REF)
    return ref


def by_likeness(observation: Observation, bundle: LocatorBundle) -> Resolution:
    """The most similar element of the same role, when it is similar enough and alone in it."""
    wanted = bundle.fingerprint
    scored = sorted(
        (
            (similarity(wanted, fingerprint(node)), node)
            for node in eligible(observation, wanted)
            if _in_place(bundle, node)
        ),
        key=lambda pair: -pair[0],
    )
    words = tuple(_candidate(score, node) for score, node in scored[:3])
    if not scored or scored[0][0] < THRESHOLD:
        return Resolution("missing", score=scored[0][0] if scored else 0.0, candidates=words)
    best, node = scored[0]
    margin = best - scored[1][0] if len(scored) > 1 else best
    if margin < MARGIN:
        return Resolution("ambiguous", score=best, margin=margin, candidates=words)
    return Resolution("healed", node.ref, "similarity", best, margin, words)


def _in_place(bundle: LocatorBundle, node: Node) -> bool:
    """Whether an element may be meant where it stands.

    What had twins when it was recorded was told apart by its place alone: a twin that kept its
    looks in another part of the page is more alike than the element itself after a redesign.
    """
    had_twins = bundle.primary.within is not None or bundle.primary.kind is LocatorKind.CSS
    wanted = bundle.fingerprint.landmark
    return not (had_twins and wanted and node.landmark != wanted)


def eligible(observation: Observation, wanted: Fingerprint) -> list[Node]:
    """Elements a heal may choose: the same role, never a destructive one instead of a harmless."""
    destructive = bool(_DESTRUCTIVE.search(f"{wanted.name} {wanted.label} {wanted.text}"))
    return [
        node
        for node in observation.nodes
        if node.role == wanted.role
        and (wanted.role not in {"generic", ""} or node.tag == wanted.tag)
        and (destructive or not _DESTRUCTIVE.search(f"{node.name} {node.label} {node.title}"))
    ]


def acceptable(observation: Observation, wanted: Fingerprint, ref: str) -> bool:
    """Whether an element found by an alternate may stand in for the recorded one."""
    return any(node.ref == ref for node in eligible(observation, wanted))


def similarity(wanted: Fingerprint, seen: Fingerprint) -> float:
    """Weighted likeness of two fingerprints, 0 to 1; only what the wanted one had counts."""
    total = got = 0.0
    for key, weight in _WEIGHTS.items():
        one, other = _aspect(wanted, key), _aspect(seen, key)
        if not one:
            continue
        total += weight
        got += weight * _alike(key, one, other)
    if wanted.box.width:
        total += _WEIGHTS["box"]
        got += _WEIGHTS["box"] * _near(wanted, seen)
    return got / total if total else 0.0


def _aspect(print_: Fingerprint, key: str) -> str:
    if key == "box":
        return ""
    if key in {"name", "label", "text", "near", "section", "landmark", "row_text", "column", "tag"}:
        value: str = getattr(print_, key)
        return value
    return print_.attributes.get(key.removeprefix("attr:"), "")


def _alike(key: str, one: str, other: str) -> float:
    if not other:
        return 0.0
    if one == other:
        return 1.0
    if key in {"tag", "landmark", "type", "test_id", "attr:name", "column"}:
        return 0.5 if one.casefold() == other.casefold() else 0.0
    if key == "class":
        ours, theirs = set(one.split()), set(other.split())
        return len(ours & theirs) / len(ours | theirs)
    low, high = one.casefold(), other.casefold()
    words, others = set(re.findall(r"\w+", low)), set(re.findall(r"\w+", high))
    shared = len(words & others) / len(words | others) if words | others else 0.0
    return max(shared, SequenceMatcher(None, low[:120], high[:120]).ratio() ** 2)


def _near(wanted: Fingerprint, seen: Fingerprint) -> float:
    distance = abs(wanted.box.x - seen.box.x) + abs(wanted.box.y - seen.box.y)
    return max(0.0, 1.0 - distance / 600)


def _candidate(score: float, node: Node) -> str:
    words = node.name or node.label or node.text[:60] or node.placeholder
    place = f" in “{node.section}”" if node.section else ""
    return f"{node.role} “{words}”{place} ({score:.2f})"


def described(bundle: LocatorBundle) -> str:
    """What was looked for, in words for an error."""
    return f"{bundle.intent or in_words(bundle.primary)}"
