"""Our locators as Playwright's: the one place where the words of the model become its calls."""

from __future__ import annotations

from typing import Any, cast

from playwright.async_api import FrameLocator, Page
from playwright.async_api import Locator as PageLocator

from assay.browser.model import Locator, LocatorKind

_Root = Page | FrameLocator | PageLocator


def locate(page: Page, locator: Locator) -> PageLocator:
    """The Playwright locator of ours, frames entered and container applied."""
    root: _Root = page
    for selector in locator.frame:
        root = root.frame_locator(selector)
    return _within(root, locator)


def _within(root: _Root, locator: Locator) -> PageLocator:
    if locator.within is not None:
        root = _within(root, locator.within)
    found = _plain(root, locator)
    return found.filter(has_text=locator.has_text) if locator.has_text else found


def _plain(root: _Root, locator: Locator) -> PageLocator:
    value, exact = locator.value, locator.exact
    match locator.kind:
        case LocatorKind.TEST_ID:
            return root.locator(f"[{locator.attribute}={quoted(value)}]")
        case LocatorKind.ROLE:
            role = cast(Any, value)  # Playwright types roles as a closed list of literals
            if locator.name is None:
                return root.get_by_role(role)
            return root.get_by_role(role, name=locator.name, exact=exact)
        case LocatorKind.PLACEHOLDER:
            return root.get_by_placeholder(value, exact=exact)
        case LocatorKind.LABEL:
            return root.get_by_label(value, exact=exact)
        case LocatorKind.ALT:
            return root.get_by_alt_text(value, exact=exact)
        case LocatorKind.TEXT:
            return root.get_by_text(value, exact=exact)
        case LocatorKind.TITLE:
            return root.get_by_title(value, exact=exact)
        case LocatorKind.CSS:
            return root.locator(f"css={value}")


def quoted(text: str) -> str:
    """A CSS string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ") + '"'


def in_words(locator: Locator) -> str:
    """A locator as a person would say it."""
    named = f" “{locator.name}”" if locator.name is not None else ""
    words = (
        f"{locator.value}{named}"
        if locator.kind is LocatorKind.ROLE
        else (f"{locator.kind.value.replace('_', ' ')} “{locator.value}”")
    )
    if locator.has_text:
        words += f" with the text “{locator.has_text}”"
    if locator.within is not None:
        words += f" in {in_words(locator.within)}"
    return words
