"""Searching, filtering, entering codes and running statements: what needs its own field."""

from __future__ import annotations

import re

from assay.browser.model import ActionKind, Node, Observation
from assay.cases import filling
from assay.cases.clauses import Clause, FieldValue, Phrase, Relation, Verb
from assay.cases.hands import Hands, Undone, phrase_of
from assay.cases.texts import contains
from assay.cases.values import generate
from assay.cases.words import lexical, tokens

_STATEMENTS = "sql query statement console command editor"


async def search(hands: Hands, clause: Clause) -> None:
    """Enter what is searched for where the site searches, and send it."""
    phrase = clause.object or Phrase("search", raw="search")
    if not phrase.text and phrase.pronoun:
        phrase = Phrase("search", raw="search")  # "it" is what to look for, not where
    ref = await hands.need(phrase, Verb.SEARCH, place=clause.place, value=clause.value)
    node = hands.page.node(ref)
    value = clause.value
    if value is None:
        value = hands.thing if clause.pronoun or not clause.quoted else ""
    value = _as_template(hands, value) or generate(node)
    await hands.do(ActionKind.TYPE, ref, value=value)
    await hands.submit("search find go")


def _as_template(hands: Hands, value: str | None) -> str:
    """A value made in this run as the template that made it."""
    for item in reversed(hands.recorder.typed):
        if value and item.value == value:
            return item.template
    return value or ""


async def filter_by(hands: Hands, clause: Clause) -> bool:
    """Set filters; True when a form still waits to be sent."""
    for plan in clause.fields:
        if plan.value is None:
            continue
        if not await _filter_by_field(hands, plan) and not await _filter_by_columns(hands, plan):
            ref = await hands.need(
                Phrase(plan.value, raw=plan.value), Verb.FILTER, place=clause.place
            )
            await hands.do(ActionKind.CLICK, ref)
            return False
    return True


async def _filter_by_field(hands: Hands, plan: FieldValue) -> bool:
    found = await hands.find(plan.field, Verb.TYPE, value=plan.value)
    if found.choice is None:
        return False
    node = hands.page.node(found.choice.ref)
    if lexical(plan.field.text, filling.name_of(node)) < 0.6:
        return False
    await filling.put(hands, node, plan.value or "")
    return True


async def _filter_by_columns(hands: Hands, plan: FieldValue) -> bool:
    """A row of column chooser, operator and value, as table browsers have."""
    for chooser in [node for node in hands.page.nodes if node.tag == "select"]:
        labels = [option.label for option in chooser.options]
        match = [label for label in labels if lexical(plan.field.text, label) >= 0.9]
        if not match:
            continue
        row = [
            node
            for node in hands.page.nodes
            if node.form == chooser.form
            and node.editable
            and node.tag == "input"
            and node.box.y + node.box.height > chooser.box.y
            and node.box.y < chooser.box.y + chooser.box.height
        ]
        if not row:
            continue
        field = min(row, key=lambda node: abs(node.box.x - chooser.box.x))
        name = field.dom_name
        await hands.do(ActionKind.SELECT, chooser.ref, value=match[0])
        again = [node for node in hands.page.nodes if node.dom_name == name]
        await hands.do(ActionKind.TYPE, again[0].ref, value=plan.value or "")
        return True
    return False


async def run(hands: Hands, clause: Clause) -> None:
    """Run a statement in an editor, or choose and run a named action."""
    broken = any(plan.relation is Relation.INVALID for plan in clause.fields)
    if (clause.value is not None and not clause.objects) or broken:
        await _run_statement(hands, None if broken else clause.value)
        return
    phrase = phrase_of(clause)
    for node in hands.page.nodes:
        labels = [option.label for option in node.options] if node.tag == "select" else []
        hit = [label for label in labels if lexical(phrase.text, label) >= 0.85]
        if hit:
            await hands.do(ActionKind.SELECT, node.ref, value=hit[0])
            await hands.submit("run go apply execute")
            return
    ref = await hands.need(phrase, Verb.RUN, place=clause.place, destructive=True)
    await hands.do(ActionKind.CLICK, ref)


