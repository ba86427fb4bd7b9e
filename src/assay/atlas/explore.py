"""Exploring a site within a budget: states, actions, forms by purpose, and findings."""

from __future__ import annotations

import heapq
import re
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count

from assay.atlas import findings as found
from assay.atlas.abstraction import Signature, make_state, same_state, signature, url_template
from assay.atlas.fields import is_button, label_of
from assay.atlas.model import (
    ActionEdge,
    AppMap,
    Budget,
    Finding,
    FindingKind,
    Form,
    Purpose,
    State,
)
from assay.atlas.purpose import FormView, describe_form, find_forms, has_captcha
from assay.atlas.scout import (
    Key,
    Scout,
    choose_credential,
    find_key,
    key_of,
    link_of,
    options_for,
    same_site,
)
from assay.atlas.words import closeness, is_commit, is_destructive, is_logout
from assay.browser.model import Effect, Node, Observation
from assay.browser.port import BrowserPool
from assay.kernel.progress import Progress
from assay.projects.model import Target

_CLICK_ROLES = frozenset({"button", "tab", "menuitem", "link", "switch", "summary"})
_PER_TEMPLATE = 3
_CLICKS_PER_STATE = 8
_ORIGIN_UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Place:
    """How to come to a state: a URL and the clicks after it."""

    url: str
    clicks: tuple[Key, ...] = ()


@dataclass(order=True, slots=True)
class Task:
    """One thing worth trying, cheapest rank first."""

    rank: float
    order: int
    kind: str = field(compare=False)
    label: str = field(compare=False)
    source: str = field(compare=False)
    depth: int = field(compare=False)
    place: Place = field(compare=False)
    url: str = field(compare=False, default="")
    key: Key | None = field(compare=False, default=None)
    late: bool = field(compare=False, default=False)


async def explore(
    pool: BrowserPool,
    target: Target,
    budget: Budget,
    progress: Progress,
    intent: str = "",
) -> AppMap:
    """Explore a target in one fresh session and return what was learnt.

    Never destroys, logs out, pays, orders or sends; search-like forms are tried, a login wall is
    passed with the target's credentials.
    """
    async with pool.session(options_for(target)) as session:
        explorer = Explorer(Scout(session, target), budget, progress, intent)
        return await explorer.run()


