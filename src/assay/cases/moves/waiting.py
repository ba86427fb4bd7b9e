"""Waiting until a number on the page is small or large enough."""

from __future__ import annotations

import asyncio
import re
import time

from assay.browser.model import ActionKind, Observation
from assay.cases.clauses import Clause, Phrase, Verb
from assay.cases.hands import Hands, Undone, phrase_of
from assay.cases.texts import numbers

_SECONDS = 30.0
_PAUSE = 0.03


async def until(hands: Hands, clause: Clause) -> None:
    """Wait at most 30 s for a number to be below or above another, then click. Raises Undone."""
    name = phrase_of(clause).text
    sign, _, number = (clause.value or "").partition(" ")
    bound = next(iter(numbers(number)), None)
    order = clause.to or Phrase("")
    found = await hands.find(order, Verb.CLICK)
    if found.choice is None or bound is None:
        raise Undone(f"I could not find “{order.text}” on the page.")
    end = time.monotonic() + _SECONDS
    while not _holds(hands.page, name, sign, bound):
        if time.monotonic() > end:
            raise Undone(f"“{name}” did not become {sign} {number} within {_SECONDS:.0f} s.")
        await asyncio.sleep(_PAUSE)
        await hands.recorder.look()
    again = await hands.find(order, Verb.CLICK)
    if again.choice is None:
        raise Undone(f"“{order.text}” has left the page.")
    await hands.do(ActionKind.CLICK, again.choice.ref)


def _holds(page: Observation, name: str, sign: str, bound: float) -> bool:
    words = r"\s+".join(re.escape(word) for word in name.split())
    shown = re.search(rf"(?i)\b{words}\b[^\d\n]{{0,20}}\n?[^\d\n]{{0,3}}(\d[\d.,]*)", page.text)
    value = next(iter(numbers(shown[1])), None) if shown else None
    return value is not None and (value < bound if sign == "<" else value > bound)
