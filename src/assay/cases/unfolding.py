"""Finding what is hidden in the closed menus and folds of a page, as a person would: by opening
those that sound right, one after the other, and closing them again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from assay.browser.errors import BrowserError
from assay.browser.model import Action, ActionKind, Node
from assay.cases.clauses import Phrase, Place, Verb
from assay.cases.grounding import Grounding
from assay.cases.hands import Hands
from assay.cases.pageindex import contains_words
from assay.cases.words import canonical, fold

_MOST = 5
_HOVER_DELAY = 0.5  # seconds; menus wait some 0.3 s before they open under the pointer
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
    before = {_shown(node) for node in hands.page.nodes if node.interactive}
    url = hands.page.url
    shown = next((node for node in hands.page.nodes if _is_open_tab(node)), None)
    for toggle in _closed(hands, hints, place)[:_MOST]:
        here = _again(hands, toggle)
        if here is None:
            continue
        try:
            await session.perform(Action(_way(toggle), here.ref))
            await recorder.look()
            if hands.page.url != url:
                await session.perform(Action(ActionKind.BACK))
                await recorder.look()
                continue
            found = await hands.find(phrase, verb, place=place, destructive=destructive)
            if found.choice is None and _way(toggle) is ActionKind.HOVER:
                await asyncio.sleep(_HOVER_DELAY)
                await recorder.look()
                found = await hands.find(phrase, verb, place=place, destructive=destructive)
            choice = hands.page.node(found.choice.ref) if found.choice is not None else None
            hit = choice is not None and _shown(choice) not in before
            opened = _again(hands, toggle)
            if toggle.role == "tab" and "collapsed" not in toggle.states:
                opened = _again(hands, shown) if shown is not None else None
            elif opened is not None and "expanded" not in opened.states and not _lasting(toggle):
                opened = None
            if opened is not None:
                await session.perform(Action(ActionKind.CLICK, opened.ref))
                await recorder.look()
        except BrowserError:
            await recorder.look()
            continue
        again = _again(hands, toggle)
        if not hit or again is None:
            continue
        await hands.do(_way(toggle), again.ref)
        found = await hands.find(phrase, verb, place=place, destructive=destructive)
        if found.choice is not None:
            return found
    return None


def _way(toggle: Node) -> ActionKind:
    """How a fold is opened: an item of a menu, which a click would carry out, by pointing at it."""
    return ActionKind.HOVER if toggle.role == "menuitem" else ActionKind.CLICK


def _is_open_tab(node: Node) -> bool:
    return node.role == "tab" and "selected" in node.states


def _lasting(toggle: Node) -> bool:
    """Whether a control that does not tell its state opens something that a click closes again."""
    return "collapsed" not in toggle.states and toggle.role not in {"tab", "menuitem"}


def _closed(hands: Hands, hints: Sequence[str], place: Place | None) -> list[Node]:
    """Controls that open something, those that sound like what is wanted first: closed ones, tabs
    that are not shown, and in the row that is meant whatever is called a menu."""
    wanted = {word for hint in hints for word in canonical(hint)}

    def rank(node: Node) -> tuple[int, int]:
        words = set(canonical(f"{node.name} {node.title}"))
        sounds = 0 if words & wanted else 1 if words & _MENU_WORDS or not node.name else 2
        return sounds, 0 if node.form and node.form == hands.form else 1

    def own(node: Node) -> bool:
        return place is not None and place.kind == "row" and _is_menu_of(node, place.text)

    toggles = [
        node
        for node in hands.page.nodes
        if node.interactive
        and (
            "collapsed" in node.states
            or (node.role == "tab" and "selected" not in node.states)
            or node.role == "menuitem"
            or own(node)
        )
        and not node.editable
        and node.role not in {"combobox", "listbox", "searchbox"}
        and (not node.states & _AWAY or own(node))  # a row may have to be scrolled to
    ]
    return sorted(toggles, key=rank)


def _is_menu_of(node: Node, name: str) -> bool:
    """Whether a control in the row of a name is called a menu, if only by its class."""
    words = set(canonical(" ".join([node.name or node.text, node.title, *node.classes])))
    return contains_words(node.row_text, name) and bool(words & _MENU_WORDS)


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


def _shown(node: Node) -> tuple[str, str, str]:
    return node.role, fold(node.name or node.text), node.href


def _sign(node: Node) -> tuple[str, str, str]:
    return node.role, fold(node.name), node.href
