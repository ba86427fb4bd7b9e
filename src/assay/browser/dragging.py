"""Pressing, moving and letting go of the pointer, as both kinds of drag listeners hear it."""

from __future__ import annotations

import re

from playwright.async_api import ElementHandle, Page
from playwright.async_api import Locator as PageLocator

from assay.browser.errors import ActionFailed, TargetBlocked
from assay.browser.page import script

_STEPS = 8
_ALIGNED = 2  # pixels between the left edges of what is in one column
_PAST = 0.2  # of the height
# Where the pointer shows that a side or corner can be taken hold of, nearest to the corner first.
_GRIP = script("grip")


async def drag(
    page: Page,
    target: ElementHandle | PageLocator,
    to: ElementHandle | PageLocator | None,
    value: str,
    *,
    timeout: float,
) -> None:
    """Drag an element onto another one, or by the pixels that ``value`` says ("x,y")."""
    await target.scroll_into_view_if_needed(timeout=timeout * 1000)
    source = await target.bounding_box()
    if source is None:
        raise TargetBlocked("What is to be dragged has no place on the page.")
    x, y = source["x"] + source["width"] / 2, source["y"] + source["height"] / 2
    if to is not None:
        goal = await to.bounding_box()
        if goal is None:
            raise TargetBlocked("The place to drag to is not on the page.")
        end = goal["x"] + goal["width"] / 2, goal["y"] + goal["height"] / 2
        if abs(goal["x"] - source["x"]) < _ALIGNED and goal["y"] != source["y"]:
            # items of a list change places when the dragged one has passed the middle
            end = end[0], end[1] + goal["height"] * (_PAST if end[1] > y else -_PAST)
    else:
        by = _offset(value, "Dragging needs an element or an offset “x,y” to drag to.")
        end = x + by[0], y + by[1]
    await _move(page, (x, y), end)


async def resize(
    page: Page, target: ElementHandle | PageLocator, value: str, *, timeout: float
) -> None:
    """Drag the grip of an element by the pixels that ``value`` says ("x,y").

    Raises ActionFailed when nothing at its edge can be taken hold of.
    """
    by = _offset(value, "Resizing needs an offset “x,y”.")
    await target.scroll_into_view_if_needed(timeout=timeout * 1000)
    grip = await target.evaluate(_GRIP, [bool(by[0]), bool(by[1])])
    if grip is None:
        raise ActionFailed("The element has no grip to resize it by.")
    box = await target.bounding_box()
    if box is None:
        raise TargetBlocked("What is to be resized has no place on the page.")
    x, y = box["x"] + grip[0], box["y"] + grip[1]
    await _move(page, (x, y), (x + by[0], y + by[1]))


def _offset(value: str, problem: str) -> tuple[float, float]:
    match = re.fullmatch(r"\s*(-?\d+)\s*,\s*(-?\d+)\s*", value)
    if match is None:
        raise ActionFailed(problem)
    return float(match.group(1)), float(match.group(2))


async def _move(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    x, y = start
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + (4 if end[0] >= x else -4), y + 2)
    await page.mouse.move(*end, steps=_STEPS)
    await page.mouse.move(*end)
    await page.mouse.up()
