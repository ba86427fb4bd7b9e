"""Moving and resizing things with the pointer."""

from __future__ import annotations

import re

from assay.browser.model import ActionKind, Node
from assay.cases.clauses import Clause, Verb
from assay.cases.hands import Hands, Undone, phrase_of
from assay.cases.words import lexical

_WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
_SOME = 40  # pixels when nobody says how far
_PART = 0.4  # of a side, when something is to be larger or smaller


async def move(hands: Hands, clause: Clause) -> None:
    """Drag something to a position among its likes, or some way off. Raises Undone."""
    phrase = phrase_of(clause)
    siblings = _among(hands, phrase.text)
    if clause.ordinal is not None:
        await _to(hands, siblings, phrase.text, clause.ordinal - 1)
        return
    way, count, unit = [*(clause.value or "").split(), "", ""][:3]
    if unit == "position" or (siblings and unit != "px" and way in ("up", "down") and unit):
        at = _index(siblings, phrase.text)
        await _to(hands, siblings, phrase.text, at + int(count) * (1 if way == "down" else -1))
        return
    ref = await hands.need(phrase, Verb.DRAG, travel=False)
    far = int(count) if unit == "px" else _SOME
    x, y = _WAYS[way]
    await hands.do(ActionKind.DRAG, ref, value=f"{x * far},{y * far}")


def _among(hands: Hands, name: str) -> list[Node]:
    """The items of the list that has one of this name, in order."""
    for group in hands.page.collections:
        if any(lexical(name, text) >= 0.9 for text in group.item_texts):
            return [hands.page.node(ref) for ref in group.item_refs]
    return []


def _index(items: list[Node], name: str) -> int:
    found = [at for at, node in enumerate(items) if lexical(name, node.text) >= 0.9]
    if len(found) != 1:
        raise Undone(f"I could not find “{name}” in a list that can be ordered.")
    return found[0]


async def _to(hands: Hands, items: list[Node], name: str, goal: int) -> None:
    at = _index(items, name)
    if not 0 <= goal < len(items):
        raise Undone(f"The list has {len(items)} items, so there is no position {goal + 1}.")
    if goal != at:
        await hands.do(ActionKind.DRAG, items[at].ref, to=items[goal].ref)


async def resize(hands: Hands, clause: Clause) -> None:
    """Make an element larger or smaller by its grip. Raises Undone."""
    phrase = phrase_of(clause)
    side, sign = (clause.value or "height +").split()
    large = [node for node in hands.page.nodes if node.tag == "textarea"]
    named = re.search(r"(?i)text ?area|text box|field", phrase.raw) is not None
    if named and len(large) == 1:
        node = large[0]
    else:
        node = hands.page.node(await hands.need(phrase, Verb.DRAG, travel=False))
    length = node.box.height if side == "height" else node.box.width
    by = round(max(10.0, length * _PART)) * (1 if sign == "+" else -1)
    value = f"0,{by}" if side == "height" else f"{by},0"
    await hands.do(ActionKind.RESIZE, node.ref, value=value)
