"""What is seen on a page and what can be done to it: frozen values, no Playwright, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in CSS pixels of the top document, relative to its top left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a native or ARIA list box."""

    label: str
    value: str
    selected: bool
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """One element worth knowing: it can be acted on, carries text, or gives structure.

    ``ref`` names the element in its observation only. Texts have white space folded. ``value`` is
    ``None`` for elements without one and always ``""`` for password fields; that of a select is
    the label of what is chosen. ``index`` (from 0) and ``count`` place it among the siblings of its
    kind. ``src`` is kept for iframes and images. ``states`` holds any of
    disabled, required, readonly, checked, unchecked, mixed, selected, expanded, collapsed, pressed,
    invalid, focused, covered, offscreen, struck (text is struck through), current, modal. ``signs``
    tells what else it may react to, as far as listeners and styles show it: ``click`` (on an
    element around it), ``double``, ``context``, ``hover``, ``key``, ``press``, ``drag``, ``drop``,
    ``scroll``; ``hides`` (controls that are not shown are in it), ``scrolls`` (more of it can be
    scrolled into view), ``data`` (the page listens to clicks and it carries data attributes); for
    forms the method, ``get`` or ``post``.
    """

    ref: str
    parent: str | None
    frame: str
    tag: str
    role: str
    name: str
    text: str = ""
    own_text: str = ""
    label: str = ""
    placeholder: str = ""
    description: str = ""
    title: str = ""
    alt: str = ""
    test_id: str = ""
    test_id_attribute: str = ""
    dom_id: str = ""
    dom_name: str = ""
    classes: tuple[str, ...] = ()
    input_type: str = ""
    value: str | None = None
    options: tuple[Option, ...] = ()
    href: str = ""
    src: str = ""
    constraints: Mapping[str, str] = field(default_factory=dict)
    states: frozenset[str] = frozenset()
    interactive: bool = False
    editable: bool = False
    reason: str = ""
    level: int = 0
    box: Box = Box(0, 0, 0, 0)
    section: str = ""
    landmark: str = ""
    landmark_name: str = ""
    group: str = ""
    form: str | None = None
    dialog: str | None = None
    row: str | None = None
    row_text: str = ""
    column: str = ""
    near: str = ""
    index: int = 0
    count: int = 0
    signs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """A data table or grid: header texts and the text of every cell, in document order."""

    ref: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collection:
    """Repeated siblings of one shape (list items, cards), at least one of them."""

    ref: str
    kind: str
    label: str
    item_refs: tuple[str, ...]
    item_texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """One look at a page: the only ground on which a decision may be made.

    ``text`` is the visible text of the page in reading order, one block a line. ``notices`` are
    the texts of alerts, statuses, validation messages and toasts. ``blind`` names what cannot be
    seen into (canvas, closed shadow roots, frames that do not answer). ``omitted`` counts elements
    left out by the size bound. ``signs`` are the events that the document as a whole listens to, in
    the words of ``Node.signs``; ``shortcuts`` pairs the key chords of access keys with what they
    belong to.
    """

    id: int
    url: str
    title: str
    nodes: tuple[Node, ...]
    text: str
    notices: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    collections: tuple[Collection, ...] = ()
    viewport: tuple[int, int] = (1280, 720)
    status: int | None = None
    content_type: str = "text/html"
    blind: tuple[str, ...] = ()
    omitted: int = 0
    signs: frozenset[str] = frozenset()
    shortcuts: tuple[tuple[str, str], ...] = ()

    def node(self, ref: str) -> Node:
        """The node with this ref; raises KeyError when the observation has none."""
        for node in self.nodes:
            if node.ref == ref:
                return node
        raise KeyError(ref)


class LocatorKind(StrEnum):
    """How a locator finds its element, best first."""

    TEST_ID = "test_id"
    ROLE = "role"
    PLACEHOLDER = "placeholder"
    LABEL = "label"
    ALT = "alt"
    TEXT = "text"
    TITLE = "title"
    CSS = "css"


