"""Searching, filtering, entering codes and running statements: what needs its own field."""

from __future__ import annotations

from assay.browser.model import ActionKind, Node, Observation
from assay.cases import filling
from assay.cases.clauses import Clause, FieldValue, Phrase, Verb
from assay.cases.hands import Hands, Undone, phrase_of
from assay.cases.values import generate
from assay.cases.words import lexical, tokens


async def search(hands: Hands, clause: Clause) -> None:
    """Enter what is searched for where the site searches, and send it."""
    phrase = clause.object or Phrase("search", raw="search")
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
    """Run a statement in the page's editor, or choose and run a named action."""
    if clause.value is not None and not clause.objects:
        ref = await _editor(hands)
        await hands.do(ActionKind.TYPE, ref, value=clause.value)
        await hands.submit("run execute go")
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


async def _editor(hands: Hands) -> str:
    """The box that statements are written into, here or within reach."""

    def box(page: Observation) -> Node | None:
        boxes = [
            node
            for node in page.nodes
            if node.editable and (node.tag == "textarea" or node.constraints.get("multiline"))
        ]
        return boxes[0] if boxes else None

    node = box(hands.page)
    if node is None:
        if not await hands.travel(
            lambda page: 1.0 if box(page) is not None else 0.0, "query sql run console"
        ):
            raise Undone("I found no box to write a statement into.")
        node = box(hands.page)
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
