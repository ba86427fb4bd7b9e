"""Assertions from observed effects, for tests whose author was told no expected result."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from assay.cases.expect_context import Context, headings, list_bundle, main_lists, text_assertion
from assay.cases.expect_messages import steady
from assay.cases.expect_words import error_like, success_like
from assay.cases.items import all_items
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import contains, fold
from assay.cases.trail import Proposed

_VOLATILE = re.compile(r"\d{2,}|\b(?:ago|today|now|just)\b")


def derived(context: Context) -> tuple[Proposed, ...]:
    """What the test was seen to change, best first: messages, what it made, where it led."""
    if context.last is None:
        return ()
    found = [*_messages(context), *_made(context), *_led(context), *_named(context)]
    found += _counts(context)
    kept: list[Proposed] = []
    for item in found:
        if not item.vacuous and all(item.assertion != other.assertion for other in kept):
            kept.append(item)
    return tuple(kept)


def _messages(context: Context) -> list[Proposed]:
    found: list[Proposed] = []
    for place in reversed(context.main):
        notices = set(context.trail.moments[place].after.notices)
        for line in context.lines(place):
            told = line in notices and len(line) <= 200
            if not told and not (
                len(line) <= 120 and (error_like(line) or success_like(line)) and len(line) > 8
            ):
                continue
            text = steady(context, line)
            if len(text) < 4:
                continue
            item = context.propose(
                text_assertion(context, text), f"“{text}” is shown", transient=True
            )
            if item is not None:
                found.append(item)
        if found:
            break
    return sorted(found, key=lambda item: item.moment is not None)[:2]


def _made(context: Context) -> list[Proposed]:
    made = context.per_run()
    if made is None:
        return []
    for items in all_items(context.now):
        if not items.chrome and any(contains(text, made.value) for text in items.texts):
            assertion = Assertion(
                AssertionKind.NEW_TEXT,
                text=made.template,
                scope=list_bundle(context, context.now, items),
            )
            item = context.propose(assertion, f"“{made.template}” is in the list", ref=items.ref)
            return [item] if item is not None else []
    return []


def _led(context: Context) -> list[Proposed]:
    parts = urlsplit(context.now.url)
    path = "/".join(
        "*" if re.fullmatch(r"\d+|[0-9a-f]{8,}|[0-9a-f-]{32,}", segment) else segment
        for segment in (parts.path or "/").split("/")
    )
    item = context.propose(Assertion(AssertionKind.URL, text=path), f"The page is {path}")
    return [item] if item is not None else []


def _named(context: Context) -> list[Proposed]:
    for text in headings(context.now)[:3]:
        if _VOLATILE.search(fold(text)) or len(text) > 80:
            continue
        item = context.propose(text_assertion(context, text), f"“{text}” is shown")
        if item is not None and not item.vacuous:
            return [item]
    return []


def _counts(context: Context) -> list[Proposed]:
    if context.before is None:
        return []
    before, after = main_lists(context.before), main_lists(context.now)
    if (
        not before
        or not after
        or urlsplit(context.before.url).path != urlsplit(context.now.url).path
    ):
        return []
    if len(before[0].refs) == len(after[0].refs):
        return []
    number = len(after[0].refs)
    assertion = Assertion(
        AssertionKind.COUNT, number=number, scope=list_bundle(context, context.now, after[0])
    )
    item = context.propose(assertion, f"The list has {number} items", ref=after[0].ref)
    return [item] if item is not None else []