class Explorer:
    """One exploration: what is known, what is left to try, and the rules of what may be done."""

    def __init__(self, scout: Scout, budget: Budget, progress: Progress, intent: str = "") -> None:
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
        self._queue: list[Task] = []
        self._order = count()
        self._queued: set[str] = set()
        self._templates: dict[str, int] = {}
        self._alike: dict[str, int] = {}
        self._tried_login = False
        self._added_to_cart = False
        self._started = time.monotonic()
        self._idle = 0

    async def run(self) -> AppMap:
        """Explore until the frontier is empty or the budget is used up."""
        effect = await self.scout.goto(self.scout.target.url)
        if effect is None:
            self.notes.append(f"The site could not be opened: {self.scout.problem}")
            return self._map("unreachable")
        home = self._arrive(_ORIGIN_UNKNOWN, "open the site", effect, Place(effect.url_after), 0)
        await self._pass_wall(home)
        stopped = "nothing left to try"
        while self._queue:
            await self.progress.check()
            reason = self._spent()
            if reason:
                stopped = reason
                break
            await self._try(heapq.heappop(self._queue))
            if self.scout.lost:
                self.notes.append(f"Exploring ended early: {self.scout.problem}")
                stopped = "a page that crashed or hangs"
                break
        return self._map(stopped)

    def _spent(self) -> str:
        if time.monotonic() - self._started > self.budget.seconds:
            return "time"
        if len(self.states) >= self.budget.states:
            return "states"
        if self.scout.actions >= self.budget.actions:
            return "actions"
        if self._idle >= max(15, self.budget.actions // 3):
            return "nothing new"
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
            self._offer(
                Task(2.5, next(self._order), "login", "Log in", state_id, 0, self.places[state_id])
            )
            return
        await self._login(state_id)

    async def _login(self, state_id: str) -> None:
        if self._tried_login:
            return
        self._tried_login = True
        credential = choose_credential(self.scout.target, self.intent)
        if credential is None:
            self.notes.append("There is a login form and no credentials are configured.")
            return
        await self.progress.say(f"logging in as {credential.name}")
        if not await self.scout.login(credential):
            self.notes.append(f"Logging in with “{credential.name}” did not work.")
            return
        observation = self.scout.observation
        effect = Effect(self.states[state_id].url, observation.url, True, True)
        self._arrive(state_id, f"log in as {credential.name}", effect, Place(observation.url), 1)

    async def _try(self, task: Task) -> None:
        before = len(self.states)
        if task.kind == "open":
            await self._open(task)
        elif task.kind == "login":
            if await self._reach(task.place):
                await self._login(task.source)
        elif task.kind == "search":
            await self._search(task)
        else:
            await self._click(task)
        if len(self.states) > before:
            self._idle = 0
            await self.progress.say(tell(self._map("")))
        else:
            self._idle += 1

    async def _open(self, task: Task) -> None:
        if self._alike.get(parent_of(task.url), 0) >= _PER_TEMPLATE - 1 and not task.late:
            # Its siblings were all one state: the rest can wait until there is nothing better.
            self._push(replace(task, rank=task.rank + 5, late=True))
            return
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

    async def _click(self, task: Task) -> None:
        if task.key is None or not await self._reach(task.place):
            return
        node = find_key(self.scout.observation, task.key)
        if node is None or node.states & {"disabled", "covered"}:
            return
        effect = await self.scout.click(node)
        if effect is None:
            return
        if not effect.anything and not node.states & {"selected", "current", "pressed"}:
            again = find_key(self.scout.observation, task.key)
            second = await self.scout.click(again) if again is not None else None
            if second is not None and not second.anything:
                self._note(found.dead_control(task.label, node.role, self.scout.observation.url))
            return
        place = Place(task.place.url, (*task.place.clicks, task.key))
        if effect.url_before != effect.url_after:
            place = Place(effect.url_after)
        self._arrive(task.source, f"click “{task.label}”", effect, place, task.depth + 1)
        if is_cart_button(task.label):
            self._revisit_cart(task)

    def _revisit_cart(self, task: Task) -> None:
        """With something in it the cart is another state, and leads on to the checkout."""
        observation = self.scout.observation
        for node in observation.nodes:
            url = link_of(node, observation.url) if node.role == "link" else ""
            if url and re.search(r"/(?:cart|basket|bag)\b", url) and may_follow("", url):
                order = next(self._order)
                place = Place(observation.url)
                self._push(
                    Task(0.0, order, "open", label_of(node)[:60], task.source, 0, place, url=url)
                )
                return

    async def _search(self, task: Task) -> None:
        if not await self._reach(task.place):
            return
        view = self.scout.form(Purpose.SEARCH)
        box = view.first("search", "textbox") if view is not None else None
        if view is None or box is None:
            return
        term = sample_term(self.scout.observation)
        effect = await self.scout.submit(view, [(box, term, False)])
        if effect is not None:
            self._arrive(
                task.source, f"search for “{term}”", effect, Place(effect.url_after), task.depth + 1
            )

    async def _reach(self, place: Place) -> bool:
        """Come to a place, unless we are there already."""
        current = self.places.get(self._current_id())
        if current == place and self.scout.observation.url == place.url:
            return True
        if await self.scout.goto(place.url) is None:
            return False
        for key in place.clicks:
            node = find_key(self.scout.observation, key)
            if node is None or await self.scout.click(node) is None:
                return False
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
        self._queued.add(f"open {observation.url}")
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
                trail=tuple(key.name for key in place.clicks),
                signed_in=self.scout.signed_in,
            )
            self.places[state_id] = place
        if source:
            edge = ActionEdge(source, state_id, did, summary(effect, observation))
            self.edges[edge.id] = edge
        for finding in found.of_effect(effect, did):
            self._note(finding)
        if new:
            self._take_forms(state_id, observation)
            if has_captcha(observation):
                self._note(found.captcha(observation.url))
            status = observation.status or 200
            if depth < self.budget.depth and status < 400:
                self._offer_all(state_id, observation, place, depth)
        return state_id

    def _take_forms(self, state_id: str, observation: Observation) -> None:
        for view in find_forms(observation):
            form = describe_form(view, state_id, observation.url)
            if view.fields and form.id not in self.forms:
                self.forms[form.id] = form

    def _note(self, finding: Finding) -> None:
        self.findings.setdefault(finding.fingerprint, finding)

    def _offer(self, task: Task) -> None:
        name = f"{task.kind} {task.url} {task.source} {task.key}"
        if task.kind == "open":
            name = f"open {task.url}"
        if task.kind == "search":
            name = "search"
        if name not in self._queued:
            self._queued.add(name)
            self._push(task)

    def _push(self, task: Task) -> None:
        heapq.heappush(self._queue, task)

    def _offer_all(self, state_id: str, observation: Observation, place: Place, depth: int) -> None:
        forms = find_forms(observation)
        inside = {node.ref for view in forms for node in view.buttons if view.fields}
        clicks = 0
        for node in observation.nodes:
            if not node.interactive or "disabled" in node.states:
                continue
            url = link_of(node, observation.url)
            if url:
                self._offer_link(node, url, state_id, place, depth)
            elif clicks < _CLICKS_PER_STATE and self._may_click(node, inside, forms):
                clicks += 1
                key = key_of(observation, node)
                rank = depth + 1.5 - 2.0 * closeness(self.intent, key.name)
                self._offer(
                    Task(
                        rank,
                        next(self._order),
                        "click",
                        label_of(node)[:60],
                        state_id,
                        depth,
                        place,
                        key=key,
                    )
                )
        for view in forms:
            if view.purpose is Purpose.SEARCH:
                self._offer(
                    Task(depth + 1.2, next(self._order), "search", "search", state_id, depth, place)
                )
            elif view.purpose is Purpose.LOGIN and not self._tried_login:
                self._offer(Task(2.5, next(self._order), "login", "Log in", state_id, depth, place))

    def _offer_link(self, node: Node, url: str, state_id: str, place: Place, depth: int) -> None:
        label = label_of(node)[:60]
        if not same_site(url, self.scout.target) or not may_follow(label, url):
            return
        template = url_template(url)
        seen = self._templates.get(template, 0)
        if seen >= _PER_TEMPLATE:
            return
        self._templates[template] = seen + 1
        rank = depth + 1 + 1.5 * seen - 3.0 * closeness(self.intent, f"{label} {url_template(url)}")
        if node.landmark in {"navigation", "banner"}:
            rank -= 0.3
        if "?" in url:
            rank += 0.5
        self._offer(Task(rank, next(self._order), "open", label, state_id, depth, place, url=url))

    def _may_click(self, node: Node, inside: set[str], forms: tuple[FormView, ...]) -> bool:
        words = f"{label_of(node)} {node.dom_name} {node.dom_id}"
        if node.role not in _CLICK_ROLES or not label_of(node):
            return False
        if is_logout(words) or is_destructive(words) or is_commit(words):
            return False
        home = next((view for view in forms if node in view.buttons), None)
        if is_cart_button(label_of(node)) and not self._added_to_cart:
            self._added_to_cart = True
            return True
        if home is not None and home.ref is not None and node.form is not None:
            # A button that sends a form may change data; only openers inside forms are tried.
            return bool(node.states & {"collapsed"}) or (
                home.purpose is Purpose.FILTER and is_button(node)
            )
        return node.ref not in inside or bool(node.states & {"collapsed"})


