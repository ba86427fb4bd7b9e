"""Waiting for what a step is recorded to cause, and telling what came instead."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from assay.browser.model import ActionKind, Effect, Exchange, Observation
from assay.browser.port import Session
from assay.cases.checks import page_line
from assay.cases.model import AssertionKind, ExpectedEffect, Step
from assay.cases.recorder import fits_pattern, path_pattern
from assay.cases.texts import contains, shorten

# Absence and sameness hold too early: right after an action nothing has happened yet.
HASTY = frozenset(
    {
        AssertionKind.NO_TEXT,
        AssertionKind.HIDDEN,
        AssertionKind.COUNT,
        AssertionKind.VALUE,
        AssertionKind.URL,
        AssertionKind.NOT_URL,
        AssertionKind.UNCHECKED,
        AssertionKind.CHECKED,
        AssertionKind.DOWNLOAD,
        AssertionKind.EVERY_ROW,
        AssertionKind.SORTED,
        AssertionKind.FIRST_ROW,
        AssertionKind.TEXT,
        AssertionKind.ANY_OF,
    }
)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.2
_SENDS = {"document", "fetch", "xhr"}
_VERBS = {
    ActionKind.CLICK: "clicking",
    ActionKind.DOUBLE_CLICK: "double-clicking",
    ActionKind.RIGHT_CLICK: "right-clicking",
    ActionKind.PRESS: "pressing",
    ActionKind.SELECT: "choosing in",
    ActionKind.CHECK: "ticking",
    ActionKind.UNCHECK: "unticking",
    ActionKind.TYPE: "typing into",
    ActionKind.NAVIGATE: "opening",
    ActionKind.UPLOAD: "uploading to",
    ActionKind.DRAG: "dragging",
    ActionKind.RESIZE: "resizing",
    ActionKind.SELECT_TEXT: "selecting",
}


@dataclass(slots=True)
class Pause:
    """Pauses that grow, until the time is up."""

    seconds: float
    started: float = 0.0
    length: float = _FIRST_PAUSE

    def __post_init__(self) -> None:
        self.started = time.monotonic()

    async def wait(self) -> bool:
        """Sleep a little; False when the time is up."""
        left = self.seconds - (time.monotonic() - self.started)
        if left <= 0:
            return False
        await asyncio.sleep(min(self.length, left))
        self.length = min(self.length * 1.6, _LONGEST_PAUSE)
        return True


def missing(
    wanted: ExpectedEffect,
    effect: Effect,
    exchanges: tuple[Exchange, ...],
    page: Observation | None,
    render: Callable[[str], str],
) -> str:
    """What of the recorded effect has not been seen yet; empty when all of it has."""
    url = page.url if page is not None else effect.url_after
    if wanted.url and not fits_pattern(url, wanted.url):
        return "url"
    if wanted.dialog and not effect.dialogs:
        return "dialog"
    answered = [
        item
        for item in exchanges
        if item.resource in _SENDS and (item.status is not None or item.failure)
    ]
    for request in wanted.requests[:1]:
        method, _, path = request.partition(" ")
        if not any(one.method == method and fits_pattern(one.url, path) for one in answered):
            return "request"
    if wanted.appears and not wanted.url and not wanted.requests:
        if page is None:
            return "look"
        if not any(_shows(page, render(text)) for text in wanted.appears):
            return "text"
    return ""


def _shows(page: Observation, text: str) -> bool:
    return contains(page.text, text) or any(contains(line, text) for line in page.notices)


async def await_effect(
    session: Session,
    step: Step,
    effect: Effect,
    since: int,
    seconds: float,
    render: Callable[[str], str],
) -> tuple[str, Observation | None]:
    """Wait for the recorded effect of a step; gives in words what was seen instead, or nothing.

    With it comes the newest look at the page, if one was needed.
    """
    wanted = step.effect
    if wanted is None or wanted.none:
        return "", None
    lack = missing(wanted, effect, session.exchanges()[since:], None, render)
    if not lack:
        return "", None
    pause = Pause(seconds)
    page: Observation | None = None
    while True:
        page = await session.observe()
        lack = missing(wanted, effect, session.exchanges()[since:], page, render)
        if not lack:
            return "", page
        if not await pause.wait():
            break
    return _instead(step, effect, lack, session.exchanges()[since:], page), page


def _instead(
    step: Step, effect: Effect, lack: str, exchanges: tuple[Exchange, ...], page: Observation
) -> str:
    wanted = step.effect
    assert wanted is not None
    doing = name_of(step)
    sent = [item for item in exchanges if item.resource in _SENDS]
    moved = effect.url_before != page.url
    if not sent and not moved and not effect.dialogs:
        if lack == "text":
            return f"{doing} did not show “{shorten(wanted.appears[0], 80)}”; {page_line(page)}"
        return f"{doing} changed nothing"
    bad = next((item for item in sent if (item.status or 0) >= 400 or item.failure), None)
    if bad is not None:
        said = bad.status or bad.failure
        return f"{doing}: {bad.method} {path_pattern(bad.url)} answered {said}"
    if lack == "url":
        return f"{doing} led to {path_pattern(page.url)} instead of {wanted.url}; {page_line(page)}"
    if lack == "dialog":
        return f"{doing} opened no {wanted.dialog}"
    if lack == "request":
        return f"{doing} did not send {wanted.requests[0]}"
    return f"{doing} did not show “{shorten(wanted.appears[0], 80)}”; {page_line(page)}"


def name_of(step: Step) -> str:
    """A step's action in words for a sentence: "clicking “Add to cart”"."""
    verb = _VERBS.get(step.action, "doing") if step.action else "doing"
    seen = step.target.fingerprint if step.target else None
    name = (seen.name or seen.label or seen.text) if seen else ""
    if step.action is ActionKind.PRESS:
        return f"pressing {step.value}"
    if name:
        return f"{verb} “{shorten(name, 60)}”"
    return f"“{shorten(step.text, 80)}”"
