"""Readers of clauses about the state of items: completed, ticked, still open."""

from __future__ import annotations

import re

from assay.cases.expect_context import Context, list_bundle, main_lists
from assay.cases.items import Items, all_items, counted
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import fold, stems
from assay.cases.trail import Proposed

_DONE = frozenset(stems("completed complete done finished struck crossed"))
_TICKED = frozenset(stems("ticked checked selected chosen marked"))
_OPEN = frozenset(stems("active open pending uncompleted incomplete remaining unfinished todo"))


def read_state_of_all(clause: str, context: Context) -> list[Proposed]:
    """For "All completed", "none ticked": every item, or none, is in a state."""
    match = re.match(
        r"^(?P<who>all|every|each|both|none|no|zero)(?:\s+of)?(?:\s+the)?(?:\s+(?:items?|rows?|"
        r"todos?|tasks?|"
        r"boxes|checkboxes|entries|ones?|them))?(?:\s+(?:is|are|as))?\s+(?P<state>[\w ]+?)"
        r"(?:\s+(?:items?|rows?|todos?|tasks?))?$",
        clause,
        re.IGNORECASE,
    )
    state = state_of(match.group("state")) if match else None
    if match is None or state is None:
        return []
    nobody = fold(match.group("who")) in {"none", "no", "zero"}
    for items in main_lists(context.now):
        size = len(items.refs)
        if not size:
            continue
        for sign in signs_of(state):
            if state == "done" and sign == "checked" and items.kind == "table":
                continue
            number = counted(context.now, items, state=sign)
            if number != (0 if nobody else size):
                continue
            if nobody and not _ever(context, items, sign):
                continue
            assertion = Assertion(
                AssertionKind.COUNT,
                number=number,
                state=sign,
                scope=list_bundle(context, context.now, items),
            )
            who = "No item is" if nobody else "All items are"
            found = context.propose(assertion, f"{who} {match.group('state')}", ref=items.ref)
            if found is not None and not found.vacuous:
                return [found]
    return []


def _ever(context: Context, items: Items, sign: str) -> bool:
    """Whether an item was in a state before, so that "none" says something."""
    for place in context.main:
        for seen in all_items(context.trail.moments[place].before):
            if counted(context.trail.moments[place].before, seen, state=sign):
                return True
    return False


def state_of(words: str) -> str | None:
    """``done``, ``ticked`` or ``open`` for the words testers use, else ``None``."""
    found = set(stems(words))
    if found & _OPEN:
        return "open"
    if found & _DONE:
        return "done"
    return "ticked" if found & _TICKED else None


def signs_of(state: str) -> tuple[str, ...]:
    """What shows a state on a page, the surest first."""
    return {
        "done": ("struck", "checked"),
        "ticked": ("checked", "selected"),
        "open": ("unstruck", "unchecked"),
    }[state]
