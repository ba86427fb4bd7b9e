"""Widgets with a way of their own: colours, sliders, offered values, nested menus, dropdowns."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable

from assay.browser.model import ActionKind, Node
from assay.cases import filling
from assay.cases.clauses import Clause, Verb
from assay.cases.hands import Hands, Undone, phrase_of
from assay.cases.words import fold, lexical

# The basic colour names of CSS Color Module Level 4 and some that people use.
_COLORS = {
    "black": "000000", "silver": "c0c0c0", "gray": "808080", "grey": "808080", "white": "ffffff",
    "maroon": "800000", "red": "ff0000", "purple": "800080", "fuchsia": "ff00ff",
    "magenta": "ff00ff", "green": "008000", "lime": "00ff00", "olive": "808000",
    "yellow": "ffff00", "navy": "000080", "blue": "0000ff", "teal": "008080", "aqua": "00ffff",
    "cyan": "00ffff", "orange": "ffa500", "pink": "ffc0cb", "brown": "a52a2a", "gold": "ffd700",
    "violet": "ee82ee", "indigo": "4b0082", "turquoise": "40e0d0", "tan": "d2b48c",
}  # fmt: skip
_HEX = re.compile(r"^#?[0-9a-f]{6}$", re.I)
_DROPS = {"select", "dropdown", "combo", "combobox", "picker", "chosen"}
_OFFERED = {"option", "menuitem", "listitem", "generic", "link", "button", ""}
_TRIED = 3  # fields that are tried for offers
_OFFERING, _PAUSE = 3.0, 0.1  # seconds that offers may take, and between two looks
_CARETS = set("▾▼⌄˅🔽")


async def color(hands: Hands, clause: Clause) -> None:
    """Put a colour, by name or as hex digits, into the field that takes colours. Raises Undone."""
    named = (clause.value or "").strip().lower()
    digits = _COLORS.get(named, named.removeprefix("#"))
    if not _HEX.match(digits):
        raise Undone(f"I do not know the colour “{clause.value}”.")
    fields = [
        node
        for node in hands.page.nodes
        if node.input_type == "color"
        or (node.editable and (_HEX.match(node.value or "") or "color" in node.dom_id.lower()))
    ]
    if not fields:
        raise Undone("I found no field that takes a colour.")
    native = fields[0].input_type == "color" or (fields[0].value or "").startswith("#")
    await hands.do(ActionKind.TYPE, fields[0].ref, value=f"#{digits}" if native else digits)
    if fields[0].input_type != "color":
        await hands.do(ActionKind.PRESS, hands.ref_of_last(), value="Tab")


async def slide(hands: Hands, clause: Clause) -> None:
    """Set a slider or spinner to a number, by its name or as the only one. Raises Undone."""
    value = clause.value or "50"
    phrase = phrase_of(clause)
    sliders = [
        node
        for node in hands.page.nodes
        if node.role in {"slider", "spinbutton"} or node.input_type in {"range", "number"}
    ]
    if len(sliders) == 1:
        ref = sliders[0].ref
    else:
        ref = await hands.need(phrase, Verb.SLIDER, place=clause.place, value=value)
    node = hands.page.node(ref)
    if node.editable and node.input_type != "range":
        await filling.put(hands, node, value)
    else:
        await hands.do(ActionKind.SET_SLIDER, ref, value=value)


async def complete(hands: Hands, clause: Clause) -> None:
    """Type the beginning of a value and take the offered one that ends as is wanted."""
    start, end = clause.value or "", phrase_of(clause).text
    plain = {"", "text", "search"}
    fields = [node for node in hands.text_fields() if node.input_type in plain and not node.value]
    fields.sort(key=lambda node: not _suggests(node))
    for field in fields[:_TRIED]:
        if await take_offered(hands, field, start, lambda text: _fits(text, start, end)):
            return
    raise Undone(f"No field offers a value that starts with “{start}”.")


def _suggests(node: Node) -> bool:
    """Whether a field looks as if it offered values, by its role, attributes or classes."""
    said = " ".join([*node.classes, node.constraints.get("autocomplete", ""), node.dom_id]).lower()
    return node.role == "combobox" or any(word in said for word in ("complete", "typeahead"))


def _fits(text: str, start: str, end: str) -> bool:
    low = text.strip().casefold()
    return low.startswith(start.casefold()) and low.endswith(end.casefold())


async def take_offered(hands: Hands, field: Node, typed: str, fits: Callable[[str], bool]) -> bool:
    """Type into a field that offers values and take the first that fits; False without one."""
    before = {(node.role, node.text) for node in hands.page.nodes}
    await hands.do(ActionKind.TYPE, field.ref, value=typed)
    end = time.monotonic() + _OFFERING
    while time.monotonic() < end:
        offered = [
            node
            for node in hands.page.nodes
            if node.text
            and (node.role, node.text) not in before
            and not node.editable
            and node.role in _OFFERED
            and fits(node.text)
        ]
        if offered:
            active = [node for node in offered if node.interactive]
            await hands.do(ActionKind.CLICK, (active[0] if active else offered[-1]).ref)
            return True
        await asyncio.sleep(_PAUSE)
        await hands.recorder.look()
    return False


async def menu(hands: Hands, clause: Clause) -> None:
    """Through menus that open when pointed at, or else when clicked, to the last name."""
    names = [phrase.text for phrase in clause.objects]
    for at, name in enumerate(names):
        node = _called(hands, name)
        if node is None and at:
            before = _called(hands, names[at - 1])
            if before is not None:
                await hands.do(ActionKind.CLICK, before.ref)
            node = _called(hands, name)
        if node is None:
            raise Undone(f"I could not find “{name}” in the menu.")
        last = at + 1 == len(names)
        await hands.do(ActionKind.CLICK if last else ActionKind.HOVER, node.ref)


def _called(hands: Hands, name: str) -> Node | None:
    """What a menu calls so: the innermost element with just this text."""
    same = [
        node
        for node in hands.page.nodes
        if fold(node.own_text or node.name or node.text) == fold(name)
    ]
    # what a list has to be scrolled for is covered until then
    same.sort(key=lambda node: ("covered" in node.states, not node.interactive))
    return same[0] if same else None


async def drop(hands: Hands, clause: Clause) -> bool:
    """Choose from a dropdown that is drawn by the page itself; False when there is none."""
    value = clause.value or ""
    toggles = [node for node in hands.page.nodes if node.interactive and _drops(node)]
    if clause.object is not None and clause.object.text and len(toggles) > 1:
        toggles.sort(key=lambda node: -lexical(phrase_of(clause).text, filling.name_of(node)))
    for toggle in toggles[:3]:
        await hands.do(ActionKind.CLICK, toggle.ref)
        option = _called(hands, value)
        if option is not None:
            await hands.do(ActionKind.CLICK, option.ref)
            return True
    return False


def _drops(node: Node) -> bool:
    """Whether an element looks like a dropdown: by its class or its caret."""
    words = {w for one in node.classes for w in re.split(r"[^a-z]+", one.lower())}
    return bool(words & _DROPS) or bool(set(node.text[-2:]) & _CARETS)
