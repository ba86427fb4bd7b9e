"""What of a page cannot be seen, for telling why something was not found there."""

from __future__ import annotations

from assay.browser.model import Node, Observation
from assay.cases.clauses import Phrase, Place
from assay.cases.texts import contains, in_quotes

_PICTURES = {"img", "image", "graphics-document"}


def not_seen(page: Observation, phrase: Phrase, place: Place | None = None) -> str:
    """A sentence, with a space before it, about what cannot be seen into; empty when all can be.

    A picture is told of only when the place or the thing is called like it: most pages have some.
    """
    wanted = [text for text in (place.text if place is not None else "", phrase.text) if text]
    for node in page.nodes:
        if _is_picture(node) and any(_called(node, text) for text in wanted):
            kind = "canvas" if node.tag == "canvas" else "picture"
            return f" I cannot see inside the {kind} {in_quotes(node.name or node.dom_id)}."
    parts = list(dict.fromkeys(page.blind))[:3]
    said = f" I cannot see inside {', '.join(parts)}." if parts else ""
    if page.omitted:
        said += f" The page has {page.omitted} more elements than I look at."
    return said


def _is_picture(node: Node) -> bool:
    return node.tag in {"canvas", "img", "svg"} or node.role in _PICTURES


def _called(node: Node, text: str) -> bool:
    return any(contains(name, text) for name in (node.name, node.dom_id) if name)
