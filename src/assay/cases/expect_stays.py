"""Readers of clauses about a page that stays, or that the user comes back to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from assay.browser.model import ActionKind
from assay.cases.expect_context import Context, bundle, headings, main_lists
from assay.cases.expect_pages import LOG_IN, here, page_is
from assay.cases.model import Assertion, AssertionKind
from assay.cases.routes import route_of
from assay.cases.texts import equal, fold
from assay.cases.trail import Proposed

_STILL = re.compile(
    r"^(?:(?:the\s+)?(?:user|page)?\s*(?:is\s+|are\s+)?(?:still|stays?|stayed|remains?|remained|"
    r"kept)"
    r"(?:\s+(?:on|at))?)\s+(?:the\s+|that\s+)?(?P<page>.*?)\s*(?:page|form|screen)?$",
    re.IGNORECASE,
)
_NOT_SENT = re.compile(
    r"^(?:(?:it|the form|that)\s+)?(?:(?:is|was)\s+)?not\s+(?:been\s+)?"
    r"(?:saved|stored|sent|submitted|accepted|taken)$",
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
_LISTS = {"list", "overview", "table", "index"}
_FRAME = {"banner", "navigation", "contentinfo", "complementary"}


def read_still(clause: str, context: Context) -> list[Proposed]:
    """For "Still on the login page", "not saved": the address and the page's form or heading are as
    before."""
    match = _STILL.match("still on the form" if _NOT_SENT.match(clause) else clause)
    if match is None or context.last is None or context.before is None:
        return []
    words = LOG_IN.sub("login", match.group("page"))
    if re.search(r"\b(?:in|there|ticked|visible|shown)\b", fold(words)) or not page_is(
        context.now, words
    ):
        return []
    if route_of(context.before.url) != route_of(context.now.url):
        return _same_form(context, clause) if page_is(context.before, words) else []
    where = here(context, context.now)
    found = context.propose(
        Assertion(AssertionKind.URL, text=where), f"The page is still {where}", state=True
    )
    kept = [found] if found is not None else []
    if kept and (_NOT_SENT.match(clause) or re.search(r"\bform$", clause, re.I)):
        # Many applications answer a form that was taken under its own address, too.
        kept += _same_form(context, clause)
    return kept


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
    kept = 5 if "/" in now.fragment else 4  # any other fragment only scrolls
    earlier = [
        moment
        for moment in context.trail.moments
        for seen in (moment.before, moment.after)
        if urlsplit(seen.url)[2:kept] == now[2:kept] and moment is not context.trail.moments[-1]
    ]
    listed = fold(words) in _LISTS and bool(main_lists(context.now))
    if not earlier or not (
        listed or _unnamed(words) or page_is(context.now, words) or _state_link(context, words)
    ):
        return []
    where = here(context, context.now)
    found = context.propose(Assertion(AssertionKind.URL, text=where), f"The page is {where} again")
    if found is not None and not found.vacuous:
        return [found]
    return _again(context, where)


def _unnamed(words: str) -> bool:
    """Whether the page of before is meant without saying which."""
    return fold(words) in {"page", "same", "previous", "earlier", "starting", "page before"}


def _again(context: Context, where: str) -> list[Proposed]:
    """Pages that share a path are told apart by the query, and by what only some of them say: a
    control or text of the page as it was before, away on the page in between, and there again."""
    query = urlsplit(context.now.url).query
    address = f"{where}?{context.templated(query)}" if query else where
    found = context.propose(
        Assertion(AssertionKind.URL, text=address), f"The page is {address} again", state=True
    )
    if found is None or context.before is None or context.last is None:
        return []
    if not context.held_before(found.assertion, context.last):
        return [found]
    seen = _first_seen(context)
    before = {fold(line) for line in context.before.text.splitlines()}
    lines = [line.strip() for line in context.now.text.splitlines()]
    body = {fold(node.text) for node in context.now.nodes if node.landmark not in _FRAME}
    own = [
        line
        for line in dict.fromkeys([*headings(context.now), *lines])
        if fold(line) in seen & body and fold(line) not in before and _lasting(line)
    ]
    for line in own:
        text = Assertion(AssertionKind.TEXT, text=context.templated(line))
        shown = context.propose(text, f"“{line}” is shown again")
        if shown is not None and not shown.vacuous:
            return [found, shown]
    left = _left_form(context)
    return [found, left] if left is not None else []


def _left_form(context: Context) -> Proposed | None:
    """The field that was filled last is no longer there."""
    for place in reversed(context.main):
        step = context.trail.moments[place].step
        if step.action is ActionKind.TYPE and step.target is not None:
            gone = Assertion(AssertionKind.HIDDEN, target=step.target)
            left = context.propose(gone, "The form is no longer there")
            return left if left is not None and not left.vacuous else None
    return None


def _first_seen(context: Context) -> set[str]:
    """The lines of the page of this address when the test first came to it."""
    for moment in context.trail.moments:
        for seen in (moment.before, moment.after):
            if seen.url.partition("#")[0] == context.now.url.partition("#")[0]:
                return {fold(line) for line in seen.text.splitlines()}
    return set()


def _lasting(line: str) -> bool:
    """Whether a line says enough to know a page by, and nothing that changes with time."""
    return 4 <= len(line) <= 120 and not re.search(r"\d", line)


def _state_link(context: Context, words: str) -> bool:
    """Whether a control of that name led to the address that the page has now."""
    for place in context.main:
        node = context.target(place)
        if node is not None and equal(node.name, words):
            return context.trail.moments[place].after.url == context.now.url
    return False
