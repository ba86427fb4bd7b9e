"""Finding the page on which something can be done, without leaving traces in the test."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from assay.atlas.words import is_destructive, is_logout
from assay.browser.errors import BrowserError
from assay.browser.model import Action, ActionKind, Node, Observation
from assay.browser.port import BrowserPool, Session
from assay.cases.meaning import Meaning
from assay.cases.routes import route_of
from assay.cases.sessions import session_options
from assay.kernel.progress import Progress
from assay.projects.model import Target

Wanted = Callable[[Observation], float]

_GOOD = 0.75
_LINKS_PER_PAGE = 60
_SAME_SHAPE_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Way:
    """How to reach a page: the addresses to pass through, the last one being the page itself."""

    hops: tuple[str, ...]
    score: float


class Scout:
    """A second session with the first one's cookies that looks for a page through links only."""

    def __init__(
        self, pool: BrowserPool, target: Target, meaning: Meaning, progress: Progress
    ) -> None:
        self._pool = pool
        self._target = target
        self._meaning = meaning
        self._progress = progress

    async def find(
        self,
        session: Session,
        start: Observation,
        wanted: Wanted,
        words: str,
        *,
        pages: int = 14,
        depth: int = 3,
    ) -> Way | None:
        """The nearest page that ``wanted`` scores at least 0.75, links that sound like ``words``
        first. At most ``pages`` pages are loaded. ``None`` when there is none."""
        state = await session.storage_state()
        async with self._pool.session(session_options(self._target, storage_state=state)) as scout:
            return await self._search(scout, start, wanted, words, pages, depth)

    async def _search(
        self,
        scout: Session,
        start: Observation,
        wanted: Wanted,
        words: str,
        pages: int,
        depth: int,
    ) -> Way | None:
        frontier: list[tuple[float, int, tuple[str, ...]]] = []
        seen = {_page(start.url)}
        shapes: dict[str, int] = {}
        order = 0

        async def push(observation: Observation, trail: tuple[str, ...]) -> None:
            nonlocal order
            # Comparing names by their meaning takes milliseconds each, too many for the loop.
            links = await asyncio.to_thread(self._links, observation, words)
            for priority, url in links:
                page, shape = _page(url), _shape(url)
                if page in seen or (shapes.get(shape, 0) >= _SAME_SHAPE_AT_MOST and priority < 0.5):
                    continue
                seen.add(page)
                shapes[shape] = shapes.get(shape, 0) + 1
                order += 1
                heapq.heappush(frontier, (len(trail) * 0.15 - priority, order, (*trail, url)))

        await push(start, ())
        for url in self._guesses(start):
            if _page(url) not in seen:
                seen.add(_page(url))
                order += 1
                heapq.heappush(frontier, (0.3, order, (url,)))
        best: Way | None = None
        loaded = 0
        while frontier and loaded < pages:
            await self._progress.check()
            _, _, trail = heapq.heappop(frontier)
            loaded += 1
            try:
                await scout.perform(Action(ActionKind.NAVIGATE, value=trail[-1]), settle=True)
                observation = await scout.observe()
            except BrowserError:
                continue
            score = wanted(observation)
            if score >= _GOOD and (best is None or score > best.score):
                best = Way(trail, score)
                if score >= 0.9:
                    return best
            if len(trail) < depth:
                await push(observation, trail)
        return best

    def _guesses(self, start: Observation) -> list[str]:
        """The site's root, and paths that an error page or index lists as plain text."""
        root = urljoin(self._target.url, "/")
        listed = [
            urljoin(root, "/" + line.strip().lstrip("/"))
            for line in start.text.splitlines()
            if start.status == 404 and line.strip().endswith("/") and " " not in line.strip()
        ]
        return [root, *listed]

    def _links(self, observation: Observation, words: str) -> list[tuple[float, str]]:
        """Same-origin links with how much they sound like the words, best first."""
        origin = urlsplit(self._target.url).netloc
        found: dict[str, tuple[Node, str]] = {}
        for node in observation.nodes:
            if not node.href or node.tag not in {"a", "area"} or is_destructive(node.name):
                continue
            if is_logout(f"{node.name} {node.href}"):
                continue
            url = urljoin(observation.url, node.href)
            parts = urlsplit(url)
            if parts.scheme not in {"http", "https"} or parts.netloc != origin:
                continue
            found.setdefault(_page(url), (node, url))
        if observation.status == 404:
            for url in self._guesses(observation):
                found.setdefault(_page(url), (Node("", None, "", "a", "link", ""), url))
        entries = list(found.values())
        texts = [f"{node.name} {' '.join(route_of(url).split('/'))}" for node, url in entries]
        scores = dict(self._meaning.rank(words, texts)) if words and texts else {}
        ranked = [
            (scores.get(index, 0.0) + (0.1 if node.landmark == "navigation" else 0.0), url)
            for index, (node, url) in enumerate(entries)
        ]
        ranked.sort(key=lambda item: -item[0])
        return ranked[:_LINKS_PER_PAGE]


def _page(url: str) -> str:
    bare, fragment = urldefrag(url)
    return url if fragment.startswith(("/", "!")) else bare


def _shape(url: str) -> str:
    return "/".join(
        "*" if any(c.isdigit() for c in part) else part for part in route_of(url).split("/")
    )
