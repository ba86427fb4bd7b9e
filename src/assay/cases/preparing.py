"""Bringing about what a test's preconditions ask for: being somebody, having things."""

from __future__ import annotations

import re

from assay.browser.model import ActionKind, Node, Observation
from assay.cases import signing
from assay.cases.clauses import Clause, Phrase, Verb
from assay.cases.hands import Hands, Undone, entry_field
from assay.cases.words import NUMBER_WORDS, canonical, lexical, tokens
from assay.projects.model import ConfigKind, Credential

_NOTHING = re.compile(
    r"^(?:-|–|—|none|n/?a|nothing|no|any|visitor|guest|anonymous|(?:not )?(?:logged|signed)[ -]out"
    r"|not (?:logged|signed) in|public|(?:an? )?(?:empty|fresh|clean|new)\b.*|.*\bexists?\b.*)\.?$",
    re.IGNORECASE,
)
# Credentials are something to have, for the steps that enter them; nobody asks to be signed in.
_TO_HAVE = re.compile(
    r"^(?:(?:valid |test |login |user )*(?:credentials?|account|login)s?:? )?\{\{config:[^{}]*\}\}"
    r"(?: / \{\{config:[^{}]*\}\})?$",
    re.IGNORECASE,
)
_IN_PLACE = re.compile(
    r"^(?P<what>.+?) (?:is |are )?(?:already )?(?:in|on) (?:the |my )?(?P<place>[\w ]+)$", re.I
)
_COUNTED = re.compile(
    r"^(?:with |there (?:is|are) |having )?(?P<number>\d+|[a-z]+) "
    r"(?P<done>done |completed |finished |ticked |checked )?"
    r"(?P<what>[a-z][\w -]*?)(?: (?P<late>done|completed|finished|ticked|checked))?$",
    re.IGNORECASE,
)
_DONE_ONLY = re.compile(
    r"^(?P<number>\d+|[a-z]+) (?:of them )?(?:is |are )?"
    r"(?:done|completed|finished|ticked|checked)$",
    re.I,
)
_CART = {"cart"}
_AS = re.compile(
    r"^(?:(?:you are |user is |be )?(?:logged|signed)[ -]in )?(?:as )?(?:the |an? )?", re.I
)


async def prepare(hands: Hands, preconditions: tuple[str, ...], steps: tuple[Clause, ...]) -> None:
    """Bring about every precondition that can be; the rest says so by Undone.

    A precondition that names a user signs in as that user unless the steps do so themselves.
    """
    items = [part for text in preconditions for part in _parts(text)]
    signs_in = any(clause.verb in {Verb.LOG_IN, Verb.REGISTER} for clause in steps)
    for index, item in enumerate(items):
        if _NOTHING.match(item) or _TO_HAVE.match(item):
            continue
        who = credential_in(item, hands.recorder.target.credentials)
        if who is not None or re.search(r"\b(?:logged|signed) in\b", item, re.IGNORECASE):
            if not signs_in:
                await signing.log_in(hands, who.name if who else "")
            continue
        later = items[index + 1] if index + 1 < len(items) else ""
        await _things(hands, item, later)
    hands.recorder.setup = len(hands.recorder.moments)
    hands.dirty = False


def credential_in(text: str, credentials: tuple[Credential, ...]) -> Credential | None:
    """The credential whose name or user name a precondition says as a word."""
    words = set(re.findall(r"[\w@.+-]+", _AS.sub("", text.lower())))
    usable = [item for item in credentials if item.kind is ConfigKind.USERNAME_PASSWORD]
    for item in usable:
        if {item.name.lower(), item.username.lower()} & words:
            return item
    for item in usable:
        parts = set(re.split(r"[@.\s_-]+", f"{item.username} {item.name}".lower()))
        if parts & {word for word in words if len(word) > 3}:
            return item
    return None


def _parts(text: str) -> list[str]:
    bare = re.sub(r"\([^)]*\)", "", text)
    return [
        part.strip(" .")
        for part in re.split(r"[,;]| and (?=\w+ (?:in|on|items?|done))", bare)
        if part.strip(" .")
    ] or [bare.strip()]


async def _things(hands: Hands, item: str, later: str) -> None:
    if _DONE_ONLY.match(item):
        await _finish_items(hands, item)
        return
    placed = _IN_PLACE.match(item)
    if placed is not None:
        what, place = placed.group("what"), placed.group("place")
        if set(canonical(place)) & _CART:
            await _into_cart(hands, what)
            return
    counted = _COUNTED.match(item)
    number = _number(counted.group("number")) if counted else None
    if counted is None or number is None:
        raise Undone(f"I do not know how to bring about the precondition “{item}”.")
    entry = entry_field(hands.page)
    if entry is not None:
        await _enter_items(hands, number)
        if counted.group("done") or counted.group("late"):
            await _finish_items(hands, item)
        return
    for _ in range(number):
        await _into_cart(hands, "one item")


def _number(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    return {"a": 1, "an": 1, **NUMBER_WORDS}.get(word.lower())


async def _enter_items(hands: Hands, number: int) -> None:
    for index in range(number):
        field = entry_field(hands.page)
        if field is None:
            raise Undone("I found no field to enter items into.")
        names = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth")
        name = names[index] if index < len(names) else f"Item {index + 1}"
        await hands.do(ActionKind.TYPE, field.ref, value=f"{name} {{{{unique}}}}")
        await hands.do(ActionKind.PRESS, hands.ref_of_last(), value="Enter")


async def _finish_items(hands: Hands, item: str) -> None:
    number = _number(item.split(maxsplit=1)[0]) or 1
    for index in range(number):
        boxes = [
            node
            for node in hands.page.nodes
            if node.role == "checkbox" and node.row is not None and node.interactive
        ]
        if index >= len(boxes):
            raise Undone(f"I found no checkbox to bring about “{item}”.")
        await hands.do(ActionKind.CHECK, boxes[index].ref)


async def _into_cart(hands: Hands, what: str) -> None:
    generic = re.match(
        r"^(?:\d+|an?|one|some|any|two|three)\b.*\b(?:items?|products?|things?)$", what, re.I
    )
    if generic is None:
        phrase = Phrase(what, raw=what)
        if _add_button(hands.page, what) is None:
            ref = await hands.need(phrase, Verb.OPEN)
            await hands.do(ActionKind.CLICK, ref)
            hands.dirty = False
    elif _add_button(hands.page, "") is None:

        def wanted(page: Observation) -> float:
            return 1.0 if _add_button(page, "") is not None else 0.0

        if not await hands.travel(wanted, "products catalogue shop all items"):
            raise Undone("I found nothing that can be added to a cart.")
    button = _add_button(hands.page, "" if generic else what)
    if button is None:
        raise Undone(f"I found no button that adds “{what}” to the cart.")
    await hands.do(ActionKind.CLICK, button.ref)
    hands.dirty = False


def _add_button(page: Observation, what: str) -> Node | None:
    """A button that adds to the cart; the one beside the named thing when there are several."""
    buttons = [
        node
        for node in page.nodes
        if node.role in {"button", "link"}
        and node.interactive
        and "disabled" not in node.states
        and "add" in tokens(node.name or node.text)
        and set(canonical(node.name or node.text)) & {"cart"}
    ]
    if not what or not buttons:
        return buttons[0] if buttons else None
    near = [node for node in buttons if lexical(what, node.row_text) >= 0.9]
    named = any(
        node.role == "heading" and lexical(what, node.name) >= 0.9 and node.level <= 2
        for node in page.nodes
    )
    if near and len(near) == 1:
        return near[0]
    return buttons[0] if named and len(buttons) >= 1 else None
