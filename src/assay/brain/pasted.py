"""Recognises a pasted manual test case in a message and takes off what is said around it."""

from __future__ import annotations

import re
from itertools import pairwise

from assay.brain.intents import CreateFromSteps

_HEADING = r"(?:test\s+)?(?:steps?(?:\s+to\s+(?:reproduce|follow|execute))?|actions?|procedure)"
_STEPS = re.compile(rf"(?:^|[\s*#_.;,])(?:{_HEADING})\s*[*_]*\s*:", re.IGNORECASE)
_EXPECTED = re.compile(
    r"(?:^|[\s*#_.;,])(?:expected(?:\s+(?:results?|outcomes?|behaviou?r))?|expect|then expect|"
    r"acceptance criteria)\s*[*_]*\s*:",
    re.IGNORECASE,
)
_PRECONDITIONS = re.compile(
    r"(?:^|[\s*#_.;,])(?:pre-?conditions?|pre-?requisites?|given|set-?up)\s*[*_]*\s*:",
    re.IGNORECASE,
)
_NUMBERED_LINE = re.compile(
    r"^\s*(?:step\s*)?(\d{1,2})\s*[.):-]\s+\S", re.MULTILINE | re.IGNORECASE
)
_NUMBERED_INLINE = re.compile(r"(?:^|[\s(])(\d{1,2})[.)]\s+[A-Za-z\"“]")
_GHERKIN = re.compile(r"^\s*(given|when|then)\b(?!.*:\s*$)", re.IGNORECASE | re.MULTILINE)
_BULLET = re.compile(r"^\s*[-*•]\s+\S", re.MULTILINE)
_NAMED = re.compile(
    r"\btests?(?:\s*cases?)?\s+(?:called|named|titled|with the (?:name|title))?\s*:?\s*"
    r"[\"“«'`]([^\"”»`]+?)[\"”»'`](?=[\s.,:;]|$)",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:called|named|titled)\s*:?\s*[\"“«'`]([^\"”»`]+?)[\"”»'`](?=[\s.,:;]|$)", re.IGNORECASE
)
_TITLE_LINE = re.compile(
    r"^\s*[#*_]*\s*(?:title|name|test\s*(?:case)?(?:\s*(?:name|title))?(?:\s*#?\d+)?|scenario|"
    r"summary)\s*[*_]*\s*[:\-–]\s*[*_]*\s*(.+?)\s*[*_]*\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_CASE_START = re.compile(
    r"^\s*[#*_]*\s*(?:test\s*case|tc|scenario)\s*[-#]?\s*\d*\s*[*_]*\s*[:.\-–)]\s*\S.*$",
    re.IGNORECASE | re.MULTILINE,
)
_THEN_RUN = re.compile(
    r"[\s,.;]*\b(?:and|then|,)?\s*(?:then\s+)?(?:please\s+)?(?:re-?)?(?:run|execute)\s+"
    r"(?:it|them|this|that|these|the tests?)(?:\s+(?:once|now|afterwards|right away|please))*"
    r"[\s.!]*$",
    re.IGNORECASE,
)


def name_in(text: str) -> str | None:
    """The quoted name that a message gives its test, if it does."""
    match = _NAMED.search(text) or _CALLED.search(text)
    return match.group(1).strip() if match else None


def looks_pasted(text: str) -> bool:
    """Whether a message carries steps to follow rather than a feature to think about."""
    if _STEPS.search(text):
        return True
    if _EXPECTED.search(text) and (
        _PRECONDITIONS.search(text) or len(_EXPECTED.split(text)[0].split()) >= 3
    ):
        return True
    numbers = [int(found) for found in _NUMBERED_LINE.findall(text)]
    if len(numbers) < 2:
        numbers = [int(found) for found in _NUMBERED_INLINE.findall(text)]
    if any(a == 1 and b == 2 for a, b in pairwise(numbers)):
        return True
    gherkin = {found.lower() for found in _GHERKIN.findall(text)}
    return len(gherkin) >= 2 or (len(_BULLET.findall(text)) >= 3 and "test" in text.lower())


def features_in_a_list(text: str) -> str | None:
    """ "Create tests for:" with bullets or numbers below, as one sentence; ``None`` otherwise."""
    # A list of features is short; the pattern's cost grows with the square of the length.
    match = _LISTED.match(text.strip()) if len(text) <= 2000 else None
    if match is None:
        return None
    items = [_MARK.sub("", line).strip(" .,;") for line in match.group(2).splitlines()]
    items = [item for item in items if item]
    plain = all(len(item.split()) <= 6 and not re.search(r"[\"“:/]", item) for item in items)
    if not items or not plain:
        return None
    lead = re.sub(r"\s+(?:the\s+)?following(?:\s+\w+)?$|\s+these(?:\s+\w+)?$", "", match.group(1))
    return f"{lead.strip()} {', '.join(items)}."


_LISTED = re.compile(
    r"^([^\n]*\btests?\b[^\n]*\b(?:for|covering|of|features?|areas?|following|about))[^\n\w]*\n"
    r"((?:\s*(?:[-*•]|\d{1,2}[.)])\s+[^\n]+(?:\n|$))+)\s*$",
    re.IGNORECASE,
)
_MARK = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")


def split_off_run(text: str) -> tuple[str, bool]:
    """A message without its closing "then run it", and whether it had one."""
    cut = _THEN_RUN.sub("", text)
    return (cut, True) if cut != text and cut.strip() else (text, False)


def cases_in(text: str) -> tuple[CreateFromSteps, ...]:
    """The manual test cases of a message, each with its name if it has one."""
    starts = [match.start() for match in _CASE_START.finditer(text)]
    if len(starts) < 2:
        return (_one(text),)
    bounds = [*starts, len(text)]
    parts = [text[a:b].strip() for a, b in pairwise(bounds)]
    return tuple(_one(part) for part in parts if looks_pasted(part)) or (_one(text),)


def _one(text: str) -> CreateFromSteps:
    name = name_in(text)
    title = None if name else _TITLE_LINE.search(text)
    if title is not None and not looks_pasted(title.group(1)):
        name = title.group(1).strip("\"“”'` ")
    return CreateFromSteps(text=text.strip(), name=name or None)
