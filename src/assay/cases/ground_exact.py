"""Grounding what a line in the plain style names: as it is written on the page, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assay.browser.model import Node
from assay.cases.clauses import Phrase, Place, Verb
from assay.cases.ground_core import (
    Look,
    Scored,
    abstain,
    at_position,
    decide,
    extras,
    plain_scores,
    score_names,
)
from assay.cases.ground_types import Candidate, Grounding
from assay.cases.pageindex import PageIndex, contains_words
from assay.cases.pools import forms_in_hand, items, pool
from assay.cases.signals import icon_score, name_score, names_of, place_fit
from assay.cases.words import fold, lexical, plain, tokens

_FLOOR = 0.55
_SURE = 0.85
_MORE_WORDS_AT_MOST = 4
_UNSPOKEN = {"id", "field name", "class", "address", "description", "test id"}
_CHOICES = frozenset({"radio", "checkbox", "option", "menuitemradio", "tab", "menuitem"})
_CLICKED = {
    "button": frozenset({"button", "link", "menuitem", "tab", "summary", "img", "switch", ""}),
    "link": frozenset({"link", "button", "menuitem", "tab", "img", ""}),
    "tab": frozenset({"tab", "link", "button", "menuitem", "listitem", "generic", ""}),
    "menuitem": frozenset({"menuitem", "link", "button", "option", "listitem", "generic", ""}),
    "checkbox": frozenset({"checkbox", "switch", "menuitemcheckbox", "label", ""}),
    "radio": frozenset({"radio", "menuitemradio", "label", ""}),
    "field": frozenset({"textbox", "searchbox", "combobox", "spinbutton", "listbox", ""}),
}


def ground_exact(look: Look) -> Grounding:
    """The one element that is called so where the line says, else the closest by name or place."""
    request = look.request
    if request.place is not None and (answer := _no_such_place(look, request.place)) is not None:
        return answer
    if not request.phrase.text:
        return _nameless(look)
    close = score_names(look, pool(request.verb, request.phrase, look.index), request.phrase.text)
    found = _called_found(look, spoken_score) or _called_found(look, unspoken_score)
    if not found and request.phrase.text in _SIGNS:
        found = _called_found(look, icon_score)
    if request.place is not None:
        found = [one for one in found if _at(request.place, one.node, look.index)]
        found = _own_rows(look, request.place, found)
    found = _of_kind(look, found) or found if request.verb is Verb.OPEN else _of_kind(look, found)
    sure = [one for one in found if one.name >= _SURE]
    found = _as_written(request.phrase.text, _outermost(look, sure or found))
    if request.phrase.ordinal is not None and found:
        answer = _nth(look, found, request.phrase.ordinal)
        what = f"“{request.phrase.text}” number {request.phrase.ordinal}"
        return answer if answer.choice is not None else replace(answer, missing=what)
    if found:
        answer = decide(look, found, _FLOOR, f"“{request.phrase.text}”")
        if answer.choice is None and len(found) > 1:
            return replace(answer, several=True)
        return answer
    if request.verb is Verb.UPLOAD and (only := _only_file(look)) is not None:
        return only
    return abstain(look, close or _nearby(look), f"Nothing is called “{request.phrase.text}”")


_SIGNS = frozenset({"x", "X", "×", "✕", "✖"})  # signs that people name by how they look


def _called_found(look: Look, score: Callable[[str, Node], tuple[float, str]]) -> list[Scored]:
    text = look.request.phrase.text
    forms = forms_in_hand(look.index, look.request.memory.made)
    found: list[Scored] = []
    for node in _pool(look):
        name, why = score(text, node)
        if name:
            found.append(Scored(node, name, name + extras(look, node, text, forms), why))
    return found


def unspoken_score(query: str, node: Node) -> tuple[float, str]:
    """The name that a page's makers gave an element, for one that shows none of its own."""
    for text in (node.test_id, node.dom_id, node.dom_name):
        if text and plain(query) == plain(text):
            return 0.9, "id"
        if text and len(query) > 3 and contains_words(plain(text), plain(query)):
            return 0.7, "part of its id"
    return 0.0, ""


