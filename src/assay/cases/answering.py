"""Saying yes to what an action asked: in a dialog of the browser, one of the page, or a page."""

from __future__ import annotations

from assay.browser.model import ActionKind, Node
from assay.cases.clauses import Phrase, Verb
from assay.cases.hands import Hands, Undone
from assay.cases.words import canonical, fold

_YES = ("confirm", "yes", "ok", "continue", "submit")
_DIALOGS = ("dialog", "alertdialog")


async def confirm(hands: Hands) -> None:
    """Accept what the last action asked. Raises Undone where nothing asks.

    A dialog of the browser was accepted when it opened. In a dialog of the page the button may
    repeat what was clicked; what deletes is pressed only where deleting was asked for.
    """
    moments = hands.recorder.moments
    if moments and moments[-1].effect.dialogs:
        return
    last = moments[-1].step.text if moments else ""
    repeated = _repeated(hands, last)
    if repeated is not None:
        await hands.do(ActionKind.CLICK, repeated.ref)
        return
    deletes = "delete" in canonical(last)
    for word in (*_YES, *(("delete",) if deletes else ())):
        found = await _button(hands, word, deletes)
        if found is not None:
            await hands.do(ActionKind.CLICK, found.ref)
            return
    button = hands.submit_button("confirm yes ok sure")
    buttons = [node for node in hands.page.nodes if node.input_type == "submit" and not node.name]
    if button is None and not buttons:
        raise Undone("I found nothing to confirm with.")
    await hands.do(ActionKind.CLICK, (button or buttons[0]).ref)


def _repeated(hands: Hands, last: str) -> Node | None:
    """The one button of an open dialog that is called as what was clicked to open it."""
    opened = {node.ref for node in hands.page.nodes if node.role in _DIALOGS}
    same = [
        node
        for node in hands.page.nodes
        if node.dialog in opened
        and node.role in ("button", "link")
        and node.name
        and f"“{fold(node.name)}”" in fold(last)
    ]
    return same[0] if len(same) == 1 else None


async def _button(hands: Hands, word: str, deletes: bool) -> Node | None:
    found = await hands.find(Phrase(word, raw=word, role="button"), Verb.CONFIRM, destructive=True)
    node = hands.page.node(found.choice.ref) if found.choice is not None else None
    if node is None or (not deletes and "delete" in canonical(node.name or node.text)):
        return None
    return node
