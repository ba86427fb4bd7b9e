"""Readers of clauses about what was entered or clicked: where it stands, which page it has."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from assay.browser.model import LocatorBundle, Node, Observation
from assay.cases.expect_context import (
    Context,
    bundle,
    headings,
    list_bundle,
    named_lists,
    text_assertion,
)
from assay.cases.expect_entities import called
from assay.cases.expect_messages import steady
from assay.cases.expect_pages import page_is
from assay.cases.expect_words import split_outside
from assay.cases.items import Items, all_items
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import contains, equal, fold, stems
from assay.cases.trail import FollowUp, Proposed, Typed

_PLACED = re.compile(
    r"^(?:(?P<subject>.+?)\s+(?:is|are|comes|stands|appears)\s+)?(?:now\s+)?(?:shown\s+|listed\s+)?"
    r"(?:as\s+|at\s+)?(?:the\s+)?(?:very\s+)?(?P<which>first|top(?:most)?|last|bottom)"
    r"(?:\s+(?P<noun>[a-z][\w-]*))?(?:\s+(?:of|in|on|among)\s+(?:the\s+|all\s+)*(?P<of>[^,;()]+?))?$",
    re.IGNORECASE,
)
_LIST_OF = re.compile(
    r"^(?:(?P<noun>[a-z][\w-]*)\s+(?:in|of|on)\s+(?:the\s+)?)?"
    r"(?:list|table|overview|results?)(?:\s+(?:of|for|in)\s+(?:the\s+)?(?P<name>.+))?$",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"^(?:it|(?:the|this|my|his|her|your|our|a|an)?\s*(?:(?:new|added|created|posted|entered|"
    r"written|saved|own|just|newly)\s+)*(?P<noun>[a-z][\w-]*))$",
    re.IGNORECASE,
)
_OPENED = re.compile(
    r"^(?:(?:the|a|that)\s+)?(?:click(?:ing)?|link|it)(?:\s+(?:it|on\s+it|the\s+\w+))?\s+"
    r"(?:opens?|leads?\s+to|goes\s+to|brings?\s+up|shows?)\s+(?:that|the|this|its)\s+"
    r"(?:(?:clicked|chosen|selected|right|same)\s+)?(?P<noun>[\w-]+)(?:'s)?(?:\s+page)?"
    r"(?:\s+(?:with|and)\s+(?:its|the|all\s+its|his|her)\s+(?P<part>[\w-]+))?$",
    re.IGNORECASE,
)
_ENTERED = re.compile(
    r"^(?P<where>.+?)(?<!\sthe)(?<!\sa)\s+"
    r"(?:shows?|has|have|contains?|lists?|displays?|with|says?|includes?)\s+"
    r"(?P<what>(?:(?:the|its|my|his|her|your|both|new|entered|given)\s+)*[\w -]+"
    r"(?:(?:,|\s+and)\s+(?:(?:the|its|my|new|entered|given)\s+)*[\w -]+)*)$",
    re.IGNORECASE,
)
_END_OF = re.compile(
    r"^(?:the\s+)?(?P<page>.+?)\s+(?:shows?|has|have|lists?|displays?)\s+(?:the|its|my|his|her)\s+"
    r"(?P<what>[\w -]+?)\s+(?:(?:at|on|in|as)\s+(?:the\s+)?(?:very\s+)?)?"
    r"(?P<which>top|first|bottom|last)(?:\s+(?:row|item|line|entry|one|place))?$",
    re.IGNORECASE,
)
_ARTICLES = r"^(?:(?:the|its|my|his|her|your|both|new|entered|given)\s+)+"
_SAME_FIELDS = (
    frozenset(stems("title subject headline topic name")),
    frozenset(stems("text body content message description sentence words")),
)
_FRAME = {"banner", "navigation", "contentinfo", "complementary"}
_LOOSE = frozenset(stems("page view screen list one new"))


def read_placed(clause: str, context: Context) -> list[Proposed]:
    """For "The comment is the last one of the list", "first in the list of offers": what was
    entered is the first or last item of a list, here or on a page that was passed on the way."""
    match = _PLACED.match(clause)
    if match is None or not (match.group("noun") or match.group("of")):
        return []
    texts = _entered(match.group("subject") or "it", context)
    last = fold(match.group("which")) in {"last", "bottom"}
    of = _LIST_OF.match(match.group("of") or "")
    noun = (of and of.group("noun")) or match.group("noun") or ""
    noun = "" if fold(noun) in {"one", "place", "position"} else noun
    name = (of.group("name") if of else match.group("of")) or ""
    here = not name or not of or page_is(context.now, name)
    for text in texts:
        found = (
            _at_end(text, noun, last, context) if here else _listed_on(name, text, last, context)
        )
        if found:
            return found
    return []


def _entered(subject: str, context: Context) -> list[str]:
    """What is meant, as templates: a text of the page itself, else what was entered or made."""
    literal = subject.strip(" '\"\u201c\u201d")
    made = _MADE.match(subject)
    if made is None:
        return [context.templated(literal)]
    main = {context.trail.moments[place].step.number for place in context.main}
    typed = [item for item in context.trail.typed if _is_own(item) and item.step in main]
    noun = set(stems(made.group("noun") or ""))
    typed.sort(key=lambda item: (not noun & called(context, item), "{{" not in item.template))
    page = _made_page(context)
    return [*(item.template for item in typed), *([context.templated(page)] if page else [])]


def _is_own(item: Typed) -> bool:
    """Whether a value is the test's own: what signs in somebody stands on most pages."""
    return not item.secret and len(item.value) >= 3 and "{{config:" not in item.template


