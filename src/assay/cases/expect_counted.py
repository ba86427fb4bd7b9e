"""Readers of clauses that name all there is to be found, and of what each of several clicks did."""

from __future__ import annotations

import re
from dataclasses import replace

from assay.browser.model import ActionKind
from assay.cases.expect_context import Context, list_bundle, main_lists
from assay.cases.expect_items import ordered_by
from assay.cases.expect_words import split_outside
from assay.cases.items import Items, all_items
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import contains, equal, fold, number_of, stems, tokens
from assay.cases.trail import Proposed

_HEAD = r"(?:(?:the\s+)?(?P<head>[^:()]{3,60}?)\s*:\s+)?"
_JUST = r"(?:(?P<just>exactly|just|only|precisely)\s+)?"
_FOUND = (
    r"(?:\s+(?:is|are|was|were|gets?|has|have|been|now|found|listed|shown|displayed|returned|left|"
    r"in\s+the\s+(?:list|table|results?)))*"
)
_NAMED = re.compile(
    rf"^{_HEAD}(?:the\s+|all\s+)?{_JUST}(?:the\s+)?(?P<n>\d+|[a-z]+)\s+(?P<noun>[a-z][\w'-]*(?:\s+[a-z][\w'-]*){{0,2}}?)"
    rf"{_FOUND}\s*(?:\((?P<names>.+)\)|(?::|,?\s+namely)\s+(?P<names2>.+))$",
    re.IGNORECASE,
)
_EXACTLY = re.compile(
    rf"^{_HEAD}(?:exactly|precisely|just|only)\s+(?:the\s+)?(?P<names>.+?)(?P<found>{_FOUND})$",
    re.IGNORECASE,
)
_BETWEEN = (r"\s*[,;]\s*(?:and\s+|then\s+)*|\s+and\s+", r"\s*[,;]\s*(?:and\s+|then\s+)*")
_EACH = re.compile(
    r"^(?P<text>\d+\s+[\w-]+(?:\s+[\w-]+)?)\s+(?:each|for each|apiece)$", re.IGNORECASE
)
_TALLY = re.compile(r"^(?P<n>\d[\d,.]*)\s+(?P<words>[a-z][a-z' -]{2,40})$", re.IGNORECASE)
_NTH = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3}
_AT_CLICK = re.compile(
    rf"^(?:(?:after|on|upon|with|at)\s+)?(?:the\s+)?(?P<nth>{'|'.join(_NTH)})"
    r"(?:\s+(?:click|press|tap|time))?\s*[:,]\s*(?P<rest>.+)$",
    re.IGNORECASE,
)
_EXTREME = re.compile(
    r"^(?:the\s+)?(?:(?P<low>fewest|least|lowest|smallest|cheapest|shortest|oldest|earliest)|"
    r"most|highest|largest|greatest|biggest|dearest|longest|newest|latest)\s+(?P<column>[\w -]+?)"
    r"\s+(?:is\s+|are\s+|come\s+|comes\s+)?(?:shown\s+|listed\s+)?first$",
    re.IGNORECASE,
)
_NO_NAME = frozenset(
    "the a an one ones row rows item items result results that those these it".split()
)
_QUOTES = " '\"\u201c\u201d\u2018\u2019`"


def read_counted_names(clause: str, context: Context) -> list[Proposed]:
    """For "Two drafts found (Alpha, Beta)", "exactly Alpha and Beta": a list of that size names
    them, on the page that is open or on the one where they were found before going on."""
    match = _NAMED.match(clause)
    number = number_of(match.group("n")) if match is not None else None
    if match is None or number is None:
        match, number = _EXACTLY.match(clause), None
    if match is None:
        return []
    groups = match.groupdict()
    named = groups["names"] or groups.get("names2") or ""
    for between in _BETWEEN:
        names = [part.strip(_QUOTES) for part in split_outside(named, between)]
        names = [name for name in names if name]
        if not names or (number is None and (len(names) < 2 or _loose(names))):
            continue
        size = number if number is not None else len(names)
        if found := _found_at(names, size, groups["head"] or "", context):
            return found
    return []


def _loose(names: list[str]) -> bool:
    """Whether some of the names are rather words of a sentence."""
    return any(len(tokens(name)) > 6 or set(tokens(name)) <= _NO_NAME for name in names)


def _found_at(names: list[str], number: int, head: str, context: Context) -> list[Proposed]:
    """The same at the end, else right after the last action after which it was so."""
    if len(names) > number or context.last is None:
        return []
    if found := _listed(names, number, head, context):
        return found
    for place in reversed(range(context.main.start, context.last)):
        if found := _listed(names, number, head, context.at(place)):
            return [replace(item, moment=place) for item in found]
    return []


