"""Lines that keep a value that the page shows, and lines that use it: their forms, no page.

``Remember the text next to "Order number" as "N"`` keeps it; later lines write ``{{var:N}}`` or, in
free English, "the remembered order number".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.cases.clauses import Clause, Phrase, Place, Verb
from assay.cases.lexicon import PLACE_KINDS, strip_lead
from assay.cases.masks import QUOTE, Masks
from assay.cases.phrases import parse_phrase, split_place

_LEADS = (
    r"(?:remember|memori[sz]e|note(?:\s+down)?|(?:make|take)\s+(?:a\s+)?note\s+of|write\s+down)"
)
_LOOSELY = r"store|save|keep|record|extract|capture|read"
_NAME = rf"(?P<name>{QUOTE}|[A-Za-z_][\w\-]*)"
_NAMED = re.compile(
    rf"(?i)^(?:{_LEADS}|{_LOOSELY})\s+(?P<what>\S.*?)\s+(?:as|under\s+the\s+name|in\s+the\s+variable)\s+{_NAME}$"
)
_UNNAMED = re.compile(rf"(?i)^{_LEADS}\s+(?!that\b|to\b)(?P<what>\S.*)$")
# What a looser verb must speak of to keep a value: "save it as draft" is a button's work.
_VALUES = re.compile(
    r"(?i)\b(?:value|text|number|price|total|sum|amount|count|id|code|url|address|title|cell|name|date|balance|"
    r"score|reference)\b"
)
_ARTICLE = r"(?:the\s+|its\s+|this\s+|that\s+)?"
_VALUE = re.compile(rf"(?i)^{_ARTICLE}(?:current\s+)?value\s+(?:of|in|from)\s+(?P<thing>\S.*)$")
_BESIDE = re.compile(
    rf"(?i)^{_ARTICLE}(?:text|value|number|amount|word|words)\s+"
    rf"(?:next\s+to|beside|after|behind|following|under|below|of|for)\s+(?P<label>{QUOTE})$"
)
_TEXT = re.compile(rf"(?i)^{_ARTICLE}text\s+(?:of|in|from)\s+(?P<thing>\S.*)$")
_CELL = re.compile(
    rf"(?i)^{_ARTICLE}(?:(?:text|value)\s+(?:of|in)\s+(?:the\s+)?)?(?:cell\s+|column\s+)?(?P<column>{QUOTE})"
    rf"(?:\s+(?:cell|column))?\s+(?:in|of|from)\s+(?:the\s+)?(?:row|line|entry)\s+(?:of\s+|with\s+|for\s+)?(?P<row>{QUOTE})$"
)
_COUNT = re.compile(
    r"(?i)^(?:how\s+many|(?:the\s+)?(?:number|count)\s+of)\s+(?P<what>rows?|items?|entries|lines|results?)"
    rf"(?:\s+there\s+are)?(?:\s+(?:in|of|on)\s+(?:the\s+)?(?P<kind>table|list|page)(?:\s+(?P<list>{QUOTE}))?)?$"
)
_ABOUT = re.compile(
    rf"(?i)^{_ARTICLE}(?:page(?:'s)?\s+|current\s+)?(?P<what>url|address|title)(?:\s+of\s+the\s+page)?$"
)
_USED = re.compile(
    r"(?i)\bthe\s+(?:remembered|memori[sz]ed|noted|stored|saved|kept|recorded|extracted|captured|copied)\s+"
    r"(?P<what>[A-Za-z][\w\-]*(?:\s+[A-Za-z][\w\-]*){0,3})"
)
_OPEN = re.compile(r"[\"“«]")


def read_keeping(body: str, masks: Masks) -> Clause | None:
    """The clause of a line that keeps a value; ``None`` for any other line.

    ``key`` is its name; ``value`` says what is kept: value, text, beside, cell, count, url, title
    or ``""`` (what is called so, however the page shows it).
    """
    named = _NAMED.match(body)
    match = named or _UNNAMED.match(body)
    if match is None:
        return None
    what = match["what"]
    loose = re.match(rf"(?i)^(?:{_LEADS})\b", body) is None
    if loose and not _VALUES.search(masks.raw(what)):
        return None
    name = masks.content(named["name"]) if named is not None else _bare(masks.content(what))
    if not name or "{" in name or "." in name:
        return None
    return _clause(masks.raw(body), what, name, masks)


def _clause(text: str, what: str, name: str, masks: Masks) -> Clause:
    def made(how: str, phrase: Phrase, place: Place | None = None, *, plain: bool = True) -> Clause:
        return Clause(text, Verb.KEEP, (phrase,), how, place, key=name, plain=plain)

    about = _ABOUT.match(what)
    if about is not None:
        return made("title" if about["what"].lower() == "title" else "url", Phrase(""))
    count = _COUNT.match(what)
    if count is not None:
        listed = masks.content(count["list"]) if count["list"] else ""
        kind = (count["kind"] or "").lower()
        table = kind == "table" or (kind != "list" and count["what"].lower().startswith("row"))
        return made("count", Phrase(listed, role="table" if table else "list", quoted=bool(listed)))
    cell = _CELL.match(what)
    if cell is not None:
        column = Phrase(masks.content(cell["column"]), quoted=True, role="cell")
        return made(
            "cell", column, Place(masks.content(cell["row"]), PLACE_KINDS["row"], quoted=True)
        )
    beside = _BESIDE.match(what)
    if beside is not None:
        return made("beside", Phrase(masks.content(beside["label"]), quoted=True))
    for pattern, how in ((_VALUE, "value"), (_TEXT, "text")):
        match = pattern.match(what)
        if match is not None:
            thing, place = split_place(match["thing"], masks)
            phrase = parse_phrase(thing, masks)
            return made(how, phrase, place, plain=phrase.quoted)
    thing, place = split_place(what, masks)
    return made("", parse_phrase(thing, masks), place, plain=False)


def _bare(what: str) -> str:
    return re.sub(r"(?i)^(?:the|this|that|its|my|your)\s+", "", what).strip(" .")


def with_kept(text: str) -> str:
    """The text of a case with "the remembered price" as the template of the value that was kept."""
    known: dict[str, str] = {}
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        lines.append(_USED.sub(lambda match: _template(match, known), line) if known else line)
        for what, name in _kept(line):
            known[what.lower()] = known[name.lower()] = name
            known["value"] = known["text"] = name
    return "".join(lines)


def _kept(line: str) -> Sequence[tuple[str, str]]:
    """What a line keeps, in words, and as what."""
    masks = Masks()
    body = re.sub(r"^\s*(?:\d{1,3}\s*[.)]|[-*•])\s+", "", masks.mask(line.strip()))
    clause = read_keeping(strip_lead(body).rstrip(" .,;"), masks)
    if clause is None:
        return ()
    thing = clause.object
    words = thing.text or thing.raw if thing is not None else ""
    if clause.value == "cell" and clause.place is not None:
        words = f"{words} of {clause.place.text}"  # another row has such a cell as well
    words = "number of " + words if clause.value == "count" and words else words
    return ((words or clause.key, clause.key),)


def _template(match: re.Match[str], known: dict[str, str]) -> str:
    """The template of the longest known name in front of the words, in quotes of its own."""
    words = match["what"].split()
    for size in range(len(words), 0, -1):
        name = known.get(" ".join(words[:size]).lower())
        if name is not None:
            rest = match["what"].split(None, size)[size:]
            tail = f" {rest[0]}" if rest else ""
            made = "{{var:" + name + "}}"
            before = match.string[: match.start()]
            quoted = len(_OPEN.findall(before)) > len(re.findall(r"[”»]", before)) and (
                before.count('"') % 2 == 1 or "“" in before[before.rfind("”") + 1 :]
            )
            return (made if quoted else f'"{made}"') + tail
    return match[0]
