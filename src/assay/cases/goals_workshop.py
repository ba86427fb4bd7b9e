"""What writers of tests share: sessions, forms found again, assertions from effects."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from assay.atlas.fields import is_button, label_of, meaning
from assay.atlas.focus import Spot, Wanted, seek
from assay.atlas.model import AppMap, Purpose
from assay.atlas.purpose import FormView, cookie_button, find_forms
from assay.atlas.scout import Key, Scout, find_key, key_of
from assay.browser.errors import BrowserError
from assay.browser.model import ActionKind, Effect, Node, Observation
from assay.browser.port import BrowserPool
from assay.cases.model import Assertion, AssertionKind, Draft
from assay.cases.recorder import Recorder, path_pattern
from assay.cases.sessions import session_options
from assay.cases.trail import Moment
from assay.kernel.ids import new_token
from assay.kernel.progress import Progress
from assay.projects.model import Target

_LONG_NUMBER = re.compile(
    r"#\s?\w*\d\w*|\b\d{3,}\b(?![.,]\d)|\b\d{1,4}[-/:.]\d{1,2}(?:[-/:.]\d{1,4})?\b"
)
_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}\b", re.IGNORECASE
)
_SHORTEST = 3
_MESSAGES_AT_MOST = 2
_MARKS = " ×✕✖✗✓✔⚠!•\t"
_REFUSED = re.compile(
    r"already (?:exists|taken|in use)|\berrors?\b|required|invalid|not (?:a )?valid|incorrect|"
    r"please (?:correct|enter|fill|select|choose)|must (?:be|have|not)|cannot|can't|too (?:short|"
    r"long)|didn.t match|do not match|failed|denied|not allowed",
    re.IGNORECASE,
)
_ACCEPTED = re.compile(
    r"\b(?:saved|success\w*|thank\w*|created|added|updated|deleted|welcome)\b|has been sent",
    re.IGNORECASE,
)
_GENERAL = re.compile(
    r"below|some errors|following error|check the (?:error|form)|marked|correct the", re.IGNORECASE
)


class CannotWrite(Exception):
    """A test could not be written; the message says in one sentence why. Never leaves the room."""


class StartOver(CannotWrite):
    """Something was learnt (and noted in the workshop) that makes another try worth it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One test that may be written. ``key`` is stable; ``negative`` plans expect a refusal."""

    key: str
    name: str
    write: Callable[[], Awaitable[Draft | None]]
    negative: bool = False
    words: str = ""


@dataclass(slots=True)
class Workshop:
    """Where tests are written: the browser, the target, and what was already found out."""

    pool: BrowserPool
    target: Target
    progress: Progress
    request: str = ""
    known: AppMap | None = None
    notes: list[str] = field(default_factory=list)
    spots: dict[str, Spot | None] = field(default_factory=dict)
    seen: dict[str, Observation] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)

    @asynccontextmanager
    async def scout(self) -> AsyncIterator[Scout]:
        """A fresh session for looking around."""
        async with self.pool.session(session_options(self.target)) as session:
            yield Scout(session, self.target)

    @asynccontextmanager
    async def recorder(self, seed: str) -> AsyncIterator[Recorder]:
        """A fresh session in which a test is recorded."""
        async with self.pool.session(session_options(self.target)) as session:
            # What a recording makes must be new each time it is tried.
            yield Recorder(session, self.target, f"{seed} {new_token()}")

    async def spot(self, name: str, wanted: Wanted, **limits: float) -> Spot | None:
        """Look something up once per request."""
        if name not in self.spots:
            hops = int(limits.get("hops", 8))
            async with self.scout() as scout:
                found = await seek(
                    scout, wanted, known=self.known, hops=hops, seconds=limits.get("seconds", 8.0)
                )
                self.found(name, found, scout.observation)
        return self.spots[name]

    def found(self, name: str, spot: Spot | None, seen: Observation) -> None:
        """Keep where something is and what was seen there."""
        self.spots[name] = spot
        if spot is not None:
            self.seen[name] = seen
            self.facts[f"{name} text"] = seen.text


def path_of(url: str) -> str:
    """Path, query and route fragment of a URL."""
    parts = urlsplit(url)
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "") + fragment


async def go(rec: Recorder, spot: Spot, text: str = "") -> None:
    """Open a spot: its address, then the clicks that lead on from there."""
    await rec.open(path_of(spot.url), text)
    await clear_banner(rec)
    for key in spot.clicks:
        node = find_key(rec.observation, key)
        if node is None:
            raise CannotWrite(f"“{key.name}” was not found again on {path_of(spot.url)}.")
        await rec.act(ActionKind.CLICK, node.ref)


async def clear_banner(rec: Recorder) -> None:
    """Put a cookie banner away, as an optional step."""
    button = cookie_button(rec.observation)
    if button is not None:
        await rec.act(
            ActionKind.CLICK,
            button.ref,
            text=f"Answer the cookie banner with “{button.name}”",
            optional=True,
        )


def form_of(
    observation: Observation, purpose: Purpose, like: FormView | None = None
) -> FormView | None:
    """A form with this purpose; the one most like an earlier view of it, when there are several."""
    views = [view for view in find_forms(observation) if view.purpose is purpose]
    if like is None or len(views) < 2:
        return views[0] if views else None
    names = {node.dom_name or label_of(node) for node in like.fields}
    return max(
        views,
        key=lambda view: (
            len(names & {node.dom_name or label_of(node) for node in view.fields}),
            view.title == like.title,
        ),
    )


def need_form(rec: Recorder, purpose: Purpose, like: FormView | None = None) -> FormView:
    """``form_of`` on the recorder's page, or CannotWrite."""
    view = form_of(rec.observation, purpose, like)
    if view is None:
        raise CannotWrite(
            f"The {purpose.value} form was not found on {path_of(rec.observation.url)}."
        )
    return view