def _listed(names: list[str], number: int, head: str, seen: Context) -> list[Proposed]:
    """A list with so many items that shows each name in an item of its own, and is new; below a
    heading or label of the page, when the clause begins with one."""
    if head and not any(equal(line.strip(" :"), head) for line in seen.now.text.splitlines()):
        return []
    for items in all_items(seen.now):
        if items.chrome or len(items.refs) != number or not _apart(names, items):
            continue
        scope = list_bundle(seen, seen.now, items)
        count = Assertion(
            AssertionKind.COUNT,
            number=number,
            scope=scope,
            column="rows" if items.kind == "table" else "",
        )
        found = [
            seen.propose(
                count, f"The list has {number} item{'' if number == 1 else 's'}", ref=items.ref
            )
        ]
        if head:
            text = Assertion(AssertionKind.TEXT, text=seen.templated(head))
            found.append(seen.propose(text, f"“{head}” is shown"))
        found += [
            seen.propose(
                Assertion(AssertionKind.TEXT, text=seen.templated(name), scope=scope),
                f"“{name}” is in the list",
                ref=items.ref,
            )
            for name in names
        ]
        kept = [item for item in found if item is not None]
        if len(kept) == len(found) and not all(item.vacuous for item in kept):
            return [replace(item, vacuous=False) for item in kept]
    return []


def _apart(names: list[str], items: Items) -> bool:
    places = [[at for at, text in enumerate(items.texts) if contains(text, name)] for name in names]
    return all(len(at) == 1 for at in places) and len({at[0] for at in places}) == len(names)


def read_each(clause: str, context: Context) -> list[Proposed]:
    """For "2 hits each": every item of the page's main list, or of the one just named, says so."""
    match = _EACH.match(clause)
    if match is None:
        return []
    text = match.group("text")
    named = {item.scope_ref for item in context.shown if item.moment is None and item.scope_ref}
    lists = [items for items in all_items(context.now) if items.ref in named]
    for items in lists or main_lists(context.now):
        if len(items.refs) < 2 or not all(contains(item, text) for item in items.texts):
            continue
        assertion = Assertion(
            AssertionKind.EVERY_ROW, text=text, scope=list_bundle(context, context.now, items)
        )
        found = context.propose(assertion, f"Every item shows “{text}”", ref=items.ref)
        return [found] if found is not None else []
    return []


def read_tally(clause: str, context: Context) -> list[Proposed]:
    """For "18 published", "5 comments to moderate": a number that stands alone on the page, above
    or below a line of these words."""
    match = _TALLY.match(clause)
    if match is None:
        return []
    number, wanted = match.group("n"), set(stems(match.group("words")))
    lines = ["", *(line.strip() for line in context.now.text.splitlines() if line.strip()), ""]
    whole = {fold(node.text) for node in context.now.nodes}
    pairs: set[str] = set()
    for at in range(1, len(lines) - 1):
        if not wanted or not wanted <= set(stems(lines[at])):
            continue
        told = {f"{lines[at - 1]} {lines[at]}": lines[at - 1]}
        told |= {f"{lines[at]} {lines[at + 1]}": lines[at + 1]}
        # Words between two numbers belong to the one that they share an element with.
        sole = sum(bool(re.fullmatch(r"\d[\d,.]*", beside)) for beside in told.values()) == 1
        pairs |= {
            pair
            for pair, beside in told.items()
            if beside == number and (sole or fold(pair) in whole)
        }
    fitting = sorted(pairs, key=len)
    if not fitting or (len(fitting) > 1 and len(fitting[0]) == len(fitting[1])):
        return []
    found = context.propose(
        Assertion(AssertionKind.TEXT, text=fitting[0]), f"“{fitting[0]}” is shown"
    )
    return [found] if found is not None else []


def after_click(clause: str, context: Context) -> tuple[str, Context, int] | None:
    """For "Second click: …": the rest, as of right after that click of the one thing that was
    clicked so often; ``None`` when nothing was."""
    match = _AT_CLICK.match(clause)
    if match is None:
        return None
    places: dict[tuple[str, str], list[int]] = {}
    for place in context.main:
        step = context.trail.moments[place].step
        if step.action is ActionKind.CLICK and step.target is not None:
            seen = step.target.fingerprint
            places.setdefault((seen.role, fold(seen.name)), []).append(place)
    often = [clicked for (_, name), clicked in places.items() if name and len(clicked) >= 2]
    nth = _NTH[fold(match.group("nth"))]
    if len(often) != 1 or len(often[0]) < nth:
        return None
    place = often[0][nth - 1]
    return match.group("rest"), context.at(place), place


def read_extreme_first(clause: str, context: Context) -> list[Proposed]:
    """For "fewest votes first", "newest date first": the table is in that order of the column."""
    match = _EXTREME.match(clause)
    if match is None:
        return []
    order = "ascending" if match.group("low") else "descending"
    column = match.group("column")
    found = ordered_by(column, order, context)
    return [found] if found is not None else []
