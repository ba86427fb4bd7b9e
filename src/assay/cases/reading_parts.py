"""What the readers of all verbs share: counts, "with …", bare pieces, a thing and its place."""

from __future__ import annotations

import re
from dataclasses import replace

from assay.cases.clauses import Clause, FieldValue, Phrase, Relation, Verb
from assay.cases.lexicon import (
    PLACE_KINDS,
    key_chord,
    leading_verb,
)
from assay.cases.masks import PATH, QUOTE, Masks
from assay.cases.phrases import looks_like_fields, parse_fields, parse_phrase, split_place
from assay.cases.words import word_number

_TIMES = re.compile(r"(?i)\s+(?:(twice)|(thrice)|(\w+) times|(?:once )?(?:more|again)|once)$")

_WITH = re.compile(r"(?i)\s+(?:with|using|having|whose|and leave|leaving)\s+(?=\S)")

_WITHOUT = re.compile(r"(?i)\s+(?:without|with no)\s+(?=\S)")

_NOTHING = re.compile(
    r"(?i)\s*(?:with(?:out)?|and|leaving)?\s*(?:nothing (?:is )?(?:chosen|selected|entered|filled|"
    r"typed|checked|picked)(?: in)?|(?:any|a|making a|making any) (?:choice|selection|"
    r"option|choosing|"
    r"input)(?: selected| chosen)?|(?:choosing|selecting|entering|filling|typing|picking)(?: in)? "
    r"(?:an option|anything|any \w+|a \w+)|(?:all |the )?(?:fields?|form|everything|inputs?) "
    r"(?:left )?(?:empty|blank)|an? (?:empty|blank) form)$"
)

SPACES = re.compile(
    r"(?i)^(?:only |just |nothing but |some )?(?:white ?space|spaces|blanks)(?: only)?$"
)

PATH_ONLY = re.compile(
    rf"(?i)^(?:the )?(?:url |page |path |address |site |website )*(?P<p>{PATH})(?: page)?$"
)

_COUNTRIES = {
    "uk": "United Kingdom",
    "us": "United States",
    "usa": "United States",
    "british": "United Kingdom",
    "american": "United States",
    "german": "Germany",
    "french": "France",
    "norwegian": "Norway",
    "swedish": "Sweden",
    "danish": "Denmark",
    "spanish": "Spain",
    "italian": "Italy",
    "dutch": "Netherlands",
    "canadian": "Canada",
    "australian": "Australia",
    "irish": "Ireland",
    "indian": "India",
    "japanese": "Japan",
    "swiss": "Switzerland",
    "austrian": "Austria",
    "polish": "Poland",
    "belgian": "Belgium",
    "finnish": "Finland",
}

_POINTED = frozenset(
    {
        Verb.CLICK,
        Verb.DOUBLE_CLICK,
        Verb.RIGHT_CLICK,
        Verb.HOVER,
        Verb.TOGGLE,
        Verb.RELOAD,
        Verb.BACK,
        Verb.FORWARD,
        Verb.PRESS,
        Verb.ADD,
        Verb.SUBMIT,
        Verb.NAME_ONLY,
    }
)


def split_times(verb: Verb, rest: str) -> tuple[int, str]:
    match = _TIMES.search(f" {rest}") if verb in _POINTED else None
    if match is None:
        return 1, rest
    number = 2 if match[1] else 3 if match[2] else word_number(match[3]) if match[3] else 1
    return (number or 1), f" {rest}"[: match.start()].strip()


def country_field(text: str) -> tuple[FieldValue, ...]:
    for word in re.findall(r"[\w]+", text.lower()):
        if word in _COUNTRIES:
            return (FieldValue(Phrase("country", raw="country"), _COUNTRIES[word]),)
    return ()


def split_withs(rest: str, masks: Masks) -> tuple[str, tuple[FieldValue, ...], bool]:
    """What stands before "with …", the fields asked for there, and "with nothing chosen"."""
    nothing = _NOTHING.search(rest)
    if (nothing is not None and nothing.start() > 0) or (
        nothing is not None and not rest[: nothing.start()]
    ):
        return rest[: nothing.start()].strip(), (), True
    match = _WITHOUT.search(f" {rest}")
    if match is not None:
        fields = parse_fields(f" {rest}"[match.end() :], masks)
        return (
            f" {rest}"[: match.start()].strip(),
            tuple(replace(one, relation=Relation.BLANK) for one in fields),
            False,
        )
    match = next(
        (one for one in _WITH.finditer(f" {rest}") if not _place_word(f" {rest}"[: one.start()])),
        None,
    )
    if match is not None:
        return (
            f" {rest}"[: match.start()].strip(),
            parse_fields(f" {rest}"[match.end() :], masks),
            False,
        )
    return rest, (), False


