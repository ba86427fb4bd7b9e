"""Messages that ask whether tests can be relied on: "is the login test flaky?"."""

from __future__ import annotations

import re

from assay.brain import phrases, subjects
from assay.brain.intents import Certify, Context, Intent, Which
from assay.brain.subjects import NOUN

_QUALITY = r"(?:flaky|flak(?:e|es|ing)|stable|steady|reliable|unstable|unreliable)"
_ASKED = (
    # The kinds of sentence whose subject is a test: its steadiness is asked for, not a feature's.
    re.compile(
        r"^(?:(?:check|verify|see|tell\s+me|find\s+out|make\s+sure|prove|show)\s+"
        rf"(?:me\s+)?(?:that\s+|if\s+|whether\s+)?)?(?:is|are|do|does)?\s*(?P<of>.+?)\s+"
        rf"(?:(?:is|are|do|does)\s+)?(?:not\s+|isn't\s+|aren't\s+|n't\s+|really\s+)?{_QUALITY}$",
        re.IGNORECASE,
    ),
    re.compile(rf"^how\s+{_QUALITY}\s+(?:is|are)\s+(?P<of>.+)$", re.IGNORECASE),
    re.compile(
        r"^(?:check|test|measure|what\s+is)\s+(?:the\s+)?(?:stability|flakiness|reliability)\s+of\s+"
        r"(?P<of>.+)$",
        re.IGNORECASE,
    ),
    re.compile(r"^certify\s+(?P<of>.+)$", re.IGNORECASE),
    re.compile(r"^check\s+(?P<of>.+?)\s+for\s+(?:flakiness|flakes)$", re.IGNORECASE),
)
_RECENT = re.compile(r"(?:it|they|them|that|this|these|those)(?:\s+tests?)?", re.IGNORECASE)
_ALL = re.compile(
    rf"(?:(?:all|any|every|the|my|our|of)\s+)*(?:{NOUN}|suite|test\s*suite|everything)",
    re.IGNORECASE,
)


def certify(said: str, context: Context, earlier: tuple[Intent, ...]) -> Intent | None:
    """Which tests are to be replayed under disturbance; ``None`` for any other message."""
    match = next((found for one in _ASKED if (found := one.match(said))), None)
    if match is None:
        return None
    of = " ".join(match["of"].split()).strip(" .,")
    if _RECENT.fullmatch(of):
        return Certify(Which.RECENT) if context.recent or earlier else None
    if _ALL.fullmatch(of):
        return Certify(Which.ALL)
    names = tuple(phrases.ID.findall(of)) + subjects.quoted_names(of)
    # A feature or a page may have to be stable as well: only what is called a test is one.
    if not re.search(rf"\b{NOUN}\b", of, re.IGNORECASE) and not phrases.ID.search(of):
        return None
    if not names:
        about = re.sub(rf"\b{NOUN}\b", " ", of, flags=re.IGNORECASE)
        about = re.sub(r"^\s*(?:the|my|our)\b|\b(?:for|of|called|named)\b", " ", about, flags=re.I)
        names = tuple(name for name in (subjects.clean(about),) if name)
    return Certify(Which.NAMED, names) if names else None
