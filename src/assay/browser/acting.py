"""Doing one thing to a page, on a live element or on a locator."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from dataclasses import dataclass
from typing import Literal

from playwright.async_api import ElementHandle, Error, Page
from playwright.async_api import TimeoutError as PageTimeout

from assay.browser import dragging, filling
from assay.browser.errors import (
    ActionFailed,
    BrowserError,
    NavigationFailed,
    PageCrashed,
    TargetAmbiguous,
    TargetBlocked,
    TargetMissing,
)
from assay.browser.filling import VALUE, Target
from assay.browser.model import Action, ActionKind
from assay.browser.page import script

CHECK = script("check")
_POINTED = {
    ActionKind.CLICK, ActionKind.DOUBLE_CLICK, ActionKind.RIGHT_CLICK, ActionKind.HOVER,
    ActionKind.TYPE, ActionKind.CLEAR, ActionKind.APPEND, ActionKind.SELECT, ActionKind.CHECK,
    ActionKind.UNCHECK, ActionKind.DRAG, ActionKind.RESIZE,
}  # fmt: skip
_ACCESS = re.compile(r"Alt\+\S")
_ALT = 1  # the bit of the modifier in the browser's protocol
_UNUSED = {ActionKind.HOVER, ActionKind.WAIT_FOR, ActionKind.WAIT_GONE}  # they need no use of it
_DONE = "waiting for scheduled navigations to finish"
_DOING = "performing click action"
_CLOSED = "has been closed"
_SCROLL_AROUND = """(e) => {
  const scrolls = (x) => /auto|scroll/.test(getComputedStyle(x).overflowY)
    && x.scrollHeight > x.clientHeight + 4;
  let box = e;
  while (box && !scrolls(box)) box = box.parentElement;
  box = box || document.scrollingElement;
  box.scrollTo({ top: box.scrollHeight, behavior: 'instant' });
}"""
_SHOWS = """(wanted) => {
  const fold = (t) => t.replace(/\\s+/g, ' ').toLowerCase();
  return !!document.body && fold(document.body.innerText).includes(fold(wanted));
}"""


@dataclass(frozen=True, slots=True)
class Hands:
    """How actions are done: on which page, how patiently and whether values are read back."""

    page: Page
    timeout: float
    verify: bool = True
    patience: float = 20.0  # how long a step that waits may wait

    @property
    def ms(self) -> float:
        return self.timeout * 1000


async def check(target: Target, kind: ActionKind, words: str) -> None:
    """Raise what would stop a person: the element gone, disabled, hidden or covered."""
    problem: str = await target.evaluate(CHECK)
    if not problem:
        return
    if problem == "gone":
        raise TargetMissing(f"{words} is no longer on the page.")
    if problem == "disabled" and kind in _UNUSED:
        return
    if problem == "under a tip":
        await target.evaluate("(e) => e.focus({preventScroll: true})")
        return
    if kind in _POINTED or problem == "disabled":
        raise TargetBlocked(f"{words} is {problem}.")


async def act(hands: Hands, action: Action, target: Target | None, to: Target | None) -> str | None:
    """Do the action; returns the value a field holds afterwards. Raises only this room's errors."""
    try:
        return await _act(hands, action, target, to)
    except BrowserError:
        raise
    except Error as error:
        if _DONE in error.message:
            return None  # it was done; the page it leads to is slow, and that is waited for later
        if _DOING in error.message and _CLOSED in error.message:
            return None  # it was done, and closed the page before the browser could say so
        raise translate(error, action) from error


def translate(error: Error, action: Action) -> BrowserError:
    """Playwright's error as ours, in one sentence."""
    text = error.message
    head = text.splitlines()[0] if text else "the browser gave no reason"
    if "strict mode violation" in text:
        return TargetAmbiguous("Several elements fit where one is wanted.", _listed(text))
    if "crashed" in text or "has been closed" in text:
        return PageCrashed("The page closed or crashed during the action.")
    if "intercepts pointer events" in text:
        cover = re.search(r"(<[^>]{1,80}>)[^\n]*intercepts pointer events", text)
        return TargetBlocked(f"The element is covered by {cover.group(1) if cover else 'another'}.")
    for word in ("not enabled", "disabled", "not visible", "not editable", "not stable"):
        if f"element is {word}" in text:
            return TargetBlocked(f"The element is {word}.")
    if "not attached" in text or "detached" in text:
        return TargetMissing("The element left the page during the action.")
    if isinstance(error, PageTimeout) and "waiting for" in text and action.target is not None:
        return TargetMissing("Nothing on the page is what the step wants.")
    if action.kind is ActionKind.NAVIGATE:
        return NavigationFailed(f"{action.value} could not be opened: {_net(text) or head}")
    return ActionFailed(f"{action.kind.value.replace('_', ' ')} failed: {head}")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"^\s*\d+\) (.{1,160})", text, re.MULTILINE))[:5]


def _net(text: str) -> str:
    found = re.search(r"net::ERR_[A-Z_]+", text)
    return found.group(0) if found else ""


async def _act(
    hands: Hands, action: Action, target: Target | None, to: Target | None
) -> str | None:
    page, ms, kind = hands.page, hands.ms, action.kind
    if target is None:
        await _untargeted(hands, action)
        return None
    match kind:
        case ActionKind.CLICK:
            await target.click(timeout=ms)
        case ActionKind.DOUBLE_CLICK:
            await target.dblclick(timeout=ms)
        case ActionKind.RIGHT_CLICK:
            await target.click(button="right", timeout=ms)
        case ActionKind.HOVER:
            await target.hover(timeout=ms)
        case ActionKind.PRESS:
            await target.press(action.value, timeout=ms)
        case ActionKind.SCROLL if action.value == "end":
            await target.evaluate(_SCROLL_AROUND)
        case ActionKind.SCROLL:
            await target.scroll_into_view_if_needed(timeout=ms)
        case ActionKind.DRAG:
            await dragging.drag(page, target, to, action.value, timeout=hands.timeout)
        case ActionKind.RESIZE:
            await dragging.resize(page, target, action.value, timeout=hands.timeout)
        case ActionKind.SELECT_TEXT:
            await filling.select_text(target, action.value, timeout=ms)
        case _:
            return await _fill(hands, action, target)
    return None


