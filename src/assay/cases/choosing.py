"""Choosing among what is offered: options, radio buttons, boxes to tick, one or all of them."""

from __future__ import annotations

from dataclasses import replace

from assay.browser.model import ActionKind, Node
from assay.cases import filling, plaindoing
from assay.cases.clauses import Clause, Verb
from assay.cases.grounding import Grounding, GroundRequest, Memory, ground_all
from assay.cases.hands import Hands, phrase_of
from assay.cases.moves import widgets
from assay.cases.words import fold, lexical

_ALL_AT_MOST = 100
_LISTS = frozenset({"combobox", "listbox"})
_SAME = 0.6  # how alike an option has to be called


async def select(hands: Hands, clause: Clause) -> bool | None:
    """Choose an option or item; whether a form is in hand then, ``None`` when nothing changed that.

    Raises Undone when nothing offers it.
    """
    if clause.nothing:
        return None
    if clause.plain:
        await plaindoing.select(hands, clause)
        return None
    clause = _apart(hands, clause)
    phrase, value = phrase_of(clause), clause.value
    if value is None and clause.fields:
        await filling.fill(hands, clause.fields, complete=False)
        return None
    if value is not None:
        found = await hands.find(phrase, Verb.SELECT, place=clause.place, value=value)
        if found.choice is None and phrase.role in {"list", "select"}:
            phrase = replace(phrase, text="", raw="")  # "the scroll list": any that offers it
            found = await hands.find(phrase, Verb.SELECT, value=value)
        if not _offers(hands, found, value) and await widgets.drop(hands, clause):
            return None
    ref = await hands.need(phrase, Verb.SELECT, place=clause.place, value=value)
    node = hands.page.node(ref)
    await _choose(hands, node, value, value or phrase.text)
    return node.form is not None


def _apart(hands: Hands, clause: Clause) -> Clause:
    """ "Status open", which names no control, as the option "open" of the field "Status"."""
    phrase, words = phrase_of(clause), phrase_of(clause).text.split()
    if clause.value is not None or clause.fields or phrase.quoted or len(words) < 2:
        return clause
    names = [(node, filling.name_of(node)) for node in hands.page.nodes if node.role in _LISTS]
    if any(fold(name) == fold(phrase.text) for _, name in names):
        return clause
    for size in range(len(words) - 1, 0, -1):
        field, value = " ".join(words[:size]), " ".join(words[size:])
        called = [node for node, name in names if fold(name) == fold(field)]
        labels = [option.label for node in called for option in node.options]
        if len(called) == 1 and (not labels or any(fold(value) == fold(one) for one in labels)):
            return replace(clause, objects=(replace(phrase, text=field, raw=field),), value=value)
    return clause


def _offers(hands: Hands, found: Grounding, value: str) -> bool:
    """Whether what was found is no native list, or one that has the option."""
    if found.choice is None:
        return False
    node = hands.page.node(found.choice.ref)
    labels = [option.label for option in node.options] if node.tag == "select" else [value]
    return any(lexical(value, label) >= _SAME for label in labels)


async def _choose(hands: Hands, node: Node, value: str | None, name: str) -> None:
    if node.options and node.tag == "select":
        label = filling.option_of(node, name)
        if "multiple" in node.constraints and hands.ref_of_last() == node.ref:
            # what is chosen in a row belongs together
            chosen = [option.label for option in node.options if option.selected]
            label = "\n".join(dict.fromkeys([*chosen, label]))
        await hands.do(ActionKind.SELECT, node.ref, value=label)
    elif node.role in {"radio", "checkbox"}:
        await hands.do(ActionKind.CHECK, node.ref)
    elif node.role in {"combobox", "listbox"} and value is not None:
        await hands.do(ActionKind.SELECT, node.ref, value=value)
    else:
        await hands.do(ActionKind.CLICK, node.ref)


async def tick(hands: Hands, clause: Clause) -> None:
    """Tick or untick a box, or all that are meant. Raises Undone."""
    kind = ActionKind.CHECK if clause.verb is Verb.CHECK else ActionKind.UNCHECK
    if not clause.every:
        ref = await hands.need(phrase_of(clause), clause.verb, place=clause.place)
        await hands.do(kind, ref)
        return
    for _ in range(_ALL_AT_MOST):
        refs = every(hands, clause)
        if not refs:
            return
        await hands.do(kind, refs[0])


def every(hands: Hands, clause: Clause) -> list[str]:
    """The refs of all that a clause means and that are not yet as it wants them."""
    request = GroundRequest(
        phrase_of(clause), clause.verb, clause.place, memory=Memory(hands.thing)
    )
    found = ground_all(request, hands.page, hands.meaning)
    unwanted = "checked" if clause.verb is Verb.CHECK else "unchecked"
    return [item.ref for item in found if unwanted not in hands.page.node(item.ref).states]
