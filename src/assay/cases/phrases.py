"""Noun phrases of test steps: named things, places, and lists of fields with their values."""

from __future__ import annotations

import re
from dataclasses import replace

from assay.cases.clauses import FieldValue, Phrase, Place, Relation
from assay.cases.lexicon import FIELD_NOUNS, GENERIC_THINGS, PLACE_KINDS, PRONOUNS, ROLE_WORDS
from assay.cases.masks import ANY, ASIDE, LITERAL, PATH, QUOTE, Masks
from assay.cases.reading_entries import made_up
from assay.cases.words import word_number, word_ordinal

_ARTICLE = re.compile(
    r"^(?:(?:the|a|an|my|your|our|its|his|her|their|that|this|some|any)\s+(?!and\b))+", re.I
)
_EVERY = re.compile(r"^(?:all(?: of)?(?: the)?|every|each(?: of the)?|both(?: the)?)\s+", re.I)
_ROLES = sorted(ROLE_WORDS, key=len, reverse=True)
_ROLE_END = re.compile(
    rf"^(?P<rest>.*?)\s*\b(?P<role>{'|'.join(map(re.escape, _ROLES))})(?:e?s)?$", re.I
)
_ROLE_START = re.compile(
    rf"^(?P<role>{'|'.join(map(re.escape, _ROLES))})\s+(?:named |called |labell?ed |with text |"
    rf"titled |with the text |that says |with label |with the label )?(?P<rest>.+)$",
    re.I,
)
_NUMBER_END = re.compile(r"^(?P<head>.*\D)\s#?(?P<number>\d+)$")
_KINDS = "|".join(sorted(map(re.escape, PLACE_KINDS), key=len, reverse=True))
_PLACES = (
    re.compile(
        rf"^(?P<thing>.*?)\s+(?:in|on|of|from|under|within|inside|at|for|into)\s+(?:the\s+)?"
        rf"(?P<place>(?:{ANY}|[\w\- ])+?)\s+(?P<kind>{_KINDS})$",
        re.I,
    ),
    re.compile(
        rf"^(?P<thing>.*?)\s+(?:in|on|of|from|under|within|inside|at)\s+(?:the\s+)?"
        rf"(?P<kind>{_KINDS})\s+(?:of |for |named |called |titled |with |containing |"
        rf"that contains |that says )?(?:the\s+)?(?P<place>.+)$",
        re.I,
    ),
    re.compile(
        r"^(?P<thing>.*?)\s+(?P<near>next to|beside|near|besides|right of|left of|to the right of|"
        r"to the left of|below|above|underneath|under|belonging to|corresponding to)\s+"
        r"(?:the\s+)?(?P<place>.+)$",
        re.I,
    ),
    re.compile(
        rf"^(?P<thing>.*?)\s+(?:in|on|from|within|inside|of|at)\s+(?:the\s+)?(?P<kind>{_KINDS})$",
        re.I,
    ),
    re.compile(
        r"^(?P<thing>.*?)\s+(?:in|inside|within|for|of)\s+(?:the\s+)?(?P<place>[^\s].*)$", re.I
    ),
)
# "the button in the dialog box labeled "x"" speaks of the button's label
_LABELLED_LAST = re.compile(
    rf"^(?P<role>(?:the )?(?:button|link|checkbox|field|icon|tab)) in (?P<place>.*?)(?: box)?\s+"
    rf"(?:labell?ed|named|called|with the text|with text|that says)\s+(?P<name>{QUOTE})$",
    re.I,
)
_POSSESSIVE = re.compile(r"^(?P<owner>.+?)(?:'s|’s)\s+(?P<thing>.+)$", re.I)


def parse_phrase(text: str, masks: Masks) -> Phrase:
    """A named thing without its articles, ordinal, role word, brackets and quotes."""
    aside = masks.asides(text)
    body = re.sub(rf"\s*{ASIDE}", "", text).strip(" .,;:")
    raw = masks.content(body)
    negated = bool(re.match(r"(?i)^(?:not|no|without)\s", body))
    body = re.sub(r"(?i)^(?:not|no|without)\s+", "", body)
    body, every, ordinal = _counted(body)
    body = _ARTICLE.sub("", body)
    named = _named_role(body, masks)
    if named is not None:
        return replace(named, raw=raw, every=every, ordinal=ordinal, aside=aside, negated=negated)
    literals = masks.literals(body)
    if literals and re.fullmatch(rf"{QUOTE}", body):
        return Phrase(
            literals[0],
            raw=literals[0],
            quoted=True,
            every=every,
            ordinal=ordinal,
            aside=aside,
            negated=negated,
        )
    low = body.lower()
    if low in PRONOUNS:
        return Phrase("", raw=raw, pronoun=True, ordinal=ordinal, every=every, aside=aside)
    role = ""
    match = _ROLE_END.match(body)
    if match is not None and (match["rest"] or ordinal is not None or every or low in ROLE_WORDS):
        role, body = ROLE_WORDS[match["role"].lower()], _ARTICLE.sub("", match["rest"].strip())
        if low in GENERIC_THINGS and ordinal is None and not every:
            return Phrase("", raw=raw, role=role, pronoun=True, aside=aside)
    body, ordinal = _late_ordinal(body, ordinal)
    content = masks.content(body).strip()
    number = _NUMBER_END.match(content)
    if content.lower() in GENERIC_THINGS and role == "" and (every or ordinal is not None):
        content, role = "", "item"
    return Phrase(
        content,
        raw=raw,
        quoted=bool(literals) and re.fullmatch(QUOTE, body) is not None,
        role=role,
        ordinal=ordinal,
        every=every,
        aside=aside,
        negated=negated,
        number=number["number"] if number else "",
    )


