"""One piece of a step, already cut out of its sentence, read as clauses."""

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
    name_when_alone,
    strip_lead,
)
from assay.cases.masks import ASIDE, LITERAL, PATH, QUOTE, Masks
from assay.cases.phrases import looks_like_fields, parse_fields, parse_phrase, split_place
from assay.cases.words import word_number

_TIMES = re.compile(r"(?i)\s+(?:(twice)|(thrice)|(\w+) times|(?:once )?(?:more|again)|once)$")
_WITH = re.compile(r"(?i)\s+(?:with|using|having|whose|and leave|leaving)\s+(?=\S)")
_WITHOUT = re.compile(r"(?i)\s+(?:without|with no)\s+(?=\S)")
_NOTHING = re.compile(
    r"(?i)\s*(?:with(?:out)?|and|leaving)?\s*(?:nothing (?:is )?(?:chosen|selected|entered|filled|typed|"
    r"checked|picked)(?: in)?|(?:any|a|making a|making any) (?:choice|selection|option|choosing|input)"
    r"(?: selected| chosen)?|(?:choosing|selecting|entering|filling|typing|picking)(?: in)? "
    r"(?:an option|anything|any \w+|a \w+)|(?:all |the )?(?:fields?|form|everything|inputs?) "
    r"(?:left )?(?:empty|blank)|an? (?:empty|blank) form)$"
)
_SPACES = re.compile(
    r"(?i)^(?:only |just |nothing but |some )?(?:white ?space|spaces|blanks)(?: only)?$"
)
_ASSERTIVE = re.compile(
    r"(?i)^(?:that|if|whether|there|for)\b|\b(?:is|are|was|shows?|displays?|equals?|contains?|has|have|"
    r"appears?|exists?|remains?|reads?|says?)\b"
)
_PATH_ONLY = re.compile(
    rf"(?i)^(?:the )?(?:url |page |path |address |site |website )*(?P<p>{PATH})(?: page)?$"
)
_WHO = re.compile(
    r"(?i)\b(?:as|using)\s+(?:an?\s+|the\s+)?(?P<who>[^,;]+?)(?=\s+(?:with|using|and)\s|$)"
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
    body = strip_lead(text).rstrip(" .,;")
    if not body:
        return []
    found = leading_verb(body) if key_chord(body) is None else None
    if found is None or (name_when_alone(body) and found[1] >= len(body)):
        return [_bare(body, masks)]
    verb, size = found
    rest = body[size:].strip(" :")
    times, rest = _repeats(verb, rest)
    clauses = _READERS.get(verb, _thing)(verb, rest, body, masks)
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


def _repeats(verb: Verb, rest: str) -> tuple[int, str]:
    match = _TIMES.search(f" {rest}") if verb in _POINTED else None
    if match is None:
        return 1, rest
    number = 2 if match[1] else 3 if match[2] else word_number(match[3]) if match[3] else 1
    return (number or 1), f" {rest}"[: match.start()].strip()


def _bare(body: str, masks: Masks) -> Clause:
    """A piece without a verb: a path, a key, a list of fields, or the name of something."""
    text = masks.raw(body)
    times, body = _repeats(Verb.NAME_ONLY, body)
    path = _PATH_ONLY.match(body)
    if path is not None:
        return Clause(text, Verb.OPEN, path=masks.content(path["p"]))
    key = key_chord(body)
    if key is not None:
        return Clause(text, Verb.PRESS, key=key, times=times)
    core, extra, nothing = _withs(body, masks)
    if (extra or nothing) and not leading_verb(core):
        country = _country(core)
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
        return Clause(
            text, Verb.FILL_FORM, fields=parse_fields(body, masks), quoted=masks.literals(body)
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


def _country(text: str) -> tuple[FieldValue, ...]:
    for word in re.findall(r"[\w]+", text.lower()):
        if word in _COUNTRIES:
            return (FieldValue(Phrase("country", raw="country"), _COUNTRIES[word]),)
    return ()


def _withs(rest: str, masks: Masks) -> tuple[str, tuple[FieldValue, ...], bool]:
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


def _thing(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    """A verb and what it is done to, with a place and fields."""
    text = masks.raw(body)
    path = _PATH_ONLY.match(rest)
    if verb is Verb.OPEN and (path is not None or rest in ("/", "the root", "root")):
        return [Clause(text, verb, path=masks.content(path["p"]) if path else "/")]
    core, fields, nothing = _withs(rest, masks)
    if verb is Verb.OPEN:
        core = re.sub(r"(?i)^(?:to|on|in|into|for)\s+(?=\S)", "", core)
        core = re.sub(r"(?i)(?<=\S)\s+(?:link|page)?\s*in a new (?:tab|window)$", "", core)
    thing, place = split_place(core, masks)
    parts = [thing]
    if verb in (Verb.CHECK, Verb.UNCHECK, Verb.SELECT, Verb.DELETE):
        parts = [part for part in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", thing) if part]
    objects = tuple(parse_phrase(part, masks) for part in parts if part)
    objects = tuple(one for one in objects if one != Phrase("", raw=one.raw) or one.raw)
    return [_about(Clause(text, verb, objects, place=place, fields=fields, nothing=nothing))]


def _about(clause: Clause) -> Clause:
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


def _click(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    text = masks.raw(body)
    bare = re.sub(r"(?i)^the\s+", "", rest)
    key = key_chord(bare)
    if key is not None:
        return [Clause(text, Verb.PRESS, key=key)]
    on = re.match(r"(?i)^(?P<key>[\w+\- ]+?)(?: key)?\s+(?:in|on|inside)\s+(?P<thing>.+)$", bare)
    if on is not None and (chord := key_chord(on["key"])) is not None:
        phrase = parse_phrase(on["thing"], masks)
        return [_about(Clause(text, Verb.PRESS, (phrase,), key=chord))]
    purpose = re.match(r"(?i)^(?P<t>.+?)\s+(?:in order )?to\s+(?P<do>[a-z].*)$", rest)
    if (
        purpose is not None
        and leading_verb(purpose["do"])
        and not purpose["do"].lower().startswith(("go ", "open"))
    ):
        rest = purpose["t"]
    clause = _thing(verb, rest, body, masks)[0]
    phrase_text = clause.object.text if clause.object else ""
    maybe = MAYBE_KEYS.get(phrase_text.lower(), phrase_text if len(phrase_text) == 1 else "")
    return [replace(clause, key=maybe if clause.role_hint == "" else "")]


def _open(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    if not rest:
        return [_bare(body, masks)]
    inner = leading_verb(rest)
    if inner is not None and inner[0] in (Verb.BACK, Verb.FORWARD) and inner[1] >= len(rest):
        return [Clause(masks.raw(body), inner[0])]
    named = re.match(rf"(?i)^(?P<thing>.*\S)\s+(?:at|\()?\s*(?P<p>{PATH})\)?$", rest)
    if named is not None and re.search(r"(?i)\bat$", named["thing"]) is None:
        thing = re.sub(r"(?i)\s+(?:at|under|via)$", "", named["thing"])
        return [
            Clause(
                masks.raw(body), verb, (parse_phrase(thing, masks),), path=masks.content(named["p"])
            )
        ]
    return _thing(verb, rest, body, masks)


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
    if _SPACES.match(rest):
        return [Clause(text, verb, value="   "), *after]
    if re.fullmatch(r"(?i)nothing|an empty (?:value|string|text)", rest):
        return [Clause(text, verb, value=""), *after]
    if (
        re.match(
            r"(?i)(?:in\s+)?(?:the |all |every |each )?(?:whole |rest of the |required |mandatory )*"
            r"(?:form|fields?|details|everything|required fields)?$",
            rest,
        )
        and rest
    ):
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
            spoken = _spoken(chosen["v"], masks)
            return [
                Clause(text, verb, value=spoken, place=Place("", PLACE_KINDS[thing.lower()])),
                *after,
            ]
        phrase = parse_phrase(thing, masks)
        return [
            _about(Clause(text, verb, (phrase,), value=_spoken(chosen["v"], masks), place=place)),
            *after,
        ]
    return [_fields(verb, rest, text, masks), *after]


def _spoken(text: str, masks: Masks) -> str:
    content = masks.content(text)
    return "   " if _SPACES.match(content) else content


def _fields(verb: Verb, rest: str, text: str, masks: Masks) -> Clause:
    core, extra, nothing = _withs(rest, masks)
    if extra and re.search(r"(?i)\b(?:form|fields|details|everything|address|data)$", core):
        return Clause(
            text, Verb.FILL_FORM, (parse_phrase(core, masks),), fields=(*_country(core), *extra)
        )
    if nothing:
        return Clause(text, Verb.FILL_FORM, nothing=True)
    body, place = split_place(rest, masks)
    if place is None or place.kind not in ("section", "form", "dialog", "page", "row", "card"):
        body, place = rest, None
    fields = parse_fields(body, masks)
    if len(fields) == 1 and fields[0].value is not None and fields[0].count == 1:
        one = fields[0]
        return _about(
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
        return _thing(verb, rest, body, masks)
    clause = _thing(verb, change["f"], body, masks)[0]
    return [replace(clause, value=_spoken(change["v"], masks))]


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
                _about(
                    Clause(
                        text, verb, (thing,), value=option.text or option.raw, every=option.every
                    )
                )
            ]
    if re.match(r"(?i)^(?:the )?(?:nothing|no (?:option|choice))", rest):
        return [Clause(text, verb, nothing=True)]
    return _thing(verb, rest, body, masks)


def _check(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    if _ASSERTIVE.search(rest) and not re.match(rf"^{QUOTE}$", rest):
        return [Clause(masks.raw(body), Verb.VERIFY, value=_statement(rest, masks))]
    if re.search(r"(?i)\b(?:form|address|details)$", rest) and body.lower().startswith("complete"):
        return [Clause(masks.raw(body), Verb.FILL_FORM, (parse_phrase(rest, masks),))]
    rest = re.sub(
        r"(?i)\s+(?:as\s+)?(?:complete|completed|done|checked|ticked|finished)$", "", rest
    )
    return _thing(verb, rest, body, masks)


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
    return [_about(Clause(text, verb, (parse_phrase(field, masks),), value=order))]


def _log_in(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    text = masks.raw(body)
    core, fields, nothing = _withs(f"x {rest}", masks)
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
    core, fields, nothing = _withs(rest, masks)
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
        _about(Clause(text, verb, (parse_phrase(core, masks),), fields=fields, nothing=nothing))
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
    return _thing(verb, rest, body, masks)


def _clear(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    if not body.lower().startswith(("leave", "leaving")):
        return _thing(verb, rest, body, masks)
    if re.match(r"(?i)^(?:the |all |every )*(?:form|fields?|everything|inputs?)\b", rest):
        return [Clause(masks.raw(body), Verb.FILL_FORM, nothing=True)]
    rest = re.sub(r"(?i)\s+(?:as )?(?:empty|blank|unfilled|out)$", "", rest)
    return _thing(verb, rest, body, masks)


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
    rest, named = _named(rest, masks)
    into = re.match(r"(?i)^(?P<t>.+?)\s+(?:to|into)\s+(?:the |my |your )?(?P<p>\S.*)$", rest)
    if into is not None:
        inner = _add(verb, into["t"], body, masks)
        return [
            replace(
                inner[0], place=Place(masks.content(into["p"])), fields=(*named, *inner[0].fields)
            )
        ]
    if named:
        return [replace(_thing(verb, rest, body, masks)[0], fields=named)]
    clause = _thing(verb, rest, body, masks)[0]
    phrase = clause.object
    if phrase is not None and phrase.quoted:
        return [replace(clause, value=phrase.text)]
    first, _, tail = rest.partition(" ")
    number = word_number(first)
    if number is not None and number > 1 and tail:
        return [replace(_thing(verb, tail, body, masks)[0], times=number)]
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
    return [_about(Clause(masks.raw(body), verb, (parse_phrase(parts[0], masks),), to=to))]


def _slider(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    match = re.match(r"(?i)^(?P<f>.*?)\s*\b(?:to|at)\s+(?P<v>-?\d+(?:\.\d+)?)\s*%?$", rest)
    if match is None:
        return _thing(verb, rest, body, masks)
    objects = (parse_phrase(match["f"], masks),) if match["f"] else ()
    return [Clause(masks.raw(body), verb, objects, value=match["v"])]


def _simple(verb: Verb, rest: str, body: str, masks: Masks) -> list[Clause]:
    """Verbs that need no thing: back, forward, reload, log out, wait."""
    return [Clause(masks.raw(body), verb, value=masks.content(rest) or None)]


_Reader = Callable[[Verb, str, str, Masks], list[Clause]]
_READERS: dict[Verb, _Reader] = {
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

__all__ = ["Place", "read_piece"]
