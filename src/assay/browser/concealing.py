"""Keeps secrets that a page prints out of pictures and out of the frames of a trace."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable

from playwright.async_api import BrowserContext, Error, Page

from assay.browser.model import Action, LocatorBundle
from assay.browser.page import script
from assay.kernel.redaction import Redactor
from assay.kernel.tasks import spawn

_WORLD = "assay"


class Concealer:
    """Paints over the texts of a context's pages that contain a secret.

    The secrets are given to a world of their own in each page, which the page's scripts cannot
    look into; an init script of the page's own world could be read by the page.
    """

    def __init__(self, context: BrowserContext, secrets: Iterable[str], redactor: Redactor) -> None:
        # A secret that is masked only as a credential would paint over ordinary words.
        known = sorted({one for one in secrets if one and redactor.found_in(one)}, key=len)
        self._source = f"{script('conceal')}({json.dumps(known)})" if known else ""
        self._context = context

    async def start(self, page: Page) -> None:
        """Conceal in this page and in those it opens."""
        if not self._source:
            return
        await self._attach(page)
        self._context.on("page", lambda opened: spawn(self._attach(opened), name="conceal"))

    async def _attach(self, page: Page) -> None:
        try:
            session = await self._context.new_cdp_session(page)
            # They arrive in this order; waiting for each would cost every test a round trip more.
            await asyncio.gather(
                session.send("Page.enable"),
                session.send(
                    "Page.addScriptToEvaluateOnNewDocument",
                    {"source": self._source, "worldName": _WORLD, "runImmediately": True},
                ),
            )
        except Error:
            return  # the page was closed again


def hidden_as_typed(action: Action, redactor: Redactor) -> bool:
    """Whether the script of a ``Concealer`` hides what this types in the moment it is typed, so
    that the field needs no preparing. It does not reach into frames of other sites."""
    target = action.target
    plain = isinstance(target, LocatorBundle) and not target.primary.frame
    return plain and redactor.found_in(action.value)