@dataclass(frozen=True, slots=True)
class Locator:
    """One way to find one element.

    ``value`` is the test id, role, placeholder, label, alt, text, title or CSS selector; ``name``
    the accessible name of a role locator. ``within`` narrows the search to one container, e.g. the
    table row that has a text (``has_text``). ``frame`` is the chain of CSS selectors of the iframes
    to enter. ``attribute`` is the test-id attribute (``data-testid`` unless told otherwise).
    """

    kind: LocatorKind
    value: str
    name: str | None = None
    exact: bool = True
    has_text: str | None = None
    within: Locator | None = None
    frame: tuple[str, ...] = ()
    attribute: str = "data-testid"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the element was like when it was recorded, for finding it again after a redesign."""

    role: str
    name: str
    tag: str
    label: str = ""
    text: str = ""
    near: str = ""
    section: str = ""
    landmark: str = ""
    row_text: str = ""
    column: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    box: Box = Box(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class LocatorBundle:
    """A primary locator that was unique when recorded, independent alternates, and the intent."""

    primary: Locator
    alternates: tuple[Locator, ...]
    fingerprint: Fingerprint
    intent: str


class ActionKind(StrEnum):
    """Everything that can be done to a page."""

    NAVIGATE = "navigate"
    BACK = "back"
    FORWARD = "forward"
    RELOAD = "reload"
    CLICK = "click"
    DOUBLE_CLICK = "double_click"
    RIGHT_CLICK = "right_click"
    TYPE = "type"
    APPEND = "append"
    CLEAR = "clear"
    PRESS = "press"
    SELECT = "select"
    CHECK = "check"
    UNCHECK = "uncheck"
    UPLOAD = "upload"
    HOVER = "hover"
    DRAG = "drag"
    SCROLL = "scroll"
    SET_SLIDER = "set_slider"
    SELECT_TEXT = "select_text"
    RESIZE = "resize"
    WAIT_FOR = "wait_for"
    WAIT_GONE = "wait_gone"
    FETCH = "fetch"
    OPEN_TAB = "open_tab"
    SWITCH_TAB = "switch_tab"
    CLOSE_TAB = "close_tab"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file made for an upload field."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. The target is a ref of the newest observation or a bundle to resolve.

    ``value``: the URL (navigate, fetch, open_tab), the number of a tab from 1, oldest first
    (switch_tab, and close_tab, where ``""`` is the one in front), text (type, append; wait_for and
    wait_gone when they have no target), key chord (press, e.g. ``Enter``), option labels separated
    by newlines (select), number (set_slider), the part of a text to select (all of it when empty),
    the pixels to move the grip by ("x,y", resize), ``end`` to scroll the box around a target
    as far as it goes (scroll). A fetch may say ``METHOD URL`` and have a body
    from the second line on. ``secret`` marks a value that must be masked wherever it would be
    recorded. ``dialog`` answers a dialog that the action opens: ``accept`` (with ``dialog_text``
    for prompts) or ``dismiss``; a page that asks whether to leave is left all the same unless it
    ``stays``.
    """

    kind: ActionKind
    target: str | LocatorBundle | None = None
    value: str = ""
    to: str | LocatorBundle | None = None
    files: tuple[Upload, ...] = ()
    secret: bool = False
    dialog: str = "accept"
    dialog_text: str = ""
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. ``status`` is None when it failed or is still open."""

    method: str
    url: str
    resource: str
    status: int | None
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """A file the page gave us; ``text`` is its decoded content when it is text under 1 MB."""

    filename: str
    size: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Dialog:
    """An alert, confirm, prompt or beforeunload that opened, and how it was answered."""

    kind: str
    message: str
    answer: str


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule of accessibility that a page breaks, as axe-core tells it.

    ``rule`` is axe's id; ``impact`` is minor, moderate, serious or critical; ``targets`` are
    selectors of the first elements that break it, ``count`` how many there are.
    """

    rule: str
    impact: str
    help: str
    targets: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Tab:
    """An open tab or window; ``front`` is the one that is looked at and acted on."""

    title: str
    url: str
    front: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action was seen to change, from just before it until the page had settled.

    ``seconds`` is the whole action with settling; ``last`` says what settling waited for last
    (``requests``, ``mutations``, ``animation``, ``cap`` or ``nothing``).
    """

    url_before: str
    url_after: str
    navigated: bool
    mutated: bool
    exchanges: tuple[Exchange, ...] = ()
    dialogs: tuple[Dialog, ...] = ()
    downloads: tuple[Download, ...] = ()
    opened: tuple[str, ...] = ()
    closed: bool = False  # a tab was closed
    console_errors: tuple[str, ...] = ()
    failed_requests: tuple[Exchange, ...] = ()
    value_after: str | None = None
    status: int | None = None
    seconds: float = 0.0
    last: str = "nothing"

    @property
    def anything(self) -> bool:
        """Whether the action had any observed effect at all."""
        return bool(
            self.navigated
            or self.mutated
            or self.exchanges
            or self.dialogs
            or self.downloads
            or self.opened
            or self.closed
            or self.url_before != self.url_after
            or self.value_after is not None
        )