async def _fill(hands: Hands, action: Action, target: Target) -> str | None:
    page, ms = hands.page, hands.ms
    match action.kind:
        case ActionKind.TYPE:
            return await filling.fill(
                target, action.value, secret=action.secret, timeout=ms, verify=hands.verify,
                suggests=not _plain(action),
            )  # fmt: skip
        case ActionKind.CLEAR:
            return await filling.fill(
                target, "", secret=False, timeout=ms, verify=hands.verify, suggests=False
            )
        case ActionKind.APPEND:
            return await filling.append(target, action.value, secret=action.secret, timeout=ms)
        case ActionKind.SELECT:
            if await target.evaluate("(e) => e.tagName") == "SELECT":
                return await filling.select(target, action.value, timeout=ms)
            return await filling.choose(page, target, action.value, timeout=ms)
        case ActionKind.CHECK | ActionKind.UNCHECK:
            wanted = action.kind is ActionKind.CHECK
            return await filling.set_checked(target, wanted, timeout=ms, verify=hands.verify)
        case ActionKind.UPLOAD:
            return await filling.upload(page, target, action.files, timeout=ms)
        case ActionKind.SET_SLIDER:
            return await filling.set_slider(target, action.value, timeout=ms)
        case ActionKind.WAIT_FOR | ActionKind.WAIT_GONE:
            await _wait(hands, action, target)
            return None
        case _:
            raise ActionFailed(f"{action.kind.value} takes no element.")


def _plain(action: Action) -> bool:
    """Whether the recorded field is known to need nothing but its value."""
    if action.secret or isinstance(action.target, str) or action.target is None:
        return False
    print_ = action.target.fingerprint
    kind = print_.attributes.get("type", "text")
    plain = {"text", "email", "tel", "url", "search", "number", "password"}
    return (
        print_.role in {"textbox", "searchbox", "spinbutton"}
        and kind in plain
        and ("aria-autocomplete" not in print_.attributes and "suggests" not in print_.attributes)
    )


async def _untargeted(hands: Hands, action: Action) -> None:
    page = hands.page
    match action.kind:
        case ActionKind.PRESS if _ACCESS.fullmatch(action.value):
            await _press_access_key(page, action.value[-1].lower())
        case ActionKind.PRESS:
            await page.keyboard.press(action.value)
        case ActionKind.TYPE | ActionKind.APPEND:
            await page.keyboard.type(action.value)
        case ActionKind.WAIT_FOR | ActionKind.WAIT_GONE:
            await _wait(hands, action, None)
        case ActionKind.SCROLL:
            await page.evaluate(
                "(v) => { const root = document.scrollingElement; const n = Number(v);"
                " const by = v === 'up' ? -innerHeight * 0.8 : v === 'top' ? -1e9 :"
                " v === 'bottom' ? 1e9 : Number.isFinite(n) && v ? n : innerHeight * 0.8;"
                " root.scrollBy({ top: by, behavior: 'instant' }); }",
                action.value.strip().lower(),
            )
        case _:
            raise ActionFailed(f"{action.kind.value} needs an element to act on.")


async def _press_access_key(page: Page, key: str) -> None:
    """Alt and a letter. Playwright sends no text with a chord, and the browser knows access keys
    by the text that the key would have typed."""
    session = await page.context.new_cdp_session(page)
    try:
        event = {"key": key, "text": key, "unmodifiedText": key, "modifiers": _ALT}
        if key.isalnum() and key.isascii():
            event["windowsVirtualKeyCode"] = ord(key.upper())
        await session.send("Input.dispatchKeyEvent", {"type": "keyDown", **event})
        await session.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})
    finally:
        # The key may have led to another page, and a tab that closed takes its session along.
        with contextlib.suppress(Error):
            await session.detach()


async def _wait(hands: Hands, action: Action, target: Target | None) -> None:
    """Wait for a text or an element to be seen, or to be gone, as long as for a page."""
    gone = action.kind is ActionKind.WAIT_GONE
    if target is None:
        await _await_text(hands, action.value, gone)
    elif isinstance(target, ElementHandle):
        state: Literal["hidden", "visible"] = "hidden" if gone else "visible"
        await target.wait_for_element_state(state, timeout=hands.patience * 1000)
    else:
        await target.first.wait_for(
            state="hidden" if gone else "visible", timeout=hands.patience * 1000
        )


async def _await_text(hands: Hands, text: str, gone: bool) -> None:
    end = time.monotonic() + hands.patience
    while await _shown(hands.page, text) is gone:
        if time.monotonic() > end:
            said = "was still there after" if gone else "did not appear within"
            raise ActionFailed(f"“{text}” {said} {hands.patience:.0f} s.")
        await asyncio.sleep(0.1)


async def _shown(page: Page, text: str) -> bool:
    """Whether a text can be read on the page, in a frame of it or in an open shadow root."""
    for frame in page.frames:
        try:
            if (
                await frame.evaluate(_SHOWS, text)
                or await frame.get_by_text(text).first.is_visible()
            ):
                return True
        except Error:
            if page.is_closed():
                raise
    return False


async def value_of(target: Target) -> str | None:
    """What a field holds now; a password only as dots."""
    value: str | None = await target.evaluate(VALUE)
    return value
