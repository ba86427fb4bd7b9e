"""Sending the forms of a page with the same entries to two environments; pure.

What a form takes and what it refuses is part of what an application does, and no look at a page
shows it. Where an oracle is missing the base is one: what it refused the preview should refuse, and
what it took the preview should take (differential testing, McKeeman 1998).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from assay.atlas.entries import entry, options_of
from assay.atlas.fields import label_of, meaning
from assay.atlas.model import Purpose
from assay.atlas.purpose import FormView, find_forms
from assay.atlas.rules import harmless, may_follow
from assay.atlas.rules import words_of as words_on
from assay.atlas.scout import Key, key_of
from assay.atlas.words import is_commit, is_destructive
from assay.browser.model import Action, ActionKind, Exchange, Node, Observation
from assay.cases.expect_words import error_like, success_like
from assay.reviews.clues import Clues, CopyEdit, stems_of, words_of
from assay.reviews.compare import mentions
from assay.reviews.differences import Difference, taken_out
from assay.reviews.impact import route_of
from assay.reviews.model import FindingKind
from assay.reviews.stepwise import Moment
from assay.reviews.views import neutral, path_of

MOST_FORMS = 4
# Sending these would change what is there already, end the session, cost money or send mail.
UNTOUCHED = frozenset(
    {
        Purpose.LOGIN,
        Purpose.LOGOUT,
        Purpose.SEARCH,
        Purpose.FILTER,
        Purpose.PAYMENT,
        Purpose.DELETE,
        Purpose.EDIT,
        Purpose.SETTINGS,
        Purpose.PASSWORD_RESET,
        Purpose.NEWSLETTER,
        Purpose.CART,
    }
)
REACHES_PEOPLE = frozenset({Purpose.CONTACT})
_CLICKED = frozenset("checkbox switch radio button link tab menuitem".split())
_MOST_CLICKED = 5
_TYPED = frozenset({"textbox", "spinbutton", "combobox", "searchbox"})
_SECRETS = frozenset({"password", "new_password", "confirm_password"})
# A change that says so of a form, or of what forms check, may well take what was refused before.
_LOOSER = re.compile(
    r"\b(?:allow|accept|permit|optional|relax|loosen)\w*\b|"
    r"\bno longer (?:require|check|validat|refus|reject|forbid)\w*|"
    r"\b(?:remov|drop|skip|stop)\w*\s+(?:[\w-]+\s+){0,3}?"
    r"(?:validat|check|requir|restrict|limit|rule|constraint)\w*",
    re.IGNORECASE,
)
_CHECKED = re.compile(
    r"\b(?:valid|check|requir|restrict|limit|rule|constraint|field|form|input|entr|blank|empty|"
    r"space|character|letter|digit|negative|long|short)\w*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.;!?]\s|\n")
_ANY = frozenset("the and for your you with this that".split())


class Way(StrEnum):
    """How a form is filled in; the value is how a report says it."""

    EMPTY = "with nothing entered"
    SPACES = "with only spaces in its text fields"
    UNLIKE = "with two different passwords"
    BELOW = "with a number below zero"
    PLAUSIBLE = "with plausible entries"


class State(StrEnum):
    """What became of a form that was sent."""

    TAKEN = "taken"
    REFUSED = "refused"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FormKey:
    """A form of a page, free of refs: ``place`` counts the forms of the same labels."""

    path: str
    labels: tuple[str, ...]
    place: int
    title: str


@dataclass(frozen=True, slots=True)
class Trial:
    """One form filled in one way."""

    form: FormKey
    way: Way


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done, in plain words, with the page before and after it."""

    words: str
    moment: Moment


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one environment did with a trial; ``said`` are messages that came, ``steps`` what was
    done in plain words, ``done`` what it was to send the form and, where that was up to the page
    alone, to click what came with it."""

    state: State
    said: tuple[str, ...] = ()
    landed: str = ""
    steps: tuple[str, ...] = ()
    done: tuple[Done, ...] = ()


def trials_of(
    pages: Iterable[tuple[str, Observation]], clues: Clues, apart: Sequence[str] = ()
) -> list[Trial]:
    """The trials of the forms that have most to do with a change, pages in order of relevance.

    The same form on several pages is tried once, and on those in ``apart`` for themselves.
    """
    about = stems_of(
        word
        for file in clues.files
        for text in (file.path, *file.words, *file.names, *file.texts)
        for word in words_of(text)
    )
    found: dict[tuple[str, ...], tuple[int, int, FormKey, FormView]] = {}
    for path, page in pages:
        for key, view in keyed(path, page):
            if view.purpose in UNTOUCHED or not _harmless(view):
                continue
            shared = len(about & stems_of(words_of(_words(path, page, view))))
            own = path if path in apart else ""
            found.setdefault((*key.labels, key.title, own), (-shared, len(found), key, view))
    chosen = sorted(found.values(), key=lambda one: one[:2])[:MOST_FORMS]
    return [Trial(key, way) for _, _, key, view in chosen for way in ways_of(view)]


def keyed(path: str, page: Observation) -> list[tuple[FormKey, FormView]]:
    """The forms of a page that can be filled in, each with its key."""
    counts: dict[tuple[str, ...], int] = {}
    found = []
    for view in find_forms(page):
        if not view.fields:
            continue
        labels = tuple(dict.fromkeys(label_of(node) for node in view.fields))
        place = counts.get(labels, 0)
        counts[labels] = place + 1
        found.append((FormKey(path, labels, place, _title(view)), view))
    return found


def form_of(key: FormKey, page: Observation) -> FormView | None:
    """The form of a key as it stands now, with the fields it had when it was met: where there is no
    form element, what a trial made may bring fields of its own beside them."""
    for other, view in keyed(key.path, page):
        if other.labels == key.labels and other.place == key.place:
            return view
    for other, view in keyed(key.path, page):
        if set(key.labels) <= set(other.labels):
            fields = tuple(node for node in view.fields if label_of(node) in key.labels)
            return replace(view, fields=fields)
    return None


def ways_of(view: FormView) -> list[Way]:
    """The ways to fill a form in, those that ought to be refused first."""
    texts = [node for node in view.fields if _free_text(node)]
    ways = [Way.EMPTY]
    if texts:
        ways.append(Way.SPACES)
    if len([node for node in view.fields if meaning(node) in _SECRETS]) > 1:
        ways.append(Way.UNLIKE)
    if any(_is_number(node) for node in view.fields):
        ways.append(Way.BELOW)
    return ways if view.purpose in REACHES_PEOPLE else [*ways, Way.PLAUSIBLE]


def entries(view: FormView, way: Way, token: str) -> list[Action]:
    """What to do to the fields of a form, in order; ``token`` makes entries new."""
    if way is Way.EMPTY:
        return []
    found: list[Action] = []
    radios: set[str] = set()
    secrets = 0
    for node in view.fields:
        kind = meaning(node)
        if node.states & {"readonly", "covered"}:
            continue
        if node.role == "radio":
            if node.dom_name not in radios:
                radios.add(node.dom_name)
                found.append(Action(ActionKind.CHECK, node.ref))
        elif node.role in {"checkbox", "switch"}:
            if "required" in node.states or kind == "terms":
                found.append(Action(ActionKind.CHECK, node.ref))
        elif node.tag == "select" or node.role == "listbox":
            options = options_of(node)
            if options and not node.value:
                found.append(Action(ActionKind.SELECT, node.ref, value=options[0].label))
        elif node.role in _TYPED and node.input_type != "file":
            secrets += kind in _SECRETS
            value = _value(node, kind, way, token, secrets)
            found.append(Action(ActionKind.TYPE, node.ref, value=value))
    return found


def _value(node: Node, kind: str, way: Way, token: str, secrets: int) -> str:
    if way is Way.SPACES and _free_text(node):
        return "   "
    if way is Way.BELOW and _is_number(node):
        return "-1"
    if kind in _SECRETS:
        return f"Quiet-{token}-Harbour-42" + ("-other" if way is Way.UNLIKE and secrets > 1 else "")
    if kind == "email":
        return f"trial-{token}@example.com"
    if kind == "username":
        return f"trial{token}"
    return entry(node, f"Trial {token}")


def outcome_of(
    trial: Trial, before: Observation, after: Observation, answers: Sequence[Exchange], token: str
) -> Outcome:
    """What became of a trial, by the pages before and after it was sent and the site's answers."""
    landed = path_of(after.url).partition("?")[0]
    fresh = [neutral(line) for line in after.notices if line not in before.notices]
    said = tuple(line.replace(token, "…") for line in fresh)[:5]
    if any((one.status or 0) >= 500 for one in answers):
        return Outcome(State.BROKEN, said, landed)
    sent = [one.status or 0 for one in answers if one.method != "GET"]
    if any(400 <= status < 500 for status in sent):
        return Outcome(State.REFUSED, said, landed)
    gone = form_of(trial.form, after) is None
    # A message beside the form that is still there is a complaint unless it tells of success.
    if any(not success_like(line) and (error_like(line) or not gone) for line in said):
        return Outcome(State.REFUSED, said, landed)
    if gone or urlsplit(after.url).path != urlsplit(before.url).path:
        return Outcome(State.TAKEN, said, landed)
    if any("invalid" in node.states for node in after.nodes):
        return Outcome(State.REFUSED, said, landed)
    # Who takes a form without scripts sends the browser on; who refuses it shows it again.
    sent_on = any(300 <= status < 400 for status in sent)
    changed = sent_on or _items(after) != _items(before) or _lines(after) != _lines(before)
    return Outcome(State.TAKEN if changed else State.REFUSED, said, landed)


