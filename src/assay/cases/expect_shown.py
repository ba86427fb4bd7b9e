"""Readers of clauses that name several things to be seen, or only the page that is open."""

from __future__ import annotations

import re

from assay.cases.expect_context import (
    Context,
    bundle,
    headings,
    list_bundle,
    named_lists,
    proposals,
    text_assertion,
)
from assay.cases.expect_pages import ROLES, named, read_page
from assay.cases.expect_words import covers, error_like, split_outside, success_like
from assay.cases.items import all_items
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import contains, equal, stems, tokens
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
    r"(?:\s+(?:now|shown|listed|visible|found))*\s+(?:in|on|among)\s+the\s+(?:[\w-]+\s+)?(?:list|table|results?|overview|items)(?:\s+of\s+(?:the\s+)?[\w-]+)?"
    r"(?:\s+with\s+(?P<beside>[^,]+))?$",
    re.IGNORECASE,
)
_LIST_OF = re.compile(
    rf"^(?:the\s+|an?\s+)?(?:(?:list|table|overview)\s+of\s+(?:the\s+|all\s+)?(?P<of>[\w' -]+?)|"
    rf"(?P<noun>[\w' -]+?)\s+(?:list|table|overview))"
    rf"(?P<seen>{_SEEN}|\s+(?:opens?|opened|appears?|appeared|loads?|loaded|comes up))$",
    re.IGNORECASE,
)
_TABLE_WITH = re.compile(
    rf"^(?:an?\s+|the\s+)?(?:table|list|overview)\s+(?:with|of|showing|that shows)\s+"
    rf"(?P<columns>.+?)(?:{_SEEN})?$",
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
        scope = list_bundle(context, context.now, items)
        assertion = Assertion(AssertionKind.TEXT, text=context.templated(name), scope=scope)
        words = f"“{name}” is in the list"
        if match.group("beside"):
            beside = re.sub(r"^(?:the|an?)\s+", "", match.group("beside"), flags=re.I)
            assertion = Assertion(
                AssertionKind.CELL,
                text=context.templated(beside.strip(_QUOTES)),
                row=context.templated(name),
                scope=scope,
            )
            words += f" with “{beside.strip(_QUOTES)}”"
        found = context.propose(assertion, words, ref=items.ref)
        if found is not None and not found.vacuous:
            return [found]
    return []


def read_list_of(clause: str, context: Context) -> list[Proposed]:
    """For "The list of orders opens": a list that its name or its page says is one of those."""
    match = _LIST_OF.match(clause)
    if match is None or _NO_NAME.search(clause):
        return []
    for items in named_lists(context.now, match.group("of") or match.group("noun")):
        if items.chrome or not (items.texts or items.columns):
            continue
        heads = [head for head in items.columns if head][:2]
        assertions = [
            Assertion(AssertionKind.TEXT, text=head, scope=list_bundle(context, context.now, items))
            for head in heads
        ] or [
            Assertion(AssertionKind.VISIBLE, target=bundle(context, context.now, items.ref, clause))
        ]
        found = proposals(*(context.propose(one, clause, ref=items.ref) for one in assertions))
        if telling := [one for one in found if not one.vacuous]:
            return telling
    return []


def read_table_with(clause: str, context: Context) -> list[Proposed]:
    """For "Table with price and stock": a table whose headers say each of them."""
    match = _TABLE_WITH.match(clause)
    if match is None or _NO_NAME.search(clause):
        return []
    wanted = [stems(part) for part in split_outside(match.group("columns"), _BETWEEN)]
    for items in all_items(context.now):
        heads = [_header(items.columns, part) for part in wanted]
        if not wanted or not all(heads):
            continue
        scope = list_bundle(context, context.now, items)
        return proposals(
            *(
                context.propose(
                    Assertion(AssertionKind.TEXT, text=head, scope=scope),
                    f"The table has “{head}”",
                    ref=items.ref,
                )
                for head in dict.fromkeys(head for head in heads if head)
            )
        )
    return []


def _header(columns: tuple[str, ...], words: tuple[str, ...]) -> str:
    """The column header that says all the words, or the most telling one of them."""
    for part in (words, words[-1:]):
        for column in columns:
            if part and covers(column, part):
                return column
    return ""


def read_bare_page(clause: str, context: Context) -> list[Proposed]:
    """For "Dashboard", "Order history": words that name the page that has just been opened."""
    if not re.fullmatch(r"(?:the\s+)?[A-Z][\w' -]{2,40}", clause) or len(tokens(clause)) > 4:
        return []
    if _NO_NAME.search(clause) or success_like(clause) or error_like(clause):
        return []
    if not any(contains(text, clause) for text in (context.now.title, *headings(context.now))):
        return []
    return read_page(f"{clause} page", context)
