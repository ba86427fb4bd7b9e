"""Going straight to what a request names: the shortest way to a form or an area."""

from __future__ import annotations

import heapq
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urljoin

from assay.atlas.abstraction import heading_of, url_template
from assay.atlas.fields import is_button, label_of
from assay.atlas.model import AppMap, Purpose
from assay.atlas.purpose import FormView, find_forms
from assay.atlas.rules import may_follow
from assay.atlas.scout import Key, Scout, find_key, key_of, link_of, same_site
from assay.atlas.words import closeness, is_commit, is_destructive, is_logout
from assay.browser.model import Node, Observation

MONEY = re.compile(r"[£$€¥₹]\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|(?:EUR|USD|GBP|kr|zł)\b)")
_OPENERS = frozenset({"button", "tab", "menuitem", "link"})
_ENOUGH = 0.45
_FAINT = 0.05
_STRANGERS_AT_MOST = 8

WORDS: dict[Purpose, str] = {
    Purpose.LOGIN: "log in sign in account",
    Purpose.SIGN_UP: "sign up register create account log in",
    Purpose.PASSWORD_RESET: "forgot password reset log in",
    Purpose.SEARCH: "search find catalogue products",
    Purpose.FILTER: "filter sort catalogue products shop list",
    Purpose.CONTACT: "contact support help feedback",
    Purpose.NEWSLETTER: "newsletter subscribe",
    Purpose.SETTINGS: "settings profile account preferences",
    Purpose.UPLOAD: "upload attach file import",
    Purpose.COMMENT: "comment review reply",
    Purpose.CREATE: "add new create",
    Purpose.EDIT: "edit change update",
    Purpose.ADD_TO_CART: "shop products catalogue browse store category",
    Purpose.CART: "cart basket bag",
    Purpose.VOUCHER: "voucher coupon cart basket",
    Purpose.ADDRESS: "checkout shipping address cart basket",
    Purpose.PAYMENT: "checkout payment cart basket",
}
_GUESSES: dict[Purpose, tuple[str, ...]] = {
    Purpose.LOGIN: ("/login", "/accounts/login/", "/signin", "/sign-in", "/user/login"),
    Purpose.SIGN_UP: ("/register", "/signup", "/sign-up", "/accounts/register/"),
    Purpose.CART: ("/cart", "/basket"),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that was looked for: its URL, the clicks after it, and the form that was wanted."""

    url: str
    clicks: tuple[Key, ...]
    form: FormView | None
    heading: str
    hops: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: words, forms by purpose, or anything a test of a page says.

    ``goods`` goes to single things for sale first.
    """

    words: str
    purposes: tuple[Purpose, ...] = ()
    page: Callable[[Observation], bool] | None = None
    goods: bool = False


@dataclass(order=True, slots=True)
class _Hop:
    rank: float
    order: int
    url: str = field(compare=False)
    clicks: tuple[Key, ...] = field(compare=False)
    depth: int = field(compare=False)


async def seek(
    scout: Scout,
    wanted: Wanted,
    *,
    known: AppMap | None = None,
    hops: int = 8,
    seconds: float = 8.0,
) -> Spot | None:
    """Find the nearest place with a wanted form (or page), best link first; stops when found.

    Starts from a map when one is known, then from the current page or the target's URL.
    """
    search = _Search(scout, wanted, time.monotonic() + seconds)
    spot = await search.from_map(known)
    return spot or await search.walk(hops)


class _Search:
    def __init__(self, scout: Scout, wanted: Wanted, deadline: float) -> None:
        self.scout = scout
        self.wanted = wanted
        self.deadline = deadline
        self.words = " ".join(
            dict.fromkeys([wanted.words, *(WORDS.get(item, "") for item in wanted.purposes)])
        )
        self._queue: list[_Hop] = []
        self._order = count()
        self._seen: set[str] = set()
        self._alike: dict[str, int] = {}
        self._hops = 0

    async def from_map(self, known: AppMap | None) -> Spot | None:
        """The place that an earlier exploration knows, if it is still there."""
        if known is None or not self.wanted.purposes:
            return None
        for form in known.forms_for(*self.wanted.purposes)[:2]:
            state = known.state(form.state_id)
            if state is None or state.trail:
                continue
            if await self.scout.goto(form.url) is not None:
                spot = self._here(form.url, (), 0)
                if spot is not None:
                    return spot
        return None

    async def walk(self, hops: int) -> Spot | None:
        """Best-first from the current page."""
        fresh = self.scout.observation.url == "about:blank"
        if fresh and await self.scout.goto(self.scout.target.url) is None:
            return None
        start = self.scout.observation.url
        spot = self._here(start, (), 0)
        if spot is not None:
            return spot
        self._seen.add(start)
        self._offer(start, (), 0)
        while self._queue and self._hops < hops and time.monotonic() < self.deadline:
            hop = heapq.heappop(self._queue)
            spot = await self._take(hop)
            if spot is not None:
                return spot
        return await self._guess()

    async def _take(self, hop: _Hop) -> Spot | None:
        self._hops += 1
        away = self.scout.observation.url != hop.url or bool(hop.clicks)
        if away and await self.scout.goto(hop.url) is None:
            return None
        for key in hop.clicks:
            node = find_key(self.scout.observation, key)
            if node is None or await self.scout.click(node) is None:
                return None
        url = self.scout.observation.url
        clicks = hop.clicks if url == hop.url else ()
        spot = self._here(url, clicks, hop.depth)
        if spot is None and hop.depth < 3:
            self._offer(url, clicks, hop.depth)
        return spot

    async def _guess(self) -> Spot | None:
        """The usual addresses, when no link leads there."""
        for purpose in self.wanted.purposes[:1]:
            for path in _GUESSES.get(purpose, ()):
                url = urljoin(self.scout.target.url, path)
                if url in self._seen or time.monotonic() > self.deadline:
                    continue
                effect = await self.scout.goto(url)
                status = self.scout.observation.status or 200
                if effect is not None and status < 400:
                    spot = self._here(self.scout.observation.url, (), 1)
                    if spot is not None:
                        return spot
        return None

    def _here(self, url: str, clicks: tuple[Key, ...], hops: int) -> Spot | None:
        observation = self.scout.observation
        heading = heading_of(observation)
        views = find_forms(observation)
        matching = [view for item in self.wanted.purposes for view in views if view.purpose is item]
        if matching:
            best = max(
                matching,
                key=lambda view: (
                    -self.wanted.purposes.index(view.purpose),
                    closeness(self.wanted.words, f"{view.title} {label_of_submit(view)}"),
                ),
            )
            return Spot(observation.url or url, clicks, best, heading, hops)
        if self.wanted.page is not None and self.wanted.page(observation):
            return Spot(observation.url or url, clicks, None, heading, hops)
        return None

    def _offer(self, url: str, clicks: tuple[Key, ...], depth: int) -> None:
        observation = self.scout.observation
        goods = goods_links(observation)
        strangers = 0
        for node in observation.nodes:
            if not node.interactive or node.role not in _OPENERS or "disabled" in node.states:
                continue
            label = label_of(node)
            link = link_of(node, observation.url)
            near = self._score(node, label, link, goods)
            if near <= _FAINT:
                strangers += 1
                if strangers > _STRANGERS_AT_MOST:
                    continue
            if link:
                if link in self._seen or not same_site(link, self.scout.target):
                    continue
                if not may_follow(label, link):
                    continue
                self._seen.add(link)
                template = url_template(link)
                alike = self._alike[template] = self._alike.get(template, -1) + 1
                self._push(depth + 1 - 3 * near + 0.7 * alike, link, (), depth + 1)
            elif near >= _ENOUGH and self._may_click(node, label):
                key = key_of(observation, node)
                name = f"{url} {key}"
                if name not in self._seen:
                    self._seen.add(name)
                    self._push(depth + 1.2 - 3 * near, url, (*clicks, key), depth + 1)

    def _may_click(self, node: Node, label: str) -> bool:
        sends = node.form is not None and is_button(node) and "collapsed" not in node.states
        return not (sends or is_logout(label) or is_destructive(label) or is_commit(label))

    def _score(self, node: Node, label: str, link: str, goods: set[str]) -> float:
        path = link.split("//", 1)[-1].partition("/")[2] if link else ""
        best = max((closeness(word, f"{label} {path}") for word in self._phrases()), default=0.0)
        if node.ref in goods and self.wanted.goods:
            best = 1.2
        return best

    def _phrases(self) -> list[str]:
        return [self.wanted.words, *self.words.split()]

    def _push(self, rank: float, url: str, clicks: tuple[Key, ...], depth: int) -> None:
        heapq.heappush(self._queue, _Hop(rank, next(self._order), url, clicks, depth))


def label_of_submit(view: FormView) -> str:
    """The words on a form's button, if it has one."""
    return label_of(view.submit) if view.submit is not None else ""


def goods_links(observation: Observation) -> set[str]:
    """Links to single things for sale: inside items of a collection that show a price."""
    by_ref = {node.ref: node for node in observation.nodes}
    priced = {
        ref
        for collection in observation.collections
        for ref, text in zip(collection.item_refs, collection.item_texts, strict=False)
        if MONEY.search(text) and len(text) < 600
    }
    found: set[str] = set()
    for node in observation.nodes:
        if node.role != "link" or not node.href or len(node.name) < 3:
            continue
        up, steps = node.parent, 0
        if node.ref in priced:
            found.add(node.ref)
        while up is not None and steps < 12 and up in by_ref:
            if up in priced:
                found.add(node.ref)
                break
            up, steps = by_ref[up].parent, steps + 1
    return found
