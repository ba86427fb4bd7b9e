"""Clauses that are about the whole page and what is around it: tabs, history, waiting, an API."""

from __future__ import annotations

import asyncio
import re
import time
from urllib.parse import urlsplit

from assay.browser.model import ActionKind, Tab
from assay.cases.clauses import Clause, Verb
from assay.cases.hands import Hands, Undone, phrase_of
from assay.cases.texts import contains, in_quotes

_FIRST = {"first", "original", "main", "initial", "opener", "opening", "old", "parent", "starting"}
_NEWEST = {"new", "newest", "latest", "last", "newly", "popup", "second"}
_OTHER = {"other", "previous"}
_PATIENCE, _AGAIN, _LONGEST = 20.0, 0.2, 30.0


async def history(hands: Hands, clause: Clause) -> None:
    """Go back or forward in the history, or load the page again."""
    kind = {
        Verb.BACK: ActionKind.BACK,
        Verb.FORWARD: ActionKind.FORWARD,
        Verb.RELOAD: ActionKind.RELOAD,
    }[clause.verb]
    for _ in range(max(clause.times, 1)):
        await hands.do(kind)


async def scroll(hands: Hands, clause: Clause) -> None:
    """Scroll the page itself: up, down, to its top or to its bottom."""
    await hands.do(ActionKind.SCROLL, value=clause.value or "down", text=clause.text)


async def call(hands: Hands, clause: Clause) -> None:
    """Ask the site's API with the cookies of the test."""
    line = clause.path if clause.key == "GET" else f"{clause.key} {clause.path}"
    value = f"{line}\n{clause.value}" if clause.value else line
    await hands.do(ActionKind.FETCH, value=value, text=hands.recorder.neutral(clause.text))


async def wait(hands: Hands, clause: Clause) -> None:
    """Wait for a text or an element, or until it is gone; only look where nothing is named so.

    Raises Undone when an element that is named in quotes does not come.
    """
    kind = ActionKind.WAIT_GONE if clause.negated else ActionKind.WAIT_FOR
    if clause.key:
        await _pause(hands, int(clause.key) / 1000)
    elif clause.value:
        await hands.do(kind, value=clause.value)
    elif clause.negated:
        found = await hands.find(phrase_of(clause), Verb.SCROLL, place=clause.place)
        if found.choice is not None:
            await hands.do(kind, found.choice.ref)
    elif clause.plain:
        await _come(hands, clause)
    else:
        await hands.recorder.look_again()


async def _come(hands: Hands, clause: Clause) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        found = await hands.find(phrase_of(clause), Verb.SCROLL, place=clause.place)
        if found.choice is not None:
            await hands.do(ActionKind.WAIT_FOR, found.choice.ref)
            return
        if time.monotonic() > end:
            shown = in_quotes(phrase_of(clause).text)
            raise Undone(f"{shown} did not appear within {_PATIENCE:.0f} s.")
        await asyncio.sleep(_AGAIN)
        await hands.recorder.look()


async def _pause(hands: Hands, seconds: float) -> None:
    """Sleep once; what came or went meanwhile is what the test waits for from then on."""
    before = hands.page
    await asyncio.sleep(min(seconds, _LONGEST))
    after = await hands.recorder.look_again()
    for kind, old, new in (
        (ActionKind.WAIT_FOR, before, after),
        (ActionKind.WAIT_GONE, after, before),
    ):
        seen = set(old.text.splitlines())
        lines = [line.strip() for line in new.text.splitlines() if line not in seen]
        telling = [line for line in lines if 3 <= len(line) <= 80 and not re.search(r"\d", line)]
        if telling:
            await hands.do(kind, value=hands.recorder.neutral(telling[0]))
            return


async def use_tab(hands: Hands, clause: Clause) -> None:
    """Open, bring to the front or close a tab or window of the browser.

    Raises Undone when no other tab is open or none is called so: the line may then be about
    something on the page.
    """
    if clause.value == "open":
        await hands.recorder.open(clause.path, new_tab=True)
        return
    tabs = await hands.recorder.session.tabs()
    if len(tabs) < 2:
        raise Undone("Only one tab is open.")
    place = _place(tabs, clause)
    shown = in_quotes(tabs[place].title or urlsplit(tabs[place].url).path or f"{place + 1}")
    if clause.value == "close":
        # Which one is in front is known to every replay; another one is named by its number.
        value = "" if tabs[place].front else str(place + 1)
        await hands.do(ActionKind.CLOSE_TAB, value=value, text=f"Close the tab {shown}")
    else:
        text = f"Switch to the tab {shown}"
        await hands.do(ActionKind.SWITCH_TAB, value=str(place + 1), text=text)


def _place(tabs: tuple[Tab, ...], clause: Clause) -> int:
    """The index of the tab that a clause means. Raises Undone naming those that are open."""
    phrase = phrase_of(clause)
    front = next(index for index, tab in enumerate(tabs) if tab.front)
    if phrase.quoted:
        fitting = [
            index
            for index, tab in enumerate(tabs)
            if contains(tab.title, phrase.text) or contains(tab.url, phrase.text)
        ]
    else:
        fitting = _worded(phrase.text.lower(), clause.ordinal, len(tabs), front)
        if not phrase.text:
            fitting = [front] if clause.value == "close" else _others(len(tabs), front)
    if len(fitting) == 1:
        return fitting[0]
    names = tuple(f"tab {in_quotes(tab.title or tab.url)}" for tab in tabs)
    said = "fits several tabs" if fitting else "is none of the tabs"
    wanted = in_quotes(phrase.text) if phrase.text else "What the step says"
    raise Undone(f"{wanted} {said} that are open: {', '.join(names)}.", names)


def _worded(word: str, ordinal: int | None, count: int, front: int) -> list[int]:
    if word in _FIRST:
        return [0]
    if ordinal is not None and -count <= ordinal <= count and word not in _NEWEST - {"second"}:
        return [ordinal - 1 if ordinal > 0 else count + ordinal]
    if word in _NEWEST:
        return [count - 1]
    if word in _OTHER:
        return _others(count, front)
    return [front] if word in {"current", "this"} else []


def _others(count: int, front: int) -> list[int]:
    return [index for index in range(count) if index != front]
