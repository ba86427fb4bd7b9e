"""Expected results in the plain style about attributes and the order of what is shown."""

from __future__ import annotations

import re

from assay.cases.expect_called import nodes_called
from assay.cases.expect_context import Context, bundle, list_bundle, main_lists
from assay.cases.expect_forms import ROLES, either_quote, part
from assay.cases.items import all_items
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import equal
from assay.cases.trail import Proposed

Found = list[Proposed | None]

_KIND = "|".join(sorted((*ROLES, "text", "label", "paragraph", "element"), key=len, reverse=True))


def _thing(name: str) -> str:
    before, after = rf"(?P<{name}_role>{_KIND})\s+", rf"\s+(?P<{name}_kind>{_KIND})"
    return rf"(?:the\s+)?(?:{before})?{either_quote(name)}(?:{after})?"


_IS = r"(?:(?:with\s+(?:the\s+)?value|set\s+to|equal\s+to|=|is)\s+)?"
ATTRIBUTE = re.compile(
    rf"(?i)^{_thing('q')}\s+has\s+(?:the\s+|an?\s+)?attribute\s+{either_quote('a')}\s+{_IS}{either_quote('v')}$"
    rf"|^(?:the\s+)?(?:attribute\s+{either_quote('b')}|{either_quote('c')}\s+attribute)\s+of\s+{_thing('r')}"
    rf"\s+(?:is|equals|has\s+the\s+value)\s+{either_quote('w')}$"
)
LEADS = re.compile(
    rf"(?i)^{_thing('q')}\s+(?:leads|points|links|goes)\s+to\s+(?:the\s+(?:page|address|url)\s+)?{either_quote('v')}$"
)
_STANDS = r"(?:comes|appears?|stands?|is\s+(?:shown|listed|displayed)|is)"
BEFORE = re.compile(
    rf"(?i)^(?:the\s+)?(?:\w+\s+)?{either_quote('q')}\s+{_STANDS}\s+(?P<how>before|above|after|below)\s+"
    rf"(?:the\s+)?(?:\w+\s+)?{either_quote('r')}$"
)
_LIST = r"(?:[\"“][^\"”]*[\"”](?:\s*,\s*(?:and\s+|then\s+)?|\s+(?:and|then)\s+)?){2,}"
IN_ORDER = re.compile(
    rf"(?i)^(?:the\s+)?(?:order(?:\s+of\s+the\s+\w+)?\s+is|\w+\s+are\s+(?:(?:shown|listed|displayed)\s+)?in\s+"
    rf"(?:this|the)\s+order)\s*:?\s*(?P<all>{_LIST})$"
)
FIRST = re.compile(
    rf"(?i)^(?:the\s+)?first\s+(?P<what>row|item|entry|result)(?:\s+(?:of|in)\s+the\s+(?P<kind>table|list)"
    rf"(?:\s+{either_quote('t')})?)?\s+(?:is|shows|contains|has|says)\s+{either_quote('q')}$"
)
_ASKED = re.compile(
    r"(?i)\battribute\s+[\"“'‘]([a-z][\w:.-]*)[\"”'’]|[\"“'‘]([a-z][\w:.-]*)[\"”'’]\s+attribute\b"
)


def asked_attributes(text: str) -> frozenset[str]:
    """The attributes that a test speaks of: a look at a page notes only what is asked for."""
    return frozenset(one or other for one, other in _ASKED.findall(text))


def read_attribute(match: re.Match[str], context: Context, words: str) -> Found:
    """``the link "Third" has the attribute "href" "/third"``."""
    name = part(match, "q") or part(match, "r") or ""
    attribute = part(match, "a") or part(match, "b") or part(match, "c") or ""
    value = part(match, "v") if part(match, "v") is not None else part(match, "w")
    return [_attribute(context, _roles(match), name, (attribute, value or ""), words)]


def read_leads(match: re.Match[str], context: Context, words: str) -> Found:
    """``the link "Third" leads to "/third"``."""
    name, value = part(match, "q") or "", part(match, "v") or ""
    return [_attribute(context, ("link",), name, ("href", value), words)]


def _roles(match: re.Match[str]) -> tuple[str, ...]:
    known = match.groupdict()
    word = next(
        (known[key] for key in ("q_role", "q_kind", "r_role", "r_kind") if known.get(key)), ""
    )
    return ROLES.get((word or "").lower(), ())


def _attribute(
    context: Context, roles: tuple[str, ...], name: str, wanted: tuple[str, str], words: str
) -> Proposed | None:
    for node in nodes_called(context, context.now, name, roles, None):
        target = bundle(context, context.now, node.ref, words)
        assertion = Assertion(
            AssertionKind.ATTRIBUTE, text=wanted[1], column=wanted[0], target=target, exact=True
        )
        found = context.propose(assertion, words, ref=node.ref, state=True)
        if found is not None:
            return found
    return None


def read_before(match: re.Match[str], context: Context, words: str) -> Found:
    """``"Buy milk" comes before "Walk dog"``."""
    one, other = part(match, "q") or "", part(match, "r") or ""
    if match["how"].lower() in {"after", "below"}:
        one, other = other, one
    return [_order(context, (one, other), words)]


def read_in_order(match: re.Match[str], context: Context, words: str) -> Found:
    """``the items are in the order "A", "B", "C"``."""
    return [_order(context, tuple(re.findall(r"[\"“]([^\"”]*)[\"”]", match["all"])), words)]


def _order(context: Context, texts: tuple[str, ...], words: str) -> Proposed | None:
    lines = "\n".join(context.templated(text) for text in texts)
    return context.propose(Assertion(AssertionKind.ORDER, text=lines), words, state=True)


def read_first(match: re.Match[str], context: Context, words: str) -> Found:
    """``the first row of the table is "Mug"``."""
    kind = (match["kind"] or "").lower()
    table = kind == "table" or (not kind and match["what"].lower() == "row")
    name = part(match, "t")
    lists = [
        one
        for one in (all_items(context.now) if name else main_lists(context.now, match["what"]))
        if (one.kind == "table") == table and (name is None or equal(one.label, name))
    ]
    for items in lists[:1]:
        scope = list_bundle(context, context.now, items)
        assertion = Assertion(AssertionKind.FIRST_ROW, text=part(match, "q") or "", scope=scope)
        return [context.propose(assertion, words, ref=items.ref, state=True)]
    return []
