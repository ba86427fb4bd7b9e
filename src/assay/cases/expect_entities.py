"""Readers of clauses about what a test worked on: its fields, its text, whether it is there."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from assay.browser.model import ActionKind, Node, Observation
from assay.cases.expect_context import (
    Context,
    bundle,
    headings,
    item_of,
    list_bundle,
    main_lists,
    proposals,
    text_assertion,
)
from assay.cases.expect_items import shape
from assay.cases.expect_states import state_of
from assay.cases.items import Items, all_items, has_state
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import contains, equal, fold, stems
from assay.cases.trail import FollowUp, Proposed, Typed

_EMPTIED = re.compile(
    r"^(?:the\s+)?(?:[\w-]+\s+){0,3}?(?:input|field|box|text ?box|entry|textarea|form)\s+(?:is|"
    r"was|gets?|has been)?\s*"
    r"(?:now\s+)?(?:emptied|empty|cleared|blank|reset)(?:\s+again)?$",
    re.IGNORECASE,
)
_KEPT_VALUES = re.compile(
    r"^(?P<who>both|all|the|entered|typed)\s+(?:the\s+)?(?P<noun>[\w -]*?)\s*(?:is|are|remain|"
    r"stay)?\s*"
    r"(?:still|kept|remain)\s+(?:in|on|there in|shown in|filled in)\s*(?:the\s+)?(?:form|fields?"
    r"|inputs?|page)?$",
    re.IGNORECASE,
)
_ITEM_TEXT = re.compile(
    r"^(?:the\s+)?(?:new\s+)?(?:item|row|entry|todo|task|list item)(?:'s)?\s+(?:text\s+|name\s+|"
    r"label\s+)?"
    r"(?:is|reads|says|equals|shows)\s+(?:just\s+|exactly\s+)?['\"\u201c](?P<text>.+?)['\"\u201d]$",
    re.IGNORECASE,
)
_STRUCK = re.compile(
    r"^(?:it|the\s+(?:first\s+|second\s+)?(?:item|row|task|todo|entry|text))\s+(?:is|gets|"
    r"becomes|looks)\s+"
    r"(?:now\s+)?(?P<state>struck(?:\s+through|\s+out)?|crossed\s+out|completed|done|ticked|"
    r"checked)$",
    re.IGNORECASE,
)
_NEW_TEXT = re.compile(
    r"^(?:the\s+)?(?:new|changed|edited|updated|typed|entered)\s+(?:text|name|title|value|label)\s+"
    r"(?:is\s+)?(?:now\s+)?(?:shown|displayed|visible|there|appears?|kept|saved)$",
    re.IGNORECASE,
)
_OLD_TEXT = re.compile(
    r"^(?:the\s+)?(?:old|original|previous|former)\s+(?:text|name|title|value|label)\s+"
    r"(?:is\s+|was\s+)?(?:still\s+)?(?:kept|shown|there|unchanged|stays|remains|restored|"
    r"displayed|visible)$",
    re.IGNORECASE,
)
_REMOVED = re.compile(
    r"^(?:the\s+)?(?P<noun>[\w-]+(?:\s+[\w-]+)?)\s+(?:is\s+|was\s+|has been\s+)?(?:removed|"
    r"deleted|gone|disappears?|"
    r"disappeared|vanishes|no longer (?:there|shown|listed|present|in the list)|not (?:in the"
    r" list|listed|there))"
    r"(?:\s+(?:from|in)\s+(?:the\s+)?[\w -]+)?$",
    re.IGNORECASE,
)
_NOT_MADE = re.compile(
    r"^no\s+(?:new\s+)?(?P<noun>[\w-]+(?:\s+[\w-]+)?)\s+(?:is|was|has been|gets?)?\s*"
    r"(?:made|created|added|saved|stored|registered)$|"
    r"^(?:the\s+)?(?P<noun2>[\w-]+)\s+(?:is|was|has)\s*(?:not|n't)\s+(?:been\s+)?(?:made|created"
    r"|added|saved)$",
    re.IGNORECASE,
)
_THERE = re.compile(
    r"^(?:the\s+)?(?:item|row|entry|todo|task|it)\s+(?:is\s+|are\s+)?still\s+(?:there|listed|"
    r"shown|present|visible)$",
    re.IGNORECASE,
)
_STILL_TICKED = re.compile(
    r"^(?:it\s+|the\s+\w+\s+)?(?:is\s+)?still\s+(?P<state>ticked|checked|completed|done|"
    r"struck(?: through)?|unticked|open|active)$",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"^(?:the\s+)?(?:new\s+)?(?P<noun>[\w-]+(?:\s+[\w-]+)?)\s+(?:is\s+|are\s+)?(?:now\s+)?"
    r"(?:listed|in the list|shown|displayed|appears?|added to the list|present|visible)"
    r"(?:\s+in\s+the\s+[\w ]+?)?(?:\s+with\s+(?P<with>.+))?$",
    re.IGNORECASE,
)
_CONTROLS = frozenset(stems("link button tab field menu icon image logo heading section form page"))
_THINGS = frozenset(stems("item row entry record todo task it"))
_BOXES = {"textbox", "searchbox", "combobox", "spinbutton"}


def read_emptied(clause: str, context: Context) -> list[Proposed]:
    """For "Input emptied": the field that was typed into last is empty."""
    if not _EMPTIED.match(clause):
        return []
    for place in reversed(context.main):
        if context.trail.moments[place].step.action not in {ActionKind.TYPE, ActionKind.APPEND}:
            continue
        target = context.trail.moments[place].step.target
        if target is None:
            return []
        assertion = Assertion(AssertionKind.VALUE, text="", target=target)
        found = context.propose(assertion, "The field is empty", state=True)
        return [found] if found is not None else []
    return []


def read_kept_values(clause: str, context: Context) -> list[Proposed]:
    """For "Both choices still in the form": what was typed stands in its fields."""
    match = _KEPT_VALUES.match(clause)
    if match is None:
        return []
    noun = set(stems(match.group("noun"))) - set(stems("entered typed value values text"))
    typed = [item for item in context.trail.typed if not item.secret and item.value]
    named = [item for item in typed if not noun or noun & called(context, item)]
    if match.group("who").lower() == "both" and len(named) != 2:
        named = named[-2:] if len(named) > 2 else []
    found: list[Proposed | None] = []
    for item in named:
        fields = [
            node
            for node in context.now.nodes
            if node.role in _BOXES and node.value is not None and equal(node.value, item.value)
        ]
        if not fields:
            return []
        found.append(_field_has(context, fields[0], item))
    return proposals(*found) if named else []


def called(context: Context, item: Typed) -> set[str]:
    """What the field of a typed value goes by: its label, column, section and name."""
    words = [item.label]
    for moment in context.trail.moments:
        if moment.step.number == item.step and moment.step.target is not None:
            seen = moment.step.target.fingerprint
            words += [seen.name, seen.label, seen.column, seen.section]
            words += [seen.attributes.get(key, "") for key in ("id", "name", "group")]
    return set(stems(re.sub(r"[-_\d]", " ", " ".join(words))))


def _field_has(context: Context, node: Node, item: Typed) -> Proposed | None:
    target = bundle(context, context.now, node.ref, item.label or "the field")
    assertion = Assertion(AssertionKind.VALUE, text=item.template, target=target)
    return context.propose(
        assertion, f"“{item.label or 'the field'}” has “{item.template}”", ref=node.ref, state=True
    )


def read_item_text(clause: str, context: Context) -> list[Proposed]:
    """For "Item text is 'pad'": an item of the list reads just so."""
    match = _ITEM_TEXT.match(clause)
    if match is None:
        return []
    text = match.group("text")
    for items in main_lists(context.now):
        if any(equal(item, text) for item in items.texts):
            assertion = Assertion(
                AssertionKind.NEW_TEXT,
                text=context.templated(text),
                exact=True,
                scope=list_bundle(context, context.now, items),
            )
            found = context.propose(assertion, f"The item reads “{text}”", ref=items.ref)
            return [found] if found is not None and not found.vacuous else []
    return []


def subject(context: Context) -> tuple[Items, int, Observation] | None:
    """The list item that the last actions worked on, as it was before the first of them."""
    places = [place for place in context.main if context.target(place) is not None]
    for place in reversed(places):
        node = context.target(place)
        if node is None:
            continue
        found = item_of(context.trail.moments[place].before, node)
        if found is not None and not found[0].chrome:
            return (*found, context.trail.moments[place].before)
    return None


def first_subject(context: Context) -> tuple[Items, int, Observation] | None:
    """The item that the test proper first touched, before anything changed it."""
    for place in context.main:
        node = context.target(place)
        found = item_of(context.trail.moments[place].before, node) if node is not None else None
        if found is not None and not found[0].chrome:
            return (*found, context.trail.moments[place].before)
    return None


def read_struck(clause: str, context: Context) -> list[Proposed]:
    """For "It is struck through", "the item is ticked"."""
    match = _STRUCK.match(clause)
    seen = subject(context) if match else None
    if match is None or seen is None:
        return []
    text = seen[0].texts[seen[1]]
    return _in_state(context, text, match.group("state"), clause)


def _in_state(context: Context, text: str, words: str, clause: str) -> list[Proposed]:
    ticked = fold(words) in {"ticked", "checked"}
    open_ = state_of(words) == "open" or fold(words) == "unticked"
    signs = (
        ("unchecked",) if open_ else (("checked", "struck") if ticked else ("struck", "checked"))
    )
    for items in all_items(context.now):
        for place, item in enumerate(items.texts):
            if not equal(item, text):
                continue
            sign = next((s for s in signs if has_state(context.now, items.refs[place], s)), None)
            if sign is None:
                continue
            number = sum(
                1
                for ref, other in zip(items.refs, items.texts, strict=False)
                if contains(other, text) and has_state(context.now, ref, sign)
            )
            assertion = Assertion(
                AssertionKind.COUNT,
                number=number,
                text=context.templated(text),
                state=sign,
                scope=list_bundle(context, context.now, items),
            )
            found = context.propose(assertion, f"“{text}” is {words}", ref=items.ref)
            return [found] if found is not None else []
    return []


def read_new_text(clause: str, context: Context) -> list[Proposed]:
    """For "New text shown": what was typed last is there as text and was not before."""
    item = context.typed_last() if _NEW_TEXT.match(clause) else None
    if item is None or not item.value.strip():
        return []
    found = context.propose(
        Assertion(AssertionKind.NEW_TEXT, text=item.template), f"“{item.template}” is shown"
    )
    return [found] if found is not None and not found.vacuous else []


def read_old_text(clause: str, context: Context) -> list[Proposed]:
    """For "Old text kept": the item reads as before, and what was typed is nowhere."""
    seen = first_subject(context) if _OLD_TEXT.match(clause) else None
    if seen is None:
        return []
    old, typed = seen[0].texts[seen[1]], context.typed_last()
    if typed is None or typed.step <= context.trail.moments[context.main.start].step.number:
        return []
    now = [items for items in all_items(context.now) if any(equal(t, old) for t in items.texts)]
    if not now:
        return []
    found = [
        context.propose(
            Assertion(
                AssertionKind.TEXT,
                text=context.templated(old),
                exact=True,
                scope=list_bundle(context, context.now, now[0]),
            ),
            f"The item still reads “{old}”",
            state=True,
        )
    ]
    if not equal(typed.value, old):
        found.append(
            context.propose(
                Assertion(AssertionKind.NO_TEXT, text=typed.template),
                f"“{typed.template}” is not shown",
                state=True,
            )
        )
    return proposals(*found)


def read_removed(clause: str, context: Context) -> list[Proposed]:
    """For "Item removed", "group gone from the list": its text is no longer in the list."""
    match = _REMOVED.match(clause)
    if match is None:
        return []
    made = context.per_run()
    seen = first_subject(context)
    generic = fold(match.group("noun")) in {"item", "row", "entry", "it", "todo", "task"}
    if made is not None and (not generic or seen is None):
        return _gone_made(context, made)
    if seen is None:
        return []
    items, place, before = seen
    text = items.texts[place]
    left = len(items.refs) - 1
    if left:
        scope = list_bundle(context, before, items)
        less = Assertion(AssertionKind.COUNT, number=left, scope=scope)
    else:
        target = shape(before, items, "any item of the list")
        less = Assertion(AssertionKind.HIDDEN, target=target)
    found = [
        context.propose(
            Assertion(AssertionKind.NO_TEXT, text=context.templated(text)), f"“{text}” is gone"
        ),
        context.propose(less, f"There is one item less: {left or 'none'}"),
    ]
    good = proposals(*found)
    return good if good and not any(item.vacuous for item in good) else []


def _gone_made(context: Context, made: Typed) -> list[Proposed]:
    """The list that showed the thing is opened afresh and no longer shows it; where only a menu of
    the site did, no page may show it, this one neither."""
    page = next(
        (
            moment.after.url
            for moment in reversed(context.trail.moments)
            for items in all_items(moment.after)
            if any(contains(text, made.value) for text in items.texts) and not items.chrome
        ),
        None,
    )
    absent = Assertion(AssertionKind.NO_TEXT, text=made.template)
    if page is None:
        return proposals(context.propose(absent, f"“{made.template}” is gone"))
    where = _address(page)
    return [
        Proposed(
            absent,
            f"“{made.template}” is not in the list",
            follow_up=FollowUp("open", where, f"Open {where}"),
        )
    ]


def _address(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def read_not_made(clause: str, context: Context) -> list[Proposed]:
    """For "No user made": the list of such things, found by a link above this page, lacks it."""
    match = _NOT_MADE.match(clause)
    made = context.per_run() if match else None
    if match is None or made is None:
        return []
    noun = match.group("noun") or match.group("noun2")
    page = _list_page(context, noun)
    if page is None:
        return []
    where = _address(page)
    return [
        Proposed(
            Assertion(AssertionKind.NO_TEXT, text=made.template),
            f"“{made.template}” is not among the {noun}s",
            follow_up=FollowUp("open", where, f"Open {where}"),
        )
    ]


def _list_page(context: Context, noun: str) -> str | None:
    """The address of the list of such things: a link of that name whose path lies above here."""
    here = urlsplit(context.now.url).path
    best: str | None = None
    for moment in reversed(context.trail.moments):
        for page in (moment.after, moment.before):
            for node in page.nodes:
                path = urlsplit(node.href).path
                if node.role != "link" or not path or not set(stems(noun)) & set(stems(node.name)):
                    continue
                above = path.strip("/") and path != here
                if not above or not here.startswith(path.rstrip("/") + "/"):
                    continue
                if best is None or len(path) > len(urlsplit(best).path):
                    best = node.href
        if best is not None:
            return best
    return None


def is_done(observation: Observation, ref: str) -> bool:
    """Whether an item is marked as done: struck through or ticked."""
    return has_state(observation, ref, "struck") or has_state(observation, ref, "checked")


def read_there(clause: str, context: Context) -> list[Proposed]:
    """For "Item still there", "still ticked": the item is as it was before the last action."""
    ticked = _STILL_TICKED.match(clause)
    if not (_THERE.match(clause) or ticked) or context.before is None:
        return []
    for items in main_lists(context.before):
        found: list[Proposed] = []
        for ref, text in zip(items.refs, items.texts, strict=False):
            if ticked:
                sign = state_of(ticked.group("state"))
                if is_done(context.before, ref) == (sign == "open"):
                    continue
                found += _in_state(context, text, ticked.group("state"), clause)
            else:
                found += _still_listed(context, text)
        if found:
            return [replace(item, vacuous=False) for item in found]
    return []


def _still_listed(context: Context, text: str) -> list[Proposed]:
    for items in all_items(context.now):
        if any(equal(item, text) for item in items.texts):
            assertion = Assertion(
                AssertionKind.TEXT,
                text=context.templated(text),
                scope=list_bundle(context, context.now, items),
            )
            return [Proposed(assertion, f"“{text}” is still in the list")]
    return []


def _speaks_of(context: Context, noun: str) -> bool:
    """Whether a noun means the thing that this run made: a plain word for items, or one that the
    page, its address or its fields go by; never a control."""
    words = [word for word in stems(noun) if word != "new"]
    if not words or set(words) & _CONTROLS:
        return False
    if set(words) & _THINGS:
        return True
    around = " ".join(
        (context.now.url, context.now.title, context.trail.goal, *headings(context.now))
    )
    around += " ".join(f"{m.before.url} {m.before.title}" for m in context.trail.moments)
    have = set(stems(re.sub(r"[/_?=&.-]", " ", around)))
    return any(word[:5] == other[:5] for word in words for other in have if len(other) >= 4)


def read_listed(clause: str, context: Context) -> list[Proposed]:
    """For "Attachment listed with 5 bytes": what this run made is shown, and so described."""
    match = _LISTED.match(clause)
    made = context.per_run() if match else None
    if match is None or made is None or not _speaks_of(context, match.group("noun")):
        return []
    extra = (match.group("with") or "").strip(" '\"\u201c\u201d")
    for place in reversed(context.main):
        for line in context.lines(place):
            if not contains(line, made.value) or (extra and not contains(line, extra)):
                continue
            found = context.propose(
                text_assertion(context, line), f"“{context.templated(line)}” is shown"
            )
            if found is not None and not found.vacuous:
                return [found]
    return []
