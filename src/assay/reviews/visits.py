"""Opening the same pages of two environments, signed in where the site has an account for us."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from assay.atlas.explore import explore
from assay.atlas.model import AppMap, Budget, Purpose
from assay.atlas.scout import Scout, choose_credential, options_for
from assay.browser.errors import BrowserError
from assay.browser.model import Exchange
from assay.browser.port import BrowserPool, Session
from assay.kernel.progress import Progress, Silent
from assay.kernel.redaction import Redactor
from assay.kernel.tasks import both
from assay.projects.model import Target
from assay.reviews.views import Heard, View, asked_of, neutral, stored, view_of

# Only what links and buttons lead to: a look around must not touch what is reviewed.
BUDGET = Budget(states=14, actions=30, seconds=12.0, depth=3, odd_seconds=0.0)


_STORAGE = 3.0  # seconds


async def look_around(pool: BrowserPool, target: Target, intent: str) -> AppMap:
    """A short exploration, for an application that has no map yet."""
    return await explore(pool, target, BUDGET, Silent(), intent)


async def visit(
    pool: BrowserPool, target: Target, paths: Sequence[str], progress: Progress
) -> list[View]:
    """Look at each path once in one fresh session, signed in where the site has an account for us.

    A site that cannot be opened gives views with a ``problem``.
    """
    views: list[View] = []
    problem = ""
    try:
        async with pool.session(options_for(target)) as session:
            scout = Scout(session, target)
            await sign_in(scout)
            for path in paths:
                await progress.check()
                views.append(await _look(scout, path))
                if len(views) == 1 and views[0].problem:
                    # A site that is not there would be waited for at every path.
                    break
            if not scout.signed_in and any(view.wall for view in views):
                # Where we have no account, what a visitor sees is not what the base shows us.
                views = [replace(view, wall=True) for view in views]
    except BrowserError as error:
        problem = error.message
    problem = problem or next((view.problem for view in views if view.problem), "")
    return views + [_unseen(path, problem) for path in paths[len(views) :]]


async def visit_both(
    pool: BrowserPool, base: Target, preview: Target, paths: Sequence[str], progress: Progress
) -> list[tuple[View, View]]:
    """The same pages of both environments at the same time, each with its counterpart."""
    before, after = await both(
        visit(pool, base, paths, progress), visit(pool, preview, paths, progress)
    )
    return list(zip(before, after, strict=True))


async def sign_in(scout: Scout) -> None:
    """Sign in on the start page or where its sign-in link leads, when we have an account."""
    credential = choose_credential(scout.target, "")
    if await scout.goto(scout.target.url) is None or credential is None:
        return
    if scout.form(Purpose.LOGIN) is not None:
        await scout.login(credential)


async def _look(scout: Scout, path: str) -> View:
    ear = Ear(scout.session, scout.target)
    effect = await scout.goto(_at(scout.target, path))
    if effect is None:
        return _unseen(path, neutral(scout.problem) or "it does not open")
    if scout.form(Purpose.LOGIN) is not None and not scout.signed_in:
        credential = choose_credential(scout.target, "")
        if credential is not None and await scout.login(credential):
            await scout.goto(_at(scout.target, path))
    wall = scout.form(Purpose.LOGIN) is not None
    return view_of(path, scout.observation, await ear.heard(), mask_of(scout.target), wall=wall)


def mask_of(target: Target) -> Callable[[str], str]:
    """What takes a target's secrets out of texts of its site."""
    return Redactor(target.secrets, names=target.user_names).mask


class Ear:
    """What a session hears from now on beside what is seen on its page."""

    def __init__(self, session: Session, target: Target) -> None:
        self._session = session
        self._target = target
        self._console = len(session.console_errors())
        self._failed = len(session.failed_requests())
        self._asked = len(session.exchanges())

    def asked(self) -> list[Exchange]:
        """The exchanges with the site's own server since then."""
        return [one for one in self._session.exchanges()[self._asked :] if self._own(one)]

    async def heard(self) -> Heard:
        """Everything since then, and what the browser keeps now."""
        failed = [one for one in self._session.failed_requests()[self._failed :] if self._own(one)]
        return Heard(
            self._session.console_errors()[self._console :],
            asked_of(failed),
            asked_of(self.asked()),
            await self._stored(),
        )

    async def _stored(self) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(_STORAGE):
                state = await self._session.storage_state(databases=False)
        except (BrowserError, TimeoutError):
            return ()  # a page that hangs is seen to hang by the looks at it
        return stored(state, urlsplit(self._target.url).hostname or "")

    def alone(self) -> bool:
        """Whether no server had a part in what happened since then, as far as can be seen."""
        return not self._session.exchanges()[self._asked :] and not self._session.streams()

    def _own(self, one: Exchange) -> bool:
        return same_place(one.url, self._target)


def _at(target: Target, path: str) -> str:
    return urljoin(target.url, path)


def _unseen(path: str, problem: str) -> View:
    return View(path, path, None, "", problem=problem)


def same_place(url: str, target: Target) -> bool:
    """Whether an address belongs to the environment itself, and not to a site beside it."""
    return urlsplit(url).netloc == urlsplit(target.url).netloc
