"""Items of a page and what can be done to them: finding one, answering, forwarding, marking it."""

from __future__ import annotations

import re

from assay.browser.model import ActionKind, Node, Observation
from assay.cases import filling, seeking
from assay.cases.clauses import Clause, Phrase, Verb
from assay.cases.hands import Hands, Undone, phrase_of
from assay.cases.pageindex import contains_words
from assay.cases.signals import name_score
from assay.cases.words import canonical, fold

_PAGES, _ITEMS = 30, 50
_SURE = 0.7
_WHOM = ("to", "recipient", "address", "email", "person")
_SAID = ("message", "text", "body", "reply", "comment")
# What controls that do a thing are called, by the word that asks for it.
_CONTROLS = {
    "forward": ("forward", "share", "send"), "share": ("share", "forward"),
    "send": ("forward", "send", "share"), "pass": ("forward", "share"),
    "reply": ("reply", "answer", "respond"), "respond": ("reply", "answer", "respond"),
    "delete": ("delete", "trash", "remove", "bin"), "remove": ("remove", "delete", "trash"),
    "archive": ("archive",), "important": ("important", "star", "flag", "favourite"),
    "starred": ("star", "favourite", "important"), "flagged": ("flag", "star", "important"),
    "favorite": ("favourite", "star", "heart"), "favourite": ("favourite", "star", "heart"),
    "read": ("read",), "unread": ("unread",), "spam": ("spam", "junk"),
}  # fmt: skip
_NEXT = re.compile(r"^(?:next(?: page)?|[>›»→]|older)$", re.I)


async def find(hands: Hands, clause: Clause) -> None:
    """Take the item that speaks of a name: by searching, else here or on a later page of the list.

    Raises Undone when there is none.
    """
    name = clause.value or ""
    if (await hands.find(Phrase("search", raw="search"), Verb.SEARCH)).choice is not None:
        await seeking.search(hands, clause)
        hands.thing = name
        return
    for _ in range(_PAGES):
        if items_of(hands.page, name):
            hands.thing = name
            return
        after = _next_page(hands.page)
        if after is None:
            break
        before = hands.page.text
        await hands.do(ActionKind.CLICK, after.ref)
        if hands.page.text == before:
            break
    raise Undone(f"Nothing on the page speaks of “{name}”.")


def items_of(page: Observation, name: str) -> list[Node]:
    """Rows, cards and headings that speak of a name, in document order."""
    holders = {node.row for node in page.nodes if node.row and contains_words(node.row_text, name)}
    return [
        node
        for node in page.nodes
        if node.ref in holders
        or (node.role == "heading" and contains_words(node.name or node.text, name))
        or (node.row is None and node.role in {"listitem", "row", "article"} and _says(node, name))
    ]


def _says(node: Node, name: str) -> bool:
    return contains_words(node.text, name) and len(node.text) <= 400


def _next_page(page: Observation) -> Node | None:
    """The control that leads to the next page of a list, if it can be used."""
    for node in page.nodes:
        if not node.interactive or node.states & {"disabled", "covered"}:
            continue
        said = (node.name or node.text or node.title or node.label).strip()
        classes = {word for one in node.classes for word in canonical(one)}
        icon = not said and classes & {"next"}
        if _NEXT.match(said) or icon:
            return node
    return None


async def handle(hands: Hands, clause: Clause) -> None:
    """Do to the item in hand what one of its controls does, and fill in what that asks for.

    The control is sought beside the item, then behind it (by opening it). With ``every`` it is done
    to all items that speak of the name. Raises Undone.
    """
    if clause.value == "open":
        await _open(hands)
        return
    words = _CONTROLS.get(clause.value or "", (clause.value or "",))
    control = _control(hands, words)
    if control is None and items_of(hands.page, hands.thing):
        await _open(hands)
    control = control or _control(hands, words, opened=True)
    if control is None:
        raise Undone(f"“{hands.thing}” has nothing to {clause.value} it with.")
    fields = {node.ref for node in hands.text_fields()}
    await hands.do(ActionKind.CLICK, control.ref)
    if clause.to is None and not clause.fields:
        for _ in range(_ITEMS if clause.every else 0):
            again = _control(hands, words)
            if again is None:
                return
            await hands.do(ActionKind.CLICK, again.ref)
        return
    fresh = [node for node in hands.text_fields() if node.ref not in fields]
    fresh = fresh or hands.text_fields()
    if clause.to is not None:
        await _enter(hands, fresh, _WHOM, clause.to.text)
    for plan in clause.fields:
        fresh = hands.text_fields()
        await _enter(hands, fresh, _SAID, plan.value or "")
    await _send(hands, words)