def judged(
    trial: Trial, base: Outcome, preview: Outcome, clues: Clues, about: str
) -> Difference | None:
    """How two environments differ on a trial; None when they do not, or when it cannot be told."""
    if State.UNKNOWN in (base.state, preview.state) or base.state is State.BROKEN:
        return None
    if any(_put(edit, base.said, preview.said) for edit in clues.copy_edits):
        return None  # the same message in other words, which may sound like success
    form, where = f"The form “{trial.form.title}”", trial.form.path
    expected = f"“{base.said[-1][:100]}” is shown" if base.said else f"the page is {base.landed}"

    def told(title: str, seen: str, *, regression: bool) -> Difference:
        kind = FindingKind.CONTENT_CHANGED
        return Difference(kind, title, seen, where, regression, (), preview.steps, expected)

    meant = _meant(trial.form, base.said, about) or any(taken_out(one, clues) for one in base.said)
    if preview.state is State.BROKEN:
        title = f"{form} on {where} fails {trial.way}"
        seen = f"the server answers with an error, and the form was {base.state} before"
        return told(title, seen, regression=True)
    if base.state is State.REFUSED and preview.state is State.TAKEN:
        title = f"{form} on {where} takes what it refused"
        seen = (
            f"{trial.way} it is taken{_lead(preview, where)}, and was refused before{_said(base)}"
        )
        return told(title, seen, regression=not meant)
    if base.state is State.TAKEN and preview.state is State.REFUSED:
        title = f"{form} on {where} refuses what it took"
        seen = (
            f"{trial.way} it is refused{_said(preview)}, and was taken before{_lead(base, where)}"
        )
        return told(title, seen, regression=trial.way is Way.PLAUSIBLE and not meant)
    if base.state is State.REFUSED and base.said and not preview.said:
        title = f"{form} on {where} no longer says why it refuses"
        seen = f"{trial.way} nothing is said, and before{_said(base)}"
        return told(title, seen, regression=not meant)
    if base.state is State.TAKEN and route_of(base.landed) != route_of(preview.landed):
        title = f"{form} on {where} leads elsewhere"
        seen = f"{trial.way} it leads to {preview.landed}, and to {base.landed} before"
        named = mentions(clues, preview.landed)
        return told(title, seen, regression=not meant and not named)
    return None