def _counted(body: str) -> tuple[str, bool, int | None]:
    body = _ARTICLE.sub("", body)
    every = _EVERY.match(body)
    if every is not None and len(body) > every.end():
        return body[every.end() :], True, None
    if body.lower() in ("all", "everything", "both"):
        return "", True, None
    first, _, rest = body.partition(" ")
    position = word_ordinal(first)
    if position is not None and first.lower() != "only":
        # "First name" is a field, "the first link" a position
        follows = rest.strip().lower()
        if not (follows.startswith("name") and first.lower() in ("first", "last")):
            return rest.strip(), False, position
    return body, False, None


def _late_ordinal(body: str, ordinal: int | None) -> tuple[str, int | None]:
    if ordinal is not None:
        return body, ordinal
    first, _, rest = body.partition(" ")
    position = word_ordinal(first)
    if (
        position is not None
        and not rest
        and first.lower() not in ("top", "bottom", "only", "final")
    ):
        return rest, position
    return body, None


def _named_role(body: str, masks: Masks) -> Phrase | None:
    """``the "Save" button``, ``button "Save"``, ``checkbox for X``: role word beside a quote."""
    match = re.match(rf"^(?P<q>{QUOTE})\s+(?P<role>.+)$", body)
    if match is not None and match["role"].lower() in ROLE_WORDS:
        return Phrase(
            masks.content(match["q"]), quoted=True, role=ROLE_WORDS[match["role"].lower()]
        )
    match = _ROLE_START.match(body)
    if match is None:
        return None
    rest = match["rest"]
    role = ROLE_WORDS[match["role"].lower()]
    if re.fullmatch(QUOTE, rest):
        return Phrase(masks.content(rest), quoted=True, role=role)
    if rest[:1].isupper() and role in (
        "button",
        "link",
        "tab",
        "checkbox",
        "radio",
        "field",
        "option",
    ):
        return Phrase(masks.content(rest), role=role)
    number = re.fullmatch(r"(?:number |no\.? |#)?(\d+)", rest, re.I)
    if number is not None and role in ("row", "item", "tab", "option", "card"):
        return None if role in ("option", "tab") else Phrase("", role=role, ordinal=int(number[1]))
    if re.match(
        r"(?i)(?:named|called|labell?ed|with text|titled|that says)\s",
        body[len(match["role"]) + 1 :],
    ):
        return Phrase(masks.content(rest), role=role)
    return None


def split_place(text: str, masks: Masks) -> tuple[str, Place | None]:
    """The thing without where it is, and the place. Quoted places and known kinds are sure."""
    text = _LABELLED_LAST.sub(r"\g<role> \g<name> in \g<place>", text)
    bare = re.sub(rf"\s*{ASIDE}$", "", text)
    if bare != text:  # "on the first row (Ann)" tells of the row, not of the thing
        thing, place = split_place(bare, masks)
        if place is not None and place.kind in {"row", "card", "table"}:
            return thing, place
    owned = _owned(text, masks)
    if owned is not None:
        return owned
    for at, pattern in enumerate(_PLACES):
        match = pattern.match(text)
        if match is None:
            continue
        groups = match.groupdict()
        kind = (
            "near"
            if groups.get("near")
            else PLACE_KINDS.get((groups.get("kind") or "").lower(), "")
        )
        name = (groups.get("place") or "").strip()
        if at == len(_PLACES) - 1 and not _loose_place(match["thing"], name, text):
            continue
        position = None
        first, _, rest = name.partition(" ")
        if word_ordinal(first) is not None and (kind or not rest):
            position, name = word_ordinal(first), rest
        if name.lower() in ("same", "this", "that", "the", "new"):
            name = ""
        return match["thing"].strip(), Place(
            masks.content(_ARTICLE.sub("", name)).strip(),
            kind or ("section" if groups.get("kind") else ""),
            position,
            bool(re.fullmatch(QUOTE, name)),
        )
    return text, None