def _made_page(context: Context) -> str:
    """The name of the page that the last thing sent led to, as its title says it."""
    for place in reversed(context.main):
        moment = context.trail.moments[place]
        if all(one.method in {"GET", "HEAD", "OPTIONS"} for one in moment.effect.exchanges):
            continue
        name = re.split(r"\s+[-|\u2013\u2014\u00b7\u00bb]\s+|\s+[\[(]", moment.after.title)[
            0
        ].strip()
        return name if 3 <= len(name) <= 80 else ""
    return ""


def _at_end(text: str, noun: str, last: bool, context: Context) -> list[Proposed]:
    wanted = context.render(text)
    lists = [items for items in all_items(context.now) if not items.chrome]
    named = [one.ref for one in named_lists(context.now, noun)] if noun else []
    lists.sort(key=lambda items: (items.ref not in named, -len(items.refs)))
    for items in lists:
        if len(items.refs) < 2 or not contains(items.texts[-1 if last else 0], wanted):
            continue
        if sum(contains(item, wanted) for item in items.texts) == len(items.texts):
            continue
        assertion = _end(text, last, list_bundle(context, context.now, items))
        found = context.propose(assertion, _told(text, last), ref=items.ref)
        if found is not None and not found.vacuous:
            return [found]
    return []


def _end(text: str, last: bool, scope: LocatorBundle | None) -> Assertion:
    order = "last" if last else ""
    return Assertion(AssertionKind.FIRST_ROW, text=text, order=order, scope=scope)


def _told(text: str, last: bool) -> str:
    return f"“{text}” is the {'last' if last else 'first'} in the list"


def _listed_on(name: str, text: str, last: bool, context: Context) -> list[Proposed]:
    """The same on a page of that name that this test came through: it is opened again."""
    for place in reversed(context.main):
        page = context.trail.moments[place].after
        lists = [one for one in all_items(page) if not one.chrome and len(one.refs) >= 2]
        if not lists or not page_is(page, name) or _editing(page):
            continue
        items = max(lists, key=_words)
        parts = urlsplit(page.url)
        where = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return [
            Proposed(
                _end(text, last, list_bundle(context, page, items)),
                _told(text, last),
                follow_up=FollowUp("open", where, f"Open {where}"),
            )
        ]
    return []


def _words(items: Items) -> int:
    return sum(len(text) for text in items.texts)


def _editing(page: Observation) -> bool:
    return any(node.editable and node.tag == "textarea" for node in page.nodes)


def read_opened(clause: str, context: Context) -> list[Proposed]:
    """For "the click opens that album with its songs": the page of what was clicked is open."""
    match = _OPENED.match(clause)
    name = context.followed() if match is not None else ""
    if match is None or not name:
        return []
    found = [
        context.propose(Assertion(AssertionKind.TITLE, text=name), f"The title has “{name}”"),
        _headed(name, context),
    ]
    kept = [item for item in found if item is not None and not item.vacuous]
    part = match.group("part")
    if not kept or part is None:
        return kept
    told = _part_of_page(part, context)
    return [*kept, told] if told is not None else []


def _headed(name: str, context: Context) -> Proposed | None:
    for node in context.now.nodes:
        if node.role == "heading" and contains(node.name or node.text, name):
            target = bundle(context, context.now, node.ref, name)
            return context.propose(
                Assertion(AssertionKind.VISIBLE, target=target), f"“{name}” is the heading"
            )
    return None


