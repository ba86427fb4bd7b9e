"""Readers of clauses about lists: how many, which ones, in what order, the same as or more than."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from assay.browser.model import (
    ActionKind,
    Fingerprint,
    Locator,
    LocatorBundle,
    LocatorKind,
    Observation,
)
from assay.cases.check_rows import in_order
from assay.cases.expect_context import (
    Context,
    bundle,
    list_bundle,
    main_lists,
    named_lists,
    text_assertion,
)
from assay.cases.expect_states import signs_of, state_of
from assay.cases.extracting import extract, number_near
from assay.cases.find import find, fingerprint_of, within
from assay.cases.items import Items, all_items, counted, total_items
from assay.cases.model import Assertion, AssertionKind, Extraction
from assay.cases.texts import contains, equal, fold, number_of, numbers, stems
from assay.cases.trail import Proposed, ReadBefore

_N = (
    r"(?P<n>\d[\d,]*|zero|no|a single|one|two|both|three|four|five|six|seven|eight|nine|ten|"
    r"twelve|twenty|thirty|fifty)"
)
_COUNT = re.compile(
    rf"^(?:(?:exactly|just|only|precisely|all|now)"
    rf"\s+)*{_N}\s+(?P<noun>[a-z][\w-]*(?:\s+[a-z][\w-]*)??)"
    r"(?:\s+(?:is|are|remains?|shown|displayed|listed|visible|found|left|returned|appears?|"
    r"present))*"
    r"(?:\s+(?:in|on)\s+(?:the\s+|a\s+)?(?:[\w-]+\s+)?(?:list|table|page|results?|cart|basket|bag|"
    r"grid|view|screen|menu))?$",
    re.IGNORECASE,
)
_PER_PAGE = re.compile(
    rf"^(?:exactly\s+|at most\s+)?{_N}\s+(?P<noun>[\w -]+?)\s+(?:a|per|on each|on every|each)"
    rf"\s+page$",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"^(?P<head>.*?)\s*(?:\b(?:is|are)\s+)?\b(?:(?:sorted|ordered|arranged|listed)\b\s*)?"
    r"(?:(?:in|by)\s+)?(?:(?P<o1>ascending|descending|alphabetical|increasing|decreasing)\s+"
    r"(?:order\s+(?:of|by)\s+)?(?P<c1>[\w -]+?)(?:\s+order)?"
    r"|(?:by\s+|in\s+)?(?P<c2>[\w -]+?)\s*,?\s*\(?(?:in\s+)?(?P<o2>ascending|descending|increasing|"
    r"decreasing)\)?(?:\s+order)?)$",
    re.IGNORECASE,
)
_EVERY = re.compile(
    r"^(?:every|each|all|all the|all of the)\s+(?:shown\s+|listed\s+|visible\s+)?"
    r"(?P<noun>rows?|items?|results?|entries|entry|records?|products?|\w+)\s+"
    r"(?:is|are|has|have|shows?|contains?|says?|reads?|belongs? to|matches|match|mentions?)"
    r"\s+(?P<text>.+)$",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"^only\s+(?:the\s+)?(?P<text>.+?)\s+(?P<noun>rows?|items?|results?|entries|records?|products?)"
    r"(?:\s+(?:is|are))?(?:\s+(?:shown|listed|displayed|visible|left|remain|found))?$",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"^(?:(?:the\s+)?(?:list|table|page|it|result|results)?\s*(?:starts?|begins?)\s+(?:at|with|"
    r"from)|"
    r"(?:the\s+)?first\s+(?:row|item|result|entry|line|record|product)\s+(?:is|shows?|has|"
    r"contains?|says?|=))"
    r"\s+(?:the\s+)?(?:row|item|number|no\.?|#)?\s*(?P<text>.+)$",
    re.IGNORECASE,
)
_IS_FIRST = re.compile(
    r"^(?P<text>.+?)\s+(?:is\s+|comes\s+|stands\s+)?(?:now\s+)?(?:(?:shown\s+|listed\s+)?(?:in|as|at|on)\s+)?"
    r"(?:the\s+)?(?:first(?:\s+(?:row|item|result|entry|line|record|product))?|"
    r"top(?:\s+of\s+the\s+(?:list|table))?)$",
    re.IGNORECASE,
)
_EQUALS = re.compile(
    r"^(?:the\s+)?(?:number of\s+)?(?P<noun>[\w -]+?)(?:'s)?\s*(?:count|number|total)?\s+"
    r"(?:equals?|is the same as|matches|is equal to|corresponds to|agrees with|is)\s+(?:the\s+)?"
    r"(?P<what>[\w' -]*?)\s*(?:count|number|figure|total)$",
    re.IGNORECASE,
)
_MORE = re.compile(
    rf"^(?:the\s+)?(?P<row>.+?)\s+(?:has|have|shows?|gets?|got|gains?)\s+{_N}\s+"
    r"(?P<way>more|fewer|less|additional|extra)\s+(?P<noun>[\w ]+?)(?:\s+than\s+(?:before|"
    r"earlier|previously))?$",
    re.IGNORECASE,
)
_GROWS = re.compile(
    rf"^(?:the\s+)?(?P<noun>.+?)\s+(?:goes|went|is|are|has|have)?\s*"
    rf"(?P<way>up|increased|increases|grows|grew|down|decreased|decreases|drops|dropped)"
    rf"\s+(?:by\s+)?{_N}$",
    re.IGNORECASE,
)


def read_count(clause: str, context: Context) -> list[Proposed]:
    """For "8 products", "exactly one row", "two items"; "no products" when there were some."""
    match = _COUNT.match(clause)
    number = number_of(match.group("n")) if match else None
    if match is None or number is None:
        return []
    noun = match.group("noun")
    if number == 0:
        return _none_left(noun, context)
    *modifiers, head = noun.split()
    for items in named_lists(context.now, head):
        if modifiers and not _so_described(items, modifiers[0]):
            found = _count_in_state(items, number, noun, context)
        else:
            found = _count_of(items, number, noun, context) if len(items.refs) == number else []
        if found:
            return found
    return []


def _so_described(items: Items, word: str) -> bool:
    """Whether a word before the noun says nothing more, or something that every item shows."""
    plain = {"search", "result", "list", "table", "data", "matching", "found", "line"}
    return fold(word) in plain or all(contains(text, word) for text in items.texts)


def _count_in_state(items: Items, number: int, noun: str, context: Context) -> list[Proposed]:
    """For "2 completed items": so many of them in that state."""
    state = state_of(noun.split(maxsplit=1)[0])
    for sign in signs_of(state) if state is not None else ():
        if counted(context.now, items, state=sign) != number:
            continue
        scope = list_bundle(context, context.now, items)
        assertion = Assertion(AssertionKind.COUNT, number=number, state=sign, scope=scope)
        found = context.propose(assertion, f"{number} {noun}", ref=items.ref)
        if found is not None and not found.vacuous:
            return [found]
    return []


def _count_of(items: Items, number: int, noun: str, context: Context) -> list[Proposed]:
    assertion = Assertion(
        AssertionKind.COUNT,
        number=number,
        scope=list_bundle(context, context.now, items),
        column="rows" if items.kind == "table" else "",
    )
    text = f"There {'is' if number == 1 else 'are'} {number} {noun}"
    found = context.propose(assertion, text, ref=items.ref, state=True)
    return [found] if found is not None else []


def _none_left(noun: str, context: Context) -> list[Proposed]:
    """The list that an earlier page showed is gone or empty."""
    if context.last is None:
        return []
    for place in reversed(context.main):
        seen = context.trail.moments[place].before
        for items in named_lists(seen, noun):
            if not items.refs:
                continue
            assertion = Assertion(
                AssertionKind.HIDDEN, target=shape(seen, items, f"any of the {noun}")
            )
            if not context.holds(assertion):
                continue
            found = context.propose(assertion, f"There are no {noun}")
            said = _says_none(context, noun)
            return [item for item in (found, said) if item is not None and not item.vacuous]
    return []


def shape(seen: Observation, items: Items, intent: str) -> LocatorBundle:
    """What every item of a list looks like and nothing else: to say that there is none."""
    owners = {node.ref for ref in items.refs for node in within(seen, ref)}
    for node in within(seen, items.refs[0]):
        plain = [name for name in node.classes if re.fullmatch(r"[a-zA-Z_-][\w-]*", name)]
        tries = [Locator(LocatorKind.CSS, f"{node.tag}.{'.'.join(plain[:3])}")] if plain else []
        if node.ref == items.refs[0] and node.role:
            tries.append(Locator(LocatorKind.ROLE, node.role))
        for primary in tries:
            like = replace(fingerprint_of(node), name=intent, attributes={"class": " ".join(plain)})
            bundle_ = LocatorBundle(primary, (), like, intent)
            matched = {found.ref for found in find(seen, bundle_, strict=True)}
            if matched <= owners and len(matched) >= len(items.refs):
                return bundle_
    first = seen.node(items.refs[0])
    return LocatorBundle(Locator(LocatorKind.ROLE, first.role), (), fingerprint_of(first), intent)


def _says_none(context: Context, noun: str) -> Proposed | None:
    named = set(stems(noun)) | set(stems("result match item found entry record"))
    for place in reversed(context.main):
        for line in context.lines(place):
            zero = re.search(r"(?<![\w.,])(?:0|no|none|nothing)(?![\w]|[.,]\d)", fold(line))
            if zero and named & set(stems(line)) and len(line) <= 120:
                found = context.propose(text_assertion(context, line), f"“{line}” is shown")
                if found is not None and found.moment is None:
                    return found
    return None


def read_per_page(clause: str, context: Context) -> list[Proposed]:
    """For "5 polls a page": the list had so many items on the pages that were seen."""
    match = _PER_PAGE.match(clause)
    number = number_of(match.group("n")) if match else None
    if match is None or number is None:
        return []
    noun = match.group("noun")
    places: list[Proposed] = []
    for place in context.main:
        seen = context.at(place)
        lists = [items for items in named_lists(seen.now, noun) if len(items.refs) == number]
        if not lists or (places and places[-1].moment == place - 1 and _same_page(context, place)):
            continue
        assertion = Assertion(
            AssertionKind.COUNT, number=number, scope=list_bundle(context, seen.now, lists[0])
        )
        places.append(Proposed(assertion, f"There are {number} {noun} on the page", moment=place))
    return places


def _same_page(context: Context, place: int) -> bool:
    moment = context.trail.moments[place]
    return moment.before.url == moment.after.url


def read_order(clause: str, context: Context) -> list[Proposed]:
    """For "30 rows in ascending price", "sorted by name descending"."""
    match = _ORDER.match(clause)
    if match is None:
        return []
    word = fold(match.group("o1") or match.group("o2"))
    order = "descending" if word in {"descending", "decreasing"} else "ascending"
    column = (match.group("c1") or match.group("c2")).strip()
    head = re.sub(r"\b(?:the|is|are|in|by|sorted|ordered)\b", "", match.group("head")).strip()
    found = ordered_by(column, order, context)
    number = _COUNT.match(head) if head else None
    counts = read_count(head, context) if found is not None and number else []
    if found is None or (number and not counts):
        return []
    return [*counts, found]


def ordered_by(column: str, order: str, context: Context) -> Proposed | None:
    """That the rows of the page's table are in ``ascending`` or ``descending`` order of a column,
    where they are."""
    for items in main_lists(context.now, "rows"):
        place = items.column(column) if items.columns else None
        if place is None or not in_order(items.under(items.columns[place]), order):
            continue
        assertion = Assertion(
            AssertionKind.SORTED,
            column=items.columns[place],
            order=order,
            scope=list_bundle(context, context.now, items),
        )
        words = f"The rows are in {order} order of {column}"
        found = context.propose(assertion, words, ref=items.ref)
        if found is not None:
            return found
    return None


def read_every(clause: str, context: Context) -> list[Proposed]:
    """For "Every row is Oslo", "only toy rows": all rows show a text, in one column at best."""
    match = _EVERY.match(clause) or _ONLY.match(clause)
    if match is None:
        return []
    text = match.group("text").strip(" '\"\u201c\u201d")
    under = re.match(r"(?P<t>.+?)\s+(?:in|under)\s+(?:the\s+)?(?P<c>[\w ]+?)(?:\s+column)?$", text)
    for items in main_lists(context.now, match.group("noun")):
        if not items.refs:
            continue
        columns = _columns_of(items, text)
        if under and items.column(under.group("c")) is not None:
            text, columns = under.group("t"), [under.group("c")]
        if not columns and not all(contains(item, text) for item in items.texts):
            continue
        assertion = Assertion(
            AssertionKind.EVERY_ROW,
            text=text,
            column=columns[0] if columns else "",
            exact=bool(columns) and not under,
            scope=list_bundle(context, context.now, items),
        )
        found = context.propose(assertion, f"Every row shows “{text}”", ref=items.ref)
        if found is not None:
            return [found]
    return []


def _columns_of(items: Items, text: str) -> list[str]:
    return [
        name
        for place, name in enumerate(items.columns)
        if name and all(place < len(row) and equal(row[place], text) for row in items.cells)
    ]


def read_first(clause: str, context: Context) -> list[Proposed]:
    """For "Starts at row 101", "the first row is …", "… in the first row"."""
    match = _FIRST.match(clause) or _IS_FIRST.match(clause)
    if match is None:
        return []
    text = match.group("text").strip(" '\"\u201c\u201d")
    for items in main_lists(context.now, "rows"):
        if not items.texts or not contains(items.texts[0], text):
            continue
        exact = [
            name
            for place, name in enumerate(items.columns)
            if name and items.cells and equal(items.cells[0][place], text)
        ]
        assertion = Assertion(
            AssertionKind.FIRST_ROW,
            text=text,
            column=exact[0] if exact else "",
            exact=bool(exact),
            scope=list_bundle(context, context.now, items),
        )
        found = context.propose(assertion, f"The first row shows “{text}”", ref=items.ref)
        return [found] if found is not None else []
    return []


def read_equals_count(clause: str, context: Context) -> list[Proposed]:
    """For "Row count equals the facet's count": the number beside what was clicked, read before."""
    match = _EQUALS.match(clause)
    if match is None or context.last is None:
        return []
    moment, node = context.trail.moments[context.last], context.target(context.last)
    if node is None:
        return []
    value = number_near(moment.before, node)
    if value is None or not value.isdigit() or not _is_about(context, match.group("what")):
        return []
    for items in main_lists(context.now, match.group("noun")):
        if len(items.refs) != int(value):
            continue
        variable = "number_beside"
        extraction = Extraction(
            variable, "number_near", target=bundle(context, moment.before, node.ref, node.name)
        )
        text = f"Note the number beside “{node.name or node.text}”"
        return [
            Proposed(
                Assertion(
                    AssertionKind.COUNT,
                    relative_to=variable,
                    scope=list_bundle(context, context.now, items),
                    column="rows",
                ),
                f"The number of rows is the one beside “{node.name or node.text}”",
                scope_ref=items.ref,
                needs=None
                if variable in context.trail.variables
                else ReadBefore(extraction, context.last, text, value=value),
            )
        ]
    return []


def _is_about(context: Context, what: str) -> bool:
    """Whether the page or the steps know the thing whose number is meant."""
    wanted = set(stems(re.sub(r"'s?\b", "", what))) - set(stems("link shown its that own"))
    seen = " ".join((context.trail.goal, context.now.url, context.now.text[:20000]))
    if context.before is not None:
        seen += " " + context.before.url
    return not wanted or bool(wanted & set(stems(re.sub(r"[/_?=&.-]", " ", seen))))


def read_more(clause: str, context: Context) -> list[Proposed]:
    """For "Yes has one more vote than before": a number in a row, against the one read earlier."""
    match = _MORE.match(clause)
    if match is None:
        return []
    delta = number_of(match.group("n"))
    if delta is None:
        return []
    delta = -delta if match.group("way") in {"fewer", "less"} else delta
    row, noun = match.group("row").strip(" '\"\u201c\u201d"), match.group("noun")
    where = _numbered_row(context.now, row, noun)
    if where is None:
        return []
    column, shown = where
    variable = "before_" + "_".join(stems(f"{row} {noun}"))[:40]
    known = context.trail.variables.get(variable)
    if known is not None and numbers(known)[:1] != [float(shown) - delta]:
        return []
    page = urlsplit(context.now.url)
    start = _after_opening(context)
    return [
        Proposed(
            Assertion(
                AssertionKind.CELL, row=row, column=column, relative_to=variable, delta=delta
            ),
            f"“{row}” has {abs(delta)} {match.group('way')} {noun} than before",
            needs=None
            if known is not None
            else ReadBefore(
                Extraction(variable, "number_in_row", row=row, column=column),
                start,
                f"Note the {noun} of “{row}”",
                page=page.path + (f"?{page.query}" if page.query else ""),
            ),
        )
    ]


def _after_opening(context: Context) -> int:
    """The first moment of the test proper that comes after a page was opened by its address."""
    for place in context.main:
        if context.trail.moments[place].step.action is ActionKind.NAVIGATE:
            return place + 1
    return max(1, context.main.start)


def _numbered_row(observation: Observation, row: str, noun: str) -> tuple[str, float] | None:
    for items in all_items(observation):
        for place, text in enumerate(items.texts):
            if not contains(text, row):
                continue
            cells = items.cells[place] if items.cells else ()
            if cells and not any(equal(cell, row) for cell in cells):
                continue
            for name in items.columns:
                if items.cells and set(stems(noun)) & set(stems(name)):
                    index = items.column(name)
                    found = numbers(cells[index]) if index is not None else []
                    if found:
                        return name, found[0]
            value = extract(
                Extraction("", "number_in_row", row=row), observation, lambda item: item
            )
            if value is not None and set(stems(noun)) & set(stems(text)):
                return "", float(value)
    return None


def read_unchanged(clause: str, context: Context) -> list[Proposed]:
    """For "Nothing added", "no item is created": the lists have as many items as before."""
    plain = re.match(
        r"^(?:nothing|no\s+(?:new\s+)?(?:items?|rows?|entry|entries|records?|todos?|tasks?))\s+"
        r"(?:is|was|has been|gets?|are)?\s*(?:added|created|made|saved|new|appears?)$",
        clause,
        re.IGNORECASE,
    ) or re.match(
        r"^(?:the\s+)?list\s+(?:is|stays|remains)\s+(?:empty|unchanged|the same)$", clause, re.I
    )
    if plain is None or context.last is None:
        return []
    before: Observation | None = None
    for place in reversed(context.main):
        page = context.trail.moments[place].before
        if _path(page) != _path(context.now):
            break
        before = page
    have = total_items(context.now)
    if before is None or have != total_items(before):
        return []
    if have == 0:
        like = Fingerprint(role="listitem", name="One more item", tag="li")
        target = LocatorBundle(Locator(LocatorKind.ROLE, "listitem"), (), like, "any list item")
        found = context.propose(
            Assertion(AssertionKind.HIDDEN, target=target), "There are no items", state=True
        )
        return [found] if found is not None else []
    assertion = Assertion(AssertionKind.COUNT, number=have)
    found = context.propose(assertion, f"The page still lists {have} things", state=True)
    return [found] if found is not None else []


def _path(observation: Observation) -> str:
    return urlsplit(observation.url).path
