"""Entries of forms that a step asks for without naming a field or a value: a sentence, the box
below, a line to add, every field. Texts come masked (see ``masks``)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assay.cases.clauses import Clause, FieldValue, Phrase, Relation, Verb
from assay.cases.masks import LITERAL, QUOTE, Masks

_FILLERS = (
    r"(?:(?:very |quite )?(?:short|brief|little|small|new|plausible|sensible|suitable|meaningful|"
    r"sample|random|valid|simple|other|more|fitting|proper|realistic|correct|good|arbitrary)\s+)*"
)
_WRITING = (
    r"(?:sentences?|paragraphs?|words?|lines?(?: of text)?|text|prose|"
    r"body text|words? of text|sentences? of text)"
)
_MADE_UP = re.compile(
    rf"(?i)^(?:an?|one|two|three|some|any|a few|a couple of|a bit of)\s+{_FILLERS}{_WRITING}$"
)
_BOX = r"(?:text\s?)?(?:box|field|area|input|editor|form)|textarea"
_WHERE_ON_PAGE = re.compile(
    rf"(?i)\b(?P<box>{_BOX})\s+(?:(?:just |right |further )?(?:below|above|underneath|beneath)|"
    r"(?:at|on|near) the (?:very )?(?:bottom|top|end|foot)(?: of (?:the|this) page)?|"
    r"(?:on|of) (?:the|this) page|provided|there)$"
)
_ADDED = re.compile(
    r"(?i)^(?:the |an? |another |this |one more )?(?:new |extra |further |last )?"
    r"(?P<what>line|text|sentence|words?|paragraph|phrase)(?: of text)?\s*:?\s*"
    rf"(?P<v>{QUOTE})(?P<where>\s+(?:to|at|in|into|on)\s+\S.*)?$"
)
_END = re.compile(
    r"(?i)^\s+(?:(?:to|at|on)\s+)?(?:the )?(?:very )?(?:end|bottom|foot)(?:\s+of\s+(?P<of>.+))?$"
)
_WHOLE = re.compile(
    r"(?i)^(?:(?:in|out|up)\s+)?(?P<all>(?:(?:all|every|each|whole|entire|the|of|rest|complete|"
    r"single|this|these|its|other|remaining)\s+)*)(?P<what>forms?|fields?|boxes|inputs|everything)"
    r"(?:\s+(?:in|out|up|completely|fully|there|of the form|in the form|on the (?:form|page)))*"
    r"(?P<how>\s+(?:with|using)\s+(?:some\s+|any\s+)?"
    rf"{_FILLERS}(?:entries|values|data|content|contents|things|input|text|details|information))?"
    rf"(?P<more>(?:\s*,|\s+(?:but|except|apart|with|and)\b|\s*{LITERAL}).*)?$"
)
_FORM_WITH = re.compile(
    r"(?i)^(?:(?:in|out|up)\s+)?(?:the\s+|a\s+|an\s+|this\s+|our\s+)?"
    r"(?P<form>(?:[\w'&-]+\s+){0,3}form)\s+(?:with|using)\s+(?P<given>.+)$"
)
_NOTHING = re.compile(r"(?i)^(?:nothing|no (?:data|entries|values|input))(?: (?:at all|entered))?$")
_FITTING = re.compile(
    rf"(?i)^(?:some\s+|any\s+|the\s+)?{_FILLERS}(?:test\s+|dummy\s+|user\s+|required\s+)?"
    r"(?:entries|values|data|content|contents|input|inputs|details|information|info)$"
)
_EACH = re.compile(r"(?i)\b(?:all|every|each|whole|entire|complete|everything)\b")
_EXCEPT = re.compile(r"(?i)^(?:but|except(?:\s+for)?|apart\s+from|other\s+than|leaving|leave)\s+")
_ONES = re.compile(r"(?i)^(?:(?P<new>new|other|old)\s+)?ones?$")


def made_up(text: str) -> Phrase | None:
    """What "a sentence" or "some words" asks for: writing of the tester's own, for the field of the
    form that takes the most. ``None`` for anything else."""
    if _MADE_UP.match(text.strip()) is None:
        return None
    return Phrase("", raw=text.strip(), role="text")


def without_whereabouts(rest: str) -> str:
    """ "the box below" as "the box": it says where on the page a field is that has no name."""
    return _WHERE_ON_PAGE.sub(lambda match: match["box"], rest)


@dataclass(frozen=True, slots=True)
class Given:
    """A form to fill and what with, masked: ``name`` is empty for "the form" alone, ``fields`` for
    entries that only have to fit, and for ``nothing`` at all."""

    name: str
    fields: str
    nothing: bool = False


def form_given(rest: str) -> Given | None:
    """ "the contact form with valid data", "in the form with name 'x' and an invalid email"."""
    match = _FORM_WITH.match(rest)
    if match is None:
        return None
    name = match["form"] if match["form"].lower() != "form" else ""
    if _NOTHING.match(match["given"]):
        return Given(name, "", nothing=True)
    return Given(name, "" if _FITTING.match(match["given"]) else match["given"])


@dataclass(frozen=True, slots=True)
class Added:
    """A text to put behind what a field holds; ``line`` when it begins a line of its own.
    ``field`` is what the field is called, masked, or ``""``."""

    value: str
    line: bool
    field: str


def added_text(rest: str, masks: Masks) -> Added | None:
    """ "the line 'x'", "a sentence 'x' at the end of the notes"; ``None`` for other things."""
    match = _ADDED.match(rest)
    if match is None:
        return None
    where = match["where"] or ""
    end = _END.match(where)
    field = (end["of"] or "") if end else re.sub(r"(?i)^\s+\w+\s+(?:the\s+)?", "", where)
    field = re.sub(r"(?i)^(?:the|its)\s+", "", field)
    if re.fullmatch(rf"(?i)(?:page|text|contents?|document|editor|{_BOX})", field):
        field = ""
    return Added(masks.content(match["v"]), match["what"].lower() in ("line", "paragraph"), field)


def append(text: str, added: Added, phrase: Phrase | None) -> Clause:
    """The clause that puts a text behind what a field holds."""
    objects = (phrase,) if phrase is not None else ()
    return Clause(text, Verb.APPEND, objects, value=added.value, key="line" if added.line else "")


def whole_form(rest: str, masks: Masks) -> tuple[bool, str, bool] | None:
    """Whether "every field, two different passwords" means really every field, what is said of
    single ones, masked, and whether those are to stay empty. ``None`` when it is no whole form."""
    match = _WHOLE.match(rest)
    if match is None:
        return None
    more = re.sub(r"^[\s,]*(?:and\s+)?", "", match["more"] or "")
    excepted = _EXCEPT.match(more) is not None
    more = _EXCEPT.sub("", more)
    more = re.sub(r"(?i)^(?:leave|leaving)\s+(?:the\s+)?", "", more)
    if excepted:
        more = re.sub(r"(?i)\s+(?:left\s+)?(?:empty|blank|unfilled|out)\b", "", more)
    given = re.match(r"(?i)^(?:with|using)\s+", more)
    if given is not None:
        more = more[given.end() :]
        # "the form with name 'x'" asks for that field and what the form demands
        if not excepted and _EACH.search(f"{match['all']} {match['what']}") is None:
            return None
    return bool(_EACH.search(f"{match['all']} {match['what']}")), more, excepted and not given


def left_empty(fields: tuple[FieldValue, ...]) -> tuple[FieldValue, ...]:
    """The fields as ones that stay empty, unless something else is said of them."""
    return tuple(
        replace(one, relation=Relation.BLANK)
        if one.relation is Relation.ANY and one.value is None
        else one
        for one in fields
    )


def with_antecedents(clauses: list[Clause]) -> list[Clause]:
    """The clauses with what "two different new ones" means: more of the field named before."""
    last = ""
    made: list[Clause] = []
    for clause in clauses:
        fields: list[FieldValue] = []
        for one in clause.fields:
            ones = _ONES.match(one.field.text)
            if ones is not None and last:
                noun = last.rsplit(maxsplit=1)[-1]
                text = f"{ones['new']} {noun}" if ones["new"] else noun
                one = replace(one, field=Phrase(text, raw=text))
            elif one.field.text and ones is None:
                last = one.field.text
            fields.append(one)
        made.append(replace(clause, fields=tuple(fields)) if fields else clause)
    return made
