"""Lines about more than one element: tabs, waiting, calls of the site's API, values to keep.

Each has a few fixed forms, which are read here, before any other reader, in the plain style and in
free English alike. Where a line may as well be about an element of the page ("close the window"),
its usual reading is tried when this one does not fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assay.cases.clauses import Clause, Phrase, Verb
from assay.cases.lexicon import strip_lead
from assay.cases.masks import PATH, QUOTE, Masks
from assay.cases.words import word_ordinal

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


_Reader = Callable[[str, Masks], Clause | None]
_READERS: tuple[_Reader, ...] = (_tab,)
