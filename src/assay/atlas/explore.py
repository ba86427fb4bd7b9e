"""Exploring a site within a budget: states, actions, forms by purpose, and findings."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from assay.atlas import findings as found
from assay.atlas.abstraction import Signature, make_state, same_state, signature, url_template
from assay.atlas.fields import label_of
from assay.atlas.frontier import ODD, Frontier, Place, Task
from assay.atlas.model import ActionEdge, AppMap, Budget, Finding, Form, Purpose, State
from assay.atlas.offers import Offers
from assay.atlas.purpose import describe_form, find_forms, has_captcha
from assay.atlas.rules import (
    is_cart_button,
    may_accept,
    may_follow,
)
from assay.atlas.scout import (
    Move,
    Scout,
    choose_credential,
    find_key,
    link_of,
    options_for,
)
from assay.atlas.telling import sample_term, summary, tell
from assay.browser.model import ActionKind, Effect, Node, Observation
from assay.browser.port import BrowserPool
from assay.kernel.progress import Progress
from assay.projects.model import Target

_PER_TEMPLATE = 3
_AGAIN = 4
# How long a page is watched that may do something by itself, and how often it is looked at.
_PATIENCE, _LOOK = 3.0, 0.3
_SCROLLS = 4
_ORIGIN_UNKNOWN = ""


async def explore(
    pool: BrowserPool,
    target: Target,
    budget: Budget,
    progress: Progress,
    intent: str = "",
    *,
    start: str = "",
    storage_state: Mapping[str, object] | None = None,
) -> AppMap:
    """Explore a target in one fresh session and return what was learnt.

    Never destroys, logs out, pays, orders or sends; search-like forms are tried, a login wall is
    passed with the target's credentials. When links, buttons and searches are used up, the budget's
    ``odd_seconds`` go to gestures, keys, fields and forms that change nothing.

    With ``start`` (an address of the target) and ``storage_state`` (of ``Session.storage_state``)
    it goes on from where an earlier session, such as a test, ended.
    """
    async with pool.session(options_for(target, storage_state)) as session:
        explorer = Explorer(Scout(session, target), budget, progress, intent, start)
        return await explorer.run()


class Explorer:
    """One exploration: what is known, what is left to try, and the rules of what may be done."""

    def __init__(
        self,
        scout: Scout,
        budget: Budget,
        progress: Progress,
        intent: str = "",
        start: str = "",
    ) -> None:
        self.scout = scout
        self.budget = budget
        self.progress = progress
        self.intent = intent
        self.states: dict[str, State] = {}
        self.shapes: dict[str, Signature] = {}
        self.places: dict[str, Place] = {}
        self.edges: dict[str, ActionEdge] = {}
        self.forms: dict[str, Form] = {}
        self.findings: dict[str, Finding] = {}
        self.notes: list[str] = []
        self._start = start or scout.target.url
        self._frontier = Frontier()
        self._offers = Offers(self._frontier, scout.target, intent, odd=budget.odd_seconds > 0)
        self._here: Place | None = None
        self._alike: dict[str, int] = {}
        self._texts: dict[str, set[str]] = {}
        self._started = time.monotonic()
        self._odd_spent = 0.0
        self._audits = 0
        self._idle = 0

    async def run(self) -> AppMap:
        """Explore until the frontier is empty or the budget is used up."""
        effect = await self.scout.goto(self._start)
        if effect is None:
            self.notes.append(f"The site could not be opened: {self.scout.problem}")
            return self._map("unreachable")
        home = self._arrive(_ORIGIN_UNKNOWN, "open the site", effect, Place(effect.url_after), 0)
        await self._audit()
        await self._pass_wall(home)
        stopped = "nothing left to try"
        while self._frontier:
            await self.progress.check()
            task = self._frontier.pop()
            reason = self._spent(task)
            if reason:
                stopped = reason
                break
            began = time.monotonic()
            await self._try(task)
            self._odd_spent += time.monotonic() - began if task.odd else 0.0
            if self.scout.lost:
                self.notes.append(f"Exploring ended early: {self.scout.problem}")
                stopped = "a page that crashed or hangs"
                break
        return self._map(stopped)

    def _spent(self, task: Task) -> str:
        if time.monotonic() - self._started > self.budget.seconds:
            return "time"
        if len(self.states) >= self.budget.states:
            return "states"
        if self.scout.actions >= self.budget.actions:
            return "actions"
        if self._idle >= max(15, self.budget.actions // 3):
            return "nothing new"
        # Unusual things come last: when their time is up, nothing but more of them is left.
        if task.odd and self._odd_spent >= self.budget.odd_seconds:
            return "nothing left to try"
        return ""

    def _map(self, stopped: str) -> AppMap:
        return AppMap(
            states=tuple(self.states.values()),
            actions=tuple(self.edges.values()),
            forms=tuple(self.forms.values()),
            findings=tuple(self.findings.values()),
            seconds=time.monotonic() - self._started,
            actions_used=self.scout.actions,
            stopped_by=stopped,
            notes=tuple(self.notes),
            explored_at=datetime.now(UTC),
        )

    async def _pass_wall(self, state_id: str) -> None:
        """Log in when the start page is a login form and we have an account."""
        view = self.scout.form(Purpose.LOGIN)
        if view is None:
            return
        links = sum(1 for node in self.scout.observation.nodes if node.role == "link")
        if links > 12 and not self.intent:
            self._offers.offer(
                self._offers.task(2.5, "login", "Log in", state_id, 0, self.places[state_id])
            )
            return
        await self._login(state_id)

    async def _login(self, state_id: str) -> None:
        if self._offers.tried_login:
            return
        self._offers.tried_login = True
        credential = choose_credential(self.scout.target, self.intent)
        if credential is None:
            self.notes.append("There is a login form and no credentials are configured.")
            return
        await self.progress.say(f"logging in as {credential.name}")
        self._here = None
        if not await self.scout.login(credential):
            self.notes.append(f"Logging in with “{credential.name}” did not work.")
            return
        observation = self.scout.observation
        effect = Effect(self.states[state_id].url, observation.url, True, True)
        self._arrive(state_id, f"log in as {credential.name}", effect, Place(observation.url), 1)

    async def _try(self, task: Task) -> None:
        before, news = len(self.states), self._offers.news
        match task.kind:
            case "open":
                await self._open(task)
            case "login":
                if await self._reach(task.place):
                    await self._login(task.source)
            case "search":
                await self._search(task)
            case "linger":
                await self._linger(task)
            case _:
                await self._do(task)
        if len(self.states) > before:
            await self.progress.say(tell(self._map("")))
            await self._audit()
        new = len(self.states) > before or self._offers.news > news
        self._idle = 0 if new else self._idle + 1

    async def _audit(self) -> None:
        """Check the page we are on for accessibility, as long as the budget has audits left."""
        if self._audits >= self.budget.audits:
            return
        self._audits += 1
        page = self.scout.observation.url
        for violation in await self.scout.audit():
            self._note(found.of_violation(violation, page))

    async def _open(self, task: Task) -> None:
        if self._alike.get(parent_of(task.url), 0) >= _PER_TEMPLATE - 1 and not task.late:
            # Its siblings were all one state: the rest can wait until there is nothing better.
            self._frontier.push(replace(task, rank=task.rank + 5, late=True))
            return
        self._here = None
        effect = await self.scout.goto(task.url)
        did = f"click “{task.label}”"
        page = self.states[task.source].url
        if effect is None:
            if "refused" not in self.scout.problem.lower():
                self._note(
                    found.broken_link(
                        task.label, page, task.url, f"does not open: {self.scout.problem[:120]}"
                    )
                )
            return
        status = effect.status or self.scout.observation.status
        if status is not None and status >= 400 and status not in {401, 403, 429}:
            self._note(found.broken_link(task.label, page, task.url, f"answers {status}"))
        known = len(self.states)
        self._arrive(task.source, did, effect, Place(effect.url_after), task.depth + 1)
        if len(self.states) == known:
            parent = parent_of(task.url)
            self._alike[parent] = self._alike.get(parent, 0) + 1
        if self.scout.form(Purpose.LOGIN) is not None and task.url != effect.url_after:
            await self._login(self._current_id())

    async def _do(self, task: Task) -> None:
        """Make the task's moves in its place, and see where they lead."""
        if not await self._reach(task.place):
            return
        self._here, text = None, self.scout.observation.text
        effects: list[Effect] = []
        for move in task.moves:
            effect = await self.scout.do(move)
            if effect is not None:
                effects.append(effect)
            elif self.scout.lost or move is task.moves[-1]:
                return
        effect = joined(effects)
        if not effect.anything:
            self._here = task.place
            await self._doubt(task)
            return
        place = Place(task.place.url, (*task.place.moves, *task.moves))
        if effect.url_before != effect.url_after:
            place = Place(effect.url_after)
        known = len(self.states)
        did = task.moves[-1].words if task.moves[-1].key or len(task.moves) == 1 else task.label
        state_id = self._arrive(task.source, did, effect, place, task.depth + 1)
        self._offer_answer(task, effect)
        if len(self.states) == known and self.scout.observation.text != text:
            self._offer_again(task, state_id, place)
        if is_cart_button(task.label):
            self._revisit_cart(task)

    async def _doubt(self, task: Task) -> None:
        """A control that did nothing is dead when a second click does nothing either."""
        key = task.moves[0].key
        node = find_key(self.scout.observation, key) if key is not None else None
        if node is None or node.states & {"selected", "current", "pressed"}:
            return
        if task.odd or task.late or waits(node, self.scout.observation):
            return  # nothing says that it should do anything now
        second = await self.scout.click(node)
        if second is None or second.anything:
            self._here = None
        if second is not None and not second.anything:
            self._note(found.dead_control(task.label, node.role, self.scout.observation.url))

    def _offer_answer(self, task: Task, effect: Effect) -> None:
        """What was asked and answered with no may be answered with yes, if that is harmless."""
        if task.moves[-1].dialog == "accept":
            return
        if any(may_accept(dialog, task.label) for dialog in effect.dialogs):
            moves = (*task.moves[:-1], replace(task.moves[-1], dialog="accept"))
            self._offers.offer(
                replace(task, rank=ODD, order=self._frontier.next_order(), moves=moves)
            )

    def _offer_again(self, task: Task, state_id: str, place: Place) -> None:
        """What shows more of the same (the next page of a list) may show something else later."""
        texts = self._texts.setdefault(state_id, set())
        text = self.scout.observation.text
        turned = text in texts
        texts.add(text)
        if turned or task.again >= _AGAIN or len(task.moves) != 1 or not place.moves:
            return
        # The same control stands on many pages: gone through once, it is known.
        if not self._frontier.know(f"again {task.moves[0]} {task.again}"):
            return
        order = self._frontier.next_order()
        self._frontier.push(
            replace(
                task, rank=ODD + 0.5, order=order, source=state_id, place=place,
                again=task.again + 1,
            )
        )  # fmt: skip

    def _revisit_cart(self, task: Task) -> None:
        """With something in it the cart is another state, and leads on to the checkout."""
        observation = self.scout.observation
        for node in observation.nodes:
            url = link_of(node, observation.url) if node.role == "link" else ""
            if url and re.search(r"/(?:cart|basket|bag)\b", url) and may_follow("", url):
                place = Place(observation.url)
                label = label_of(node)[:60]
                self._frontier.push(
                    self._offers.task(0.0, "open", label, task.source, 0, place, url=url)
                )
                return

    async def _search(self, task: Task) -> None:
        if not await self._reach(task.place):
            return
        view = self.scout.form(Purpose.SEARCH)
        box = view.first("search", "textbox") if view is not None else None
        if view is None or box is None:
            return
        self._here = None
        term = sample_term(self.scout.observation)
        effect = await self.scout.submit(view, [(box, term, False)])
        if effect is not None:
            self._arrive(
                task.source, f"search for “{term}”", effect, Place(effect.url_after), task.depth + 1
            )

    async def _linger(self, task: Task) -> None:
        """Wait for what a page does by itself, and scroll through it."""
        if not await self._reach(task.place):
            return
        begun, end = self.scout.observation, time.monotonic() + _PATIENCE
        while time.monotonic() < end and not self.scout.lost:
            await asyncio.sleep(_LOOK)
            if await self.scout.look() and self.scout.observation.url != begun.url:
                break
        if self.scout.observation.url != begun.url or self.scout.observation.text != begun.text:
            effect = Effect(begun.url, self.scout.observation.url, True, True)
            self._arrive(task.source, "wait", effect, Place(effect.url_after), task.depth + 1)
            if effect.url_after != begun.url:
                return
        place = task.place
        for _ in range(_SCROLLS):
            move = Move(ActionKind.SCROLL, value="bottom")
            before = self.scout.observation.text
            scrolled = await self.scout.do(move)
            if scrolled is None:
                return
            place = Place(place.url, (*place.moves, move))
            self._arrive(task.source, move.words, scrolled, place, task.depth)
            if self.scout.observation.text == before:
                return

    async def _reach(self, place: Place) -> bool:
        """Come to a place, unless we are there already."""
        if self._here == place:
            return True
        self._here = None
        if await self.scout.goto(place.url) is None:
            return False
        for move in place.moves:
            if await self.scout.do(move) is None:
                return False
        self._here = place
        return True

    def _current_id(self) -> str:
        return self._match(signature(self.scout.observation))

    def _match(self, shape: Signature) -> str:
        for state_id, known in self.shapes.items():
            if same_state(known, shape):
                return state_id
        return shape.id

    def _arrive(self, source: str, did: str, effect: Effect, place: Place, depth: int) -> str:
        """Take in the state we are in now: new or known, its forms, its tasks, what went wrong."""
        observation = self.scout.observation
        self._here = place
        self._frontier.know(f"open {observation.url}")
        shape = signature(observation)
        state_id = self._match(shape)
        new = state_id not in self.states
        if new:
            self.shapes[state_id] = shape
            self.states[state_id] = make_state(
                observation,
                shape,
                depth,
                entry=place.url,
                trail=place.trail,
                signed_in=self.scout.signed_in,
            )
            self.places[state_id] = place
        if source:
            edge = ActionEdge(source, state_id, did, summary(effect, observation))
            self.edges[edge.id] = edge
        for finding in found.of_effect(effect, did):
            self._note(finding)
        if new:
            self._texts[state_id] = {observation.text}
            self._take_forms(state_id, observation)
            if has_captcha(observation):
                self._note(found.captcha(observation.url))
        if depth < self.budget.depth and (observation.status or 200) < 400:
            self._offers.all_of(state_id, observation, place, depth, new=new, source=source)
        return state_id

    def _take_forms(self, state_id: str, observation: Observation) -> None:
        for view in find_forms(observation):
            form = describe_form(view, state_id, observation.url)
            if view.fields and form.id not in self.forms:
                self.forms[form.id] = form

    def _note(self, finding: Finding) -> None:
        self.findings.setdefault(finding.fingerprint, finding)


def waits(button: Node, observation: Observation) -> bool:
    """Whether a control may be waiting for an empty field without a form to be filled in."""
    return any(
        node.editable and not node.value and node.form is None and node.dialog == button.dialog
        for node in observation.nodes
        if button.form is None
    )


def joined(effects: list[Effect]) -> Effect:
    """The effects of several moves as one, from before the first until after the last."""
    first, last = effects[0], effects[-1]
    if len(effects) == 1:
        return last
    return replace(
        last,
        url_before=first.url_before,
        navigated=any(one.navigated for one in effects),
        mutated=any(one.mutated for one in effects),
        exchanges=tuple(item for one in effects for item in one.exchanges),
        dialogs=tuple(item for one in effects for item in one.dialogs),
        downloads=tuple(item for one in effects for item in one.downloads),
        opened=tuple(item for one in effects for item in one.opened),
        console_errors=tuple(item for one in effects for item in one.console_errors),
        failed_requests=tuple(item for one in effects for item in one.failed_requests),
    )


def parent_of(url: str) -> str:
    """The path above a URL's last segment; the whole template when that is the root."""
    template = url_template(url).partition("?")[0].rstrip("/")
    parent = template.rpartition("/")[0]
    return parent or template