def spoken_score(query: str, node: Node) -> tuple[float, str]:
    """1 for the name itself, less for its other spelling, 0.7 for a longer name that has it."""
    best, why = 0.0, ""
    for text, worth, kind in names_of(node):
        if kind in _UNSPOKEN or (kind == "text beside it" and (node.name or node.label)):
            continue
        score = _alike(query, text)
        if score * worth > best:
            best, why = score * worth, kind
    return best, why


def _alike(query: str, text: str) -> float:
    if fold(query) == fold(text):
        return 1.0
    asked, given = plain(query), plain(text)
    if asked and asked == given:
        return 0.98 if len(asked) > 1 else 0.9
    if asked and asked.replace(" ", "") == given.replace(" ", ""):
        return 0.95
    if asked and tokens(query) == tokens(text):
        return 0.94
    if not contains_words(text, query) or len(asked) < 2:
        return 0.0
    rest = given.replace(asked, "", 1).split() if asked else given.split()
    if all(word.isdigit() or word in ("optional", "required") for word in rest):
        return 0.93
    return 0.7 if len(rest) <= _MORE_WORDS_AT_MOST else 0.0


def _pool(look: Look) -> list[Node]:
    request, index = look.request, look.index
    verb, phrase = request.verb, request.phrase
    if verb is Verb.SELECT and request.value is not None:
        return [node for node in index.nodes if index.choosable(node)]
    if verb is Verb.SELECT:
        choices = [
            node
            for node in index.nodes
            if node.interactive and (index.checkable(node) or node.role in _CHOICES)
        ]
        named = [node for node in choices if spoken_score(phrase.text, node)[0] >= _SURE]
        return named or [node for node in index.nodes if node.interactive]
    if verb in (Verb.PRESS, Verb.FOCUS):
        return [node for node in index.nodes if node.interactive]
    if verb is Verb.TYPE:
        return [node for node in pool(verb, phrase, index) if node.input_type != "range"]
    return pool(verb, phrase, index)


def _of_kind(look: Look, found: list[Scored]) -> list[Scored]:
    """Those of the kind that was said; what is clicked goes before texts that only say the same."""
    request = look.request
    kinds = _CLICKED.get(request.phrase.role)
    if kinds is not None:
        # what is clicked may be drawn as a button or link without being one
        found = [
            one
            for one in found
            if one.node.role in kinds
            or (request.phrase.role in ("button", "link") and _acts_unnamed(one.node))
        ]
    if request.phrase.role in ("button", "link"):
        same = [one for one in found if one.node.role == request.phrase.role]
        found = [one for one in same if one.name >= _SURE] or found
    if request.phrase.role == "header":
        headed = [one for one in found if one.node.ref in look.index.headed]
        return headed or found
    live = [one for one in found if one.node.interactive and one.name >= _SURE]
    clicked = request.verb in (Verb.CLICK, Verb.OPEN, Verb.SELECT, Verb.NAME_ONLY)
    return live if clicked and live else found


def _acts_unnamed(node: Node) -> bool:
    return node.interactive and node.role == "generic"


def _as_written(text: str, found: list[Scored]) -> list[Scored]:
    """Of names that differ in their capitals only, the one that is written so."""
    same = [one for one in found if text in (one.node.name, one.node.text, one.node.value)]
    return same if len(same) == 1 else found


def _nth(look: Look, found: list[Scored], ordinal: int) -> Grounding:
    """The n-th of those that are called so; a box and what it holds count once."""
    found = sorted(found, key=lambda one: look.index.order[one.node.ref])
    counted: list[Scored] = []
    for one in found:
        if not counted or not look.index.inside(one.node, counted[-1].node.ref):
            counted.append(one)
    return at_position(look, counted, ordinal)


def _own_rows(look: Look, place: Place, found: list[Scored]) -> list[Scored]:
    """Those in the row with a cell that reads just so, where other rows only mention it."""
    rows = {one.node.row for one in found if one.node.row}
    if place.kind != "row" or len(rows) < 2 or not place.text:
        return found
    own = {
        row
        for row in rows
        if any(fold(place.text) in (fold(n.text), fold(n.name)) for n in look.index.within(row))
    }
    return [one for one in found if one.node.row in own] if own else found