def _control(hands: Hands, words: tuple[str, ...], *, opened: bool = False) -> Node | None:
    """The control of the item in hand that is called by one of the words: in its row, or where the
    item itself is ``opened``, the one of the page; never one of several."""
    page = hands.page
    free = [
        n for n in page.nodes if n.interactive and not n.editable and "disabled" not in n.states
    ]
    for word in words:
        named = [
            node for node in free if name_score(word, node)[0] >= _SURE and len(node.text) < 40
        ]
        here = [
            node for node in named if hands.thing and contains_words(node.row_text, hands.thing)
        ]
        if here:
            return here[0]
        shown = [node for node in named if "covered" not in node.states and not node.row]
        shown.sort(key=lambda node: (-name_score(word, node)[0], len(node.text)))
        sure = [n for n in shown if name_score(word, n)[0] == name_score(word, shown[0])[0]]
        if opened and len(sure) == 1:
            return sure[0]
    return None


async def _open(hands: Hands) -> None:
    """Open the item in hand: by its link, else by itself."""
    found = items_of(hands.page, hands.thing) if hands.thing else []
    if not found:
        raise Undone("It is not said what this is done to.")
    item = found[0]
    inside = [node for node in hands.page.nodes if node.row == item.ref and node.interactive]
    links = [node for node in inside if node.role == "link" and _says(node, hands.thing)]
    await hands.do(ActionKind.CLICK, (links or [item])[0].ref)


async def _enter(hands: Hands, fields: list[Node], names: tuple[str, ...], value: str) -> None:
    if not fields:
        raise Undone(f"There is no field to enter “{value}” into.")

    def fit(node: Node) -> float:
        said = f"{filling.name_of(node)} {node.dom_id} {node.dom_name} {' '.join(node.classes)}"
        words = set(fold(re.sub(r"[-_:]", " ", said)).split())
        score = 1.0 if words & set(names) else 0.0
        score += 0.4 if (names is _SAID) == (node.tag != "input") else 0.0
        return score - (0.5 if node.value else 0.0)

    await filling.put(hands, max(fields, key=fit), value)


async def _send(hands: Hands, words: tuple[str, ...]) -> None:
    """Send what was entered: by a control called so, else by the form's own button."""
    for word in ("send", "submit", *words, "post", "save"):
        found = await hands.find(Phrase(word, raw=word, role="icon"), Verb.CLICK)
        if found.choice is not None and found.choice.score >= _SURE:
            await hands.do(ActionKind.CLICK, found.choice.ref)
            return
    await hands.submit(" ".join(words))


async def each(hands: Hands, clause: Clause) -> None:
    """Click a control of the same name in so many different items that speak of a name."""
    phrase, place = phrase_of(clause), clause.place
    name = place.text if place is not None else ""
    done: set[str] = set()  # rows keep their refs while they stay on the page
    for _ in range(clause.times):
        rows = [node for node in items_of(hands.page, name) if node.role != "heading"]
        left = [row for row in rows if row.ref not in done]
        if not left:
            raise Undone(f"There are only {len(done)} items that speak of “{name}”.")
        done.add(left[0].ref)
        inside = [
            node
            for node in hands.page.nodes
            if node.row == left[0].ref and node.interactive and not node.editable
        ]
        scored = sorted(inside, key=lambda node: -name_score(phrase.text, node)[0])
        if not scored or name_score(phrase.text, scored[0])[0] < _SURE:
            raise Undone(f"“{left[0].text[:60]}” has no “{phrase.text}”.")
        await hands.do(ActionKind.CLICK, scored[0].ref)
