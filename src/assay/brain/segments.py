"""Takes a chat message apart into the requests it makes, in order."""

from __future__ import annotations

import re

_COMMAND = (
    r"(?:re-?run|run|execute|list|show|explore|create|write|generate|crawl|launch|tell\s+me|"
    r"give\s+me|delete|remove|test|check|verify)"
)
_THEN = re.compile(
    rf"\s*[,;]?\s+(?:and\s+)?(?:then|afterwards|after\s+that)\s+(?:also\s+)?(?:please\s+)?(?={_COMMAND}\b)|"
    rf"\s*[,;]\s+(?:and\s+)?(?:please\s+)?(?={_COMMAND}\b)|"
    r"\s+and\s+(?:please\s+)?(?=(?:re-?run|run|execute|list|show|explore|create|write|generate|launch|"
    r"delete|tell\s+me\s+(?:what\s+(?:happened|failed|went)|why|the\s+results?))\b)|"
    r"\s*[,;]?\s+(?:and\s+)?(?=(?:log|sign)\s+in\s+(?:with|as)\s+config\s+“)|"
    r"\s*[,;]\s+(?:and\s+)?(?=(?:use|using|with)\s+config\s+“)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"“A-Za-z0-9])|\n+|;\s+")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|vs|incl|approx|no)\.$", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“][^\"“”\n]*[\"”]|(?<!\w)'[^'\n]+'(?!\w)|`[^`\n]*`|https?://\S+")


def split(text: str) -> list[str]:
    """The requests of a message; quoted text and addresses are never cut."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group())
        tail = "" if match.group()[-1] not in ".,;!?" else match.group()[-1]
        if tail and match.group().startswith("http"):
            kept[-1] = match.group()[:-1]
            return f"\x02{len(kept) - 1}\x03{tail}"
        return f"\x02{len(kept) - 1}\x03"

    # Config names are quoted too, but the rules for splitting need to see them.
    hidden = re.sub(rf"(?<!config )(?:{_QUOTED.pattern})", keep, text)
    found: list[str] = []
    carried = ""
    for sentence in _SENTENCE.split(hidden):
        sentence = carried + sentence
        if _ABBREVIATION.search(sentence):
            carried = sentence + " "
            continue
        carried = ""
        found.extend(_THEN.split(sentence))
    if carried:
        found.append(carried)
    shown = [re.sub(r"\x02(\d+)\x03", lambda m: kept[int(m.group(1))], part) for part in found]
    return [part.strip() for part in shown if part.strip(" \t.,;:!-")] or [text.strip()]
