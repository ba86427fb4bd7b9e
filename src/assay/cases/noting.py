"""Keeping what the page shows for later steps, under a name or on the clipboard."""

from __future__ import annotations

import re

from assay.browser.model import ActionKind, Node
from assay.cases.clauses import Clause, Phrase, Verb
from assay.cases.extracting import extract
from assay.cases.ground_exact import called_so
from assay.cases.hands import Hands, Undone, phrase_of
from assay.cases.items import all_items
from assay.cases.model import Extraction
from assay.cases.pageindex import PageIndex
from assay.cases.texts import equal, in_quotes, shorten
from assay.cases.words import canonical

_ALL, _COPY, _PASTE = "ControlOrMeta+a", "ControlOrMeta+c", "ControlOrMeta+v"


async def keep(hands: Hands, clause: Clause) -> None:
    """Read what a clause names and keep it under the clause's name. Raises Undone."""
    extraction = await _extraction(hands, clause)
    recorder = hands.recorder
    value = extract(extraction, hands.page, recorder.values.render)
    if value is None or not value.strip():
        raise Undone(f"The page does not show what is to be remembered as {in_quotes(clause.key)}.")
    await recorder.extract(extraction, value.strip(), clause.text)


async def copy(hands: Hands, clause: Clause) -> None:
    """Copy all that a field holds to the clipboard, by the keyboard."""
    ref = await hands.need(phrase_of(clause), Verb.FILL_FORM, place=clause.place)
    name = hands.page.node(ref)
    await hands.do(ActionKind.PRESS, ref, value=_ALL)
    again = [node.ref for node in hands.page.nodes if _same(node, name)]
    await hands.do(ActionKind.PRESS, again[0] if again else ref, value=_COPY)


async def paste(hands: Hands, clause: Clause) -> None:
    """Paste what is on the clipboard into a field, by the keyboard."""
    ref = await hands.need(phrase_of(clause), Verb.FILL_FORM, place=clause.place)
    await hands.do(ActionKind.PRESS, ref, value=_PASTE)


def _same(one: Node, other: Node) -> bool:
    return (one.role, one.name, one.dom_id, one.index) == (
        other.role,
        other.name,
        other.dom_id,
        other.index,
    )


async def _extraction(hands: Hands, clause: Clause) -> Extraction:
    phrase, how, name = phrase_of(clause), clause.value or "", clause.key
    if how in {"url", "title"}:
        return Extraction(name, how)
    if how == "beside":
        return Extraction(name, how, row=phrase.text)
    if how == "cell":
        assert clause.place is not None, "a cell is in a row"
        return Extraction(name, how, row=clause.place.text, column=phrase.text)
    if how == "count":
        return await _count(hands, phrase, name)
    if how == "value":
        ref = await hands.need(phrase, Verb.FILL_FORM, place=clause.place)
        return await _of_node(hands, ref, name)
    if how == "text":
        ref = await hands.need(phrase, Verb.SCROLL, place=clause.place)
        return await _of_node(hands, ref, name)
    return await _called(hands, clause)


async def _of_node(hands: Hands, ref: str, name: str) -> Extraction:
    """What an element holds or says; it is found again by anything but that text."""
    node = hands.page.node(ref)
    kind = "value" if node.value is not None and node.tag != "li" else "text"
    shown = tuple(text for text in (node.text, node.value or "") if text)
    bundle = await hands.recorder.session.bundle(ref, f"what is remembered as {name}", shown)
    return Extraction(name, kind, target=bundle)


async def _count(hands: Hands, phrase: Phrase, name: str) -> Extraction:
    index = PageIndex(hands.page)
    lists = [
        items
        for items in all_items(hands.page)
        if (items.kind == "table") == (phrase.role == "table") and not items.chrome
    ]
    if phrase.text:
        lists = [
            one
            for one in lists
            if equal(one.label, phrase.text) or called_so(phrase.text, index.by_ref[one.ref], index)
        ]
    if not lists:
        wanted = f" {in_quotes(phrase.text)}" if phrase.text else ""
        raise Undone(f"There is no {phrase.role}{wanted} on the page whose rows could be counted.")
    best = max(lists, key=lambda one: len(one.refs))
    bundle = await hands.recorder.session.bundle(best.ref, f"the {phrase.role}")
    return Extraction(name, "count", target=bundle)


async def _called(hands: Hands, clause: Clause) -> Extraction:
    """What "the price" is on this page: a cell, a text beside that label, a field, or the one
    element that is named so in the page's own code."""
    phrase, place, name = phrase_of(clause), clause.place, clause.key
    words, render = phrase.text or phrase.raw, hands.recorder.values.render
    ways = [Extraction(name, "beside", row=words)]
    if place is not None and place.text:
        ways.insert(0, Extraction(name, "cell", row=place.text, column=words))
    for way in ways:
        if extract(way, hands.page, render):
            return way
    marked = [node for node in hands.page.nodes if _is_marked(node, words)]
    if len(marked) == 1:
        return await _of_node(hands, marked[0].ref, name)
    found = await hands.find(phrase, Verb.FILL_FORM, place=place)
    if found.choice is not None and hands.page.node(found.choice.ref).value:
        return await _of_node(hands, found.choice.ref, name)
    several = tuple(shorten(node.text, 40) for node in marked[:3])
    said = f"; several fit: {', '.join(several)}" if several else ""
    raise Undone(
        f"I could not tell where the page shows {in_quotes(words)}{said}. Say which text it stands "
        f"next to.",
        several,
    )


def _is_marked(node: Node, words: str) -> bool:
    """Whether an element with a short text is called so in its id, test id or class."""
    if not node.own_text or len(node.text) > 80 or node.interactive:
        return False
    wanted = canonical(words)
    names = (node.dom_id, node.test_id, *node.classes)
    return bool(wanted) and any(
        canonical(re.sub(r"[-_]", " ", one)) == wanted for one in names if one
    )
