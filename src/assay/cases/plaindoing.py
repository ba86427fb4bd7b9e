"""Doing lines of the plain style that need more than one look: lists, files, keys, dialogs."""

from __future__ import annotations

from dataclasses import replace

from assay.browser.model import ActionKind, Node
from assay.cases import filling
from assay.cases.clauses import Clause, Phrase, Place, Verb
from assay.cases.errors import ValueUnknown
from assay.cases.ground_exact import spoken_score
from assay.cases.hands import Hands, Undone, phrase_of
from assay.cases.texts import in_quotes
from assay.cases.values import upload as made_file
from assay.cases.words import fold, lexical, plain

_TICKED = {"radio", "checkbox", "menuitemradio", "menuitemcheckbox"}


def answer_to(clauses: tuple[Clause, ...], index: int) -> tuple[str, str]:
    """How a dialog that the clause at ``index`` opens is to be answered: what the next one says."""
    following = next((one for one in clauses[index + 1 :] if one.verb is not Verb.VERIFY), None)
    if following is None or following.role_hint != "dialog" or not following.plain:
        return "accept", ""
    return ("dismiss" if following.verb is Verb.DISMISS else "accept"), following.value or ""


def rendered(hands: Hands, clause: Clause) -> Clause:
    """The clause with what it names as it is in this run; values stay templates."""
    render = hands.recorder.values.render

    def shown(phrase: Phrase) -> Phrase:
        return replace(phrase, text=render(phrase.text), raw=render(phrase.raw))

    try:
        place = clause.place
        return replace(
            clause,
            objects=tuple(shown(one) for one in clause.objects),
            to=shown(clause.to) if clause.to is not None else None,
            place=replace(place, text=render(place.text)) if place is not None else None,
        )
    except ValueUnknown as error:
        raise Undone(error.message) from error


async def answer(hands: Hands, clause: Clause) -> None:
    """A dialog of the browser was answered when it opened; one of the page has a button for it.

    Raises Undone when no dialog is open.
    """
    moments = hands.recorder.moments
    if moments and moments[-1].effect.dialogs:
        return
    opened = _opened(hands)
    if not opened:
        raise Undone("No dialog is open.")
    found = await hands.find(Phrase(""), clause.verb, place=Place("", "dialog"))
    if found.choice is None and clause.verb is Verb.DISMISS:
        await hands.do(ActionKind.PRESS, value="Escape")
        if not any(one.name == opened[-1].name for one in _opened(hands)):
            return
    if found.choice is None:
        raise Undone(
            f"I could not tell which button answers the dialog; {found.reason}",
            tuple(item.label for item in found.candidates[:3]),
        )
    await hands.do(ActionKind.CLICK, found.choice.ref)


def _opened(hands: Hands) -> list[Node]:
    return [one for one in hands.page.nodes if one.role in {"dialog", "alertdialog"}]


async def press(hands: Hands, clause: Clause) -> None:
    """Press a key, in the element that is named or wherever the focus is."""
    for _ in range(max(clause.times, 1)):
        ref = None
        if clause.objects:
            ref = await hands.need(clause.objects[0], Verb.PRESS, place=clause.place)
        await hands.do(ActionKind.PRESS, ref, value=clause.key)


async def type_on(hands: Hands, value: str) -> None:
    """Type where the focus is, or into the only text field. Raises Undone when neither is there."""
    fields = hands.text_fields()
    focused = [node for node in fields if "focused" in node.states]
    chosen = focused or fields
    if len(chosen) != 1:
        named = tuple(f"field {in_quotes(filling.name_of(node))}" for node in fields[:3])
        closest = f"; there are {', '.join(named)}" if named else ""
        raise Undone(f"No field has the focus, and the step names none{closest}.", named)
    await filling.put(hands, chosen[0], value)


async def upload(hands: Hands, clause: Clause) -> None:
    """Attach a small file, made for it, to the field that is named."""
    ref = await hands.need(phrase_of(clause), Verb.UPLOAD, place=clause.place)
    node = hands.page.node(ref)
    size = next((item.size for item in clause.fields if item.size), None)
    file = made_file(clause.value or "", size, node.constraints.get("accept", ""))
    hands.form = node.form
    await hands.attach(ref, file)


async def select(hands: Hands, clause: Clause) -> None:
    """Choose an option of a list, a radio button, or whatever choice is called so."""
    phrase, value = phrase_of(clause), clause.value
    if value is None:
        await _choice(hands, clause)
        return
    found = await hands.find(phrase, Verb.SELECT, place=clause.place, value=value)
    if found.choice is None:
        shown = hands.recorder.values.render(value)
        radio = Phrase(shown, raw=shown, quoted=True, role="radio")
        group = Place(phrase.text, "section", quoted=True)
        grouped = await hands.find(radio, Verb.SELECT, place=group)
        if grouped.choice is not None:
            await hands.do(ActionKind.CHECK, grouped.choice.ref)
            return
    ref = await hands.need(phrase, Verb.SELECT, place=clause.place, value=value)
    await choose(hands, hands.page.node(ref), value)


async def choose(hands: Hands, node: Node, value: str) -> None:
    """Choose the option that is called so in a list. Raises Undone naming the closest."""
    shown = hands.recorder.values.render(value)
    label = option(node, shown) if node.options else shown
    await hands.do(ActionKind.SELECT, node.ref, value=value if label == shown else label)


def option(node: Node, value: str) -> str:
    """The label of the option that is called so. Raises Undone naming the closest."""
    usable = [one for one in node.options if not one.disabled]
    for same in (
        [one for one in usable if fold(one.label) == fold(value)],
        [one for one in usable if plain(one.label) == plain(value) and plain(value)],
        [one for one in usable if one.value == value],
        [one for one in usable if fold(value) in fold(one.label) and len(value) > 2],
    ):
        if len(same) == 1 or (same and len({one.label for one in same}) == 1):
            return same[0].label
    ranked = sorted(usable, key=lambda one: -lexical(value, one.label))
    shown = ", ".join(in_quotes(one.label) for one in ranked[:4])
    raise Undone(
        f"{in_quotes(filling.name_of(node))} has no option {in_quotes(value)}; it offers {shown}.",
        tuple(f"option {in_quotes(one.label)}" for one in ranked[:3]),
    )


async def _choice(hands: Hands, clause: Clause) -> None:
    phrase = phrase_of(clause)
    found = await hands.find(phrase, Verb.SELECT, place=clause.place)
    lists = [
        node
        for node in hands.page.nodes
        if node.tag == "select"
        and any(fold(one.label) == fold(phrase.text) for one in node.options)
    ]
    called = found.choice and spoken_score(phrase.text, hands.page.node(found.choice.ref))[0]
    if len(lists) == 1 and clause.place is None and (not called or called < 0.9):
        await choose(hands, lists[0], phrase.text)
        return
    ref = await hands.reach(phrase, Verb.SELECT, place=clause.place)
    if ref is not None:
        ticked = hands.page.node(ref).role in _TICKED
        await hands.do(ActionKind.CHECK if ticked else ActionKind.CLICK, ref)
