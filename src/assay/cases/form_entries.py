"""Finding and filling fields of forms that a step does not name: the one for writing, every field,
the password that is in force."""

from __future__ import annotations

import re

from assay.browser.model import ActionKind, Node, Observation
from assay.cases import signing
from assay.cases.clauses import Clause, FieldValue, Phrase, Relation, Verb
from assay.cases.hands import Hands, phrase_of
from assay.cases.pageindex import PageIndex
from assay.cases.pools import is_search
from assay.projects.model import ConfigKind

_IN_FORCE = frozenset({"old", "current", "existing", "present", "previous", "original"})
_NEXT = frozenset({"new", "confirm", "confirmation", "repeat", "again", "retype", "verify"})
# What writing of some length is called by testers and on pages.
_WRITTEN = frozenset(
    {"text", "message", "body", "content", "contents", "description", "comment", "note", "notes"}
    | {"post", "reply", "answer", "question", "review", "feedback", "story", "article"}
)


def words_of(*texts: str) -> set[str]:
    """The words of texts, also of names made for programs ("old_password", "oldPassword")."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-]", " ", " ".join(texts))
    return set(re.findall(r"[^\W\d_]+", spaced.lower()))


def writing_field(hands: Hands, phrase: Phrase, *, empty: bool) -> Node | None:
    """The field that takes writing where none is named (or by a word for writing): the one text
    area, else the one line of text. ``None`` when that is not beyond doubt; ``empty`` passes over
    fields that hold something."""
    if phrase.text and not (empty and words_of(phrase.text) <= _WRITTEN):
        return None
    if phrase.role not in ("", "field", "text") or phrase.ordinal is not None:
        return None
    index = PageIndex(hands.page)
    fields = [
        node
        for node in hands.text_fields()
        if node.input_type != "password"
        and not is_search(node, index)
        and (not empty or not node.value)
    ]
    in_hand = [node for node in fields if hands.dirty and node.form == hands.form]
    fields = in_hand or fields
    areas = [node for node in fields if is_area(node)]
    lines = [node for node in fields if node.role == "textbox" and node.input_type in ("", "text")]
    chosen = areas or lines
    return chosen[0] if len(chosen) == 1 else None


def boxed(hands: Hands, clause: Clause) -> str | None:
    """The field that "the box" is, where a text is to be written into one without a name."""
    phrase = phrase_of(clause)
    if clause.plain or not clause.objects or phrase.role != "field" or clause.place is not None:
        return None
    field = writing_field(hands, phrase, empty=False)
    return field.ref if field is not None else None


async def append(hands: Hands, clause: Clause) -> bool:
    """Put a text behind what a field holds; whether a form waits to be sent.

    Raises Undone when the field is not to be found.
    """
    phrase, value = phrase_of(clause), clause.value or " more"
    field = None
    if not clause.plain and clause.place is None:
        field = writing_field(hands, phrase, empty=False)
    if field is None:
        ref = await hands.need(phrase, Verb.APPEND, place=clause.place, value=value)
        field = hands.page.node(ref)
    value = added(field, value, line=clause.key == "line")
    await hands.do(ActionKind.APPEND, field.ref, value=value)
    return field.form is not None and not clause.plain


def is_area(node: Node) -> bool:
    """Whether a field takes more than one line."""
    return node.tag == "textarea" or (
        node.role == "textbox" and node.tag not in ("input", "select")
    )


def added(node: Node, value: str, *, line: bool) -> str:
    """What to put behind what a field holds, so that a line is one of its own there."""
    held = node.value or ""
    return f"\n{value}" if line and is_area(node) and held and not held.endswith("\n") else value


def main_form(hands: Hands) -> str | None:
    """The form that "every field" is about: the one in hand, else the one with most to fill in.
    ``None`` stands for fields outside of any form."""
    index = PageIndex(hands.page)
    if hands.dirty and any(node.ref == hands.form for node in hands.page.nodes):
        return hands.form
    counts: dict[str | None, int] = {}
    for node in hands.text_fields():
        if not is_search(node, index):
            counts[node.form] = counts.get(node.form, 0) + 1
    return max(counts, key=lambda form: counts[form]) if counts else None


def secret_in_force(page: Observation, form: str | None) -> Node | None:
    """The field of a form that asks for the password one has now, beside ones for a new password
    or alone."""
    secrets = [node for node in signing.passwords(page) if node.form == form]
    says = [node for node in secrets if _auto(node) == "current-password"]
    says = says if len(says) < len(secrets) or len(secrets) == 1 else []
    named = [node for node in secrets if words_of(*_shown(node)) & _IN_FORCE]
    hidden = [node for node in secrets if words_of(node.dom_name, node.dom_id) & _IN_FORCE]
    fresh = [node for node in secrets if words_of(*_shown(node)) & _NEXT]
    first = secrets[:1] if len(secrets) > 2 and fresh == secrets[1:] else []
    if len(secrets) == 1 and not named and not hidden:
        return None  # the password of somebody who is to be made, or who signs in
    return next((found[0] for found in (named, says, hidden, first) if len(found) == 1), None)


def asks_in_force(plan: FieldValue) -> bool:
    """Whether a step speaks of the password that one has now."""
    words = words_of(plan.field.text)
    return bool(words & _IN_FORCE) and bool(words & {"password", "passphrase", "pin", "pass"})


def password_of_user(hands: Hands) -> str | None:
    """The template of the password of who signed in on the way here; ``None`` when nobody did and
    more than one could have."""
    for typed in reversed(hands.recorder.typed):
        used = re.fullmatch(r"\{\{config:.+\.password\}\}", typed.template)
        if used is not None:
            return typed.template
    known = [
        one for one in hands.recorder.target.credentials if one.kind is ConfigKind.USERNAME_PASSWORD
    ]
    return f"{{{{config:{known[0].name}.password}}}}" if len(known) == 1 else None


def in_force_for(hands: Hands, plan: FieldValue, node: Node) -> str | None:
    """What a field takes that asks for the password of who is signed in."""
    if plan.value is not None or plan.relation is not Relation.ANY or node.input_type != "password":
        return None
    if "new" in words_of(plan.field.text):
        return None
    mine = secret_in_force(hands.page, node.form)
    asked = asks_in_force(plan) or (mine is not None and mine.ref == node.ref)
    return password_of_user(hands) if asked else None


def _shown(node: Node) -> tuple[str, ...]:
    return (node.name, node.label, node.placeholder, node.title)


def _auto(node: Node) -> str:
    return (node.constraints.get("autocomplete", "").split() or [""])[-1]
