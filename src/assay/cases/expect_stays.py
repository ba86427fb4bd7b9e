"""Readers of clauses about a page that stays, or that the user comes back to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from assay.cases.expect_context import Context, bundle
from assay.cases.expect_pages import LOG_IN, here, page_is
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import equal, fold
from assay.cases.trail import Proposed

_STILL = re.compile(
    r"^(?:(?:the\s+)?(?:user|page)?\s*(?:is\s+|are\s+)?(?:still|stays?|stayed|remains?|remained|"
    r"kept)"
    r"(?:\s+(?:on|at))?)\s+(?:the\s+|that\s+)?(?P<page>.*?)\s*(?:page|form|screen)?$",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"^(?:(?:the\s+)?user\s+)?(?:(?:is|are|we are|lands?|taken|goes|returns?|returned|"
    r"redirected)\s+)*"
    r"back\s+(?:on|at|to|in)\s+(?:the\s+)?(?P<page>.+?)(?:\s+page)?$|"
    r"^(?:(?:the\s+)?(?:browser\s+)?back(?:\s+button)?\s+)?(?:returns?|returned|leads?|goes)"
    r"\s+(?:back\s+)?"
    r"to\s+(?:the\s+)?(?P<page2>.+?)(?:\s+(?:page|view))?$",
    re.IGNORECASE,
)


def read_still(clause: str, context: Context) -> list[Proposed]:
    """For "Still on the login page": the address and the page's form or heading are as before."""
    match = _STILL.match(clause)
    if match is None or context.last is None or context.before is None:
        return []
    words = LOG_IN.sub("login", match.group("page"))
    if re.search(r"\b(?:in|there|ticked|visible|shown)\b", fold(words)) or not page_is(
        context.now, words
    ):
        return []
    if urlsplit(context.before.url).path != urlsplit(context.now.url).path:
        return _same_form(context, clause) if page_is(context.before, words) else []
    where = here(context, context.now)
    found = context.propose(
        Assertion(AssertionKind.URL, text=where), f"The page is still {where}", state=True
    )
    return [found] if found is not None else []


def _same_form(context: Context, clause: str) -> list[Proposed]:
    """A form that was refused under another address: the field that was filled last is there, on
    a page that says what it is for."""
    before = context.before
    kinds = {
        (node.dom_name, node.name, node.input_type)
        for node in (before.nodes if before is not None else ())
        if node.editable and node.form is not None and (node.value or node.input_type == "password")
    }
    kept = [
        node
        for node in context.now.nodes
        if node.editable and (node.dom_name, node.name, node.input_type) in kinds
    ]
    if not kept:
        return []
    node = min(kept, key=lambda one: one.input_type != "password")
    shown = Assertion(AssertionKind.VISIBLE, target=bundle(context, context.now, node.ref, clause))
    found = context.propose(shown, clause, ref=node.ref, state=True)
    return [found] if found is not None else []


def read_back(clause: str, context: Context) -> list[Proposed]:
    """For "Back on the poll": a page that was visited earlier in this test."""
    match = _BACK.match(clause)
    if match is None:
        return []
    words = match.group("page") or match.group("page2")
    now = urlsplit(context.now.url)
    earlier = [
        moment
        for moment in context.trail.moments
        for seen in (moment.before, moment.after)
        if urlsplit(seen.url)[2:] == now[2:] and moment is not context.trail.moments[-1]
    ]
    if not earlier or not (page_is(context.now, words) or _state_link(context, words)):
        return []
    where = here(context, context.now)
    found = context.propose(Assertion(AssertionKind.URL, text=where), f"The page is {where} again")
    return [found] if found is not None and not found.vacuous else []


def _state_link(context: Context, words: str) -> bool:
    """Whether a control of that name led to the address that the page has now."""
    for place in context.main:
        node = context.target(place)
        if node is not None and equal(node.name, words):
            return context.trail.moments[place].after.url == context.now.url
    return False