def again(rec: Recorder, node: Node, before: Observation) -> Node | None:
    """The same control in the newest observation."""
    for candidate in rec.observation.nodes:
        same = candidate.dom_name and candidate.dom_name == node.dom_name
        alike = candidate.role == node.role and candidate.input_type == node.input_type
        choice = node.role in {"radio", "checkbox"}
        if same and alike and (not choice or candidate.name == node.name):
            return candidate
    return find_key(rec.observation, key_of(before, node))


async def put(rec: Recorder, node: Node, value: str, text: str = "") -> Effect | None:
    """Enter, choose or tick: whatever the field takes. None when there is nothing to do."""
    if node.role in {"checkbox", "switch"}:
        return await rec.act(ActionKind.CHECK, node.ref, text=text)
    if node.role == "radio":
        if "checked" in node.states:
            return None
        return await rec.act(ActionKind.CHECK, node.ref, text=text or f"Choose “{label_of(node)}”")
    if node.tag == "select":
        return await rec.act(ActionKind.SELECT, node.ref, value=value, text=text)
    return await rec.act(ActionKind.TYPE, node.ref, value=value, text=text)


async def send(rec: Recorder, view: FormView, text: str = "", *, field_ref: str = "") -> Effect:
    """Send a form with its button, or with Enter when it has none."""
    if view.submit is not None:
        return await rec.act(ActionKind.CLICK, view.submit.ref, text=text)
    ref = field_ref or (view.fields[-1].ref if view.fields else "")
    if not ref:
        raise CannotWrite("The form has neither a button nor a field to press Enter in.")
    return await rec.act(ActionKind.PRESS, ref, value="Enter", text=text)


def stable_text(text: str, typed: Sequence[tuple[str, str]]) -> str:
    """The longest part of a text that will be the same in the next run, values put to templates."""
    for value, template in typed:
        if value:
            text = text.replace(value, template)
    text = _MONTH.sub("\x00", text)
    parts = [part.strip(" :,;–-.(") for part in _LONG_NUMBER.sub("\x00", text).split("\x00")]
    best = max(parts, key=len, default="").strip(_MARKS)
    return best[:160] if len(best) >= _SHORTEST and re.search(r"[^\W\d]{3}", best) else ""


def templates_of(rec: Recorder) -> list[tuple[str, str]]:
    """Values typed in this recording that are new in each run, longest first, with templates."""
    pairs = [
        (item.value, item.template)
        for item in rec.typed
        if "{{" in item.template and "{{config:" not in item.template and len(item.value) >= 3
    ]
    return sorted(dict(pairs).items(), key=lambda pair: -len(pair[0]))


def fresh_notices(moment: Moment) -> list[str]:
    """Messages that appeared with an action."""
    old = set(moment.before.notices)
    return [text for text in moment.after.notices if text not in old and text.strip()]


def fresh_lines(moment: Moment) -> list[str]:
    """Lines of text that appeared with an action."""
    old = {line.strip() for line in moment.before.text.splitlines()}
    return [
        line.strip()
        for line in moment.after.text.splitlines()
        if line.strip() and line.strip() not in old
    ]


def heading_node(observation: Observation) -> Node | None:
    """The main heading's node."""
    nodes = [node for node in observation.nodes if node.role == "heading" and node.text.strip()]
    return min(nodes, key=lambda node: node.level or 9, default=None)


def fresh_controls(moment: Moment, pattern: str) -> list[Node]:
    """Links and buttons matching a pattern that were not there before an action."""
    known = {(node.role, node.name) for node in moment.before.nodes}
    return [
        node
        for node in moment.after.nodes
        if node.role in {"link", "button", "menuitem"}
        and (node.role, node.name) not in known
        and re.search(pattern, node.name, re.IGNORECASE)
        and not node.states & {"covered"}
    ]


async def expect_text(
    rec: Recorder, text: str, said: str = "", *, scope: str | None = None
) -> bool:
    """Assert that a text is visible, in a form that holds in the next run too."""
    steady = stable_text(text, templates_of(rec))
    if not steady:
        return False
    check = await rec.expect(
        Assertion(AssertionKind.TEXT, steady), said or f"“{steady}” is shown", scope_ref=scope
    )
    return check.ok