def _part_of_page(noun: str, context: Context) -> Proposed | None:
    """The longest new text within what the page itself names so, by a name, id or class; else of
    its body, when the page has such things at all."""
    wanted = set(stems(noun))
    named = [node for node in context.now.nodes if not node.interactive and wanted & _marks(node)]
    lines = context.lines(context.last) if context.last is not None else []
    texts = [fold(node.text) for node in named]
    own = [line for line in lines if any(fold(line) in text for text in texts)]
    body = [
        line
        for line in lines
        if any(
            not node.interactive and node.landmark not in _FRAME and equal(node.text, line)
            for node in context.now.nodes
        )
    ]
    found = _longest(own, 2, context)
    return found or (_longest(body, 5, context) if named else None)


def _marks(node: Node) -> set[str]:
    names = " ".join((node.dom_id, node.label, *node.classes))
    return set(stems(re.sub(r"[-_]", " ", names)))


def _longest(lines: list[str], words: int, context: Context) -> Proposed | None:
    for line in sorted(lines, key=len, reverse=True):
        text = steady(context, line)
        if len(re.findall(r"[^\W\d_]+", text)) < words:
            continue
        found = context.propose(text_assertion(context, text), f"“{text}” is shown")
        if found is not None and not found.vacuous:
            return found
    return None


def read_entered(clause: str, context: Context) -> list[Proposed]:
    """For "The card shows the nickname", "its page with title and text": what was entered there
    is shown, on a page that bears out what the clause calls it."""
    match = _ENTERED.match(clause)
    if match is None or not _borne_out(match.group("where"), context):
        return []
    found: list[Proposed] = []
    for part in split_outside(match.group("what"), r"\s*,\s*(?:and\s+)?|\s+and\s+"):
        item = _typed_as(re.sub(_ARTICLES, "", part, flags=re.I), context)
        if item is None:
            return []
        text = text_assertion(context, item.template)
        shown = context.propose(text, f"“{item.template}” is shown")
        if shown is None or shown.vacuous:
            return []
        found.append(shown)
    return found


def read_entered_at_end(clause: str, context: Context) -> list[Proposed]:
    """For "History shows the remark at the top": what was entered so is the first or last item of
    the list on the page that a link of that name opens."""
    match = _END_OF.match(clause)
    item = _typed_as(match.group("what"), context) if match is not None else None
    if match is None or item is None:
        return []
    last = fold(match.group("which")) in {"last", "bottom"}
    if page_is(context.now, match.group("page")):
        return _at_end(item.template, "", last, context)
    where = _led_to(match.group("page"), context)
    if not where:
        return []
    assertion = _end(item.template, last, None)
    follow = FollowUp("open", where, f"Open {where}")
    return [Proposed(assertion, _told(item.template, last), follow_up=follow)]


def _led_to(name: str, context: Context) -> str:
    """The address that the links of that name lead to; none that is of this run alone."""
    here = urlsplit(context.now.url)
    found = set()
    for node in context.now.nodes:
        plain = re.sub(r"\s*[\[(][^\])]*[\])]\s*$", "", node.name)  # its key, or how many
        parts = urlsplit(node.href or "")
        if node.role != "link" or not equal(plain, name) or parts.netloc not in {"", here.netloc}:
            continue
        found.add((parts.path or here.path) + (f"?{parts.query}" if parts.query else ""))
    where = found.pop() if len(found) == 1 else ""
    own = context.templated(where) != where or (context.may_have_made and re.search(r"\d", where))
    return "" if own else where


def _typed_as(words: str, context: Context) -> Typed | None:
    """The last value that was entered into a field of that name."""
    wanted = set(stems(words))
    main = {context.trail.moments[place].step.number for place in context.main}
    typed = [item for item in context.trail.typed if _is_own(item) and item.step in main]
    for item in reversed(typed):
        if wanted and wanted <= called(context, item):
            return item
    for group in _SAME_FIELDS:
        for item in reversed(typed):
            if wanted and wanted <= group and group & called(context, item):
                return item
    return None


def _borne_out(words: str, context: Context) -> bool:
    """Whether title, headings, address, a tab or a label of the page say what it is called."""
    wanted = set(stems(re.sub(r"'s?\b", "", words))) - _LOOSE
    parts = urlsplit(context.now.url)
    texts = [context.now.title, *headings(context.now), f"{parts.path} {parts.query}"]
    texts += [line for line in context.now.text.splitlines() if len(line) <= 30]
    have = set(stems(re.sub(r"[/_.=&-]", " ", " ".join(texts))))
    return not wanted or bool(wanted & have)
