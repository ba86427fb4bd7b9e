"""Adding, changing and removing one thing on a live page."""

from __future__ import annotations

from dataclasses import replace

from assay.browser.model import ActionKind, Node, Observation
from assay.cases import filling, going
from assay.cases.clauses import Clause, Phrase, Place, Verb
from assay.cases.grounding import GroundRequest, ground
from assay.cases.hands import Hands, Undone, entry_field, phrase_of, says_number
from assay.cases.words import canonical, lexical

_CHANGED = "Changed {{unique}}"


async def add(hands: Hands, clause: Clause) -> bool:
    """Add the thing that a clause names; whether a filled form waits to be sent."""
    quoted = clause.value is not None and (not clause.objects or clause.objects[0].quoted)
    entry = entry_field(hands.page) if quoted else None
    if clause.value is not None and (entry is not None or not clause.objects):
        ref = entry.ref if entry else await hands.need(Phrase("", role="field"), Verb.ADD)
        await hands.do(ActionKind.TYPE, ref, value=clause.value)
        await hands.do(ActionKind.PRESS, hands.ref_of_last(), value=clause.key or "Enter")
        return False
    phrase = phrase_of(clause)
    if (record := _record(clause)) is not None:
        waits = await _add_record(hands, clause, *record)
        if waits is not None:
            return waits
    adder = _adder(hands, hands.page, phrase)
    if adder is None and not hands.dirty:
        await hands.travel(
            lambda page: 0.95 if _adder(hands, page, phrase) else 0.0, f"add {phrase.text}"
        )
        adder = _adder(hands, hands.page, phrase)
    if adder is None:
        thing = await hands.need(phrase, Verb.OPEN, place=clause.place)
        await hands.do(ActionKind.CLICK, thing)
        adder = _own_adder(hands.page, phrase)
        if adder is None:
            raise Undone(f"I found nothing to add “{phrase.raw or phrase.text}” with.")
    await hands.do(ActionKind.CLICK, adder)
    return await _fill_what_opened(hands, clause)


async def delete(hands: Hands, clause: Clause) -> None:
    """Press what removes the thing that a clause names."""
    phrase, place = phrase_of(clause), clause.place
    if phrase.pronoun or not phrase.text:
        phrase, place = replace(phrase, text="delete", raw="Delete", pronoun=False), None
    ref = await hands.need(phrase, Verb.DELETE, place=place, destructive=True)
    await hands.do(ActionKind.CLICK, ref)


async def edit(hands: Hands, clause: Clause) -> bool | None:
    """Change the thing that a clause names; whether its form waits to be sent, None if that stays
    as it was."""
    value = clause.value if clause.value is not None else _CHANGED
    field = editor_in_hand(hands)
    if field is not None:
        await hands.do(ActionKind.TYPE, field.ref, value=value)
        return None
    phrase = phrase_of(clause)
    found = await hands.find(phrase, Verb.EDIT, place=clause.place, value=clause.value)
    here = found.choice is not None and says_number(phrase, found, hands.page)
    if not here and await going.to_numbered(hands, phrase, clause.place):
        if hands.text_fields():
            return None
        phrase = Phrase("edit", raw="edit")
    ref = await hands.need(phrase, Verb.EDIT, place=clause.place, value=clause.value)
    node = hands.page.node(ref)
    if node.editable:
        await hands.do(ActionKind.TYPE, ref, value=value)
        return node.form is not None
    await hands.do(ActionKind.CLICK, ref)
    return None


def editor_in_hand(hands: Hands) -> Node | None:
    """The field that the last action opened for editing: new, and focused or the only new one."""
    moments = hands.recorder.moments
    if not moments or moments[-1].before.url != hands.page.url:
        return None
    before = {_spot(node) for node in moments[-1].before.nodes}
    new = [node for node in hands.text_fields() if _spot(node) not in before]
    focused = [node for node in new if "focused" in node.states]
    return focused[0] if focused else new[0] if len(new) == 1 else None


