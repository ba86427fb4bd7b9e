"""The face of the browser room: a pool of isolated sessions on one real browser process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from assay.browser.footprint import Footprint
from assay.browser.model import (
    Action,
    Download,
    Effect,
    Exchange,
    LocatorBundle,
    Observation,
    Tab,
    Violation,
)


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What makes the world of a session harder than usual, none of it a fault of the site.

    ``cpu``: how many times slower the page's processor is. ``late``: each answer to a document,
    script, style sheet or fetch comes up to so many seconds later. ``overtaken``: an answer to a
    fetch may be held back up to so many seconds, or until another one has come before it.
    ``media``: fonts and images come up to so many seconds later. ``shrink``: what is left of the
    viewport's width and height. Delays are random, but the same for the same ``seed`` and request.
    """

    seed: int
    cpu: float = 1.0
    late: float = 0.0
    overtaken: float = 0.0
    media: float = 0.0
    shrink: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """How one isolated browser context is made.

    ``allowed_hosts`` are ``host`` or ``host:port`` of the project's environments: documents may
    only be loaded from them; sub-resources may come from any public address. ``secrets`` are masked
    in everything that is recorded (``names`` are the user names that go with them and stay
    readable). ``evidence`` is the folder for trace and pictures, ``None`` for
    a session that records none. ``http_credentials`` is (user, password) for HTTP authentication.
    ``disturbance`` is put into every page of the session, its network policy as it is.
    ``attributes`` are noted for every element, beside those that are always known. With
    ``coverage``, what runs of the site's scripts and style sheets is recorded.
    """

    base_url: str
    allowed_hosts: frozenset[str]
    width: int = 1280
    height: int = 720
    is_mobile: bool = False
    ignore_https_errors: bool = False
    http_credentials: tuple[str, str] | None = None
    storage_state: Mapping[str, object] | None = None
    secrets: Sequence[str] = ()
    names: Sequence[str] = ()
    evidence: Path | None = None
    action_timeout: float = 5.0
    navigation_timeout: float = 20.0
    disturbance: Disturbance | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    attributes: frozenset[str] = frozenset()
    coverage: bool = False


# Faults in what the site answers: they cannot be taken out of a page again.
ANSWER_KINDS = frozenset({"status", "body", "server_error", "filename"})
# What has happened once stays so as well.
LASTING_KINDS = ANSWER_KINDS | {"console_error", "failed_request"}


@dataclass(frozen=True, slots=True)
class Mutation:
    """A fault put into the page or its responses, kept until the session ends or it is lifted.

    ``kind`` is one of the kinds in ``assay.browser.mutations``; the rest parametrise it.
    ``target`` narrows it to one element; ``text`` and ``number`` mean what the kind says. With
    ``ahead`` it is put in place for what will appear, though there is nothing to change yet.
    """

    kind: str
    description: str
    target: LocatorBundle | None = None
    text: str = ""
    number: int = 0
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of looking a bundle up: ``unique``, ``healed``, ``ambiguous`` or ``missing``.

    ``handle`` is the element's ref in the newest observation (resolving looks anew when it must).
    ``candidates`` says in words what was found instead; ``score`` and ``margin`` are set for heals.
    """

    outcome: str
    handle: object | None = None
    by: str = ""
    score: float = 1.0
    margin: float = 1.0
    candidates: tuple[str, ...] = ()


class Session(Protocol):
    """One isolated browser context with its current page: the tab in front."""

    async def observe(self, *, whole: bool = False) -> Observation:
        """Look at the page now. Refs of earlier observations become invalid.

        A large page is seen up to a number of elements and ``omitted`` says how many are left;
        ``whole`` takes in ten times as many, at ten times the cost.
        """

    async def perform(self, action: Action, *, settle: bool = True) -> Effect:
        """Do one thing and wait until what it caused is over (at most 5 s).

        With ``settle=False`` only the action itself and a navigation it caused (to commit and
        DOM ready) are awaited: for replay, which waits for recorded effects instead.
        Raises an ``assay.browser.errors.BrowserError`` leaf: TargetMissing, TargetAmbiguous,
        TargetBlocked (covered, disabled, hidden), NavigationFailed, HostRefused, ActionFailed,
        PageCrashed.
        """

    async def bundle(
        self, ref: str, intent: str = "", volatile: Sequence[str] = ()
    ) -> LocatorBundle:
        """The locators of an element of the newest observation, checked unique on the page.

        ``volatile`` are texts that will be others in the next run; locators avoid them.
        """

    async def resolve(self, bundle: LocatorBundle) -> Resolution:
        """Find the element of a bundle on the page now, without acting."""

    async def dismiss_overlays(self) -> tuple[str, ...]:
        """Answer consent banners with the least consent; returns the names of what was pressed."""

    async def mutate(self, mutation: Mutation, *, passing: bool = False) -> bool:
        """Put a fault in place. False when the page has nothing that the fault could change.

        ``passing`` faults are in the documents open now only, and ``lift`` takes them out again;
        faults in answers cannot pass (ActionFailed).
        """

    async def lift(self) -> None:
        """Take passing faults out of the page and undo what they changed, as far as it is still
        there: whoever goes on in this session checks first that the page is as it was."""

    async def screenshot(self, name: str) -> Path | None:
        """A picture of the viewport in the evidence folder, secrets masked; None without one."""

    async def storage_state(self, *, databases: bool = True) -> dict[str, object]:
        """Cookies, local storage and (``databases``) IndexedDB, to start another session from.

        Raises PageCrashed when it cannot be read.
        """

    async def audit(self) -> tuple[Violation, ...]:
        """What the main document now breaks of WCAG's A and AA rules, found with axe-core.

        Raises ActionFailed when axe-core is not installed or cannot read the page.
        """

    async def footprint(self) -> Footprint:
        """What of the site's scripts and style sheets ran so far; empty unless that is recorded
        (``SessionOptions.coverage``) or when the page does not answer. Never raises."""

    def downloads(self) -> tuple[Download, ...]:
        """Files that came so far, and what was fetched."""

    async def tabs(self) -> tuple[Tab, ...]:
        """The tabs and windows that are open, oldest first."""

    def console_errors(self) -> tuple[str, ...]:
        """Console errors and uncaught exceptions so far, oldest first."""

    def failed_requests(self) -> tuple[Exchange, ...]:
        """Requests that failed or were answered with 4xx or 5xx so far."""

    def streams(self) -> bool:
        """Whether servers can send more at any time: an event stream or a web socket was opened."""

    def exchanges(self) -> tuple[Exchange, ...]:
        """Every document, fetch and XHR exchange so far."""


class BrowserPool(Protocol):
    """Owns one browser process; restarts it when it dies."""

    def session(self, options: SessionOptions) -> AbstractAsyncContextManager[Session]:
        """A fresh context. On exit the trace is written (masked) and the context closed."""

    async def close(self) -> None:
        """End the browser process."""
