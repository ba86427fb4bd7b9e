"""One real browser for all browser tests, a fresh site and session for each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest_asyncio

from assay.browser.model import Action, ActionKind, Effect, Node, Observation
from assay.browser.pool import PlaywrightPool
from assay.browser.port import SessionOptions
from assay.browser.session import PlaywrightSession
from tests.browser.site import Page, Site


class Visit:
    """A session on the test's site with short words for what tests do all the time."""

    def __init__(self, session: PlaywrightSession, site: Site) -> None:
        self.session = session
        self.site = site
        self.seen: Observation

    async def go(self, path: str = "/") -> Observation:
        await self.session.perform(Action(ActionKind.NAVIGATE, value=path))
        return await self.look()

    async def look(self) -> Observation:
        self.seen = await self.session.observe()
        return self.seen

    def node(self, role: str, name: str = "", **wanted: object) -> Node:
        """The first node of the newest look with this role whose name contains ``name``."""
        for node in self.seen.nodes:
            if node.role != role or name.casefold() not in f"{node.name} {node.label}".casefold():
                continue
            if all(getattr(node, key) == value for key, value in wanted.items()):
                return node
        seen = [(node.role, node.name) for node in self.seen.nodes]
        raise AssertionError(f"no {role} {name!r} in {seen}")

    async def act(
        self, kind: ActionKind, role: str = "", name: str = "", value: str = "", **more: object
    ) -> Effect:
        """Look, act on the node of this role and name, look again."""
        await self.look()
        target = self.node(role, name).ref if role else None
        effect = await self.session.perform(Action(kind, target, value, **more))  # type: ignore[arg-type]
        await self.look()
        return effect


Open = Callable[..., Awaitable[Visit]]


@pytest_asyncio.fixture(loop_scope="session")
async def visit(pool: PlaywrightPool, site: Site) -> AsyncIterator[Open]:
    """Opens a page (and more pages by path) in a fresh session."""
    async with AsyncExitStack() as stack:

        async def start(
            page: Page = "", pages: dict[str, Page] | None = None, **options: object
        ) -> Visit:
            site.pages["/"] = page
            site.pages.update(pages or {})
            chosen = {"allowed_hosts": frozenset({site.host}), "action_timeout": 2.0} | options
            session = await stack.enter_async_context(
                pool.session(SessionOptions(site.url, **chosen))  # type: ignore[arg-type]
            )
            visit = Visit(session, site)
            await visit.go()
            return visit

        yield start