async def _run_statement(hands: Hands, statement: str | None) -> None:
    """Write a statement, or one with a typo when None, where the site takes them, and send it."""
    ref = await _editor(hands, statement or "")
    field = hands.page.node(ref)
    if statement is None:
        held = (field.value or "").strip() or "select 1"
        verb, _, rest = held.partition(" ")
        statement = f"{verb[:-1]} {rest}"
    await hands.do(ActionKind.TYPE, ref, value=statement)
    hands.form = field.form
    if hands.submit_button("run execute go query") is not None:
        await hands.submit("run execute go query")
    else:
        await hands.do(ActionKind.PRESS, hands.ref_of_last(), value="ControlOrMeta+Enter")


def _statement_box(page: Observation) -> Node | None:
    """The box that statements are written into: by what it or its form is called, or holds."""
    about = set(tokens(_STATEMENTS))
    for node in page.nodes:
        if not node.editable or node.role == "searchbox" or node.input_type in {"search", "file"}:
            continue
        large = node.tag != "input"
        buttons = [
            other.name
            for other in page.nodes
            if other.role == "button" and (other.form == node.form or node.form is None)
        ]
        said = f"{filling.name_of(node)} {node.dom_id} {node.dom_name} {node.placeholder}"
        names = set(tokens(re.sub(r"[-_]", " ", said)))
        runs = {word for name in buttons for word in tokens(name)} & {"run", "execute", "query"}
        if (large and (runs or names & about)) or (names & {"sql", "statement"} and runs):
            return node
    return None


async def _editor(hands: Hands, statement: str) -> str:
    """The box that statements are written into, here or within reach: rather on a page that tells
    of what the statement names, as each database may have a console of its own."""
    node = _statement_box(hands.page)
    if node is not None:
        return node.ref
    named = re.findall(r"(?i)\b(?:from|into|update|join|table)\s+[\"`\[]?(\w+)", statement)

    def wanted(page: Observation) -> float:
        if _statement_box(page) is None:
            return 0.0
        return 1.0 if all(contains(page.text, name) for name in named) else 0.8

    if not await hands.travel(wanted, f"{' '.join(named)} {_STATEMENTS}"):
        raise Undone("I found no box to write a statement into.")
    node = _statement_box(hands.page)
    assert node is not None
    return node.ref


async def apply_code(hands: Hands, clause: Clause) -> None:
    """Enter a code where the site takes one, and send it. Raises Undone."""
    value = clause.value or (clause.object.text if clause.object else "")
    words = " ".join(tokens(clause.text)) + " voucher coupon promo discount code"

    def field(page: Observation) -> Node | None:
        named = [
            node
            for node in page.nodes
            if node.editable
            and node.role == "textbox"
            and set(tokens(f"{filling.name_of(node)} {node.dom_name} {node.section}"))
            & set(tokens("voucher coupon code promo discount gift"))
        ]
        return named[0] if named else None

    node = field(hands.page)

    def opener(page: Observation) -> Node | None:
        named = [
            node
            for node in page.nodes
            if node.interactive
            and node.role in {"link", "button"}
            and set(tokens(node.name or node.text)) & set(tokens("voucher coupon promo discount"))
        ]
        return named[0] if named else None

    if node is None and opener(hands.page) is None:
        await hands.travel(
            lambda page: 1.0 if field(page) or opener(page) else 0.0, f"{words} cart basket"
        )
        node = field(hands.page)
    reveal = opener(hands.page)
    if node is None and reveal is not None:
        await hands.do(ActionKind.CLICK, reveal.ref)
        node = field(hands.page)
    if node is None and await hands.travel(
        lambda page: 1.0 if field(page) is not None else 0.0, words
    ):
        node = field(hands.page)
    if node is None:
        raise Undone(f"I found no field that takes a code such as “{value}”.")
    await hands.do(ActionKind.TYPE, node.ref, value=value)
    await hands.submit("apply add use voucher coupon code")
