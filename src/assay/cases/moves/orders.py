"""What moves look like in words, and the clauses that they are read as."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assay.cases.clauses import Clause, FieldValue, Phrase, Place, Verb
from assay.cases.lexicon import leading_verb
from assay.cases.masks import LITERAL, QUOTE, Masks
from assay.cases.phrases import parse_phrase
from assay.cases.words import word_number, word_ordinal

Maker = Callable[[re.Match[str], Masks], list[Clause] | None]

# Where an order ends: at the end, or before a joint and a verb that starts another one.
_NEXT = r"(?:click|press|hit|submit|tap|push|select|choose|then|check|verify)\b"
_END = rf"(?=\s*(?:[.;!?]*\s*$|[;]\s|,?\s+(?:and|then|and then)\s+{_NEXT}|[.]\s+(?=[A-Z])|\n))"
# A name ends before any other order: there is no "and" in it.
_BEFORE_AND = r"(?=\s*(?:[.;!?]*\s*$|[;]\s|,?\s+(?:and|then)\s|[.]\s|\n))"
_BEFORE_PASTE = r"(?=,? (?:and |then )*paste\b|[.;]|$)"

NAME = r"(?:@?[\w.\-]+(?: (?-i:[A-Z])[\w.\-]*)*|[\ue100-\ue4ff])"
THINGS = (
    r"(?:e-?mails?|messages?|mails?|posts?|tweets?|users?|people|person|contacts?|customers?|"
    r"orders?|products?|items?|rows?|entry|entries|records?|articles?|comments?|threads?|cards?|"
    r"accounts?|tickets?|tasks?|notes?|files?)"
)
_DATE = (
    r"(?:\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{4}-\d{1,2}-\d{1,2}"
    r"|\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+,? \d{4}|[A-Z][a-z]+ \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|[\ue100-\ue4ff\ued00-\uf0ff])"
)
_STYLES = {
    "bold": "bold", "italic": "italic", "italics": "italic", "underline": "underline",
    "underlined": "underline", "strikethrough": "strike", "struck through": "strike",
}  # fmt: skip
_DELETES = re.compile(
    r"(?i)^(?:delete|remove)\s+|\s+(?:that )?(?:should|must|needs to|has to) be .*$"
)
_DONE = {"deleted": "delete", "removed": "remove", "forwarded": "forward", "archived": "archive"}
_LESS = {"less", "lower", "below", "under", "cheaper", "smaller"}
_GROWS = {"larger", "bigger", "greater", "wider", "taller", "higher", "longer"}
_LOOKS_LIKE_DATE = re.compile(rf"^{_DATE}$")


def _clause(
    match: re.Match[str],
    masks: Masks,
    verb: Verb,
    *,
    objects: tuple[Phrase, ...] = (),
    value: str | None = None,
    fields: tuple[FieldValue, ...] = (),
    to: Phrase | None = None,
) -> Clause:
    text = masks.raw(match[0]).strip(" ,.;")
    return Clause(text, verb, objects, value=value, fields=fields, to=to)


def _several(match: re.Match[str], masks: Masks) -> list[Clause] | None:
    *first, last = re.split(r"\s*,\s*", match["items"])
    # "Bosnia and Herzegovina" is one thing but for the end of the list
    items = [*first, *re.split(r"^and\s+|\s+and\s+", last)]
    items = [one for one in items if one]
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
    return [replace(_clause(match, masks, Verb.SELECT), nothing=True)]


def _date(match: re.Match[str], masks: Masks) -> list[Clause] | None:
    value = masks.content(match["v"])
    if not re.search(r"\d", value) or not _LOOKS_LIKE_DATE.match(value):
        return None
    field = (match["f"] or "").strip()
    name = f"{field} date".strip() if not field.endswith("date") else field
    return [_clause(match, masks, Verb.DATE, value=value, objects=(Phrase(name, raw=name),))]


def _find(match: re.Match[str], masks: Masks) -> list[Clause]:
    return [_clause(match, masks, Verb.FIND, value=masks.content(match["who"]))]


def _open(match: re.Match[str], masks: Masks) -> list[Clause]:
    """What is called so is opened; only where nothing is, the item that speaks of the name."""
    named = parse_phrase(re.sub(r"(?i)^\w+\s+", "", match[0]), masks)
    item = (*_find(match, masks), _clause(match, masks, Verb.HANDLE, value="open"))
    return [replace(_clause(match, masks, Verb.OPEN, objects=(named,)), alternatives=(item,))]


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
    if word not in ("delete", "remove") or not groups.get("who"):
        return clauses
    named = parse_phrase(_DELETES.sub("", match[0]), masks)
    clauses[-1] = replace(clauses[-1], every=named.every)
    whole = replace(_clause(match, masks, Verb.DELETE, objects=(named,)), every=named.every)
    return [replace(whole, alternatives=(tuple(clauses),))]


def _answer(match: re.Match[str], masks: Masks) -> list[Clause]:
    found = _clause(match, masks, Verb.FIND, value=masks.content(match["who"]))
    fields = (FieldValue(Phrase("message"), masks.content(match["said"])),)
    return [found, _clause(match, masks, Verb.HANDLE, value="reply", fields=fields)]


def _copy(match: re.Match[str], masks: Masks) -> list[Clause]:
    return [_clause(match, masks, Verb.COPY, objects=(parse_phrase(match["what"], masks),))]


def _paste(match: re.Match[str], masks: Masks) -> list[Clause]:
    return [_clause(match, masks, Verb.PASTE, objects=(parse_phrase(match["where"], masks),))]


def _value_of(match: re.Match[str], masks: Masks) -> list[Clause]:
    label = masks.content(match["what"])
    thing = (Phrase(label, raw=label),)
    read = Clause(f"Remember the value of “{label}”", Verb.KEEP, thing, value="", key=label)
    return [read, _clause(match, masks, Verb.PASTE, objects=(parse_phrase(match["where"], masks),))]


def _highlight(match: re.Match[str], masks: Masks) -> list[Clause]:
    where = re.sub(r"(?i)\s+(?:below|above)$", "", match["where"])
    part = masks.content(match["part"]) if match["part"] else None
    return [
        _clause(match, masks, Verb.HIGHLIGHT, objects=(parse_phrase(where, masks),), value=part)
    ]


def _style(match: re.Match[str], masks: Masks) -> list[Clause]:
    part = match["part"]
    whole = re.fullmatch(
        r"(?i)(?:all|everything|all (?:of )?(?:the )?text|the (?:whole )?text)", part
    )
    text = None if whole else masks.content(re.sub(r"(?i)^the (?:text|words?) ", "", part))
    style = _STYLES[match["style"].lower()]
    return [_clause(match, masks, Verb.STYLE, value=text, objects=(Phrase(style, raw=style),))]


def _resize(match: re.Match[str], masks: Masks) -> list[Clause]:
    side, how = match["side"].lower(), match["how"].lower()
    value = f"{side} {'+' if how in _GROWS else '-'}"
    what = (parse_phrase(match["what"], masks),)
    return [_clause(match, masks, Verb.RESIZE, objects=what, value=value)]


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
    return [replace(_clause(match, masks, Verb.MOVE, objects=what), ordinal=ordinal)]


def _until(match: re.Match[str], masks: Masks) -> list[Clause]:
    sign = "<" if match["how"].lower() in _LESS else ">"
    value = f"{sign} {masks.content(match['n'])}"
    what = (parse_phrase(match["what"], masks),)
    wait = _clause(match, masks, Verb.UNTIL, objects=what, value=value)
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
    thing = (parse_phrase(match["what"], masks),)
    place = Place(masks.content(match["who"]), "row", quoted=True)
    return [replace(_clause(match, masks, Verb.EACH, objects=thing), times=number, place=place)]


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
_WHO = rf"(?P<who>{NAME})"
_OF = r"(?:'s|’s)"
_TO = rf"(?: to (?P<to>{NAME}))?"
_WHERE = r"(?:\s+(?:in|on|of) (?:the|this|my) [\w ]+?)?"
_SENT = r"(?:wrote|sent|has sent|has written|posted)(?: (?:me|you|us))?"
_MUST = r"(?:that )?(?:should|must|needs to|has to) be"
_LOOK = r"(?:find|locate|look for)"
_ONE = r"(?:the|an?|any)"
_PICK = r"(?:select|choose|pick|enter|type|set|use)"
_WORDS = rf"(?:{LITERAL}|[\w.\-']+(?: [\w.\-']+){{0,6}}?)"
_TEXT = r"[\w \ue100-\ue4ff]"
_LISTS = r"[\w ]*?(?:list|box|menu|select|dropdown|options)"
_BLOCK = r"[\w ]*(?:paragraph|text|heading|sentence|article|section|block)(?: below| above)?"
_WAY = r"left|right|up|down|leftwards?|rightwards?|upwards?|downwards?"
_UNIT = r"px|pixels?|positions?|places?|rows?|steps?|slots?"
_BIGGER = "smaller|larger|bigger|greater|less|shorter|taller|wider|narrower|higher|lower|longer"
_KINDS = (
    r"colou?r ?(?:picker|wheel|chooser)|spinner|slider|stepper|date ?picker"
    r"|number (?:field|input|spinner)"
)
_MOST = "cheapest|shortest|fastest|earliest|latest|longest|most expensive"

MOVES: tuple[tuple[re.Pattern[str], Maker], ...] = (
    (_p(r"(?:select|choose|check|tick|mark) (?:nothing|none|no \w+)"), _nothing),
    (
        re.compile(
            r"(?P<verb>(?i:select|choose|pick|check|tick|uncheck|untick|deselect)) "
            rf"(?P<items>{_WORDS}(?:\s*,\s*(?:and\s+)?{_WORDS})+"
            rf"(?:\s+and\s+(?:{LITERAL}|[\w.\-]+))?)"
            rf"(?:\s+(?i:from|in) the (?P<where>{_LISTS}))?" + _END.replace("(?:click", "(?i:click")
        ),
        _several,
    ),
    (
        _p(
            rf"{_PICK} (?P<v>{_DATE}) (?:as|for|in|into) (?:the )?(?P<f>[\w ]*?)\s?date"
            "(?: field| picker)?"
        ),
        _date,
    ),
    (_p(rf"(?:set|change) (?:the )?(?P<f>[\w ]*?)\s?date to (?P<v>{_DATE})"), _date),
    (_p(rf"{_LOOK} {_WHO}{_OF} {THINGS}{_WHERE}", _BEFORE_AND), _find),
    (_p(rf"open {_WHO}{_OF} {THINGS}{_WHERE}", _BEFORE_AND), _open),
    (
        _p(rf"{_LOOK} {_ONE} {THINGS} (?:that |which )?{_WHO} {_SENT}{_WHERE}", _BEFORE_AND),
        _find,
    ),
    (
        _p(
            rf"{_LOOK} {_ONE} {THINGS} (?:by|from|of|called|named|titled|written by|sent by) "
            rf"{_WHO}{_WHERE}",
            _BEFORE_AND,
        ),
        _find,
    ),
    (
        _p(
            rf"{_LOOK} {_WHO} (?:in|on) (?:the|my) "
            r"[\w ]*(?:list|book|inbox|table|directory|page|results)",
            _BEFORE_AND,
        ),
        _find,
    ),
    (_p(rf"(?P<word>forward|send|share|pass) {_IT}(?: on)? to (?P<to>{NAME})"), _handle),
    (
        _p(
            rf"(?P<word>reply|respond)(?: to {_IT})? (?:with|saying|by writing)(?: the)?"
            rf"(?: text| message| words)?,? (?P<said>{QUOTE})"
        ),
        _handle,
    ),
    (
        _p(
            rf"(?:mark|file|flag|star|save) {_IT} as "
            r"(?P<word>important|starred|favou?rite|flagged|read|unread|spam)"
        ),
        _handle,
    ),
    (
        _p(
            rf"{_WHO}{_OF} {THINGS} {_MUST} (?P<word>deleted|removed|forwarded|archived){_TO}"
            r"(?: from [\w ]+)?"
        ),
        _handle,
    ),
    (
        _p(
            rf"{_WHO} {_SENT} (?:an?|the) {THINGS}{_WHERE} {_MUST} "
            rf"(?P<word>deleted|removed|forwarded|archived){_TO}"
        ),
        _handle,
    ),
    (
        _p(
            rf"(?P<word>delete|remove|archive) (?:all |every |the |any )*{THINGS} "
            rf"(?:by|from|of|sent by) {_WHO}"
        ),
        _handle,
    ),
    (_p(rf"(?P<word>delete|remove|archive) {_WHO}{_OF} {THINGS}"), _handle),
    (_p(rf"(?P<word>forward|send) {_WHO}{_OF} {THINGS} to (?P<to>{NAME})"), _handle),
    (
        _p(
            rf"(?:email|message|write to|text) {_WHO}(?: with)?(?: the)?(?: message| text)?"
            rf"[,:]? (?P<said>{QUOTE})"
        ),
        _answer,
    ),
    (
        _p(
            r"copy (?P<what>(?:the )?(?:text|value|contents?|words?)(?: in| of| from)? [^,]+?)",
            _BEFORE_PASTE,
        ),
        _copy,
    ),
    (
        _p(
            r"paste (?:it|this|that|the text|the value|what was copied) "
            r"(?:in|into|to|inside) (?P<where>[^,]+?)"
        ),
        _paste,
    ),
    (
        _p(
            r"(?:enter|type|write|copy|put) the (?:value|content|text) "
            rf"(?:of|for|beside|next to) (?:the )?(?P<what>{_TEXT}+?)(?: row| column| field)? "
            r"(?:in|into|to) (?P<where>[^,]+?)"
        ),
        _value_of,
    ),
    (
        _p(
            r"(?:highlight|select|mark) (?:all )?(?:of )?the (?:text|words?)"
            rf"(?: (?P<part>{QUOTE}))? (?:in|of) (?P<where>(?:the )?{_BLOCK})"
        ),
        _highlight,
    ),
    (
        _p(
            r"(?:give|make|format|style) (?P<part>.+?)(?: to)?(?: the| in)?"
            rf"(?: style| text style)? (?P<style>{'|'.join(_STYLES)})"
        ),
        _style,
    ),
    (
        _p(
            r"(?:resize|change|make|drag) (?P<what>the [\w ]+?) so that (?:the|its) "
            rf"(?P<side>height|width) is (?P<how>{_BIGGER})(?: than .+?)?"
        ),
        _resize,
    ),
    (
        _p(
            r"(?:drag|move) (?P<what>.+?) to (?:the )?(?P<n>\w+) (?:position|place|slot|spot)"
            r"(?: in .+)?"
        ),
        _to_position,
    ),
    (
        _p(
            rf"(?:drag|move) (?P<what>.+?) (?:to the )?(?P<way>{_WAY})"
            rf"(?: by (?P<n>\w+)(?: (?P<unit>{_UNIT}))?)?"
        ),
        _drag,
    ),
    (
        _p(
            r"(?P<order>(?:\w+)(?: [\w$\ue100-\ue4ff]+){0,4}) (?:when|once|as soon as) "
            r"(?P<what>(?:the |its )?[\w ]+?) (?:is|are|gets|falls|drops|rises|becomes) "
            r"(?P<how>less|lower|below|under|cheaper|smaller|more|greater|higher|above|over)"
            r"(?: than)? (?P<n>[$€£]?\d[\d.,]*\d|[$€£]?\d)"
        ),
        _until,
    ),
    (
        _p(
            r"(?:enter|choose|select|pick|type|find) (?:an|the|any) "
            r"(?:item|option|value|entry|suggestion|word) (?:that )?"
            rf"(?:starts|starting|begins|beginning) with (?P<a>{QUOTE})"
            rf"(?:,? and (?:that )?(?:ends|ending) (?:with|in) (?P<z>{QUOTE}))?"
        ),
        _offered,
    ),
    (
        _p(
            r"(?:select|choose|set|pick|enter) (?P<v>[\w#.\-/ \ue100-\ue4ff]+?) "
            rf"(?:with|using|in|on|from) the (?P<kind>{_KINDS})"
        ),
        _widget,
    ),
    (
        _p(
            r"(?:select|choose|open|click|go to) "
            r"(?P<names>[\w \ue100-\ue4ff\-]+(?:>[\w \ue100-\ue4ff\-]+)+)"
        ),
        _trail,
    ),
    (
        _p(
            r"(?:click|press|tap)(?: on)? (?P<what>(?:the )?[^,;>\n]+?) (?:on|of|for|in) "
            rf"(?P<n>\w+) {THINGS} (?:by|from|of) {_WHO}"
        ),
        _counted,
    ),
    (
        _p(
            rf"(?:book|find|order|buy|search for|reserve) the (?P<most>{_MOST}) "
            r"(?P<what>[\w\- ]+?) (?P<rest>(?:from|to):? .+?)"
        ),
        _best,
    ),
)
