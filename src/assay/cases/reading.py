"""One piece of a step, already cut out of its sentence, read as clauses."""

from __future__ import annotations

import re
from dataclasses import replace

from assay.cases.clauses import Clause, Phrase, Verb
from assay.cases.lexicon import (
    key_chord,
    leading_verb,
    name_when_alone,
    strip_lead,
)
from assay.cases.lines import read_line
from assay.cases.masks import ASIDE, LITERAL, PATH, Masks
from assay.cases.reading_parts import bare_piece, read_thing, split_times
from assay.cases.reading_verbs import READERS

_SWITCHED = re.compile(r"(?i)^(?P<verb>switch|turn) (?!on |off )(?P<what>\S.*) (?P<way>on|off)$")
# A control may well be called by the whole clause: "Add attachment", "Clear completed".
_MAY_BE_NAMES = frozenset(
    {
        Verb.ADD,
        Verb.DELETE,
        Verb.EDIT,
        Verb.CLEAR,
        Verb.SEARCH,
        Verb.FILTER,
        Verb.SORT,
        Verb.APPLY,
        Verb.RUN,
        Verb.UPLOAD,
        Verb.DOWNLOAD,
        Verb.LOG_IN,
        Verb.LOG_OUT,
        Verb.REGISTER,
        Verb.SELECT,
        Verb.SUBMIT,
        Verb.CONFIRM,
        Verb.DISMISS,
        Verb.CHECK,
        Verb.TOGGLE,
        Verb.EXPAND,
        Verb.COLLAPSE,
        Verb.FACET,
        Verb.BACK,
        Verb.FOCUS,
    }
)


def read_piece(text: str, masks: Masks) -> list[Clause]:
    """The clauses of one piece: one, or two when a key follows a value ("Type 'x' Enter")."""
    own = read_line(text, masks)
    if own is None:
        return read_usual(text, masks)
    return [replace(own, alternatives=(tuple(read_usual(text, masks)),))]


def read_usual(text: str, masks: Masks) -> list[Clause]:
    """The clauses of one piece that is about elements of the page."""
    body = _SWITCHED.sub(r"\g<verb> \g<way> \g<what>", strip_lead(text).rstrip(" .,;"))
    if not body:
        return []
    found = leading_verb(body) if key_chord(body) is None else None
    if found is None or (name_when_alone(body) and found[1] >= len(body)):
        return [bare_piece(body, masks)]
    verb, size = found
    rest = body[size:].strip(" :")
    times, rest = split_times(verb, rest)
    clauses = READERS.get(verb, read_thing)(verb, rest, body, masks)
    first = replace(
        clauses[0],
        times=times if times > 1 else clauses[0].times,
        numbers=tuple(re.findall(r"\d+(?:\.\d+)?", masks.content(rest))),
        quoted=masks.literals(body),
    )
    return [_with_name_reading(first, body, rest, masks), *clauses[1:]]


def _with_name_reading(clause: Clause, body: str, rest: str, masks: Masks) -> Clause:
    plain_words = not re.search(f"{LITERAL}|{PATH}|{ASIDE}", body) and len(body.split()) <= 5
    detailed = clause.pronoun or clause.fields or clause.who or clause.place is not None
    named = clause.verb in _MAY_BE_NAMES or re.match(
        r"(?i)(?:view|show|proceed|continue|go) ", body
    )
    if not named or not plain_words or detailed:
        return clause
    whole = Clause(clause.text, Verb.NAME_ONLY, objects=(Phrase(body, raw=body),))
    return replace(clause, alternatives=(*clause.alternatives, (whole,)))