def is_cart_button(label: str) -> bool:
    """Whether a button puts something into a cart."""
    return bool(re.search(r"add (?:\w+ )?to (?:\w+ )?(?:cart|basket|bag)", label, re.IGNORECASE))


def parent_of(url: str) -> str:
    """The path above a URL's last segment; the whole template when that is the root."""
    template = url_template(url).partition("?")[0].rstrip("/")
    parent = template.rpartition("/")[0]
    return parent or template


def may_follow(label: str, url: str) -> bool:
    """Whether a link may be opened while exploring: not to log out, destroy, pay or order."""
    path = url.split("//", 1)[-1]
    if is_logout(label) or is_logout(path.replace("/", " ")):
        return False
    return not is_destructive(label) and not is_destructive(path.replace("/", " "))


def sample_term(observation: Observation) -> str:
    """A word from the page's own content that a search may well find."""
    best = ""
    chrome = {
        node.ref
        for node in observation.nodes
        if node.landmark in {"navigation", "banner", "contentinfo"}
    }
    for collection in observation.collections:
        if collection.item_refs and collection.item_refs[0] in chrome:
            continue
        for text in collection.item_texts[:12]:
            for word in text.split():
                clean = word.strip(".,:;()[]“”\"'")
                if clean.isalpha() and len(clean) >= 4 and clean[0].isupper():
                    return clean
                best = best or (clean if clean.isalpha() and len(clean) >= 4 else "")
    return best or "test"


def summary(effect: Effect, observation: Observation) -> str:
    """What an action changed, in a few words."""
    if effect.url_before != effect.url_after:
        title = observation.title or effect.url_after
        return f"opens {found.path_of(effect.url_after)} ({title[:60]})"
    if effect.dialogs:
        return f"shows the {effect.dialogs[0].kind} “{effect.dialogs[0].message[:60]}”"
    if effect.downloads:
        return f"downloads {effect.downloads[0].filename}"
    if observation.notices:
        return f"shows “{observation.notices[0][:80]}”"
    return "changes the page" if effect.mutated else "nothing seen"


def tell(app_map: AppMap) -> str:
    """One sentence on what an exploration found."""
    purposes = [form.purpose for form in app_map.forms if form.purpose is not Purpose.OTHER]
    names = list(dict.fromkeys(f"a {purpose.value} form" for purpose in purposes))
    broken = [item for item in app_map.findings if item.kind is not FindingKind.CAPTCHA]
    line = f"explored {len(app_map.states)} states"
    if names:
        line += ", found " + ", ".join(names)
    if broken:
        line += f", and {len(broken)} problem{'s' if len(broken) != 1 else ''}"
    return line
