"""Moving about a site without recording: go, click, log in, put banners away."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from assay.atlas.fields import meaning
from assay.atlas.model import Purpose
from assay.atlas.purpose import FormView, cookie_button, find_forms
from assay.atlas.words import closeness, fold
from assay.browser.errors import BrowserError, PageCrashed
from assay.browser.model import Action, ActionKind, Effect, Node, Observation, Upload, Violation
from assay.browser.port import Session, SessionOptions
from assay.projects.model import Credential, Target

_FILE = re.compile(
    r"\.(?:pdf|zip|gz|tar|csv|xlsx?|docx?|pptx?|png|jpe?g|gif|svg|ico|mp[34]|webm|exe|dmg|xml|rss|"
    r"json|txt|css|js)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Key:
    """What a control is called in its state, to find it again in a later observation."""

    role: str
    name: str
    section: str
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """One thing done to a page, in words that can be found again: see ``browser.model.Action``."""

    kind: ActionKind
    key: Key | None = None
    value: str = ""
    to: Key | None = None
    dialog: str = "dismiss"
    files: tuple[Upload, ...] = ()

    @property
    def words(self) -> str:
        """What a tester would say was done."""
        name = f"“{self.key.name[:60]}”" if self.key is not None and self.key.name else "it"
        match self.kind:
            case ActionKind.CLICK:
                return f"click {name}"
            case ActionKind.DOUBLE_CLICK:
                return f"double-click {name}"
            case ActionKind.RIGHT_CLICK:
                return f"right-click {name}"
            case ActionKind.HOVER:
                return f"point at {name}"
            case ActionKind.PRESS:
                return f"press {self.value}" + (f" on {name}" if self.key is not None else "")
            case ActionKind.DRAG:
                return f"drag {name}" + (f" to “{self.to.name[:60]}”" if self.to else "")
            case ActionKind.SCROLL:
                return "scroll down" if self.key is None else f"scroll {name} down"
            case ActionKind.SELECT | ActionKind.TYPE | ActionKind.SET_SLIDER:
                return f"enter “{self.value[:40]}” in {name}"
            case _:
                return f"{self.kind.value.replace('_', ' ')} {name}"


def options_for(
    target: Target, storage_state: Mapping[str, object] | None = None
) -> SessionOptions:
    """The session options of a target, without evidence; with the state to start from, if any."""
    return SessionOptions(
        base_url=target.url,
        storage_state=storage_state,
        allowed_hosts=target.allowed_hosts,
        width=target.width,
        height=target.height,
        is_mobile=target.is_mobile,
        ignore_https_errors=target.ignore_https_errors,
        http_credentials=target.http_credentials,
        secrets=tuple(target.secrets),
        names=target.user_names,
    )


def login_credentials(target: Target) -> tuple[Credential, ...]:
    """The target's accounts that a login form takes."""
    return tuple(item for item in target.logins if item.username and item.password)


def choose_credential(target: Target, intent: str) -> Credential | None:
    """The account that the intent names, else the first."""
    known = login_credentials(target)
    if not known:
        return None
    words = fold(intent)
    named = [item for item in known if fold(item.name) in words or fold(item.username) in words]
    if named:
        return named[0]
    scored = [(closeness(item.name, intent), item) for item in known]
    best = max(scored, key=lambda pair: pair[0])
    return best[1] if best[0] > 0 else known[0]


def key_of(observation: Observation, node: Node) -> Key:
    """The key of a node; ``nth`` counts the ones before it that look the same."""
    words = node.name or node.text[:80]
    nth = 0
    for other in observation.nodes:
        if other.ref == node.ref:
            break
        same = other.role == node.role and (other.name or other.text[:80]) == words
        if same and other.section == node.section:
            nth += 1
    return Key(node.role, words, node.section, nth)


def find_key(observation: Observation, key: Key) -> Node | None:
    """The node of a key, if the observation has it."""
    same = [
        node
        for node in observation.nodes
        if node.role == key.role and (node.name or node.text[:80]) == key.name
    ]
    exact = [node for node in same if node.section == key.section]
    pool = exact or same
    return pool[key.nth] if len(pool) > key.nth else (pool[0] if pool else None)


def same_site(url: str, target: Target) -> bool:
    """Whether a URL belongs to the target's environment."""
    parts, home = urlsplit(url), urlsplit(target.url)
    if parts.scheme not in {"http", "https"}:
        return False
    return parts.netloc == home.netloc or parts.netloc in target.allowed_hosts


def link_of(node: Node, base: str) -> str:
    """The absolute URL of a link that a page load or a route change follows, or ``""``."""
    raw = node.href
    if not raw or raw.startswith(("javascript:", "mailto:", "tel:", "data:", "blob:")):
        return ""
    url = urljoin(base, raw)
    plain, fragment = urldefrag(url)
    if _FILE.search(urlsplit(url).path):
        return ""
    if plain == urldefrag(base)[0] and not fragment.startswith(("/", "!")):
        return ""
    return url if fragment.startswith(("/", "!")) else plain


