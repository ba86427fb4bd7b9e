"""How the rest of a clause is read behind each verb."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assay.cases.clauses import Clause, FieldValue, Phrase, Place, Relation, Verb
from assay.cases.lexicon import (
    FIELD_NOUNS,
    MAYBE_KEYS,
    PLACE_KINDS,
    key_chord,
    leading_verb,
)
from assay.cases.masks import LITERAL, PATH, QUOTE, Masks
from assay.cases.phrases import parse_fields, parse_phrase, split_place
from assay.cases.reading_entries import (
    added_text,
    append,
    form_given,
    left_empty,
    whole_form,
    without_whereabouts,
)
from assay.cases.reading_parts import (
    SPACES,
    about_object,
    bare_piece,
    country_field,
    read_thing,
    split_withs,
    spoken_value,
)
from assay.cases.words import word_number

_ASSERTIVE = re.compile(
    r"(?i)^(?:that|if|whether|there|for)\b|\b(?:is|are|was|shows?|displays?|equals?|contains?|has|have|"
    r"appears?|exists?|remains?|reads?|says?)\b"
)

_WHO = re.compile(
    r"(?i)\b(?:as|using)\s+(?:an?\s+|the\s+)?(?P<who>[^,;]+?)(?=\s+(?:with|using|and)\s|$)"
)


def _click(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    text = masks.raw(body)
    bare = re.sub(r"(?i)^the\s+", "", rest)
    key = key_chord(bare)
    if key is not None:
        return [Clause(text, Verb.PRESS, key=key)]
    on = re.match(r"(?i)^(?P<key>[\w+\- ]+?)(?: key)?\s+(?:in|on|inside)\s+(?P<thing>.+)$", bare)
    if on is not None and (chord := key_chord(on["key"])) is not None:
        phrase = parse_phrase(on["thing"], masks)
        return [about_object(Clause(text, Verb.PRESS, (phrase,), key=chord))]
    purpose = re.match(r"(?i)^(?P<t>.+?)\s+(?:in order )?to\s+(?P<do>[a-z].*)$", rest)
    if (
        purpose is not None
        and leading_verb(purpose["do"])
        and not purpose["do"].lower().startswith(("go ", "open"))
    ):
        rest = purpose["t"]
    clause = read_thing(verb, rest, body, masks)[0]
    phrase_text = clause.object.text if clause.object else ""
    maybe = MAYBE_KEYS.get(phrase_text.lower(), phrase_text if len(phrase_text) == 1 else "")
    return [replace(clause, key=maybe if clause.role_hint == "" else "")]


def _open(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    if not rest:
        return [bare_piece(body, masks)]
    inner = leading_verb(rest)
    if inner is not None and inner[0] in (Verb.BACK, Verb.FORWARD) and inner[1] >= len(rest):
        return [Clause(masks.raw(body), inner[0])]
    if (edited := _TO_EDIT.match(rest)) is not None:
        return read_thing(Verb.EDIT, edited["thing"], body, masks)
    named = re.match(rf"(?i)^(?P<thing>.*\S)\s+(?:at|\()?\s*(?P<p>{PATH})\)?$", rest)
    if named is not None and re.search(r"(?i)\bat$", named["thing"]) is None:
        thing = re.sub(r"(?i)\s+(?:at|under|via)$", "", named["thing"])
        return [
            Clause(
                masks.raw(body), verb, (parse_phrase(thing, masks),), path=masks.content(named["p"])
            )
        ]
    return read_thing(verb, rest, body, masks)


_TO_EDIT = re.compile(r"(?i)^(?P<thing>\S.*?)\s+(?:for editing|to edit(?: it)?|in edit mode)$")
_EVERY_FIELD = re.compile(
    r"(?:in\s+)?(?:the |all |every |each )?(?:whole |rest of the |required |mandatory )*"
    r"(?:form|fields?|details|everything|required fields)?$",
    re.IGNORECASE,
)


def _type(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    """A value into a field, several fields with values, or a value and a key."""
    text = masks.raw(body)
    after: list[Clause] = []
    key = re.search(r"(?i)(?<=\S)\s+(?:and (?:press|hit) )?(enter|return|tab|escape|esc)$", rest)
    if key is not None:
        rest = rest[: key.start()]
        after = [Clause(key[1], Verb.PRESS, key=key_chord(key[1]) or "Enter")]
    value = re.fullmatch(
        rf"(?:(?:the )?(?:text|value|word|words|string)\s+)?(?P<v>{LITERAL}|{PATH})", rest
    )
    if value is not None:
        return [Clause(text, verb, value=masks.content(value["v"])), *after]
    if SPACES.match(rest):
        return [Clause(text, verb, value="   "), *after]
    if re.fullmatch(r"(?i)nothing|an empty (?:value|string|text)", rest):
        return [Clause(text, verb, value=""), *after]
    if (filled := _whole(verb, rest, text, masks)) is not None:
        return [filled, *after]
    rest = without_whereabouts(rest)
    if rest and _EVERY_FIELD.match(rest):
        return [Clause(text, Verb.FILL_FORM), *after]
    unquoted = re.match(
        rf"(?i)^(?P<v>[^{QUOTE[1:-1]}]+?)\s+(?:in|into|inside|as|for)\s+(?:the\s+)?(?P<f>.+)$", rest
    )
    joins = (
        "in|into|inside|as|for|on"
        if re.match(r"(?i)(?:set|fill)", body)
        else "in|into|inside|as|for|to|on"
    )
    placed = re.match(rf"(?i)^(?P<v>{LITERAL})\s+(?:{joins})\s+(?:the\s+)?(?P<f>.+)$", rest)
    chosen = placed or (
        unquoted if unquoted is not None and not re.search(LITERAL, unquoted["v"]) else None
    )
    simple = chosen is not None and not re.search(rf"(?i),|\sand\s.*{LITERAL}", chosen["f"])
    if chosen is not None and simple:
        thing, place = split_place(chosen["f"], masks)
        if thing.lower() in ("iframe", "frame", "dialog", "modal", "popup"):
            spoken = spoken_value(chosen["v"], masks)
            return [
                Clause(text, verb, value=spoken, place=Place("", PLACE_KINDS[thing.lower()])),
                *after,
            ]
        phrase = parse_phrase(thing, masks)
        return [
            about_object(
                Clause(text, verb, (phrase,), value=spoken_value(chosen["v"], masks), place=place)
            ),
            *after,
        ]
    return [_fields(verb, rest, text, masks), *after]


def _whole(verb: Verb, rest: str, text: str, masks: Masks) -> Clause | None:
    """A whole form to fill, with what is said of some of its fields; or a line to append."""
    if verb is Verb.APPEND and (added := added_text(rest, masks)) is not None:
        return append(text, added, parse_phrase(added.field, masks) if added.field else None)
    whole = whole_form(rest, masks) if verb in (Verb.TYPE, Verb.FILL_FORM, Verb.CHECK) else None
    if whole is None:
        return None if verb is Verb.APPEND else _given(rest, text, masks)
    every, more, empty = whole
    fields = parse_fields(more, masks) if more else ()
    if any(not one.field.text for one in fields):
        return None
    fields = left_empty(fields) if empty else fields
    return Clause(text, Verb.FILL_FORM, fields=fields, every=every or bool(fields))


def _given(rest: str, text: str, masks: Masks) -> Clause | None:
    """A form to fill with certain entries, or with such as fit."""
    given = form_given(rest)
    if given is None:
        return None
    fields = parse_fields(given.fields, masks) if given.fields else ()
    if any(not one.field.text for one in fields):
        return None
    objects = (parse_phrase(given.name, masks),) if given.name else ()
    return Clause(text, Verb.FILL_FORM, objects, fields=fields, nothing=given.nothing)


def _fields(verb: Verb, rest: str, text: str, masks: Masks) -> Clause:
    core, extra, nothing = split_withs(rest, masks)
    if extra and re.search(r"(?i)\b(?:form|fields|details|everything|address|data)$", core):
        return Clause(
            text,
            Verb.FILL_FORM,
            (parse_phrase(core, masks),),
            fields=(*country_field(core), *extra),
        )
    if nothing:
        return Clause(text, Verb.FILL_FORM, nothing=True)
    body, place = split_place(rest, masks)
    if place is None or place.kind not in ("section", "form", "dialog", "page", "row", "card"):
        body, place = rest, None
    fields = parse_fields(body, masks)
    if len(fields) == 1 and fields[0].value is not None and fields[0].count == 1:
        one = fields[0]
        return about_object(
            Clause(
                text,
                verb if verb is not Verb.FILL_FORM else Verb.TYPE,
                (one.field,),
                value=one.value,
                place=place,
            )
        )
    known = all(
        one.value is not None
        or one.relation is not Relation.ANY
        or one.count > 1
        or one.size is not None
        or one.field.quoted
        or set(one.field.text.lower().split()[-1:]) & FIELD_NOUNS
        or one.field.role
        for one in fields
    )
    if (
        not known
        and verb in (Verb.TYPE, Verb.APPEND)
        and not text.lower().startswith(("set ", "fill"))
    ):
        return Clause(text, verb, value=masks.content(rest))
    return Clause(text, Verb.FILL_FORM, fields=fields, place=place)


def _edit(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    change = re.match(rf"(?i)^(?P<f>.+?)\s+(?:to|with|into)\s+(?P<v>{LITERAL}|\S+)$", rest)
    if change is None:
        return read_thing(verb, rest, body, masks)
    clause = read_thing(verb, change["f"], body, masks)[0]
    return [replace(clause, value=spoken_value(change["v"], masks))]


def _select(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    text = masks.raw(body)
    spread = re.match(r"(?i)^(?P<v>.+?)\s+(?:from|in|for|as|under)\s+(?:the\s+)?(?P<f>.+)$", rest)
    if spread is not None:
        value, field = spread["v"], spread["f"]
        option = parse_phrase(value, masks)
        thing = parse_phrase(field, masks)
        if option.role == "field" and re.search(LITERAL, field):
            option, thing = thing, option
        if thing.role not in ("row", "section", "dialog", "table", "page"):
            return [
                about_object(
                    Clause(
                        text, verb, (thing,), value=option.text or option.raw, every=option.every
                    )
                )
            ]
    if re.match(r"(?i)^(?:the )?(?:nothing|no (?:option|choice))", rest):
        return [Clause(text, verb, nothing=True)]
    return read_thing(verb, rest, body, masks)


def _check(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    if _ASSERTIVE.search(rest) and not re.match(rf"^{QUOTE}$", rest):
        return [Clause(masks.raw(body), Verb.VERIFY, value=_statement(rest, masks))]
    if body.lower().startswith("complet") and (whole := _whole(verb, rest, masks.raw(body), masks)):
        return [whole]
    if re.search(r"(?i)\b(?:form|address|details)$", rest) and body.lower().startswith("complete"):
        return [Clause(masks.raw(body), Verb.FILL_FORM, (parse_phrase(rest, masks),))]
    rest = re.sub(
        r"(?i)\s+(?:as\s+)?(?:complete|completed|done|checked|ticked|finished)$", "", rest
    )
    return read_thing(verb, rest, body, masks)


def _statement(rest: str, masks: Masks) -> str:
    return re.sub(r"(?i)^(?:that|if|whether|for)\s+", "", masks.raw(rest)).strip()


def _verify(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    return [Clause(masks.raw(body), verb, value=_statement(rest, masks))]


def _search(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    text = masks.raw(body)
    rest = re.sub(r"(?i)^(?:for|by)\s+", "", rest)
    thing, place = split_place(rest, masks)
    if (
        place is not None
        and place.kind == ""
        and not place.quoted
        and not re.search(LITERAL, thing)
    ):
        thing, place = rest, None
    phrase = parse_phrase(thing, masks)
    if phrase.pronoun or re.match(r"(?i)^(?:the|that|this)\s+(?:new|created|added)\b", thing):
        return [Clause(text, verb, (replace(phrase, pronoun=True),), place=place, pronoun=True)]
    lead = re.fullmatch(r"(?i)(?:the )?(?:\w+ )?(?:field|box|bar) for (?P<v>.+)", rest)
    value = (
        masks.content(lead["v"])
        if lead
        else masks.literals(thing)[0]
        if phrase.quoted
        else phrase.raw
    )
    return [Clause(text, verb, value=value, place=place)]


def _by(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    """Filter, sort and facet: a field, sometimes with a value or a direction."""
    text = masks.raw(body)
    by = re.match(r"(?i)^(?:(?P<what>.*?)\s+)?by\s+(?P<f>.+)$", rest)
    field = by["f"] if by else re.sub(r"(?i)^the\s+", "", rest)
    if verb is Verb.FILTER:
        fields = parse_fields(field, masks)
        return [Clause(text, verb, fields=fields)]
    down = re.search(r"(?i)[\s,]*\b(?:in )?(asc|ascending|desc|descending)(?: order)?$", field)
    order = None
    if down is not None:
        order = "ascending" if down[1].lower().startswith("asc") else "descending"
        field = field[: down.start()]
    return [about_object(Clause(text, verb, (parse_phrase(field, masks),), value=order))]


def _log_in(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    text = masks.raw(body)
    core, fields, nothing = split_withs(f"x {rest}", masks)
    who = _WHO.search(core)
    named = masks.content(who["who"]).strip() if who is not None else ""
    pair = re.match(r"^(\S+)\s*/\s*(\S+)$", named)
    if pair is not None:
        named, fields = pair[1], parse_fields(f"{pair[1]} / {pair[2]}", masks)
    if re.fullmatch(r"\{\{.*\}\}", named):
        named = ""
    return [Clause(text, verb, who=named, fields=fields, nothing=nothing)]


def _run(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    """A statement to enter (SQL or quoted with "query"), or an action named in quotes."""
    text = masks.raw(body)
    literal = re.fullmatch(
        rf"(?i)(?:the |this )?(?P<what>(?:sql |query |statement )*):?\s*(?P<v>{QUOTE})", rest
    )
    if literal is not None:
        content = masks.content(literal["v"])
        if literal["what"] or re.match(
            r"(?i)(?:select|insert|update|delete|with|pragma|explain)\s", content
        ):
            return [Clause(text, verb, value=content)]
    core, fields, nothing = split_withs(rest, masks)
    broken = any(re.search(r"(?i)typo|error|mistake", one.field.text) for one in fields) or any(
        one.relation is Relation.INVALID for one in fields
    )
    invalid = re.search(r"(?i)\b(?:invalid|broken|malformed|wrong|bad|incorrect)\b", core)
    if broken or (invalid and re.search(r"(?i)statement|query|sql|command", core)):
        statement = FieldValue(
            parse_phrase(
                re.sub(r"(?i)\b(?:an?|invalid|broken|malformed|wrong|bad)\s+", "", core), masks
            ),
            None,
            Relation.INVALID,
        )
        return [Clause(text, verb, (statement.field,), fields=(statement,))]
    return [
        about_object(
            Clause(text, verb, (parse_phrase(core, masks),), fields=fields, nothing=nothing)
        )
    ]


def _apply(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    phrase = parse_phrase(rest, masks)
    named = re.match(
        rf"(?i)^(?:the )?(?:\w+ )*?(?:code|voucher|coupon)\s+(?P<v>{LITERAL}|\S+)$", rest
    )
    if named is not None:
        return [Clause(masks.raw(body), verb, value=masks.content(named["v"]))]
    if phrase.quoted or re.fullmatch(r"[A-Z0-9][A-Z0-9_\-]{2,}", rest):
        return [
            Clause(
                masks.raw(body),
                verb,
                value=masks.content(rest) if not phrase.quoted else phrase.text,
            )
        ]
    return read_thing(verb, rest, body, masks)


def _clear(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    if not body.lower().startswith(("leave", "leaving")):
        return read_thing(verb, rest, body, masks)
    if re.match(r"(?i)^(?:the |all |every )*(?:form|fields?|everything|inputs?)\b", rest):
        return [Clause(masks.raw(body), Verb.FILL_FORM, nothing=True)]
    rest = re.sub(r"(?i)\s+(?:as )?(?:empty|blank|unfilled|out)$", "", rest)
    return read_thing(verb, rest, body, masks)


def _named(rest: str, masks: Masks) -> tuple[str, tuple[FieldValue, ...]]:
    """ "project called X" as the thing and the value of its name."""
    match = re.match(
        r"(?i)^(?P<t>.+?)\s+(?:called|named|titled|with the name|with name)\s+(?P<v>.+)$", rest
    )
    if match is None:
        return rest, ()
    field = "title" if "titled" in rest else "name"
    return match["t"], (
        FieldValue(Phrase(field, raw=field), masks.content(match["v"]), operator="="),
    )


def _add(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    if (added := added_text(rest, masks)) is not None:
        # a page without a text to add it to may have a list of such things
        usual = _add_thing(verb, rest, body, masks)
        phrase = parse_phrase(added.field, masks) if added.field else None
        return [replace(append(masks.raw(body), added, phrase), alternatives=(tuple(usual),))]
    return _add_thing(verb, rest, body, masks)


def _add_thing(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    rest, named = _named(rest, masks)
    into = re.match(r"(?i)^(?P<t>.+?)\s+(?:to|into)\s+(?:the |my |your )?(?P<p>\S.*)$", rest)
    if into is not None:
        inner = _add_thing(verb, into["t"], body, masks)
        return [
            replace(
                inner[0], place=Place(masks.content(into["p"])), fields=(*named, *inner[0].fields)
            )
        ]
    if named:
        return [replace(read_thing(verb, rest, body, masks)[0], fields=named)]
    clause = read_thing(verb, rest, body, masks)[0]
    phrase = clause.object
    if phrase is not None and phrase.quoted:
        return [replace(clause, value=phrase.text)]
    first, _, tail = rest.partition(" ")
    number = word_number(first)
    if number is not None and number > 1 and tail:
        return [replace(read_thing(verb, tail, body, masks)[0], times=number)]
    return [clause]


def _upload(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    fields = parse_fields(re.sub(r"(?i)\s+(?:to|into|in)\s+.*$", "", rest), masks)
    target = re.search(r"(?i)\s+(?:to|into|in)\s+(?:the\s+)?(.+)$", rest)
    phrase = parse_phrase(target[1], masks) if target else Phrase("file", raw="file", role="file")
    named = re.search(PATH, rest)
    value = masks.content(named[0]) if named else (masks.literals(rest) or (None,))[0]
    return [Clause(masks.raw(body), verb, (phrase,), value=value, fields=fields)]


def _drag(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    parts = re.split(
        r"(?i)\s+(?:onto|on to|to|into|over|on|and drop it (?:on|onto|in|into))\s+",
        rest,
        maxsplit=1,
    )
    to = parse_phrase(parts[1], masks) if len(parts) > 1 else None
    return [about_object(Clause(masks.raw(body), verb, (parse_phrase(parts[0], masks),), to=to))]


def _slider(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    match = re.match(r"(?i)^(?P<f>.*?)\s*\b(?:to|at)\s+(?P<v>-?\d+(?:\.\d+)?)\s*%?$", rest)
    if match is None:
        return read_thing(verb, rest, body, masks)
    objects = (parse_phrase(match["f"], masks),) if match["f"] else ()
    return [Clause(masks.raw(body), verb, objects, value=match["v"])]


def _simple(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    """Verbs that need no thing: back, forward, reload, log out, wait."""
    return [Clause(masks.raw(body), verb, value=masks.content(rest) or None)]


_Reader = Callable[[Verb, str, str, Masks], list[Clause]]

READERS: dict[Verb, _Reader] = {
    Verb.OPEN: _open,
    Verb.CLICK: _click,
    Verb.TYPE: _type,
    Verb.APPEND: _type,
    Verb.FILL_FORM: _type,
    Verb.EDIT: _edit,
    Verb.SELECT: _select,
    Verb.CHECK: _check,
    Verb.VERIFY: _verify,
    Verb.SEARCH: _search,
    Verb.FILTER: _by,
    Verb.SORT: _by,
    Verb.FACET: _by,
    Verb.LOG_IN: _log_in,
    Verb.RUN: _run,
    Verb.APPLY: _apply,
    Verb.ADD: _add,
    Verb.UPLOAD: _upload,
    Verb.CLEAR: _clear,
    Verb.DRAG: _drag,
    Verb.SLIDER: _slider,
    Verb.BACK: _simple,
    Verb.FORWARD: _simple,
    Verb.RELOAD: _simple,
    Verb.LOG_OUT: _simple,
    Verb.WAIT: _simple,
}
