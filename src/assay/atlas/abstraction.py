"""Telling states apart by structure, not by text; pure.

A page's features are the paths of roles and landmarks that occur on it, each once, so that a list
of three and of thirty items look the same; fields keep their names, so that the steps of a wizard
under one URL do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from assay.atlas.fields import is_field
from assay.atlas.model import State, digest
from assay.browser.model import Node, Observation

_ID = re.compile(r"^(?:\d+|[0-9a-f]{8,}|[0-9a-f]{8}-[0-9a-f-]{27})$", re.IGNORECASE)
_SLUG = re.compile(r"^[^/]*(?:\d|(?:-[^-/]+){2,})[^/]*$")
_SIMILAR = 0.86


@dataclass(frozen=True, slots=True)
class Signature:
    """What makes a state itself. ``exact`` must agree; ``features`` may differ a little."""

    template: str
    exact: frozenset[str]
    features: frozenset[str]

    @property
    def id(self) -> str:
        """A stable name of the state as first seen."""
        return digest(self.template, *sorted(self.exact), "|", *sorted(self.features))


def url_template(url: str) -> str:
    """The path with ids and long slugs as ``*``, and the names of the query's parameters."""
    parts = urlsplit(url)
    segments = [
        "*" if _ID.match(segment) or _SLUG.match(segment) else segment
        for segment in parts.path.split("/")
    ]
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    fragment = parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    return (
        "/".join(segments)
        + ("?" + "&".join(names) if names else "")
        + (f"#{url_template(fragment)}" if fragment else "")
    )


def signature(observation: Observation) -> Signature:
    """The structural signature of a page as it stands."""
    exact: set[str] = set()
    features: set[str] = set()
    by_ref = {node.ref: node for node in observation.nodes}
    for node in observation.nodes:
        features.add(_path(node, by_ref))
        if is_field(node) and node.role not in {"checkbox", "radio"}:
            exact.add(f"field {node.role} {_no_digits(node.dom_name or node.label)}")
        if node.role in {"dialog", "alertdialog"}:
            exact.add("dialog")
        if node.role == "tab" and "selected" in node.states:
            exact.add(f"tab {node.name}")
        if node.role == "heading" and node.level == 1 and node.dialog:
            exact.add(f"dialog heading {node.text}")
        if "current" in node.states and re.search(r"\bstep\b", node.name + node.text, re.I):
            exact.add(f"step {node.text}")
    if observation.status is not None and observation.status >= 400:
        exact.add(f"status {observation.status}")
    return Signature(url_template(observation.url), frozenset(exact), frozenset(features))


def _no_digits(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _path(node: Node, by_ref: dict[str, Node]) -> str:
    chain = [f"{node.role or node.tag}"]
    seen = {node.ref}
    parent = node.parent
    while parent is not None and parent in by_ref and parent not in seen and len(chain) < 4:
        seen.add(parent)
        up = by_ref[parent]
        chain.append(up.role or up.tag)
        parent = up.parent
    return f"{node.landmark}>{'<'.join(chain)}"


def same_state(first: Signature, second: Signature) -> bool:
    """Whether two signatures are one state: near-duplicates merge, different fields never do."""
    if first.exact != second.exact or not _same_place(first.template, second.template):
        return False
    union = first.features | second.features
    if not union:
        return True
    return len(first.features & second.features) / len(union) >= _SIMILAR


def _same_place(first: str, second: str) -> bool:
    """Equal templates, or siblings below the same parent at depth two or more."""
    if first == second:
        return True
    one, two = (
        first.split("?", maxsplit=1)[0].split("/"),
        second.split("?", maxsplit=1)[0].split("/"),
    )
    differing = [
        index for index, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]
    ]
    return (
        len(one) == len(two)
        and len(one) >= 3
        and len(differing) == 1
        and differing[0] >= 2
        and first.partition("?")[2] == second.partition("?")[2]
    )


def heading_of(observation: Observation) -> str:
    """The main heading: the dialog's when one is open, else the first of the highest level."""
    headings = [node for node in observation.nodes if node.role == "heading" and node.text]
    inside = [node for node in headings if node.dialog]
    pool = inside or headings
    if not pool:
        return ""
    best = min(node.level or 9 for node in pool)
    return next(node.text for node in pool if (node.level or 9) == best)


def make_state(
    observation: Observation,
    shape: Signature,
    depth: int,
    *,
    entry: str = "",
    trail: tuple[str, ...] = (),
    signed_in: bool = False,
) -> State:
    """The state of an observation."""
    status = observation.status
    kind = "page"
    if "dialog" in shape.exact:
        kind = "dialog"
    if status is not None and status >= 400:
        kind = "error"
    return State(
        id=shape.id,
        url=observation.url,
        title=observation.title,
        heading=heading_of(observation),
        kind=kind,
        fingerprint=digest(*sorted(shape.features)),
        depth=depth,
        status=status,
        entry=entry or observation.url,
        trail=trail,
        signed_in=signed_in,
    )
