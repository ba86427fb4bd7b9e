"""What an exploration may try in a state, and in which order it is tried."""

from __future__ import annotations

from assay.atlas.abstraction import url_template
from assay.atlas.fields import label_of
from assay.atlas.frontier import ODD, Frontier, Place, Task
from assay.atlas.model import Purpose
from assay.atlas.purpose import FormView, find_forms
from assay.atlas.rules import (
    CLICK_ROLES,
    goes_in_circles,
    is_cart_button,
    may_click,
    may_follow,
)
from assay.atlas.scout import Move, key_of, link_of, same_site
from assay.atlas.telling import sample_term
from assay.atlas.tries import plain_clicks, tries
from assay.atlas.words import closeness
from assay.browser.model import ActionKind, Node, Observation
from assay.projects.model import Target

_PER_TEMPLATE = 3
_CLICKS_PER_STATE = 8
_PLAIN_CLICKS_PER_STATE = 5
_LINGERS = 2  # pages that are waited for and scrolled through


class Offers:
    """Fills the frontier from what is seen. ``news`` counts controls that appeared in states
    already known; with ``odd`` unusual things are offered too."""

    def __init__(self, frontier: Frontier, target: Target, intent: str, *, odd: bool) -> None:
        self.frontier = frontier
        self.target = target
        self.intent = intent
        self.odd = odd
        self.news = 0
        self.tried_login = False
        self._met: dict[str, set[str]] = {}
        self._templates: dict[str, int] = {}
        self._added_to_cart = False
        self._lingered = 0

    def task(
        self,
        rank: float,
        kind: str,
        label: str,
        source: str,
        depth: int,
        place: Place,
        *,
        url: str = "",
        moves: tuple[Move, ...] = (),
    ) -> Task:
        """A task, in order of coming among those of its rank."""
        order = self.frontier.next_order()
        return Task(rank, order, kind, label, source, depth, place, url=url, moves=moves)

    def offer(self, task: Task, where: str | None = None) -> bool:
        """Put a task on the frontier unless it is known there; without ``where``, in its state."""
        name = f"{task.kind} {task.moves} {task.source if where is None else where}"
        if task.kind in {"open", "search"}:
            name = f"{task.kind} {task.url}"
        return self.frontier.offer(task, name)

    def all_of(
        self,
        state_id: str,
        observation: Observation,
        place: Place,
        depth: int,
        *,
        new: bool,
        source: str = "",
    ) -> None:
        """Everything worth trying in a new state; in a known one what was not there before.
        ``source`` is the state it was come to from."""
        met = self._met.setdefault(state_id, set())
        # What was there before an action on the same page is likely to do the same after it.
        stale = self._met.get(source, set()) if place.moves else set()
        forms = find_forms(observation)
        clicks = 0
        for node in observation.nodes:
            words = node.name or node.text[:80] or f"{node.parent} {node.index}"
            name = f"{node.role} {words} {node.section} {node.href}"
            if not node.interactive or "disabled" in node.states or name in met:
                continue
            met.add(name)
            if not new:
                self.news += 1
            url = link_of(node, observation.url)
            if url:
                self._offer_link(node, url, state_id, place, depth)
            elif clicks < _CLICKS_PER_STATE and self._may_click(node, forms):
                clicks += 1
                key = key_of(observation, node)
                rank = depth + 1.5 - 2.0 * closeness(self.intent, key.name)
                rank += 3.0 * (name in stale)
                move = (Move(ActionKind.CLICK, key),)
                self.offer(
                    self.task(
                        rank, "click", label_of(node)[:60], state_id, depth, place, moves=move
                    )
                )
        self._offer_forms(forms, state_id, place, depth)
        self._offer_unusual(state_id, observation, place, depth)

    def _offer_forms(
        self, forms: tuple[FormView, ...], state_id: str, place: Place, depth: int
    ) -> None:
        for view in forms:
            if view.purpose is Purpose.SEARCH:
                self.offer(self.task(depth + 1.2, "search", "search", state_id, depth, place))
            elif view.purpose is Purpose.LOGIN and not self.tried_login:
                self.offer(self.task(2.5, "login", "Log in", state_id, depth, place))

    def _offer_unusual(
        self, state_id: str, observation: Observation, place: Place, depth: int
    ) -> None:
        """Clicks on what is no control by its role; gestures, fields and forms, after all else."""
        clicks = 0
        for key, node in plain_clicks(observation):
            label = (key.name or label_of(node))[:60]
            task = self.task(
                depth + 3.5, "click", label, state_id, depth, place,
                moves=(Move(ActionKind.CLICK, key),),
            )  # fmt: skip
            task.late = True
            clicks += self.offer(task, place.url)
            if clicks >= _PLAIN_CLICKS_PER_STATE:
                break
        if not self.odd:
            return
        for item in tries(observation, sample_term(observation)):
            rank = ODD + item.order + 0.5 * depth
            task = self.task(rank, "odd", item.label, state_id, depth, place, moves=item.moves)
            # Where it was tried before something else was done, it need not be tried after it.
            self.offer(task, "" if item.everywhere else place.url)
        if self._lingered < _LINGERS and not place.moves:
            task = self.task(ODD + 1.8 + depth, "linger", "wait and scroll", state_id, depth, place)
            self._lingered += self.offer(task)

    def _offer_link(self, node: Node, url: str, state_id: str, place: Place, depth: int) -> None:
        label = label_of(node)[:60]
        if not same_site(url, self.target) or not may_follow(label, url):
            return
        template = url_template(url)
        seen = self._templates.get(template, 0)
        if seen >= _PER_TEMPLATE or goes_in_circles(url):
            return
        self._templates[template] = seen + 1
        rank = depth + 1 + 1.5 * seen - 3.0 * closeness(self.intent, f"{label} {url_template(url)}")
        if node.landmark in {"navigation", "banner"}:
            rank -= 0.3
        if "?" in url:
            rank += 0.5
        self.offer(self.task(rank, "open", label, state_id, depth, place, url=url))

    def _may_click(self, node: Node, forms: tuple[FormView, ...]) -> bool:
        label = label_of(node)
        if is_cart_button(label) and not self._added_to_cart and node.role in CLICK_ROLES:
            self._added_to_cart = True
            return True
        return may_click(node, forms)
