"""What else could be tried on a page: gestures, keys, fields and forms, from one observation; pure.

Everything here is unusual: links, buttons, tabs and searches are the explorer's own business. What
is offered is grounded in what the page is seen to listen to, and kept within ``rules``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from assay.atlas.entries import ends_of, entry, file_for, options_of
from assay.atlas.fields import is_button, is_field, label_of, meaning
from assay.atlas.model import Purpose
from assay.atlas.purpose import FormView, find_forms
from assay.atlas.rules import CLICK_ROLES, harmless, may_send, may_touch, words_of
from assay.atlas.scout import Key, Move, key_of
from assay.browser.model import ActionKind, Node, Observation

_CHROME = frozenset({"navigation", "banner", "contentinfo"})
_NEAR = 6  # nodes between a field and the button that it waits for
_BOXES = frozenset({"checkbox", "switch", "menuitemcheckbox"})
_SENT_BY_ENTER = frozenset({"textbox", "searchbox", "combobox", "spinbutton"})
_CHORD = re.compile(
    r"^(?:(?:ctrl|control|alt|shift|cmd|meta)\s*\+\s*)*(?:[a-z0-9?/]|f\d{1,2})$", re.I
)
# Enter in these may tell somebody something.
_TOLD = frozenset({"message", "description", "subject", "email", "phone", "password", "voucher"})
# A pull to the side and one downwards: sliders, drawers, carousels, sheets.
_PULLS = ("160,0", "0,120")


@dataclass(frozen=True, slots=True)
class Try:
    """An unusual thing to do; ``order`` says what is likelier to lead somewhere (0 first).
    ``everywhere`` is one of the site's own menus: trying it on one page is enough."""

    order: float
    label: str
    moves: tuple[Move, ...]
    everywhere: bool = False


def tries(observation: Observation, term: str = "test") -> list[Try]:
    """All unusual things that may be tried, best first, a few of each kind."""
    views = tuple(_with_button(view) for view in find_forms(observation))
    sent = {node.ref for view in views if _is_sent(view) for node in view.fields}
    page = _Page(observation, views, sent, term)
    found = [
        *islice(page.forms(), 3),
        *islice(page.loose_forms(), 2),
        *islice(page.hovers(), 5),
        *islice(page.choices(), 6),
        *islice(page.texts(), 3),
        *islice(page.boxes(), 3),
        *islice(page.gestures("double", ActionKind.DOUBLE_CLICK), 3),
        *islice(page.gestures("context", ActionKind.RIGHT_CLICK), 2),
        *islice(page.keys(), 3),
        *islice(page.drags(), 4),
        *islice(page.faint(), 4),
        *islice(page.shortcuts(), 3),
    ]
    return sorted(found, key=lambda item: item.order)


def plain_clicks(observation: Observation) -> Iterator[tuple[Key, Node]]:
    """What takes a click and is no control by its role: rows, tiles, icons, options."""
    for node in observation.nodes:
        if not node.interactive or node.role in CLICK_ROLES or node.href or is_field(node):
            continue
        if node.form is not None and is_button(node):
            continue
        if may_touch(node):
            yield key_of(observation, node), node


def _with_button(view: FormView) -> FormView:
    """A form's only button sends it, though it be called “Show” like those that uncover things."""
    if view.submit is not None:
        return view
    typed = [node for node in view.buttons if node.input_type in {"submit", "image"}]
    return replace(view, submit=typed[0]) if len(typed) == 1 and typed[0].form else view


def _is_sent(view: FormView) -> bool:
    """Whether the fields wait for a button or for Enter."""
    typed = any(node.role in _SENT_BY_ENTER for node in view.fields if node.tag != "select")
    return view.submit is not None or (typed and view.fields[0].form is not None)