def _loose_place(thing: str, name: str, text: str) -> bool:
    """Whether a plain "X in Y" names a place rather than being one name ("Terms of use")."""
    if re.search(r"\s(?:of|for)\s", text) and not re.search(rf"{QUOTE}", name):
        return re.search(rf"{QUOTE}\s*\w*\s(?:of|for)\s", text) is not None
    return bool(thing.strip()) and len(name.split()) <= 5


def _owned(text: str, masks: Masks) -> tuple[str, Place | None] | None:
    match = _POSSESSIVE.match(text)
    if match is None:
        return None
    owner = parse_phrase(match["owner"], masks)
    if owner.role not in ("row", "item", "section", "dialog", "card", "table"):
        return None
    kind = "row" if owner.role == "item" else owner.role
    return match["thing"], Place(owner.text, kind, owner.ordinal, owner.quoted)


_QUALIFIERS: tuple[tuple[str, Relation], ...] = (
    (r"(?:the )?same|matching|identical", Relation.SAME),
    (
        r"different|differing|mismatch(?:ing|ed)|non-?matching|unequal|not matching",
        Relation.DIFFERENT,
    ),
    (r"wrong|incorrect|bad", Relation.WRONG),
    (r"invalid|malformed|illegal|broken|ill-formed", Relation.INVALID),
    (r"empty|blank|no|missing|without an?y?", Relation.BLANK),
    (r"new|unused|fresh|unique|random|unregistered|another|other", Relation.NEW),
    (r"too long|very long|long|overlong", Relation.LONG),
    (r"valid|correct|right|any|some|proper|suitable", Relation.ANY),
)
_SPACES = re.compile(r"(?i)^(?:only |just |nothing but )?(?:white ?space|spaces|blanks)(?: only)?$")
_TIMES = re.compile(
    r"(?i)\s+(?:(twice|two times)|(thrice|three times)|in both(?: fields)?|(again))$"
)
_SIZE = re.compile(r"(?i)^(?:an? )?(\d+)[\s-]*(bytes?|b|kb|mb)\s+(.*)$")
_BOTH = re.compile(
    r"(?i)\s+(?:in|into)\s+both(?:\s+(?:of the|the))?(?:\s+\w+)?\s+(?:fields|boxes|inputs)$"
)
_UNITS = {"b": 1, "byte": 1, "bytes": 1, "kb": 1024, "mb": 1024 * 1024}


def parse_fields(text: str, masks: Masks) -> tuple[FieldValue, ...]:
    """``name, the same password twice and a 5-byte file`` as fields with values or relations."""
    pair = re.fullmatch(
        r"(?P<user>\S+)\s*/\s+(?P<pass>\S+)|(?P<u>\S+)\s+/\s*(?P<p>\S+)", text.strip()
    )
    if pair is not None:
        user, secret = pair["user"] or pair["u"], pair["pass"] or pair["p"]
        return (
            FieldValue(Phrase("username", raw="username"), masks.content(user)),
            FieldValue(Phrase("password", raw="password"), masks.content(secret)),
        )
    both = _BOTH.search(text)
    if both is not None:
        return tuple(
            replace(one, relation=Relation.SAME, count=2)
            for one in parse_fields(text[: both.start()], masks)
        )
    text = re.sub(
        r"(?i)\s+(?:in|into|to|on)\s+the\s+(?:text |input |form )?(?:fields?|boxes|form|inputs?)$",
        "",
        text.strip(),
    )
    parts = re.split(
        r"\s*,\s*(?:and\s+)?|\s+and\s+(?!repeat|confirm)|\s+plus\s+|\s*&\s*", text.strip()
    )
    fields = [parse_field(part, masks) for part in parts if part.strip()]
    return tuple(one for one in fields if one is not None)


def parse_field(text: str, masks: Masks) -> FieldValue | None:
    """One field with its value, relation, count or size."""
    body = re.sub(
        r"(?i)^(?:in |into |for |with |using |set |fill(?: in)? |enter |type )+",
        "",
        text.strip(" .;:"),
    )
    if (writing := made_up(body)) is not None:
        return FieldValue(writing)
    body = _ARTICLE.sub("", body) if not re.match(r"(?i)the same", body) else body
    if not body:
        return None
    size = _SIZE.match(body)
    if size is not None:
        thing = parse_phrase(size[3], masks)
        return FieldValue(
            replace(thing, text=thing.text or "file", role="file"),
            size=int(size[1]) * _UNITS[size[2].lower()],
        )
    given = _given_value(body, masks)
    if given is not None:
        return given
    return _related(body, masks)