def _adder(hands: Hands, page: Observation, phrase: Phrase) -> str | None:
    """The control that adds the thing: it says so, or it stands in the thing's row or card."""
    named = replace(phrase, text=f"add {phrase.text}", raw=f"Add {phrase.raw or phrase.text}")
    beside = Place(phrase.text, "row", quoted=phrase.quoted)
    for request in (
        GroundRequest(named, Verb.ADD),
        GroundRequest(Phrase("add", raw="add"), Verb.CLICK, beside),
    ):
        found = ground(request, page, hands.meaning)
        if found.choice is None or not says_number(phrase, found, page):
            continue
        node = page.node(found.choice.ref)
        shown = f"{node.name} {node.text} {node.row_text} {node.title} {node.href}"
        says = canonical(f"{node.name} {node.text} {node.title}")
        if "add" in says and lexical(phrase.text, shown) >= 0.6:
            return node.ref
    return None


def _record(clause: Clause) -> tuple[str, str] | None:
    """What kind of thing is to be made and how it is to be called: bill, "Pizza"."""
    phrase = phrase_of(clause)
    if len(clause.quoted) != 1 or not phrase.text.endswith(clause.quoted[0]):
        return None
    name = clause.quoted[0]
    kind = phrase.text.removesuffix(name).strip()
    into = clause.place is not None and "cart" in canonical(clause.place.text)
    return (kind, name) if kind and not into else None


async def _add_record(hands: Hands, clause: Clause, kind: str, name: str) -> bool | None:
    """Make a thing of a kind: in the page's own field for it, or in the form that its control
    opens. Whether the form waits to be sent; None where the page has neither."""
    makes = [
        node
        for node in hands.text_fields()
        if {"add", *canonical(kind)}
        <= set(canonical(f"{filling.name_of(node)} {node.placeholder}"))
    ]
    if len(makes) == 1:
        await hands.do(ActionKind.TYPE, makes[0].ref, value=name)
        await hands.do(ActionKind.PRESS, hands.ref_of_last(), value="Enter")
        return False
    adder = _adder(hands, hands.page, Phrase(kind, raw=kind))
    if adder is None or not _names(hands.page.node(adder), kind):
        return None
    before = {_spot(node) for node in hands.text_fields()}
    await hands.do(ActionKind.CLICK, adder)
    fields = [node for node in hands.text_fields() if _spot(node) not in before]
    named = filling.naming_field(fields)
    if named is None:
        return await _fill_what_opened(hands, clause)
    await hands.do(ActionKind.TYPE, named.ref, value=name)
    await filling.fill(hands, clause.fields)
    return True


def _names(node: Node, kind: str) -> bool:
    """Whether a control itself says what it adds; its row may be one of those things."""
    return lexical(kind, f"{node.name} {node.text} {node.title} {node.href}") >= 0.6


def _spot(node: Node) -> tuple[object, ...]:
    return (node.dom_id, node.dom_name, node.row_text, node.box)


def _own_adder(page: Observation, phrase: Phrase) -> str | None:
    """What adds the thing on its own page, where related things may have such controls too."""
    adders = [
        node
        for node in page.nodes
        if node.role in {"button", "link"}
        and node.interactive
        and "disabled" not in node.states
        and "add" in canonical(node.name or node.text)
    ]
    own = [
        node for node in adders if node.row is None or lexical(phrase.text, node.row_text) >= 0.9
    ]
    into = [node for node in own if "cart" in canonical(node.name or node.text)]
    chosen = into or own
    return chosen[0].ref if chosen else None


async def _fill_what_opened(hands: Hands, clause: Clause) -> bool:
    """Fill the form that an add control opened; whether there was one."""
    if clause.fields:
        await filling.fill(hands, clause.fields)
        return True
    moment = hands.recorder.moments[-1]
    known = {_spot(node) for node in moment.before.nodes}
    opened = {node.form for node in hands.text_fields() if _spot(node) not in known}
    if not moment.effect.navigated and len(opened) == 1 and None not in opened:
        await filling.fill_all(hands, opened.pop())
        return True
    form = filling.form_called(hands.page, "")
    if form is not None and moment.effect.navigated and moment.effect.status == 200:
        was_form = filling.form_called(moment.before, "")
        if was_form is None or moment.effect.url_before != moment.effect.url_after:
            await filling.fill_all(hands, form)
            return True
    return False
