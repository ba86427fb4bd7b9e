"""Accessibility of a page, by axe-core in a JavaScript world of its own.

The page neither sees the script nor can change what it finds, and its content security policy does
not keep it out.
"""

from __future__ import annotations

import json
from typing import Any

from playwright.async_api import Error, Page

from assay.browser.errors import ActionFailed
from assay.browser.model import Violation
from assay.browser.page import script

_RUN = """
axe.run(document, {
  iframes: false, resultTypes: ['violations'],
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
}).then((found) => JSON.stringify(found.violations.map((one) => [
  one.id, one.impact || 'minor', one.help,
  one.nodes.slice(0, 5).map((node) => node.target.flat().join(' ')), one.nodes.length,
])))
"""


async def violations(page: Page) -> tuple[Violation, ...]:
    """The rules that the page's main document breaks; raises ActionFailed."""
    try:
        source = script("vendor/axe.min")
    except FileNotFoundError:
        raise ActionFailed("axe-core is not installed: run scripts/assets.py.") from None
    try:
        text = await _in_own_world(page, source + _RUN)
    except Error as error:
        raise ActionFailed(f"The page could not be audited: {error.message[:200]}") from error
    return tuple(
        Violation(rule, impact, words, tuple(targets), count)
        for rule, impact, words, targets, count in json.loads(text)
    )


async def _in_own_world(page: Page, source: str) -> str:
    session = await page.context.new_cdp_session(page)
    try:
        tree = await session.send("Page.getFrameTree")
        world = await session.send(
            "Page.createIsolatedWorld",
            {"frameId": tree["frameTree"]["frame"]["id"], "worldName": "assay-audit"},
        )
        answer: dict[str, Any] = await session.send(
            "Runtime.evaluate",
            {
                "expression": source,
                "contextId": world["executionContextId"],
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
    finally:
        await session.detach()
    value = answer["result"].get("value")
    if not isinstance(value, str):
        raise ActionFailed("The page could not be audited: axe-core gave no result.")
    return value
