"""What a request for tests is about: features, how many, and the words that narrow them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assay.brain.english import number, quoted

NOUN = (
    r"(?:test\s*-?\s*cases?|testcases?|test\s+scenarios?|test\s+suites?|test\s+coverage|tests?|"
    r"scenarios?|coverage|specs?|checks?)"
)
URL = re.compile(r"\bhttps?://[^\s<>\"')\]]+", re.IGNORECASE)
CONFIG = re.compile(r"config “([^”]+)”")

_COUNT = re.compile(
    r"^(?:(?:about|around|at least|up to|exactly|the|my|some|me|us)\s+)*"
    r"(?:(?:a\s+)?(couple|few|dozen|handful|pair)(?:\s+of)?|(\d{1,3}|one|two|three|four|five|six|"
    r"seven|eight|nine|ten|eleven|twelve))\b\s*",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:me\s+|us\s+)?(a|an|one|single|another)\b\s*", re.IGNORECASE)
_LOOSE = re.compile(
    r"^(?:(?:me|us|some|several|more|new|additional|extra|other|various|all|the|my|our|any|"
    r"different|many|few|another)\s+)+",
    re.IGNORECASE,
)
_KIND_OF_TEST = re.compile(
    r"\b(?:e2e|end[\s-]to[\s-]end|automated?|automation|browser|ui|gui|functional|regression|smoke|"
    r"sanity|acceptance|integration|simple|basic|quick|short|good|useful|proper|real|new|first|"
    r"happy[\s-]path|positive|critical|important|essential|key|main|comprehensive|thorough|full|"
    r"complete|manual|more|additional|extra|some|several|various|few|different)\b\s*",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:negative|error[\s-](?:case|path)s?|sad[\s-]path|unhappy[\s-]path|edge[\s-]cases?|"
    r"failure[\s-]cases?|invalid[\s-]input)\b",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"^(?:for|of|covering|cover|around|on|about|against|to|that|which|where|with|checking|"
    r"verifying|testing|validating|in|at|when|if|so)\b",
    re.IGNORECASE,
)
# "one login test with user X": what follows narrows the feature before it.
_CIRCUMSTANCE = re.compile(r"^(?:with(?:out)?|when|if|where)\b", re.IGNORECASE)
_LINK_WORDS = re.compile(
    r"^(?:(?:for|of|covering|around|on|about|against)\b|"
    r"(?:that|which|to)\s+(?:(?:will|should|can)\s+)?(?:covers?|checks?|verif(?:y|ies)|tests?|"
    r"validates?|exercises?|ensures?|proves?|confirms?|makes?\s+sure)\b|"
    r"(?:checking|verifying|testing|validating)\b)\s*(?:that|if|whether|of|how|for)?\b\s*",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:the|my|our|your|its|their|this|that|whole|entire|complete|a|an|feature|features|"
    r"functionality of|flow of|process of|user|users|a user|how|whether|if|can|both)\s+)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:(?:still\s+|really\s+|actually\s+|all\s+)?(?:works?|working|is\s+working|are\s+working|"
    r"functions?(?:\s+properly)?|is\s+ok(?:ay)?|is\s+fine|behaves?)"
    r"(?:\s+(?:correctly|properly|fine|well|as\s+expected|as\s+it\s+should|again|now))*|"
    r"functionality|feature|features|flow|flows|end[\s-]to[\s-]end|process|page|pages|screen|screens|form|forms|"
    r"workflow|journey|module|section|area|stuff|part|too|as well|"
    r"(?:of|on|in|for)\s+(?:(?:the|my|our|your|this|that)\s+)?(?:site|website|web\s*site|app|"
    r"application|shop|store|page|web\s*app|system|product|web\s*shop)|"
    r"(?:on|at|of|in|for|from|against)|now|correctly|properly|as expected)\s*$",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"^(?:(?:the|my|our|your|this|that|it|its|whole|entire|complete|all|every|everything|main|most|"
    r"important|critical|core|key|basic|site|website|web\s*site|app|application|shop|store|system|"
    r"project|product|web\s*app|web\s*shop|page|pages|flow|flows|feature|features|functionality|"
    r"functionalities|user|users|journey|journeys|of|on|in|parts?|paths?|thing|things|you|can|find|"
    r"see|here|there|what|is|and|for|me|at|url|link|following|stuff|anything)\b[\s,]*)*$",
    re.IGNORECASE,
)
_HINT = re.compile(
    r"\s*[,;]?\s+(?=e\.g\.|(?:such\s+as|like|with(?:out)?|when|if|while|as\s+(?:an?|the)?\s*\w+|using|including|"
    r"especially|where|after|before|by|in case|logged)\b)",
    re.IGNORECASE,
)
_AND = re.compile(
    r"\s*(?:,\s*(?:and\s+)?|;\s*|\s+and\s+|\s+&\s+|\s+plus\s+|\s+as well as\s+|\s*\n)\s*"
)
_BINDING = re.compile(
    r"\b(?:terms|conditions|drag|drop|copy|paste|back|forth|search|find|sort|filter|name|email|"
    r"user\s?name|password|create|edit|update|add|remove|read|view|select)\s+and\s+"
    r"(?:terms|conditions|drop|paste|forth|password|email)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """The parsed object of "create …" or "test …"."""

    features: tuple[str, ...]
    count: int | None
    negative: bool
    hints: str


def parse(phrase: str, *, singular: bool = False) -> Subject:
    """The object of a request without its verb: "3 negative tests for the login page"."""
    text = CONFIG.sub(" ", URL.sub(" ", phrase)) if not CONFIG.search(phrase) else phrase
    text = URL.sub(" ", text)
    negative = bool(_NEGATIVE.search(text))
    text = _NEGATIVE.sub(" ", text).strip()
    count, text = _count(text)
    before, after = _around_noun(text)
    about = after if after else before
    if before and after and (not _LINK.match(after) or _CIRCUMSTANCE.match(after)):
        about = f"{before} {after}"
    elif before and after:
        about = f"{after}, {before}" if not _generic(before) else after
    about = _LINK_WORDS.sub("", about.strip(" ,.;:"))
    about, hints = _hints(about)
    if count is None and singular:
        count = 1
    return Subject(_features(about), count, negative, hints)


def _count(text: str) -> tuple[int | None, str]:
    match = _COUNT.match(text)
    if match:
        return number(match.group(1) or match.group(2)), text[match.end() :]
    text = re.sub(r"^(?:me|us)\s+", "", text, flags=re.IGNORECASE)
    article = _ARTICLE.match(text)
    if article:
        rest = text[article.end() :]
        if not re.search(rf"\b{NOUN}\b", rest, re.IGNORECASE):
            return None, text
        # "a set of tests" and "a suite" say nothing about how many.
        if re.match(r"(?:set|bunch|number|series|list|suite|test suite)\b", rest, re.IGNORECASE):
            return None, re.sub(r"^(?:set|bunch|number|series|list)\s+of\s+", "", rest)
        singular = re.search(rf"\b{NOUN}\b", rest, re.IGNORECASE)
        one = singular is None or not re.search(r"(?:s|suite|coverage)$", singular.group(), re.I)
        return (1 if one else None), rest
    return None, _LOOSE.sub("", text)


def _around_noun(text: str) -> tuple[str, str]:
    match = re.search(rf"\b{NOUN}\b", text, re.IGNORECASE)
    if match is None:
        return "", text.strip()
    before = _KIND_OF_TEST.sub("", text[: match.start()]).strip(" ,.;:-")
    before = _LOOSE.sub("", before + " ").strip()
    return before, text[match.end() :].strip(" ,.;:")


def _generic(words: str) -> bool:
    return not words or bool(_WHOLE.match(words))


def _hints(about: str) -> tuple[str, str]:
    parts = _HINT.split(about, maxsplit=1)
    if len(parts) == 2 and parts[0].strip():
        hints = re.sub(r"\s+(?:on|at|in|of|for)$", "", parts[1].strip(" ,."))
        return parts[0].strip(" ,"), re.sub(r"^(?:e\.g\.|such\s+as|like)\s+", "", hints)
    return about, ""


def _features(about: str) -> tuple[str, ...]:
    if _generic(about.strip(" .,")):
        return ()
    kept = _BINDING.sub(lambda match: match.group().replace(" and ", " \x00 "), about)
    found: list[str] = []
    for part in _AND.split(kept):
        feature = clean(part.replace("\x00", "and"))
        if feature and not _WHOLE.match(feature) and feature.lower() not in map(str.lower, found):
            found.append(feature)
    return tuple(found)


def clean(part: str) -> str:
    """A feature in its own words only: "the login page works" is "login"."""
    text = " ".join(part.split()).strip(" .,;:!?-–'\"“”`")
    text = re.sub(r"^(?:and|also|then|for|of|to|the\s+ability\s+to)\s+", "", text, flags=re.I)
    while True:
        before = text
        text = _LEAD.sub("", text + " ").strip(" .,;:!?'\"“”`")
        kept = _PHRASAL.search(text) is not None
        shorter = text if kept else _TAIL.sub("", text).strip(" .,;:")
        text = shorter or text
        if text == before:
            return text


_PHRASAL = re.compile(
    r"\b(?:log\w*|sign\w*|check\w*|opt\w*|fill\w*|tim\w*|drop\w*|add-?)\s+(?:in|on|out|of|up)$",
    re.I,
)


def is_condition(text: str) -> bool:
    """Whether words name a circumstance to vary rather than a feature of its own."""
    return bool(_CONDITION.search(text))


_CONDITION = re.compile(
    r"\b(?:wrong|invalid|incorrect|bad|empty|blank|missing|without|no|not|un\w+ed|non-?existent|"
    r"nonexisting|mismatch\w*|different|too\s+(?:long|short|many|few)|long|short|special\s+char\w*|"
    r"expired|locked|duplicate|existing|already|out[\s-]of[\s-]stock|zero|negative|maximum|minimum|"
    r"limit|unicode|emoji|spaces|twice|two\s+\w+|case\s+where|as\s+(?:an?\s+)?(?:guest|admin|other)|"
    r"instead|only)\b",
    re.IGNORECASE,
)


def quoted_names(text: str) -> tuple[str, ...]:
    """Names of tests in quotation marks."""
    return quoted(CONFIG.sub(" ", text))