def _given_value(body: str, masks: Masks) -> FieldValue | None:
    value = rf"(?:{LITERAL}|{PATH})"
    for pattern, operator in (
        (rf"^(?P<v>{value})\s+(?:in|into|as|for|on)\s+(?:the\s+)?(?P<f>.+)$", "="),
        (r"^(?P<f>[\w\- ]+?)\s*(?P<op>!=|<>|>=|<=|=|<|>)\s*(?P<v>.+)$", ""),
        (
            (
                rf"^(?P<f>{QUOTE}|.+?)(?: field| box)?\s*(?::|\bto\b|\bis\b|\bas\b|\bof\b|\bwith\b|"
                rf"\bequals?\b|\bcontaining\b|\bcontains\b)\s*(?P<v>{value})$"
            ),
            "=",
        ),
        (rf"^(?P<f>{QUOTE}|.+?)\s+(?P<v>{value})$", "="),
        (r"^(?P<f>[\w\- ]+?)\s*(?::|\bto\b|\bis\b|\bwith\b|\bequals?\b)\s+(?P<v>.+)$", "="),
        (r"^(?P<v>\S+)\s+(?:into|in|as)\s+(?:the\s+)?(?P<f>.+)$", "="),
    ):
        match = re.match(pattern, body, re.I)
        if match is not None:
            sign = match.groupdict().get("op") or operator
            spoken = masks.content(match["v"])
            relation = Relation.SPACES if _SPACES.match(spoken) else Relation.ANY
            return FieldValue(
                parse_phrase(match["f"], masks),
                "   " if relation is Relation.SPACES else spoken,
                relation,
                operator=sign,
            )
    words = body.split()
    for at in range(len(words) - 1, 0, -1):
        head, tail = words[:at], words[at:]
        if head[-1].lower().strip("'\"") in FIELD_NOUNS and _is_value(tail, masks):
            return FieldValue(
                parse_phrase(" ".join(head), masks), masks.content(" ".join(tail)), operator="="
            )
    return None


def _is_value(words: list[str], masks: Masks) -> bool:
    if len(words) != 1:
        return False
    word = masks.content(words[0])
    low = word.lower()
    if (
        low in FIELD_NOUNS
        or low in ROLE_WORDS
        or low in ("twice", "again", "only", "chosen", "selected")
    ):
        return False
    return bool(re.search(r"[\d@{]", word)) or word.isupper() or word[:1].isupper() or low.isalpha()


def _related(body: str, masks: Masks) -> FieldValue | None:
    count, relation = 1, Relation.ANY
    times = _TIMES.search(body)
    if times is not None:
        count = 3 if times[2] else 2
        body = body[: times.start()]
    first, _, rest = body.partition(" ")
    number = word_number(first)
    if number is not None and rest and number > 0:
        count, body = number, rest
    for pattern, kind in _QUALIFIERS:
        match = re.match(rf"(?i)^(?:{pattern})\s+(?=\S)", body)
        if match is not None:
            relation, body = kind, body[match.end() :]
            break
    late = re.search(r"(?i)\s+(?:left )?(empty|blank)$", body)
    if late is not None:
        relation, body = Relation.BLANK, body[: late.start()]
    if relation is Relation.DIFFERENT and count == 1:
        count = 2
    thing = parse_phrase(body, masks)
    if thing.text.lower().startswith("only ") and _SPACES.match(thing.text):
        relation = Relation.SPACES
    if count > 1 and thing.text.endswith("s") and not thing.quoted:
        thing = replace(thing, text=_singular(thing.text))
    size = 5 if thing.role == "file" and thing.text == "" else None
    if thing.role == "file" and thing.text == "":
        thing = replace(thing, text="file")
    return FieldValue(thing, None, relation, count, size)


def _singular(text: str) -> str:
    if text.endswith("ies"):
        return text[:-3] + "y"
    if text.endswith(("sses", "ches", "shes", "xes")):
        return text[:-2]
    return text[:-1] if not text.endswith("ss") else text


def looks_like_fields(text: str, masks: Masks) -> bool:
    """Whether a bare piece reads as a list of fields rather than as the name of one control."""
    if re.search(r"(?i)\b\d+[\s-]*(?:bytes?|kb|mb)\b", text):
        return True
    fields = parse_fields(text, masks)
    for one in fields:
        if one.relation not in (Relation.ANY, Relation.NEW) or one.size is not None:
            continue
        if one.value is not None and one.operator:
            continue
        if made_up(one.field.raw):
            continue
        words = one.field.text.lower().split()
        if not words or not (set(words[-1:]) & FIELD_NOUNS or one.count > 1):
            return False
        if one.field.text[:1].isupper() and one.count == 1 and one.value is None:
            return False
    return bool(fields)
