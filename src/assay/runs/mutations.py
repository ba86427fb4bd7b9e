"""Which faults show that a test can fail: at least one for every assertion, and a dead control.

Pure: nothing is touched here. The browser room puts a fault into the page or its responses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.browser.model import ActionKind
from assay.browser.port import ANSWER_KINDS, Mutation
from assay.cases.model import Assertion, AssertionKind, Step
from assay.cases.texts import shorten
from assay.runs.model import Outcome, PlannedMutation

_CLICKS = {ActionKind.CLICK, ActionKind.DOUBLE_CLICK, ActionKind.PRESS}
_INSERTED = "Assay inserted this"


def plan(steps: Sequence[Step], green: Outcome | None = None) -> tuple[PlannedMutation, ...]:
    """Faults in the order to try them; several for one assertion are alternatives.

    An assertion counts as killed when any of its faults makes the run fail at that very step.
    """
    planned: list[PlannedMutation] = []
    last_action: Step | None = None
    for step in steps:
        if step.action is not None:
            last_action = step
        if step.assertion is None:
            continue
        for mutation in _of(step.assertion):
            at = step.number
            if mutation.kind in ANSWER_KINDS:
                if last_action is None:
                    continue
                at = last_action.number
            planned.append(PlannedMutation(mutation, at, step.number))
    dead = _dead_control(steps)
    if dead is not None:
        planned.append(dead)
    return tuple(planned)


def _dead_control(steps: Sequence[Step]) -> PlannedMutation | None:
    """The last action that had an effect does nothing any more."""
    last = max((step.number for step in steps if step.assertion is not None), default=0)
    for step in reversed(steps):
        if step.number > last or step.action not in _CLICKS or step.target is None:
            continue
        effect = step.effect
        if effect is None or not (effect.url or effect.requests or effect.appears):
            continue
        name = step.target.fingerprint.name or step.text
        return PlannedMutation(
            Mutation("dead_control", f"“{shorten(name, 60)}” does nothing", step.target),
            step.number,
        )
    return None


def _of(assertion: Assertion) -> Iterator[Mutation]:
    kind, text = assertion.kind, assertion.text
    shown = shorten(text, 60)
    if kind in {AssertionKind.TEXT, AssertionKind.NEW_TEXT}:
        yield Mutation("blank_text", f"“{shown}” is not shown", assertion.scope, text)
        if assertion.scope is not None:
            yield Mutation("blank_text", f"“{shown}” is shown nowhere", None, text)
    elif kind is AssertionKind.NO_TEXT:
        yield Mutation("insert_text", f"“{shown}” is shown", assertion.scope, text)
        yield Mutation("insert_text", f"“{shown}” is on the page", None, text)
    elif kind is AssertionKind.ANY_OF:
        for option in assertion.options:
            yield from _of(option)
    elif kind in _ROWS:
        yield from _rows(assertion)
    else:
        yield from _element(assertion)


_ROWS = {
    AssertionKind.COUNT,
    AssertionKind.CELL,
    AssertionKind.EVERY_ROW,
    AssertionKind.SORTED,
    AssertionKind.FIRST_ROW,
}


def _rows(assertion: Assertion) -> Iterator[Mutation]:
    kind, scope, text = assertion.kind, assertion.scope, assertion.text
    if kind is AssertionKind.COUNT:
        yield from _count(assertion)
    elif kind is AssertionKind.CELL:
        yield Mutation("change_cell", "the value is another one", scope)
        yield Mutation("blank_text", "the value is not shown", scope, text or assertion.row)
    elif kind is AssertionKind.EVERY_ROW:
        yield Mutation("change_cell", "one row shows something else", scope, text)
        yield Mutation("blank_text", f"“{shorten(text, 60)}” is not shown", scope, text)
    elif kind is AssertionKind.SORTED:
        yield Mutation("swap_rows", "two rows have changed places", scope, assertion.column)
    elif kind is AssertionKind.FIRST_ROW:
        end = "last" if assertion.order == "last" else "first"
        yield Mutation("swap_rows", f"another row comes {end}", scope, assertion.column)
        yield Mutation("blank_text", f"“{shorten(text, 60)}” is not shown", scope, text)


def _count(assertion: Assertion) -> Iterator[Mutation]:
    scope, number = assertion.scope, assertion.number
    if assertion.state in {"struck", "unstruck"}:
        struck = (assertion.state == "struck") == (number > 0)
        yield Mutation(
            "unstrike" if struck else "strike",
            "an item is not marked as done" if struck else "an item is marked as done",
            scope,
            assertion.text,
        )
    if assertion.state:
        yield Mutation("toggle_checked", "an item's box is the other way", scope, assertion.text)
    more = Mutation("insert_item", "there is one item more", scope)
    if scope is None or not (number or assertion.relative_to):
        yield more
    if number or assertion.relative_to:
        yield Mutation("remove_item", "one item is missing", scope, assertion.text)
        yield more


def _element(assertion: Assertion) -> Iterator[Mutation]:
    kind, target, text = assertion.kind, assertion.target, assertion.text
    name = shorten(target.fingerprint.name or target.intent, 60) if target else "it"
    plain = {
        AssertionKind.VISIBLE: ("hide_target", f"“{name}” is hidden"),
        AssertionKind.HIDDEN: ("insert_element", f"“{name}” is there"),
        AssertionKind.CHECKED: ("toggle_checked", f"“{name}” is not ticked"),
        AssertionKind.UNCHECKED: ("toggle_checked", f"“{name}” is ticked"),
        AssertionKind.ENABLED: ("toggle_enabled", f"“{name}” is disabled"),
        AssertionKind.DISABLED: ("toggle_enabled", f"“{name}” is enabled"),
        AssertionKind.STRUCK: ("unstrike", f"“{name}” is not struck through"),
    }
    if kind in plain:
        yield Mutation(*plain[kind], target)
    elif kind is AssertionKind.VALUE:
        yield Mutation("set_value", f"“{name}” has another value", target, _INSERTED)
    elif kind is AssertionKind.URL:
        yield Mutation("change_url", "the page has another address", text="/somewhere-else")
    elif kind is AssertionKind.NOT_URL:
        yield Mutation("change_url", f"the page is {text}", text=text)
    elif kind is AssertionKind.TITLE:
        yield Mutation("change_title", "the title is another one", text=_INSERTED)
    elif kind is AssertionKind.STATUS:
        other = 200 if assertion.number != 200 else 404
        yield Mutation("status", f"the page answers with {other}", number=other)
    elif kind is AssertionKind.ATTRIBUTE:
        yield Mutation(
            "set_attribute", f"{assertion.column} is different", target, f"{assertion.column}=other"
        )
    elif kind is AssertionKind.DOWNLOAD:
        if assertion.row:
            yield Mutation("filename", "the file has another name")
        if assertion.number:
            yield Mutation("body", "the file has one line less")
        if text:
            yield Mutation("body", "the file lacks what it should have", text=text)
    else:
        yield from _traffic(assertion)


def _traffic(assertion: Assertion) -> Iterator[Mutation]:
    """Faults for what is asserted of answers, of the console and of the order of texts."""
    kind, text = assertion.kind, assertion.text
    if kind is AssertionKind.JSON:
        if text:
            yield Mutation("body", "the answer has another value", text=text)
        yield Mutation("body", "the answer is cut short")
    elif kind is AssertionKind.NO_CONSOLE_ERROR:
        yield Mutation("console_error", "the console shows an error", text=_INSERTED)
    elif kind is AssertionKind.NO_FAILED_REQUEST:
        yield Mutation("failed_request", "a request fails")
    elif kind is AssertionKind.ORDER:
        yield Mutation("swap_texts", "two of them have changed places", text=text)