def _place_word(before: str) -> bool:
    """Whether the "with" behind this text says which row, section or dialog is meant."""
    words = before.lower().split()
    return len(words) > 1 and words[-1] in PLACE_KINDS


def bare_piece(body: str, masks: Masks) -> Clause:
    """A piece without a verb: a path, a key, a list of fields, or the name of something."""
    text = masks.raw(body)
    spoken = body
    times, body = split_times(Verb.NAME_ONLY, body)
    path = PATH_ONLY.match(body)
    if path is not None:
        return Clause(text, Verb.OPEN, path=masks.content(path["p"]))
    key = key_chord(body)
    if key is not None:
        return Clause(text, Verb.PRESS, key=key, times=times)
    core, extra, nothing = split_withs(body, masks)
    if (extra or nothing) and not leading_verb(core):
        country = country_field(core)
        if country or re.search(
            r"(?i)\b(?:address|form|details|data|credentials|user|account)$", core
        ):
            return Clause(
                text,
                Verb.FILL_FORM,
                objects=(parse_phrase(core, masks),),
                nothing=nothing,
                fields=(*country, *extra),
                quoted=masks.literals(body),
            )
    if not re.fullmatch(QUOTE, body) and looks_like_fields(body, masks):
        # "a new password twice" speaks of two fields
        fields = parse_fields(spoken if looks_like_fields(spoken, masks) else body, masks)
        named = Clause(text, Verb.NAME_ONLY, objects=(parse_phrase(body, masks),))
        single = len(fields) == 1 and fields[0].relation is Relation.NEW and body[:1].isupper()
        return Clause(
            text,
            Verb.FILL_FORM,
            fields=fields,
            quoted=masks.literals(body),
            alternatives=((named,),) if single else (),  # "New note" may as well be a control
        )
    thing, place = (body, None) if re.fullmatch(QUOTE, body) else split_place(body, masks)
    phrase = parse_phrase(thing, masks)
    whole = parse_phrase(body, masks)
    others: tuple[tuple[Clause, ...], ...] = ()
    if place is not None and place.kind in ("", "near"):
        # a name may hold the word that would start a place: "Terms of use", "Log in or register"
        others = ((Clause(text, Verb.NAME_ONLY, objects=(phrase,), place=place),),)
        phrase, place = whole, None
    return Clause(
        text,
        Verb.NAME_ONLY,
        objects=(phrase,),
        place=place,
        ordinal=phrase.ordinal,
        times=times,
        role_hint=phrase.role,
        pronoun=phrase.pronoun,
        every=phrase.every,
        nothing=nothing,
        quoted=masks.literals(body),
        numbers=tuple(re.findall(r"\d+(?:\.\d+)?", masks.content(body))),
        alternatives=others,
    )


def read_thing(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    """A verb and what it is done to, with a place and fields."""
    text = masks.raw(body)
    path = PATH_ONLY.match(rest)
    if verb is Verb.OPEN and (path is not None or rest in ("/", "the root", "root")):
        return [Clause(text, verb, path=masks.content(path["p"]) if path else "/")]
    core, fields, nothing = split_withs(rest, masks)
    if verb is Verb.OPEN:
        core = re.sub(r"(?i)^(?:to|on|in|into|for)\s+(?=\S)", "", core)
        core = re.sub(r"(?i)(?<=\S)\s+(?:link|page)?\s*in a new (?:tab|window)$", "", core)
    thing, place = split_place(core, masks)
    parts = [thing]
    if verb in (Verb.CHECK, Verb.UNCHECK, Verb.SELECT, Verb.DELETE):
        parts = [part for part in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", thing) if part]
    objects = tuple(parse_phrase(part, masks) for part in parts if part)
    objects = tuple(one for one in objects if one != Phrase("", raw=one.raw) or one.raw)
    clause = about_object(Clause(text, verb, objects, place=place, fields=fields, nothing=nothing))
    if len(parts) > 1:
        # "Bosnia and Herzegovina" is one thing
        whole = replace(clause, objects=(parse_phrase(thing, masks),))
        clause = replace(clause, alternatives=((whole,),))
    return [clause]


def about_object(clause: Clause) -> Clause:
    phrase = clause.object
    if phrase is None:
        return clause
    return replace(
        clause,
        ordinal=phrase.ordinal,
        role_hint=phrase.role,
        pronoun=phrase.pronoun,
        every=phrase.every,
        negated=phrase.negated,
    )


def spoken_value(text: str, masks: Masks) -> str:
    content = masks.content(text)
    return "   " if SPACES.match(content) else content
