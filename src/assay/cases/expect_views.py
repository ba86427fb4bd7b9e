"""Readers of clauses about views: only these items, the right ones, a page by its number."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from assay.browser.model import Observation
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
from assay.cases.expect_entities import first_subject, is_done
from assay.cases.expect_states import state_of
from assay.cases.items import Items, all_items
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import contains, equal, fold, number_of, tokens
from assay.cases.trail import Proposed

_ONLY_LEFT = re.compile(
    r"^only\s+the\s+(?P<which>first|second|third|last|other|open|active|completed|done|unfinished|"
    r"uncompleted|incomplete)(?:\s+(?:one|item|row|entry|task|todo))?\s+(?:remains?|is left|"
    r"stays|is shown|is there)$",
    re.IGNORECASE,
)
_RIGHT_ITEMS = re.compile(
    r"^(?:each|every)\s+(?:view|filter|tab)\s+(?:only\s+)?(?:shows?|lists?|has)"
    r"\s+(?:only\s+)?(?:the\s+|its\s+)?"
    r"(?:right|correct|matching|proper|own|expected)\s+(?:items?|rows?|entries|ones?)$",
    re.IGNORECASE,
)


def read_only_left(clause: str, context: Context) -> list[Proposed]:
    """For "Only the second remains": of the items before, this one alone is left."""
    match = _ONLY_LEFT.match(clause)
    seen = first_subject(context) if match else None
    before = seen[2] if seen else context.before
    if match is None or before is None:
        return []
    for items in main_lists(before):
        keep = _which(before, items, fold(match.group("which")))
        if keep is None or len(items.refs) < 2:
            continue
        return _just(context, items, [items.texts[keep]], before)
    return []


def _which(before: Observation, items: Items, word: str) -> int | None:
    order = {"first": 0, "second": 1, "third": 2, "last": len(items.refs) - 1}
    if word in order:
        return order[word] if order[word] < len(items.refs) else None
    if word == "other":
        return 1 if len(items.refs) == 2 else None
    wanted_open = state_of(word) == "open"
    fitting = [i for i, ref in enumerate(items.refs) if is_done(before, ref) != wanted_open]
    return fitting[0] if len(fitting) == 1 else None


def _just(
    context: Context, was: Items, texts: list[str], before: Observation, moment: int | None = None
) -> list[Proposed]:
    """The list shows these items of those before, no others."""
    seen = context.at(moment) if moment is not None else context
    now = [items for items in all_items(seen.now) if sorted(items.texts) == sorted(texts)]
    if not now:
        return []
    scope = list_bundle(context, seen.now, now[0])
    found = [
        Proposed(
            Assertion(AssertionKind.COUNT, number=len(texts), scope=scope),
            f"The list has {len(texts)} item{'' if len(texts) == 1 else 's'}",
        )
    ]
    found += [
        Proposed(
            Assertion(AssertionKind.TEXT, text=context.templated(text), scope=scope),
            f"“{text}” is in the list",
        )
        for text in texts
    ]
    found += [
        Proposed(
            Assertion(AssertionKind.NO_TEXT, text=context.templated(text), scope=scope),
            f"“{text}” is not in the list",
        )
        for text in was.texts
        if not any(contains(kept, text) for kept in texts)
    ]
    held = all(seen.holds(item.assertion) for item in found)
    return [replace(item, moment=moment) for item in found] if held else []


def read_right_items(clause: str, context: Context) -> list[Proposed]:
    """For "Each view shows the right item": each filter by state lists the items in that state."""
    if not _RIGHT_ITEMS.match(clause):
        return []
    found: list[Proposed] = []
    full: tuple[Observation, Items] | None = None
    for place in context.main:
        node = context.target(place)
        state = state_of(node.name) if node is not None else None
        if node is None or state is None:
            continue
        before = context.trail.moments[place].before
        if full is None:
            lists = main_lists(before)
            if not lists:
                return []
            full = (before, lists[0])
        page, items = full
        texts = [
            text
            for ref, text in zip(items.refs, items.texts, strict=False)
            if is_done(page, ref) != (state == "open")
        ]
        right = _just(context, items, texts, page, place)
        if not right:
            return []
        found += right
    return found


def read_page_shows(clause: str, context: Context) -> list[Proposed]:
    """For "Page 2 shows X": the page of that number is open and shows the words."""
    match = re.match(
        r"^(?:the\s+)?(?P<which>page\s+\d+|second page|third page)\s+(?:shows|has|lists|"
        r"contains)\s+(?P<text>.+)$",
        clause,
        re.I,
    )
    if match is None:
        return []
    which = fold(match.group("which"))
    number = {"second page": 2, "third page": 3}.get(which) or number_of(which.split()[-1])
    text = match.group("text").strip(" '\"\u201c\u201d")
    query = next(
        (
            part
            for part in urlsplit(context.now.url).query.split("&")
            if part.endswith(f"={number}")
        ),
        "",
    )
    if contains(context.now.text, f"page {number}"):
        where = context.propose(text_assertion(context, f"Page {number}"), f"It is page {number}")
    elif query:
        pattern = urlsplit(context.now.url).path + "?" + query
        where = context.propose(Assertion(AssertionKind.URL, text=pattern), f"It is page {number}")
    else:
        return []
    shown = context.propose(text_assertion(context, text), f"“{text}” is shown")
    good = proposals(where, shown)
    return good if good and not any(item.vacuous for item in good) else []


def read_lines(clause: str, context: Context) -> list[Proposed]:
    """For "Header and 30 rows": the lines of a file that was downloaded or opened."""
    match = re.match(
        r"^(?:an?\s+|the\s+)?(?:header|heading)(?:\s+(?:row|line))?\s+(?:and|plus|\+)"
        r"\s+(?P<n>\w+)\s+(?:data\s+)?"
        r"(?:rows|lines|records|entries)(?:\s+.*)?$|^(?:the\s+)?(?:file|download|csv)"
        r"\s+has\s+(?P<n2>\w+)\s+lines$",
        clause,
        re.IGNORECASE,
    )
    number = number_of(match.group("n") or match.group("n2")) if match else None
    if match is None or number is None:
        return []
    total = number + (1 if match.group("n") else 0)
    bodies = [item.text or "" for item in context.facts(context.last).downloads]
    if not bodies and context.now.content_type.split(";")[0] not in {"text/html", ""}:
        bodies = [context.now.text]
    if not bodies:
        return []
    header = next((line for line in bodies[-1].splitlines() if line.strip()), "")
    found = context.propose(
        Assertion(AssertionKind.DOWNLOAD, number=total, text=header if match.group("n") else ""),
        f"The file has {'a header and ' if match.group('n') else ''}{number} lines",
    )
    return [found] if found is not None else []


def read_own_state(clause: str, context: Context) -> list[Proposed]:
    """For "Unavailable", "Sold out" on the page of one thing: it says so of that thing itself.

    The list that led here may have said the same of it, or of others; so it need not be new, but
    must stand outside lists and the page's frame, on a page that is headed by what was followed.
    """
    words = clause.strip(" '\"\u201c\u201d")
    name = context.followed()
    if not name or not 1 <= len(tokens(words)) <= 4:
        return []
    now = context.now
    titled = [now.title, *headings(now)[:2]]
    if not any(contains(text, name) for text in titled):
        return []
    told = [
        other
        for other in now.nodes
        if (equal(other.own_text, words) or equal(other.text, words))
        and not other.interactive
        and other.landmark not in {"banner", "navigation", "contentinfo", "complementary"}
        and item_of(now, other) is None
    ]
    outer = [other for other in told if not any(other.parent == up.ref for up in told)]
    if len(outer) != 1:
        return []
    scope = bundle(context, now, outer[0].ref, f"what the page says of {name}")
    assertion = Assertion(AssertionKind.TEXT, text=words, scope=scope)
    found = context.propose(assertion, f"“{words}” is shown", ref=outer[0].ref, state=True)
    return [found] if found is not None else []
