"""Finding what is hidden in the closed menus and folds of a page, as a person would: by opening
those that sound right, one after the other, and closing them again."""

from __future__ import annotations

from collections.abc import Sequence

from assay.browser.errors import BrowserError
from assay.browser.model import Action, ActionKind, Node
from assay.cases.clauses import Phrase, Place, Verb
from assay.cases.grounding import Grounding
from assay.cases.hands import Hands
from assay.cases.words import canonical, fold

_MOST = 5
_MENU_WORDS = frozenset(
    word
    for name in ("menu", "more", "actions", "options", "account", "profile", "dropdown", "toggle")
    for word in canonical(name)
)
_AWAY = frozenset({"covered", "disabled", "offscreen"})


async def unfold(
    hands: Hands,
    phrase: Phrase,
    verb: Verb = Verb.CLICK,
    *,
    place: Place | None = None,
    destructive: bool = False,
    hints: Sequence[str] = (),
) -> Grounding | None:
    """The thing in a menu that is closed now; the menu is then open, and opening it is a step.

    Menus with words of ``hints`` in their names come first. ``None`` when no menu has the thing;
    the page is then as it was.
    """
    session, recorder = hands.recorder.session, hands.recorder
    before = {_sign(node) for node in hands.page.nodes if node.interactive}
    url = hands.page.url
    for toggle in _closed(hands, hints)[:_MOST]:
        here = _again(hands, toggle)
        if here is None:
            continue
        try:
            await session.perform(Action(ActionKind.CLICK, here.ref))
            await recorder.look()
            if hands.page.url != url:
                await session.perform(Action(ActionKind.BACK))
                await recorder.look()
                continue
            found = await hands.find(phrase, verb, place=place, destructive=destructive)
            choice = hands.page.node(found.choice.ref) if found.choice is not None else None
            hit = choice is not None and _sign(choice) not in before
            opened = _again(hands, toggle)
            if opened is not None and "expanded" in opened.states:
                await session.perform(Action(ActionKind.CLICK, opened.ref))
                await recorder.look()
        except BrowserError:
            await recorder.look()
            continue
        again = _again(hands, toggle)
        if not hit or again is None:
            continue
        await hands.do(ActionKind.CLICK, again.ref)
        found = await hands.find(phrase, verb, place=place, destructive=destructive)
        if found.choice is not None:
            return found
    return None


def _closed(hands: Hands, hints: Sequence[str]) -> list[Node]:
    """Controls that open something, those that sound like what is wanted first."""
    wanted = {word for hint in hints for word in canonical(hint)}

    def rank(node: Node) -> tuple[int, int]:
        words = set(canonical(f"{node.name} {node.title}"))
        sounds = 0 if words & wanted else 1 if words & _MENU_WORDS or not node.name else 2
        return sounds, 0 if node.form and node.form == hands.form else 1

    toggles = [
        node
        for node in hands.page.nodes
        if node.interactive
        and "collapsed" in node.states
        and not node.editable
        and node.role not in {"combobox", "listbox", "searchbox"}
        and not node.states & _AWAY
    ]
    return sorted(toggles, key=rank)


def _again(hands: Hands, toggle: Node) -> Node | None:
    """The same control on the page as it is now, if there is just one."""
    same = [
        node
        for node in hands.page.nodes
        if _sign(node) == _sign(toggle) and node.dom_id == toggle.dom_id
    ]
    # One that opens upwards moves; among several, only the one that stayed is surely the same.
    here = [
        node
        for node in same
        if abs(node.box.x - toggle.box.x) < 3 and abs(node.box.y - toggle.box.y) < 3
    ]
    found = same if len(same) == 1 else here
    return found[0] if len(found) == 1 else None


def _sign(node: Node) -> tuple[str, str, str]:
    return node.role, fold(node.name), node.href