def _outermost(look: Look, found: list[Scored]) -> list[Scored]:
    """One of several boxes around one text: the control among them, else the innermost."""
    refs = {one.node.ref for one in found if one.node.interactive}
    kept: list[Scored] = []
    for one in found:
        above = {node.ref for node in look.index.ancestors(one.node)}
        below = [
            other
            for other in found
            if other is not one and look.index.inside(other.node, one.node.ref)
        ]
        if not one.node.interactive and (above & refs or below):
            continue
        kept.append(one)
    return kept or found


def _nameless(look: Look) -> Grounding:
    """``the first checkbox``, ``the checkbox`` in a row."""
    request, index = look.request, look.index
    place, phrase = request.place, request.phrase
    if place is None:
        return at_position(
            look,
            plain_scores([(node, 0.9, "by position") for node in _plain_items(look)]),
            phrase.ordinal or 1,
        )
    kinds = _CLICKED.get(phrase.role)
    nodes = [
        node
        for node in index.nodes
        if (node.interactive or node.editable)
        and _at(place, node, index)
        and (node.role in kinds if kinds else node.role == phrase.role)
    ]
    exact = [node for node in nodes if node.role == phrase.role]
    scored = plain_scores([(node, 0.9, "the only one there") for node in exact or nodes])
    if phrase.ordinal is not None:
        return at_position(look, scored, phrase.ordinal)
    return decide(look, scored, 0.5, f"“{phrase.raw}”")


def _plain_items(look: Look) -> list[Node]:
    return items(look.request.verb, look.request.phrase, look.index, ())


def _at(place: Place, node: Node, index: PageIndex) -> bool:
    """Whether an element is at a place that is named as it stands on the page."""
    if place.kind == "frame":
        return any(frame.ref in _frames(place, index) for frame in index.ancestors(node))
    if place.kind == "dialog":
        opened = [one for one in index.ancestors(node) if one.role in ("dialog", "alertdialog")]
        if node.dialog in index.by_ref:
            opened.append(index.by_ref[node.dialog])
        return any(not place.text or _entitled(place.text, one, index) for one in opened)
    if place.kind == "row" and node.row and _holds_value(place.text, node.row, index):
        return True
    if place.kind in ("near", "row", "column", "card") or not place.text:
        return place_fit(place, node, index) >= 0.75
    return place_fit(place, node, index) >= 0.84 or _headed_by(place.text, node, index)


def _holds_value(text: str, row: str, index: PageIndex) -> bool:
    """Whether a field in a row holds the text: rows that are being edited show nothing else."""
    return bool(text) and any(
        node.row == row and node.editable and node.value and fold(node.value) == fold(text)
        for node in index.nodes
    )


def _headed_by(text: str, node: Node, index: PageIndex) -> bool:
    """Whether a box around the element opens with the text as its heading, legend or summary."""
    for above in index.ancestors(node):
        if above.tag in ("details", "fieldset", "section", "article", "form", "aside", "nav"):
            heads = [
                one.text
                for one in index.within(above.ref)[:6]
                if one.role == "heading" or one.tag in ("summary", "legend")
            ][:1]
            if _called(text, [above.group, *heads]):
                return True
    return False


def _frames(place: Place, index: PageIndex) -> set[str]:
    frames = [node for node in index.nodes if node.tag in ("iframe", "frame")]
    if place.ordinal is not None and not place.text:
        at = place.ordinal - 1 if place.ordinal > 0 else place.ordinal
        return {frames[at].ref} if -len(frames) <= at < len(frames) else set()
    if not place.text:
        return {node.ref for node in frames}
    return {node.ref for node in frames if _called(place.text, _frame_names(node, index))}


def _frame_names(node: Node, index: PageIndex) -> list[str]:
    inner = [one.text for one in index.within(node.ref) if one.role == "heading"][:1]
    names = [node.name, node.title, node.dom_id, node.dom_name, node.section, node.near, *inner]
    return [name for name in names if name]


