"""Finding moves in a line of a manual test: orders that the readers of single verbs cannot read.

A move is looked for at the start of each order of the line. What is not a move is handed back as
text, to be read as before. Lines come masked (see ``masks``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assay.cases.clauses import Clause, FieldValue, Phrase, Place, Verb
from assay.cases.lexicon import leading_verb, strip_lead
from assay.cases.masks import LITERAL, QUOTE, Masks
from assay.cases.phrases import parse_phrase
from assay.cases.words import word_number, word_ordinal

Read = Callable[[str, Masks], list[Clause]]
_Maker = Callable[[re.Match[str], Masks], list[Clause] | None]

# Where an order ends: at the end, or before a joint and a verb that starts another one.
_NEXT = r"(?:click|press|hit|submit|tap|push|select|choose|then|check|verify)\b"
_END = rf"(?=\s*(?:[.;!?]*\s*$|[;]\s|,?\s+(?:and|then|and then)\s+{_NEXT}|[.]\s+(?=[A-Z])|\n))"
# A name ends before any other order: there is no "and" in it.
_BEFORE_AND = r"(?=\s*(?:[.;!?]*\s*$|[;]\s|,?\s+(?:and|then)\s|[.]\s|\n))"
_START = re.compile(r"(?:^|[;\n]\s*|,?\s+(?:and|then|and then)\s+|,\s+|[.]\s+)(?=\S)")
_NAME = r"(?:@?[\w.\-]+(?: (?-i:[A-Z])[\w.\-]*)*|[\ue100-\ue4ff])"
_THINGS = (
    r"(?:e-?mails?|messages?|mails?|posts?|tweets?|users?|people|person|contacts?|customers?|"
    r"orders?|products?|items?|rows?|entry|entries|records?|articles?|comments?|threads?|cards?|"
    r"accounts?|tickets?|tasks?|notes?|files?)"
)
_DATE = (
    r"(?:\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+,?"
    r" \d{4}|[A-Z][a-z]+ \d{1,2}(?:st|nd|rd|th)?,? \d{4}|[\ue100-\ue4ff\ued00-\uf0ff])"
)
_STYLES = {
    "bold": "bold", "italic": "italic", "italics": "italic", "underline": "underline",
    "underlined": "underline", "strikethrough": "strike", "struck through": "strike",
}  # fmt: skip
_DONE = {"deleted": "delete", "removed": "remove", "forwarded": "forward", "archived": "archive"}
_LOOKS_LIKE_DATE = re.compile(rf"^{_DATE}$")


def read_moves(text: str, masks: Masks, read: Read) -> list[Clause]:
    """The clauses of a line, its moves among them; the rest is read by ``read``."""
    text = _plainer(text, masks)
    made: list[Clause] = []
    start = 0
    at = 0
    while at <= len(text):
        found = _move_at(text, at, masks)
        if found is not None:
            clauses, end = found
            made += _rest(text[start:at], masks, read)
            made += clauses
            start = at = end
        joint = _START.search(text, at + (0 if found else 1))
        if joint is None:
            break
        at = joint.end()
        if found is not None:
            start = at
    return made + _rest(text[start:], masks, read)


def _rest(text: str, masks: Masks, read: Read) -> list[Clause]:
    body = re.sub(r"(?i)(?:[\s,;.?!]|\b(?:and|then)\s*)+$", "", text)
    body = re.sub(r"(?i)^(?:[\s,;.?!]|(?:and|then)\s)+", "", body)
    if not body:
        return []
    placed = _for_whom(body, masks)
    if placed is not None:
        place, order = placed
        clauses = read(order, masks)
        return [replace(clauses[0], place=clauses[0].place or place), *clauses[1:]]
    return read(body, masks)


def _move_at(text: str, at: int, masks: Masks) -> tuple[list[Clause], int] | None:
    body = text[at:]
    bare = strip_lead(body)
    at += len(body) - len(bare) if body.endswith(bare) else 0
    for pattern, maker in _MOVES:
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
        rf"(?i)(?:for|on|in) (?:the |each )?{_THINGS} (?:by |of |from |called |named )?"
        rf"(?P<who>{_NAME}),\s+(?P<order>\w+ .+)$",
        text,
    )
    if match is None or leading_verb(match["order"]) is None:
        return None
    return Place(masks.content(match["who"]), "row", quoted=True), match["order"]


def _clause(match: re.Match[str], masks: Masks, verb: Verb, **more: object) -> Clause:
    return replace(Clause(masks.raw(match[0]).strip(" ,.;"), verb), **more)  # type: ignore[arg-type]


# -- the moves ---------------------------------------------------------------------------------


def _several(match: re.Match[str], masks: Masks) -> list[Clause] | None:
    items = [one for one in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", match["items"]) if one]
    if any(leading_verb(item) and not re.fullmatch(QUOTE, item) for item in items[1:]):
        return None
    followed = re.match(r"(?i),? (?:and|then) ", match.string[match.end() :])
    if len(items) == 2 and not (match["where"] or followed or " and " in match["items"]):
        return None  # "choose Yes, Vote" is a choice and a button
    verb = leading_verb(match["verb"])
    assert verb is not None
    where = parse_phrase(match["where"], masks) if match["where"] else None
    made = []
    for item in items:
        name = masks.content(item)
        text = masks.raw(f"{match['verb']} {item}")
        if where is not None and verb[0] is Verb.SELECT:
            made.append(Clause(text, verb[0], (replace(where, role="list"),), value=name))
        else:
            quoted = re.fullmatch(QUOTE, item) is not None
            made.append(Clause(text, verb[0], (Phrase(name, raw=name, quoted=quoted),)))
    return made


def _nothing(match: re.Match[str], masks: Masks) -> list[Clause]:
    return [_clause(match, masks, Verb.SELECT, nothing=True)]


def _date(match: re.Match[str], masks: Masks) -> list[Clause] | None:
    value = masks.content(match["v"])
    if not re.search(r"\d", value) or not _LOOKS_LIKE_DATE.match(value):
        return None
    field = (match["f"] or "").strip()
    name = f"{field} date".strip() if not field.endswith("date") else field
    return [_clause(match, masks, Verb.DATE, value=value, objects=(Phrase(name, raw=name),))]


def _find(match: re.Match[str], masks: Masks) -> list[Clause]:
    return [_clause(match, masks, Verb.FIND, value=masks.content(match["who"]))]


def _handle(match: re.Match[str], masks: Masks) -> list[Clause]:
    """Doing something to the thing in hand that its own controls do: reply, forward, mark."""
    groups = match.groupdict()
    to = groups.get("to")
    said = groups.get("said")
    fields = (FieldValue(Phrase("message"), masks.content(said)),) if said else ()
    word = match["word"].lower()
    word = _DONE.get(word, word)
    clauses = []
    if groups.get("who"):
        clauses.append(_clause(match, masks, Verb.FIND, value=masks.content(match["who"])))
    clauses.append(
        _clause(
            match, masks, Verb.HANDLE, value=word, fields=fields,
            to=Phrase(masks.content(to), raw=masks.content(to)) if to else None,
        )
    )  # fmt: skip
    return clauses


def _answer(match: re.Match[str], masks: Masks) -> list[Clause]:
    found = _clause(match, masks, Verb.FIND, value=masks.content(match["who"]))
    fields = (FieldValue(Phrase("message"), masks.content(match["said"])),)
    return [found, _clause(match, masks, Verb.HANDLE, value="reply", fields=fields)]


def _copy(match: re.Match[str], masks: Masks) -> list[Clause]:
    return [_clause(match, masks, Verb.COPY, objects=(parse_phrase(match["what"], masks),))]


def _paste(match: re.Match[str], masks: Masks) -> list[Clause]:
    return [_clause(match, masks, Verb.PASTE, objects=(parse_phrase(match["where"], masks),))]


def _value_of(match: re.Match[str], masks: Masks) -> list[Clause]:
    read = _clause(match, masks, Verb.COPY, value=masks.content(match["what"]))
    return [read, _clause(match, masks, Verb.PASTE, objects=(parse_phrase(match["where"], masks),))]


def _highlight(match: re.Match[str], masks: Masks) -> list[Clause]:
    where = re.sub(r"(?i)\s+(?:below|above)$", "", match["where"])
    part = masks.content(match["part"]) if match["part"] else None
    return [
        _clause(match, masks, Verb.HIGHLIGHT, objects=(parse_phrase(where, masks),), value=part)
    ]


def _style(match: re.Match[str], masks: Masks) -> list[Clause]:
    part = match["part"]
    whole = re.fullmatch(r"(?i)(?:all|everything|all (?:of )?(?:the )?text|the (?:whole )?text)", part)
    text = None if whole else masks.content(re.sub(r"(?i)^the (?:text|words?) ", "", part))
    style = _STYLES[match["style"].lower()]
    return [_clause(match, masks, Verb.STYLE, value=text, objects=(Phrase(style, raw=style),))]


def _resize(match: re.Match[str], masks: Masks) -> list[Clause]:
    side, how = match["side"].lower(), match["how"].lower()
    grows = how in ("larger", "bigger", "greater", "wider", "taller", "higher", "longer")
    value = f"{side} {'+' if grows else '-'}"
    return [
        _clause(match, masks, Verb.RESIZE, objects=(parse_phrase(match["what"], masks),), value=value)
    ]


def _drag(match: re.Match[str], masks: Masks) -> list[Clause]:
    what = (parse_phrase(match["what"], masks),)
    count = word_number(match["n"] or "") or 1
    unit = (match["unit"] or "").lower()
    way = match["way"].lower().removesuffix("wards").removesuffix("ward")
    value = f"{way} {count} {'px' if unit.startswith(('px', 'pixel')) else unit and 'position'}"
    return [_clause(match, masks, Verb.MOVE, objects=what, value=value.strip())]


def _to_position(match: re.Match[str], masks: Masks) -> list[Clause] | None:
    ordinal = word_ordinal(match["n"].lower())
    if ordinal is None:
        return None
    what = (parse_phrase(match["what"], masks),)
    return [_clause(match, masks, Verb.MOVE, objects=what, ordinal=ordinal)]


def _until(match: re.Match[str], masks: Masks) -> list[Clause]:
    less = match["how"].lower() in ("less", "lower", "below", "under", "cheaper", "smaller")
    value = f"{'<' if less else '>'} {masks.content(match['n'])}"
    wait = _clause(match, masks, Verb.UNTIL, objects=(parse_phrase(match["what"], masks),), value=value)
    first = match["order"].split()[0]
    order = match["order"]
    inner = parse_phrase(order, masks) if leading_verb(order) else Phrase(first, raw=first)
    return [replace(wait, to=inner)]


def _offered(match: re.Match[str], masks: Masks) -> list[Clause]:
    ends = masks.content(match["z"]) if match["z"] else ""
    return [
        _clause(
            match, masks, Verb.COMPLETE, value=masks.content(match["a"]),
            objects=(Phrase(ends, raw=ends),),
        )
    ]  # fmt: skip


def _widget(match: re.Match[str], masks: Masks) -> list[Clause]:
    kind = match["kind"].lower().replace("colour", "color").replace(" ", "")
    verb = Verb.COLOR if "color" in kind else Verb.DATE if "date" in kind else Verb.SLIDER
    name = kind.removesuffix("picker").removesuffix("wheel").removesuffix("chooser")
    value = masks.content(match["v"]).strip()
    return [_clause(match, masks, verb, value=value, objects=(Phrase(name, raw=name),))]


def _trail(match: re.Match[str], masks: Masks) -> list[Clause]:
    names = [masks.content(one).strip() for one in match["names"].split(">")]
    return [
        _clause(
            match, masks, Verb.MENU,
            objects=tuple(Phrase(name, raw=name, quoted=True) for name in names),
        )
    ]  # fmt: skip


def _counted(match: re.Match[str], masks: Masks) -> list[Clause] | None:
    number = word_number(match["n"])
    if number is None:
        return None
    thing = parse_phrase(match["what"], masks)
    return [
        _clause(
            match, masks, Verb.EACH, objects=(thing,), times=number,
            place=Place(masks.content(match["who"]), "row", quoted=True),
        )
    ]  # fmt: skip


def _best(match: re.Match[str], masks: Masks) -> list[Clause]:
    """A search form filled by its prepositions, and the best of what it finds."""
    pairs = re.findall(
        r"(?i)\b(from|to|on|at|in|for):? (.+?)(?=,? (?:from|to|on|at|in|for):? |$)", match["rest"]
    )
    fields = tuple(
        FieldValue(Phrase(word.lower(), raw=word), masks.content(value).strip(" ,."))
        for word, value in pairs
    )
    return [
        _clause(
            match, masks, Verb.BEST, fields=fields, value=match["most"].lower(),
            objects=(parse_phrase(match["what"], masks),),
        )
    ]  # fmt: skip


def _p(pattern: str, end: str = _END) -> re.Pattern[str]:
    return re.compile(f"(?i){pattern}{end}")


_IT = r"(?:it|this|that|them|him|her|this one|(?:the|this|that) \w+)"
_WHO = rf"(?P<who>{_NAME})"
_WHERE = r"(?:\s+(?:in|on|of) (?:the|this|my) [\w ]+?)?"
_SENT = r"(?:wrote|sent|has sent|has written|posted)(?: (?:me|you|us))?"
_ITEM = r"(?:[^,;>\n]+?)"

_MOVES: tuple[tuple[re.Pattern[str], _Maker], ...] = (
    (_p(r"(?:select|choose|check|tick|mark) (?:nothing|none|no \w+)"), _nothing),
    (
        re.compile(
            rf"(?P<verb>(?i:select|choose|pick|check|tick|uncheck|untick|deselect)) "
            rf"(?P<items>(?:{LITERAL}|[\w.\-']+(?: [\w.\-']+){{0,6}}?)(?:\s*,\s*(?:and\s+)?"
            rf"(?:{LITERAL}|[\w.\-']+(?: [\w.\-']+){{0,6}}?))+(?:\s+and\s+(?:{LITERAL}|[\w.\-]+))?)"
            rf"(?:\s+(?i:from|in) the (?P<where>[\w ]*?(?:list|box|menu|select|dropdown|options)))?"
            + _END.replace("(?:click", "(?i:click")
        ),
        _several,
    ),
    (_p(rf"(?:select|choose|pick|enter|type|set|use) (?P<v>{_DATE}) (?:as|for|in|into) (?:the )?(?P<f>[\w ]*?)\s?date(?: field| picker)?"), _date),
    (_p(rf"(?:set|change) (?:the )?(?P<f>[\w ]*?)\s?date to (?P<v>{_DATE})"), _date),
    (_p(rf"(?:find|locate|look for|open|select) {_WHO}(?:'s|’s) {_THINGS}{_WHERE}", _BEFORE_AND), _find),
    (_p(rf"(?:find|locate|look for) (?:the|an?|any) {_THINGS} (?:that |which )?{_WHO} {_SENT}{_WHERE}", _BEFORE_AND), _find),
    (_p(rf"(?:find|locate|look for) (?:the|an?|any) {_THINGS} (?:by|from|of|called|named|titled|written by|sent by) {_WHO}{_WHERE}", _BEFORE_AND), _find),
    (_p(rf"(?:find|locate|look for) {_WHO} (?:in|on) (?:the|my) [\w ]*(?:list|book|inbox|table|directory|page|results)", _BEFORE_AND), _find),
    (_p(rf"(?P<word>forward|send|share|pass) {_IT}(?: on)? to (?P<to>{_NAME})"), _handle),
    (_p(rf"(?P<word>reply|respond)(?: to {_IT})? (?:with|saying|by writing)(?: the)?(?: text| message| words)?,? (?P<said>{QUOTE})"), _handle),
    (_p(rf"(?:mark|file|flag|star|save) {_IT} as (?P<word>important|starred|favou?rite|flagged|read|unread|spam)"), _handle),
    (_p(rf"{_WHO}(?:'s|’s) {_THINGS} (?:should|must|needs to|has to) be (?P<word>deleted|removed|forwarded|archived)(?: to (?P<to>{_NAME}))?(?: from [\w ]+)?"), _handle),
    (_p(rf"{_WHO} {_SENT} (?:an?|the) {_THINGS}{_WHERE} (?:that )?(?:should|must|needs to|has to) be (?P<word>deleted|removed|forwarded|archived)(?: to (?P<to>{_NAME}))?"), _handle),
    (_p(rf"(?P<word>delete|remove|archive) (?:all |every |the |any )*{_THINGS} (?:by|from|of|sent by) {_WHO}"), _handle),
    (_p(rf"(?P<word>delete|remove|archive) {_WHO}(?:'s|’s) {_THINGS}"), _handle),
    (_p(rf"(?P<word>forward|send) {_WHO}(?:'s|’s) {_THINGS} to (?P<to>{_NAME})"), _handle),
    (_p(rf"(?:email|message|write to|text) {_WHO}(?: with)?(?: the)?(?: message| text)?[,:]? (?P<said>{QUOTE})"), _answer),
    (_p(r"copy (?P<what>(?:the )?(?:text|value|contents?|words?)(?: in| of| from)? [^,]+?)", r"(?=,? (?:and |then )*paste\b|[.;]|$)"), _copy),
    (_p(r"paste (?:it|this|that|the text|the value|what was copied) (?:in|into|to|inside) (?P<where>[^,]+?)"), _paste),
    (_p(r"(?:enter|type|write|copy|put) the (?:value|content|text) (?:of|for|beside|next to) (?:the )?(?P<what>[\w \ue100-\ue4ff]+?)(?: row| column| field)? (?:in|into|to) (?P<where>[^,]+?)"), _value_of),
    (_p(rf"(?:highlight|select|mark) (?:all )?(?:of )?the (?:text|words?)(?: (?P<part>{QUOTE}))? (?:in|of) (?P<where>(?:the )?[\w ]*(?:paragraph|text|heading|sentence|article|section|block)(?: below| above)?)"), _highlight),
    (_p(rf"(?:give|make|set|format|style) (?P<part>.+?)(?: to)?(?: the| in)?(?: style| text style)? (?P<style>{'|'.join(_STYLES)})"), _style),
    (_p(r"(?:resize|change|make|drag) (?P<what>the [\w ]+?) so that (?:the|its) (?P<side>height|width) is (?P<how>smaller|larger|bigger|greater|less|shorter|taller|wider|narrower|higher|lower|longer)(?: than .+?)?"), _resize),
    (_p(r"(?:drag|move) (?P<what>.+?) to (?:the )?(?P<n>\w+) (?:position|place|slot|spot)(?: in .+)?"), _to_position),
    (_p(r"(?:drag|move) (?P<what>.+?) (?:to the )?(?P<way>left|right|up|down|leftwards?|rightwards?|upwards?|downwards?)(?: by (?P<n>\w+)(?: (?P<unit>px|pixels?|positions?|places?|rows?|steps?|slots?))?)?"), _drag),
    (_p(rf"(?P<order>(?:\w+)(?: [\w$\ue100-\ue4ff]+){{0,4}}) (?:when|once|as soon as) (?P<what>(?:the |its )?[\w ]+?) (?:is|are|gets|falls|drops|rises|becomes) (?P<how>less|lower|below|under|cheaper|smaller|more|greater|higher|above|over)(?: than)? (?P<n>[$€£]?\d[\d.,]*\d|[$€£]?\d)"), _until),
    (_p(rf"(?:enter|choose|select|pick|type|find) (?:an|the|any) (?:item|option|value|entry|suggestion|word) (?:that )?(?:starts|starting|begins|beginning) with (?P<a>{QUOTE})(?:,? and (?:that )?(?:ends|ending) (?:with|in) (?P<z>{QUOTE}))?"), _offered),
    (_p(r"(?:select|choose|set|pick|enter) (?P<v>[\w#.\-/ \ue100-\ue4ff]+?) (?:with|using|in|on|from) the (?P<kind>colou?r ?(?:picker|wheel|chooser)|spinner|slider|stepper|date ?picker|number (?:field|input|spinner))"), _widget),
    (_p(r"(?:select|choose|open|click|go to) (?P<names>[\w \ue100-\ue4ff\-]+(?:>[\w \ue100-\ue4ff\-]+)+)"), _trail),
    (_p(rf"(?:click|press|tap)(?: on)? (?P<what>(?:the )?{_ITEM}) (?:on|of|for|in) (?P<n>\w+) {_THINGS} (?:by|from|of) {_WHO}"), _counted),
    (_p(rf"(?:book|find|order|buy|search for|reserve) the (?P<most>cheapest|shortest|fastest|earliest|latest|longest|most expensive) (?P<what>[\w\- ]+?) (?P<rest>(?:from|to):? .+?)"), _best),
)  # fmt: skip
