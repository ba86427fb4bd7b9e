"""Readers of clauses that name several things to be seen, or only the page that is open."""

from __future__ import annotations

import re

from assay.cases.expect_context import (
    Context,
    bundle,
    headings,
    list_bundle,
    text_assertion,
)
from assay.cases.expect_pages import ROLES, named, read_page
from assay.cases.expect_words import error_like, split_outside, success_like
from assay.cases.items import all_items
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import contains, equal, tokens
from assay.cases.trail import Proposed

_SEEN = (
    r"(?:\s+(?:is|are|was|were))?\s+(?:now\s+|all\s+|both\s+)*(?:listed|shown|displayed|visible|"
    r"offered|available|present|there|seen|in (?:the|a) (?:list|table|results?|menu|navigation|"
    r"sidebar|form)|on the page)"
)
_KIND = "|".join(sorted(ROLES, key=len, reverse=True))
_MANY = re.compile(
    rf"^(?:the\s+|both\s+|all\s+)*(?:(?P<kind>{_KIND})(?:e?s)?\s*:?\s+(?:called\s+|named\s+)?)?"
    rf"(?P<names>.+?)(?:\s+(?P<kind2>{_KIND})e?s)?(?P<seen>{_SEEN})?$",
    re.IGNORECASE,
)
_BETWEEN = r"\s*,\s*(?:and\s+)?|\s+and\s+|\s+&\s+"
_NO_NAME = re.compile(
    r"\b(?:no|not|none|nothing|only|every|each|all|more|less|fewer|same|than|error|message|page)\b",
    re.IGNORECASE,
)
_IN_LIST = re.compile(
    r"^(?P<name>.+?)(?:\s+(?:is|are|appears?|shows? up))?"
    r"(?:\s+(?:now|shown|listed|visible|found))*\s+(?:in|on|among)\s+the\s+(?:[\w-]+\s+)?(?:list|table|results?|overview|items)$",
    re.IGNORECASE,
)
_LONGEST = 5
_QUOTES = " '\"\u201c\u201d"


def read_all_shown(clause: str, context: Context) -> list[Proposed]:
    """For "Editors and Moderators are listed", "Columns name, city and age": each is to be seen."""
    match = _MANY.match(clause)
    if match is None or not (match.group("seen") or match.group("kind")):
        return []
    kind = (match.group("kind") or match.group("kind2") or "").lower()
    names = [
        name.strip(" '\"\u201c\u201d") for name in split_outside(match.group("names"), _BETWEEN)
    ]
    names = [re.sub(r"^(?:the|an?)\s+", "", name, flags=re.I) for name in names]
    if len(names) < 2 or any(
        not name or len(tokens(name)) > _LONGEST or _NO_NAME.search(name) for name in names
    ):
        return []
    found = [_seen(context, name, ROLES.get(kind, ())) for name in names]
    kept = [item for item in found if item is not None]
    return kept if len(kept) == len(names) else []


def _seen(context: Context, name: str, roles: tuple[str, ...]) -> Proposed | None:
    words = f"“{name}” is shown"
    node = named(context.now, name, roles) if roles else None
    if node is not None:
        target = bundle(context, context.now, node.ref, name)
        return context.propose(
            Assertion(AssertionKind.VISIBLE, target=target), words, ref=node.ref, state=True
        )
    if roles and not any(equal(name, text) for text in _cells(context)):
        return None
    if not contains(context.now.text, name):
        return None
    return context.propose(text_assertion(context, name), words)


def _cells(context: Context) -> list[str]:
    tables = all_items(context.now)
    return [text for items in tables for row in (items.columns, *items.cells) for text in row]


def read_in_list(clause: str, context: Context) -> list[Proposed]:
    """For "/old in the list": an item of a list of the page shows it, and did not before."""
    match = _IN_LIST.match(clause)
    if match is None or _NO_NAME.search(clause):
        return []
    name = re.sub(r"^(?:the|an?)\s+(?:new\s+)?", "", match.group("name").strip(_QUOTES), flags=re.I)
    if not name or len(tokens(name)) > _LONGEST:
        return []
    for items in all_items(context.now):
        if items.chrome or not any(contains(text, name) for text in items.texts):
            continue
        assertion = Assertion(
            AssertionKind.TEXT,
            text=context.templated(name),
            scope=list_bundle(context, context.now, items),
        )
        found = context.propose(assertion, f"“{name}” is in the list", ref=items.ref)
        if found is not None and not found.vacuous:
            return [found]
    return []


def read_bare_page(clause: str, context: Context) -> list[Proposed]:
    """For "Dashboard", "Order history": words that name the page that has just been opened."""
    if not re.fullmatch(r"(?:the\s+)?[A-Z][\w' -]{2,40}", clause) or len(tokens(clause)) > 4:
        return []
    if _NO_NAME.search(clause) or success_like(clause) or error_like(clause):
        return []
    if not any(contains(text, clause) for text in (context.now.title, *headings(context.now))):
        return []
    return read_page(f"{clause} page", context)