def _entitled(text: str, dialog: Node, index: PageIndex) -> bool:
    named = _titles(dialog, index)
    return _called(text, named) or (not dialog.name and contains_words(dialog.text, text))


def _titles(node: Node, index: PageIndex) -> list[str]:
    inner = [one.text for one in index.within(node.ref) if one.role == "heading"][:2]
    return [name for name in (node.name, node.title, node.label, *inner) if name]


def _called(text: str, names: list[str]) -> bool:
    return any(lexical(text, name) >= 0.94 or contains_words(name, text) for name in names if name)


def _no_such_place(look: Look, place: Place) -> Grounding | None:
    """An abstention that names the places there are, when none is the one that the line names."""
    index = look.index
    if any(_at(place, node, index) for node in index.nodes):
        return None
    kind = {"near": "text", "": "place"}.get(place.kind, place.kind)
    there = _places(place.kind, index)
    wanted = place.text or kind
    ranked = sorted(dict.fromkeys(there), key=lambda name: -_closeness(wanted, name))[:3]
    shown = tuple(Candidate("", 0.3, f"another {kind}", f"{kind} “{name}”") for name in ranked)
    named = f"the {kind} “{place.text}”" if place.text else f"a {kind}"
    if place.ordinal is not None and not place.text:
        named = f"{kind} number {place.ordinal}"
    return Grounding(None, shown, 0.0, f"There is no {kind} “{place.text}”.", missing=named)


def _closeness(wanted: str, name: str) -> float:
    same = set(plain(wanted).split()) & set(plain(name).split())
    return max(lexical(wanted, name), 0.3 * bool(same))


def _places(kind: str, index: PageIndex) -> list[str]:
    """How the places of a kind are called."""
    observation = index.observation
    if kind in ("row", "card"):
        rows = [
            next((c for c in row if c.strip()), "") for t in observation.tables for row in t.rows
        ]
        rows += [
            text for one in observation.collections for text in one.item_texts if len(text) <= 80
        ]
        return [row[:60] for row in rows if row]
    if kind == "dialog":
        roles = ("dialog", "alertdialog")
        return [one.name or one.text[:60] for one in index.nodes if one.role in roles]
    if kind == "frame":
        frames = [one for one in index.nodes if one.tag in ("iframe", "frame")]
        return [_frame_names(one, index)[0] for one in frames if _frame_names(one, index)]
    if kind in ("table", "list", "form"):
        return [one.name for one in index.nodes if one.role == kind and one.name]
    return [one.section for one in index.nodes if one.section and len(one.section) <= 60]


def _only_file(look: Look) -> Grounding | None:
    """A styled file field often hides behind a text: the page's only one, when that is there."""
    files = [node for node in look.index.nodes if node.input_type == "file"]
    text = look.request.phrase.text
    if len(files) != 1 or not any(
        contains_words(words, text)
        for node in look.index.nodes
        for words in (node.name, node.own_text)
        if words
    ):
        return None
    return decide(look, [Scored(files[0], 0.7, 0.7, "the only file field")], 0.5, "")


def _nearby(look: Look) -> list[Scored]:
    """What the verb could be done to at all, when no name there is anything like the wanted one."""
    nodes = [node for node in _pool(look) if node.name or node.label or node.placeholder]
    return [
        Scored(node, 0.2, 0.2, "of that kind")
        for node in nodes[:40]
        if node.interactive or node.editable
    ][:3]


def is_called(phrase: Phrase, node: Node) -> bool:
    """Whether an element goes by the very name of a phrase."""
    if phrase.quoted:
        return spoken_score(phrase.text, node)[0] >= _SURE
    return name_score(phrase.text, node)[0] >= 0.9


def stands_at(place: Place, node: Node, index: PageIndex) -> bool:
    """Whether an element is at a place, named as it stands on the page."""
    return _at(place, node, index)


def called_so(text: str, node: Node, index: PageIndex) -> bool:
    """Whether a dialog, frame, list or region goes by a name: its own or its heading's."""
    return _called(
        text, _frame_names(node, index) if node.tag == "iframe" else _titles(node, index)
    )


__all__ = ["called_so", "ground_exact", "is_called", "spoken_score", "stands_at"]