def _meant(form: FormKey, said: Sequence[str], about: str) -> bool:
    """Whether a sentence of a description speaks of taking more and of this form, of what it says
    when it refuses, or of what forms check."""
    own = _spoken(" ".join((form.title, *form.labels))) | stems_of(words_of(" ".join(said)))
    return any(
        _LOOSER.search(part) and (_CHECKED.search(part) or own & _spoken(part))
        for part in _SENTENCE.split(about)
    )


def _spoken(text: str) -> frozenset[str]:
    words = (word.lower() for word in re.findall(r"[^\W\d_]{3,}", text))
    return stems_of(word for word in words if word not in _ANY)


def fresh_controls(before: Observation, after: Observation) -> list[Key]:
    """The harmless controls that came between two looks, with names that none had before: of
    buttons that are called the same, one may belong to what somebody else has there."""
    known = {(node.role, node.name or node.text[:80]) for node in before.nodes}
    came = [
        node
        for node in after.nodes
        if node.role in _CLICKED
        and (node.role, node.name or node.text[:80]) not in known
        and harmless(words_on(node))
        and (not node.href or may_follow(node.name, node.href))
    ]
    return [key_of(after, node) for node in came][:_MOST_CLICKED]


def in_words(action: Action, node: Node) -> str:
    """A plain step for what was done to a field or button."""
    name = label_of(node)
    match action.kind:
        case ActionKind.TYPE:
            return f'Enter "{action.value}" in "{name}"'
        case ActionKind.SELECT:
            return f'Select "{action.value}" in "{name}"'
        case ActionKind.CHECK:
            return f'Check "{name}"'
        case _:
            return f'Click "{name}"'