class _Page:
    def __init__(
        self, observation: Observation, views: tuple[FormView, ...], sent: set[str], term: str
    ) -> None:
        self.seen = observation
        self.views = views
        self.sent = sent
        self.term = term

    def _make(self, order: float, node: Node, *moves: Move) -> Try:
        return Try(order, label_of(node)[:60], moves, node.landmark in _CHROME)

    def _move(self, kind: ActionKind, node: Node, value: str = "") -> Move:
        return Move(kind, key_of(self.seen, node), value)

    def _loose_fields(self) -> Iterator[Node]:
        """Fields that are not sent with a form: what they do, they do at once."""
        for node in self.seen.nodes:
            fixed = node.states & {"disabled", "readonly"}
            if not is_field(node) or node.ref in self.sent or fixed:
                continue
            if harmless(words_of(node), node.near, node.group):
                yield node

    def forms(self) -> Iterator[Try]:
        """Forms that ask for something, filled in and sent."""
        by_ref = {node.ref: node for node in self.seen.nodes}
        for view in self.views:
            home = by_ref.get(view.ref or "")
            # What is sent by a script says nothing of its method.
            method = "get" if home is not None and "get" in home.signs else "post"
            if not view.fields or not _is_sent(view) or not may_send(view, method):
                continue
            moves = [move for node in view.fields for move in self._filling(node, view)]
            send = self._sending(view)
            if send is not None:
                yield Try(0.0, f"form {view.title or send.words}"[:60], (*moves, send))

    def loose_forms(self) -> Iterator[Try]:
        """Fields without a form, and the button that comes right after them."""
        fields: list[Node] = []
        since = 0
        for node in self.seen.nodes:
            since += 1
            if is_field(node) and node.form is None and node.ref not in self.sent:
                fields, since = [*fields, node], 0
            elif is_button(node) and node.form is None and fields and since <= _NEAR:
                view = FormView(
                    None, Purpose.OTHER, label_of(node), tuple(fields), node, (node,), ()
                )
                moves = [move for field in fields for move in self._filling(field, view)]
                if moves and may_send(view, "post") and harmless(*map(words_of, fields)):
                    send = self._move(ActionKind.CLICK, node)
                    yield Try(0.2, f"form {view.title}"[:60], (*moves, send))
                fields = []

    def _sending(self, view: FormView) -> Move | None:
        if view.submit is not None:
            return self._move(ActionKind.CLICK, view.submit)
        typed = [node for node in view.fields if node.role in _SENT_BY_ENTER]
        return self._move(ActionKind.PRESS, typed[-1], "Enter") if typed else None

    def _filling(self, node: Node, view: FormView) -> list[Move]:
        """What fills one field in; nothing where it is filled in, fixed or not needed."""
        if node.states & {"readonly", "disabled"} or not harmless(words_of(node)):
            return []
        if node.role == "radio":
            group = [one for one in view.fields if one.role == "radio" and _alike(one, node)]
            taken = any("checked" in one.states for one in group)
            return [] if taken or group[0].ref != node.ref else [self._move(ActionKind.CHECK, node)]
        if node.role in _BOXES:
            # A button that waits for something most often waits for a box to be ticked.
            stuck = view.submit is not None and "disabled" in view.submit.states
            needed = "unchecked" in node.states and ("required" in node.states or stuck)
            return [self._move(ActionKind.CHECK, node)] if needed else []
        if node.input_type == "file":
            return [Move(ActionKind.UPLOAD, key_of(self.seen, node), files=(file_for(node),))]
        if node.tag == "select":
            real = [one for one in node.options if one.selected and one.value != ""]
            options = options_of(node)
            if real or not options:
                return []
            return [self._move(ActionKind.SELECT, node, options[0].label)]
        if node.role == "slider" or node.value or node.input_type == "color":
            return []
        return [self._move(ActionKind.TYPE, node, entry(node, self.term))]

    def hovers(self) -> Iterator[Try]:
        """What reacts to the pointer, or keeps something usable out of sight."""
        menus = {"collapsed"}
        for node in self.seen.nodes:
            if not node.signs & {"hover", "hides"} or not may_touch(node):
                continue
            if node.role in CLICK_ROLES and node.states & menus:
                continue  # it is clicked open
            order = 1.0 if "hides" in node.signs else 1.2
            yield self._make(order, node, self._move(ActionKind.HOVER, node))

    def choices(self) -> Iterator[Try]:
        """List boxes, radios, boxes and sliders that act at once."""
        for node in self._loose_fields():
            if node.tag == "select":
                for option in options_of(node)[:3]:
                    if harmless(option.label):
                        yield self._make(
                            1.3, node, self._move(ActionKind.SELECT, node, option.label)
                        )
            elif node.role == "radio" or node.role in _BOXES:
                if node.states & {"unchecked"}:
                    yield self._make(1.1, node, self._move(ActionKind.CHECK, node))
            elif node.role == "slider":
                for end in ends_of(node):
                    yield self._make(1.6, node, self._move(ActionKind.SET_SLIDER, node, end))

    def texts(self) -> Iterator[Try]:
        """Fields that answer while one types, or when one turns to them."""
        for node in self.seen.nodes:
            if not is_field(node) or "readonly" not in node.states or node.tag == "select":
                continue
            if may_touch(node):
                yield self._make(1.4, node, self._move(ActionKind.CLICK, node))
        for node in self._loose_fields():
            if node.editable or (node.role == "combobox" and node.tag == "input"):
                moves = [self._move(ActionKind.TYPE, node, entry(node, self.term))]
                if node.tag == "input" and node.role == "textbox" and meaning(node) not in _TOLD:
                    moves.append(self._move(ActionKind.PRESS, node, "Enter"))
                yield self._make(1.5, node, *moves)

    def boxes(self) -> Iterator[Try]:
        """Boxes whose text goes on below."""
        for node in self.seen.nodes:
            if "scrolls" in node.signs:
                move = self._move(ActionKind.SCROLL, node, "end")
                yield self._make(1.7, node, move)

    def gestures(self, sign: str, kind: ActionKind) -> Iterator[Try]:
        """Double clicks and right clicks, where they are listened to."""
        for node in self.seen.nodes:
            if sign in node.signs and may_touch(node):
                yield self._make(2.0, node, self._move(kind, node))

    def keys(self) -> Iterator[Try]:
        """Enter on what can be focused and listens to keys, but takes no click."""
        for node in self.seen.nodes:
            if "key" in node.signs and node.reason == "tabindex" and may_touch(node):
                yield self._make(2.1, node, self._move(ActionKind.PRESS, node, "Enter"))

    def drags(self) -> Iterator[Try]:
        """What can be dragged, to where things can be dropped; else a pull to the side or down."""
        goals = [node for node in self.seen.nodes if "drop" in node.signs and may_touch(node)]
        for node in self.seen.nodes:
            if not may_touch(node) or is_field(node):
                continue
            if "drag" in node.signs:
                for goal in [goal for goal in goals if goal.ref != node.ref][:2]:
                    move = Move(
                        ActionKind.DRAG, key_of(self.seen, node), to=key_of(self.seen, goal)
                    )
                    yield self._make(2.2, node, move)
            elif "press" in node.signs and node.role not in CLICK_ROLES:
                for pull in _PULLS:
                    yield self._make(2.6, node, self._move(ActionKind.DRAG, node, pull))

    def faint(self) -> Iterator[Try]:
        """Clicks on what shows no sign of taking one, where the page or a box around listens."""
        for node in self.seen.nodes:
            if node.interactive or not node.own_text or len(node.own_text) > 60 or is_field(node):
                continue
            if node.signs & {"click", "data"} and may_touch(node):
                yield self._make(2.4, node, self._move(ActionKind.CLICK, node))

    def shortcuts(self) -> Iterator[Try]:
        """Access keys, and single keys or chords that the page names as such."""
        for chord, words in self.seen.shortcuts:
            if harmless(words):
                yield Try(2.3, words[:60] or chord, (Move(ActionKind.PRESS, value=chord),))
        if "key" not in self.seen.signs:
            return
        by_ref = {node.ref: node for node in self.seen.nodes}
        for node in self.seen.nodes:
            around = by_ref.get(node.parent or "", node)
            if node.tag == "kbd" and _CHORD.match(node.text) and harmless(around.text[:200]):
                yield Try(2.3, node.text, (Move(ActionKind.PRESS, value=_chord(node.text)),))


def _alike(one: Node, other: Node) -> bool:
    return one.dom_name == other.dom_name and one.group == other.group


def _chord(text: str) -> str:
    names = {"ctrl": "Control", "control": "Control", "alt": "Alt", "shift": "Shift"}
    parts = [part.strip() for part in text.split("+")] if len(text) > 1 else [text]
    return "+".join(names.get(part.lower(), "Meta" if part.lower() in {"cmd", "meta"} else part)
                    for part in parts)  # fmt: skip