async def expect_url(rec: Recorder, said: str = "") -> bool:
    """Assert the path of the page, ids and typed values as wildcards."""
    parts = urlsplit(rec.observation.url)
    path = path_pattern(rec.observation.url).partition("?")[0] or "/"
    for value, _template in templates_of(rec):
        path = path.replace(value, "*")
    route = f"#{parts.fragment}" if parts.fragment.startswith(("/", "!")) else ""
    check = await rec.expect(
        Assertion(AssertionKind.URL, path + route), said or f"The page is {path}{route}"
    )
    return check.ok


async def expect_message(rec: Recorder, words: str = "") -> str:
    """Assert the message that the last action brought; returns it, or ``""`` when none came."""
    moment = rec.moments[-1]
    candidates = [line for line in fresh_notices(moment) if len(line) <= 240]
    if not candidates:
        shape = words or (
            r"invalid|incorrect|wrong|error|required|must|cannot|can't|not (?:valid|match|found|"
            r"correct|recogni)|didn.t match|please|fail|too (?:short|long|many)|unknown|already"
        )
        candidates = [
            line
            for line in fresh_lines(moment)
            if re.search(shape, line, re.IGNORECASE) and len(line) <= 240
        ]
    shown: list[str] = []
    for line in sorted(candidates, key=lambda item: (_GENERAL.search(item) is not None, len(item))):
        first = next((part for part in line.splitlines() if part.strip()), line).strip(_MARKS)
        if any(first in other or other in first for other in shown):
            continue
        if await expect_text(rec, first):
            shown.append(first)
        if len(shown) == _MESSAGES_AT_MOST:
            break
    return "” and “".join(shown)


def shown(message: str) -> str:
    """What ``expect_message`` gave, as a part of an expected result."""
    return f"“{message}” {'are' if '” and “' in message else 'is'} shown"


def refusal(rec: Recorder) -> str:
    """What the site says against the form that was just sent; ``""`` when it took it."""
    for line in fresh_notices(rec.moments[-1]):
        if _REFUSED.search(line):
            return line.strip(_MARKS)[:160]
    return ""


def accepted(rec: Recorder) -> bool:
    """Whether the site says that it took what was just sent."""
    return any(_ACCEPTED.search(line) for line in fresh_notices(rec.moments[-1]))


async def expect_heading(rec: Recorder) -> bool:
    """Assert the page's main heading."""
    node = heading_node(rec.observation)
    return node is not None and await expect_text(
        rec, node.text, f"The heading “{node.text}” is shown"
    )


async def expect_result(rec: Recorder, before: Observation) -> int:
    """Assertions for whatever the last action was seen to change; how many there are."""
    moment = rec.moments[-1]
    count = 0
    if fresh_notices(moment) and await expect_message(rec):
        count += 1
    if path_of(before.url) != path_of(rec.observation.url) and await expect_url(rec):
        count += 1
    old = heading_node(before)
    new = heading_node(rec.observation)
    if new is not None and (old is None or old.text != new.text) and await expect_heading(rec):
        count += 1
    if count == 0:
        for line in fresh_lines(moment)[:5]:
            if 3 <= len(line) <= 120 and await expect_text(rec, line):
                return 1
    return count


def missing_query(url: str) -> dict[str, str]:
    """The query of a URL as pairs."""
    return dict(parse_qsl(urlsplit(url).query))


def buttons_like(observation: Observation, pattern: str) -> list[Node]:
    """Usable links and buttons whose words match, buttons first, in document order."""
    found = [
        node
        for node in observation.nodes
        if node.interactive
        and (node.role in {"link", "button"} or is_button(node))
        and not node.states & {"disabled"}
        and re.search(pattern, label_of(node), re.IGNORECASE)
    ]
    return sorted(found, key=lambda node: node.role == "link")


async def attempt(plan: Plan, shop: Workshop) -> Draft | None:
    """Write one plan; a problem becomes a draft that says so, for the answer."""
    try:
        try:
            return await plan.write()
        except StartOver:
            return await plan.write()
    except CannotWrite as error:
        reason = str(error)
    except BrowserError as error:
        reason = error.message
    return Draft(
        key=plan.key,
        name=plan.name,
        goal="",
        expected_result="",
        steps=(),
        problem=reason,
        notes=tuple(shop.notes),
    )


__all__ = [
    "CannotWrite",
    "Key",
    "Plan",
    "StartOver",
    "Workshop",
    "accepted",
    "again",
    "attempt",
    "buttons_like",
    "clear_banner",
    "expect_heading",
    "expect_message",
    "expect_result",
    "expect_text",
    "expect_url",
    "form_of",
    "fresh_controls",
    "fresh_lines",
    "fresh_notices",
    "go",
    "heading_node",
    "meaning",
    "need_form",
    "path_of",
    "put",
    "refusal",
    "send",
    "shown",
    "stable_text",
    "templates_of",
]