def steady(one: Outcome, other: Outcome) -> bool:
    """Whether an environment led to the same place twice; names of records make other places."""
    return route_of(one.landed) == route_of(other.landed)


def same(one: Outcome, other: Outcome) -> bool:
    """Whether an environment did the same with a trial twice."""
    return one.state is other.state and bool(one.said) == bool(other.said)


def _said(outcome: Outcome) -> str:
    # What is wrong with one field comes after what is said of the whole form.
    return f" (“{outcome.said[-1][:100]}”)" if outcome.said else ""


def _lead(outcome: Outcome, where: str) -> str:
    elsewhere = outcome.landed.partition("#")[0] != where.partition("#")[0]
    return f" and leads to {outcome.landed}" if outcome.landed and elsewhere else ""


def _put(edit: CopyEdit, before: Sequence[str], after: Sequence[str]) -> bool:
    return any(edit.old in line for line in before) and any(edit.new in line for line in after)


def _harmless(view: FormView) -> bool:
    words = f"{view.title} {view.submit.name if view.submit else ''}"
    return not is_destructive(words) and not is_commit(words)


def _title(view: FormView) -> str:
    name = view.title or (view.submit.name if view.submit else "") or label_of(view.fields[0])
    return " ".join(name.split())[:60]


def _words(path: str, page: Observation, view: FormView) -> str:
    fields = [
        f"{label_of(node)} {node.dom_name} {node.dom_id} {node.placeholder}" for node in view.fields
    ]
    return " ".join((path, page.title, _title(view), *fields))


def _free_text(node: Node) -> bool:
    plain = node.input_type in {"", "text"} and not _is_number(node)
    return (
        node.role == "textbox"
        and (plain or node.tag == "textarea")
        and (meaning(node) not in _SECRETS)
    )


def _is_number(node: Node) -> bool:
    return node.input_type == "number" or node.role == "spinbutton"


def _items(page: Observation) -> int:
    return sum(node.role in {"listitem", "row"} for node in page.nodes)


def _lines(page: Observation) -> list[str]:
    return [neutral(line) for line in page.text.splitlines() if line.strip()]
