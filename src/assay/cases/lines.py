"""Lines about more than one element: tabs, waiting, calls of the site's API, values to keep.

Each has a few fixed forms, which are read here, before any other reader, in the plain style and in
free English alike. Where a line may as well be about an element of the page ("close the window"),
its usual reading is tried when this one does not fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assay.cases.clauses import Clause, Phrase, Verb
from assay.cases.keeping import read_keeping
from assay.cases.lexicon import strip_lead
from assay.cases.masks import PATH, QUOTE, TEMPLATE, Masks
from assay.cases.phrases import parse_phrase, split_place
from assay.cases.words import word_number, word_ordinal

_ORDINAL = r"(?:\d+(?:st|nd|rd|th)|\w+)"
_TAB = r"(?:browser\s+)?(?P<kind>tab|window|popup(?:\s+window)?|pop-up(?:\s+window)?)"
_NAMED = rf"(?:\s+(?:(?:named|called|titled|with\s+the\s+title)\s+)?(?P<name>{QUOTE}))?"
_SWITCH = re.compile(
    r"(?i)^(?:switch|change|go|return|move|get)\s+(?:back\s+|over\s+)?(?:to|into)\s+"
    rf"(?:the\s+|my\s+)?(?:(?P<before>{QUOTE})\s+)?(?:(?P<which>{_ORDINAL})\s+)?{_TAB}{_NAMED}$"
)
_CLOSE = re.compile(
    r"(?i)^close\s+(?:the\s+|this\s+|that\s+|my\s+)?"
    rf"(?:(?P<before>{QUOTE})\s+)?(?:(?P<which>{_ORDINAL})\s+)?{_TAB}{_NAMED}$"
)
_OPEN_TAB = re.compile(
    rf"(?i)^(?:open|go\s+to|visit|navigate\s+to|load)\s+(?:the\s+(?:page|url|address)\s+)?"
    rf"(?P<path>{QUOTE}|{PATH})\s+in\s+(?:an?|another)(?:\s+new)?\s+(?:browser\s+)?(?:tab|window)$"
)
_EMPTY_TAB = re.compile(
    r"(?i)^open\s+(?:an?|another)\s+(?:new|empty|blank|second)\s+(?:tab|window)$"
)


_SAID = r"(?:is|are|becomes?|gets?)(?:\s+(?:now|again))?"
_GONE = (
    rf"(?:{_SAID}\s+(?:gone|hidden|removed|not\s+(?:shown|visible|displayed)|no\s+longer\s+\w+)"
    r"|to\s+(?:disappear|vanish|go(?:\s+away)?|be\s+(?:gone|hidden|removed))|disappears?|vanishes|goes\s+away)"
)
_COME = (
    rf"(?:{_SAID}\s+(?:shown|visible|displayed|there|present|on\s+the\s+page|loaded)"
    r"|to\s+(?:appear|show(?:\s+up)?|load|be\s+(?:shown|visible|displayed|loaded|there|present))"
    r"|appears?|shows\s+up|has\s+appeared|comes\s+up)"
)
_WITHIN = r"(?:\s*,?\s+(?:for\s+)?(?:at\s+most|up\s+to|within|max(?:imum)?)\s+\d+\s*\w+)?"
_WAIT = re.compile(
    rf"(?i)^wait\s+(?:(?:for|until|till)\s+)?(?:up\s+to\s+\d+\s*\w+\s+(?:for|until)\s+)?"
    rf"(?P<what>\S.*?)(?:\s+(?:(?P<gone>{_GONE})|(?P<come>{_COME})))?{_WITHIN}$"
)
_SECONDS = re.compile(
    r"(?i)^wait\s+(?:for\s+)?(?:about\s+|another\s+)?(?P<n>\d+(?:\.\d+)?|an?|one|two|three|five|ten|some|a\s+few)"
    r"\s*(?P<unit>ms|milliseconds?|s|secs?|seconds?|moments?|minutes?|while|bit)$"
)
_TEXT_KINDS = frozenset({"", "text"})
_METHOD = r"GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS"
_CALL = re.compile(
    rf"(?i)^(?:(?:send|make|issue|do|perform|execute|call|request|fetch)\s+)?(?:an?\s+|the\s+)?(?:api\s+)?"
    rf"(?P<method>(?-i:{_METHOD}))\s+(?:(?:api\s+)?(?:request|call)\s+)?(?:to\s+|for\s+|on\s+)?"
    rf"(?:the\s+(?:api\s+|url\s+|path\s+|address\s+|endpoint\s+)*)?(?P<path>{QUOTE}|{PATH})"
    rf"(?:\s*,?\s*(?:with|and|using)?\s*(?:the\s+|a\s+|this\s+)?(?:json\s+)?(?:body|data|payload)\s*:?\s*"
    r"(?P<body>\S.*))?$"
)
_FETCHED = re.compile(
    rf"(?i)^(?:call|request|fetch)\s+(?:the\s+)?(?:api|endpoint|url|address|path)\s+(?:at\s+)?(?P<path>{QUOTE}|{PATH})$"
)
_COPY = re.compile(
    r"(?i)^copy\s+(?:the\s+)?(?:(?:value|text|content|contents)\s+(?:of|in|from)\s+)?(?:the\s+)?"
    rf"(?P<thing>(?:(?:field|box|input)\s+)?{QUOTE}(?:\s+(?:field|box|input))?)"
    r"(?:\s+(?:to|into|onto)\s+the\s+clipboard)?$"
)
_PASTE = re.compile(
    r"(?i)^paste\s+(?:(?:it|this|that|the\s+clipboard|the\s+copied\s+(?:text|value)|"
    r"(?:the\s+)?(?:text|value|contents?)(?:\s+(?:of|from)\s+the\s+clipboard)?|from\s+the\s+clipboard)\s+)?"
    rf"(?:in|into|to|inside)\s+(?P<thing>(?:the\s+)?(?:(?:field|box|input)\s+)?{QUOTE})$"
)
_SCROLL = re.compile(
    r"(?i)^scroll(?:\s+the\s+page)?(?:\s+all\s+the\s+way)?(?:\s+(?P<way>up|down))?"
    r"(?:\s+to\s+the\s+(?:very\s+)?(?P<end>bottom|end|top|start|beginning)(?:\s+of\s+the\s+page)?)?"
    r"(?:\s+the\s+page)?$"
)


def read_line(masked: str, masks: Masks) -> Clause | None:
    """The clause of a line of one of these forms; ``None`` for any other line."""
    body = strip_lead(masked).rstrip(" .,;")
    found = (reader(body, masks) for reader in _READERS)
    return next((clause for clause in found if clause is not None), None)


def _tab(body: str, masks: Masks) -> Clause | None:
    text = masks.raw(body)
    opened = _OPEN_TAB.match(body)
    if opened is not None:
        return Clause(text, Verb.TAB, value="open", path=masks.content(opened["path"]), plain=True)
    if _EMPTY_TAB.match(body):
        return Clause(text, Verb.TAB, value="open", plain=True)
    for pattern, value in ((_SWITCH, "switch"), (_CLOSE, "close")):
        match = pattern.match(body)
        if match is None:
            continue
        name = match["name"] or match["before"]
        which = (match["which"] or "").lower()
        phrase = Phrase(masks.content(name) if name else which, quoted=bool(name), role="tab")
        ordinal = word_ordinal(which) if which else None
        return Clause(text, Verb.TAB, (phrase,), value=value, ordinal=ordinal, plain=True)
    return None


def _wait(body: str, masks: Masks) -> Clause | None:
    """``Wait for the text "Saved"``, ``Wait until the button "Save" is shown`` or is gone; a number
    of seconds; anything else is no more than a look."""
    text = masks.raw(body)
    seconds = _SECONDS.match(body)
    if seconds is not None:
        return Clause(text, Verb.WAIT, key=str(_milliseconds(seconds)), plain=True)
    match = _WAIT.match(body)
    if match is None:
        return None
    phrase = parse_phrase(match["what"], masks)
    gone = match["gone"] is not None
    if phrase.quoted and phrase.role in _TEXT_KINDS:
        return Clause(text, Verb.WAIT, value=phrase.text, negated=gone, plain=True)
    if phrase.quoted:
        return Clause(text, Verb.WAIT, (phrase,), negated=gone, role_hint=phrase.role, plain=True)
    return Clause(text, Verb.WAIT, (phrase,), negated=gone)


def _milliseconds(match: re.Match[str]) -> int:
    word, unit = match["n"].lower(), match["unit"].lower()
    number = float(word) if word[0].isdigit() else float(word_number(word) or 1)
    if (unit.startswith("m") and not unit.startswith(("mi", "mo"))) or unit.startswith("milli"):
        return int(number)
    return int(number * (60_000 if unit.startswith("min") else 1000))


def _call(body: str, masks: Masks) -> Clause | None:
    """``Send a POST request to "/api/items" with the body '{"name": "Cup"}'``."""
    text = masks.raw(body)
    match = _CALL.match(body)
    if match is None:
        match = _FETCHED.match(body)
        if match is None:
            return None
        return Clause(text, Verb.CALL, key="GET", path=masks.content(match["path"]), plain=True)
    given = match["body"] or ""
    whole = re.fullmatch(rf"{QUOTE}|{TEMPLATE}", given) is not None
    sent = masks.content(given) if whole else masks.raw(given)
    path = masks.content(match["path"])
    return Clause(text, Verb.CALL, key=match["method"], path=path, value=sent or None, plain=True)


def _clipboard(body: str, masks: Masks) -> Clause | None:
    text = masks.raw(body)
    for pattern, verb in ((_COPY, Verb.COPY_FIELD), (_PASTE, Verb.PASTE_FIELD)):
        match = pattern.match(body)
        if match is not None:
            thing, place = split_place(match["thing"], masks)
            phrase = parse_phrase(thing, masks)
            return Clause(text, verb, (phrase,), place=place, plain=phrase.quoted)
    return None


def _scroll(body: str, masks: Masks) -> Clause | None:
    match = _SCROLL.match(body)
    if match is None:
        return None
    end = (match["end"] or "").lower()
    value = {"": (match["way"] or "down").lower(), "bottom": "bottom", "end": "bottom"}.get(
        end, "top"
    )
    return Clause(masks.raw(body), Verb.SCROLL, value=value, plain=True)


_Reader = Callable[[str, Masks], Clause | None]
_READERS: tuple[_Reader, ...] = (_tab, _wait, _call, _clipboard, _scroll, read_keeping)
