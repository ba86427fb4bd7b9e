"""Messages that lean on what came before: "also test a wrong password", "and for checkout?"."""

from __future__ import annotations

import re

from assay.brain import english, phrases, subjects
from assay.brain.intents import (
    Context,
    CreateTests,
    CreateVariation,
    Intent,
    LastRun,
    ShowTest,
)
from assay.brain.subjects import NOUN

_LEAD = re.compile(r"^(?:please|ok(?:ay)?|great|thanks|now|and)[\s,]+", re.IGNORECASE)
_TOO = re.compile(r"[\s,]+(?:too|as\s+well|also)$", re.IGNORECASE)
_WHY = re.compile(r"^(?:but\s+)?why(?:\s+(?:is|was)\s+(?:that|it|this)(?:\s+so)?|\s+not)?$", re.I)
_STEPS = re.compile(
    r"^(?:show|what\s+are|list|give)\s+(?:me\s+)?(?:the|its)\s+steps$", re.IGNORECASE
)


def follow_up(
    whole: str, said: str, context: Context, earlier: tuple[Intent, ...]
) -> Intent | None:
    """What a message asks that only makes sense after another one; ``None`` for any other."""
    if not (context.recent or context.subjects or earlier):
        return None
    if _WHY.match(said):
        return LastRun()
    if _STEPS.match(said) and context.recent:
        return ShowTest(context.recent[-1])
    stripped = _LEAD.sub("", whole).rstrip(" ?!.")
    also = phrases.ALSO.match(stripped)
    if also is not None:
        return _more(english.bare(also.group(1)).rstrip(" ?!."), whole)
    if _TOO.search(stripped):
        return _more(_TOO.sub("", said), whole)
    if re.match(r"^and\s+(?:for|in|on)\s+", whole, re.IGNORECASE):
        return _more(re.sub(r"^(?:for|in|on)\s+", "", said, flags=re.IGNORECASE), whole)
    return _negative(said)


def _more(rest: str, whole: str) -> Intent | None:
    if re.match(r"^(?:run|re-?run|execute|list|show|explore)\b", rest, re.IGNORECASE):
        return None
    verify = phrases.VERIFY.match(rest) or phrases.CREATE.match(rest)
    thing = " ".join((verify.group(1) if verify else rest).split()).strip(" ,.")
    if re.match(r"^(?:with|without)\b", whole.strip(), re.IGNORECASE):
        return CreateVariation(whole.strip(" .!?"))
    if subjects.is_condition(thing):
        return CreateVariation(
            re.sub(rf"^(?:an?\s+)?{NOUN}\s+(?:for|with|of)\s+", "", thing, flags=re.IGNORECASE)
        )
    if re.match(r"^(?:with|as|for\s+an?)\b", thing, re.IGNORECASE):
        return CreateVariation(thing)
    subject = subjects.parse(thing)
    if subject.features:
        return CreateTests(subject.features, subject.count, subject.negative, subject.hints)
    return None


def _negative(said: str) -> Intent | None:
    """ "Add a negative test" names no feature: it is about the one talked about."""
    create = phrases.CREATE.match(said)
    if create is None or not re.search(rf"\b{NOUN}\b", create.group(1), re.IGNORECASE):
        return None
    subject = subjects.parse(create.group(1))
    if subject.negative and not subject.features:
        return CreateVariation(create.group(1).strip())
    return None