class Scout:
    """A session with its newest observation; browser errors become ``problem`` and None."""

    def __init__(self, session: Session, target: Target) -> None:
        self.session = session
        self.target = target
        self.observation = Observation(id=0, url="about:blank", title="", nodes=(), text="")
        self.problem = ""
        self.lost = False
        self.signed_in = False
        self.actions = 0
        self._banners = 0

    async def perform(self, action: Action) -> Effect | None:
        """Do one thing and look; None (with ``problem``) when the browser could not."""
        self.actions += 1
        self.problem = ""
        effect: Effect | None = None
        try:
            effect = await self.session.perform(action)
        except BrowserError as error:
            self.problem = error.message
        try:
            self.observation = await self.session.observe()
        except BrowserError as error:
            self.problem = error.message
            self.lost = isinstance(error, PageCrashed)
            return None
        return effect

    async def goto(self, url: str) -> Effect | None:
        """Open a URL and put a cookie banner away."""
        effect = await self.perform(
            Action(ActionKind.NAVIGATE, value=urljoin(self.target.url, url))
        )
        if effect is not None:
            await self.dismiss_banner()
        return effect

    async def click(self, node: Node) -> Effect | None:
        """Click a node of the newest observation; dialogs it opens are dismissed."""
        return await self.perform(Action(ActionKind.CLICK, node.ref, dialog="dismiss"))

    async def do(self, move: Move) -> Effect | None:
        """Make a move on the newest observation; None when its element is not there to be used."""
        ref = to = None
        if move.key is not None:
            node = find_key(self.observation, move.key)
            if node is None or node.states & {"disabled", "covered"}:
                return None
            ref = node.ref
        if move.to is not None:
            goal = find_key(self.observation, move.to)
            if goal is None:
                return None
            to = goal.ref
        return await self.perform(
            Action(
                move.kind, ref, move.value, to, move.files, dialog=move.dialog,
                dialog_text="test" if move.dialog == "accept" else "",
            )
        )  # fmt: skip

    async def look(self) -> bool:
        """Look again without doing anything; whether the page has changed by itself."""
        before = self.observation
        try:
            self.observation = await self.session.observe()
        except BrowserError as error:
            self.problem = error.message
            self.lost = isinstance(error, PageCrashed)
            return False
        now = self.observation
        same = now.url == before.url and now.text == before.text
        return not same or len(now.nodes) != len(before.nodes)

    async def audit(self) -> tuple[Violation, ...]:
        """What the page breaks of the rules of accessibility; nothing (with ``problem``) when it
        could not be checked."""
        try:
            return await self.session.audit()
        except BrowserError as error:
            self.problem = error.message
            self.lost = isinstance(error, PageCrashed)
            return ()

    async def dismiss_banner(self) -> None:
        """Answer a cookie banner, at most twice a session."""
        if self._banners >= 2:
            return
        button = cookie_button(self.observation)
        if button is not None:
            self._banners += 1
            await self.click(button)

    def form(self, *purposes: Purpose) -> FormView | None:
        """The first form on the page with one of these purposes, in the order of the purposes."""
        views = find_forms(self.observation)
        for purpose in purposes:
            for view in views:
                if view.purpose is purpose:
                    return view
        return None

    async def submit(
        self, view: FormView, entries: Sequence[tuple[Node, str, bool]]
    ) -> Effect | None:
        """Type the entries (node, text, secret) into a form and send it."""
        last: Node | None = None
        for node, text, secret in entries:
            current = find_key(self.observation, key_of(self.observation, node))
            last = current or node
            await self.perform(Action(ActionKind.TYPE, last.ref, value=text, secret=secret))
            view = next(
                (
                    again
                    for again in find_forms(self.observation)
                    if again.purpose is view.purpose and again.title == view.title
                ),
                view,
            )
        if view.submit is not None:
            return await self.perform(Action(ActionKind.CLICK, view.submit.ref))
        if last is None:
            return None
        return await self.perform(Action(ActionKind.PRESS, last.ref, value="Enter"))

    async def login(self, credential: Credential) -> bool:
        """Log in through the login form of this page; whether the form went away."""
        view = self.form(Purpose.LOGIN)
        if view is None:
            return False
        user = user_field(view)
        if user is not None:
            await self.perform(Action(ActionKind.TYPE, user.ref, value=credential.username))
        view = self.form(Purpose.LOGIN) or view
        secret = view.first("password")
        if secret is None and view.submit is not None:
            await self.click(view.submit)
            view = self.form(Purpose.LOGIN) or view
            secret = view.first("password")
        if secret is None:
            return False
        await self.perform(
            Action(ActionKind.TYPE, secret.ref, value=credential.password, secret=True)
        )
        view = self.form(Purpose.LOGIN) or view
        button = view.submit
        secret = view.first("password") or secret
        send = (
            Action(ActionKind.CLICK, button.ref)
            if button is not None
            else Action(ActionKind.PRESS, secret.ref, value="Enter")
        )
        await self.perform(send)
        self.signed_in = self.form(Purpose.LOGIN) is None
        return self.signed_in


def user_field(view: FormView) -> Node | None:
    """The field of a login form that takes the user's name or address."""
    named = view.first("username", "email", "phone")
    if named is not None:
        return named
    texts = [node for node in view.fields if node.role in {"textbox", "combobox"}]
    return next((node for node in texts if meaning(node) != "password"), None)
