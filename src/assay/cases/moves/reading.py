"""Finding moves in a line of a manual test: orders that the readers of single verbs cannot read.

A move is looked for at the start of each order of the line. What is not a move is handed back as
text, to be read as before. Lines come masked (see ``masks``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assay.cases.clauses import Clause, Place
from assay.cases.lexicon import leading_verb, strip_lead
from assay.cases.masks import QUOTE, Masks
from assay.cases.moves.orders import MOVES, NAME, THINGS

Read = Callable[[str, Masks], list[Clause]]

_JOINT = re.compile(r"(?:[;\n]\s*|,?\s+(?:and|then|and then)\s+|,\s+|[.]\s+)(?=\S)")


def read_moves(text: str, masks: Masks, read: Read) -> list[Clause]:
    """The clauses of a line, its moves among them; the rest is read by ``read``."""
    text = _plainer(text, masks)
    made: list[Clause] = []
    unread = 0
    for start in [0, *(joint.end() for joint in _JOINT.finditer(text))]:
        found = _move_at(text, start, masks) if start >= unread else None
        if found is not None:
            clauses, end = found
            made += _rest(text[unread:start], masks, read) + clauses
            unread = end
    return made + _rest(text[unread:], masks, read) if unread else _placed(text, masks, read)


def _rest(text: str, masks: Masks, read: Read) -> list[Clause]:
    """What stands before, between and behind moves, without the joints."""
    body = re.sub(r"(?i)(?:[\s,;.?!]|\b(?:and|then)\s*)+$", "", text)
    body = re.sub(r"(?i)^(?:[\s,;.?!]|(?:and|then)\s)+", "", body)
    return _placed(body, masks, read) if body else []


def _placed(text: str, masks: Masks, read: Read) -> list[Clause]:
    """Orders that may begin by saying for which item they are meant."""
    placed = _for_whom(text, masks)
    if placed is None:
        return read(text, masks)
    place, order = placed
    clauses = read(order, masks)
    return [replace(clauses[0], place=clauses[0].place or place), *clauses[1:]]


def _move_at(text: str, at: int, masks: Masks) -> tuple[list[Clause], int] | None:
    body = text[at:]
    bare = strip_lead(body)
    at += len(body) - len(bare) if body.endswith(bare) else 0
    for pattern, maker in MOVES:
        match = pattern.match(text, at)
        if match is not None:
            clauses = maker(match, masks)
            if clauses:
                return clauses, match.end()
    return None


def _plainer(text: str, masks: Masks) -> str:
    """Idioms that say no more than a plainer wording: case of letters, whose, where to look."""

    def cased(match: re.Match[str]) -> str:
        content = masks.content(match["v"])
        shown = content.upper() if match["how"].lower() in ("upper", "capital") else content.lower()
        return masks.mask(f"“{shown}”")

    text = re.sub(
        rf"(?i)(?P<v>{QUOTE}) in (?:all )?(?P<how>upper|lower|capital)[ -]?(?:case)?(?: letters)?",
        cased,
        text,
    )
    text = re.sub(
        r"(?i)\b(?:expand|unfold|open|switch (?:between|through)|go through|click through|browse|"
        r"look (?:in|through)|use) (?:the |all |each of the )*(?:\w+ )?(?:sections?|tabs?|panels?|"
        r"accordions?|menus?|folds?)(?: below| above)?,? (?:in order )?to (?:find|locate)"
        r"(?: and)? (?=\w+ )",
        "",
        text,
    )
    return re.sub(
        r"(?i)^using the (?:text |rich text )?editor,?\s+(?=give|make|format|set|style)", "", text
    )


def _for_whom(text: str, masks: Masks) -> tuple[Place, str] | None:
    """ "For the user X, click Y": the place, and the order that is done there."""
    match = re.match(
        rf"(?i)(?:for|on|in) (?:the |each )?{THINGS} (?:by |of |from |called |named )?"
        rf"(?=(?-i:[A-Z@\ue100-\ue4ff]))(?P<who>{NAME}),\s+(?P<order>\w+ .+)$",
        text,
    )
    if match is None or leading_verb(match["order"]) is None:
        return None
    return Place(masks.content(match["who"]), "row", quoted=True), match["order"]
