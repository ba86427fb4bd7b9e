"""Search forms of several fields, and the best of what they find."""

from __future__ import annotations

import re
from functools import partial

from assay.browser.model import ActionKind, Node
from assay.cases import filling
from assay.cases.clauses import Clause, Phrase, Verb
from assay.cases.hands import Hands, Undone
from assay.cases.moves import dates
from assay.cases.moves.widgets import take_offered
from assay.cases.pageindex import contains_words
from assay.cases.reading_dates import read_date
from assay.cases.words import lexical, stem, tokens

_LEAST = {"cheapest": "price", "shortest": "time", "fastest": "time", "earliest": "clock"}
_MOST = {"longest": "time", "latest": "clock", "most expensive": "price"}
_DATED = {stem(word) for word in ("year", "date", "released", "when")}
_SMALL = {"a", "an", "the", "by", "from", "of", "in", "on", "for", "with", "year", "any", "some"}


async def best(hands: Hands, clause: Clause) -> None:
    """Fill a search form by its prepositions, send it, and take the cheapest, shortest …"""
    for plan in clause.fields:
        value = plan.value or ""
        if read_date(value) is not None:
            await dates.enter(hands, Clause(clause.text, Verb.DATE, (Phrase("date"),), value=value))
            continue
        field = filling.best_named(hands.text_fields(), plan.field.text)
        if field is None:
            raise Undone(f"I found no field for “{plan.field.text} {value}”.")
        await take_offered(hands, field, value, partial(_mentions, value))  # or as it was typed
    await hands.submit("search find go")
    word = clause.value or ""
    options = _options(hands, _LEAST.get(word) or _MOST.get(word) or "price")
    if not options:
        raise Undone(f"The results do not say which is the {word}.")
    chosen = (min if word in _LEAST else max)(options, key=lambda pair: pair[0])[1]
    await hands.do(ActionKind.CLICK, chosen.ref)


def _mentions(value: str, text: str) -> bool:
    return contains_words(text, value)


def _options(hands: Hands, measure: str) -> list[tuple[float, Node]]:
    """The button of each result, with the figure that it is measured by."""
    found = []
    rows = {node.row for node in hands.page.nodes if node.row}
    for row in rows:
        whole = next((node for node in hands.page.nodes if node.ref == row), None)
        buttons = [n for n in hands.page.nodes if n.row == row and n.role in ("button", "link")]
        figure = _figure(whole.text if whole else "", measure)
        if len(buttons) >= 1 and figure is not None:
            found.append((figure, buttons[-1]))
    return found


def _figure(text: str, measure: str) -> float | None:
    if measure == "price":
        price = re.search(r"[$€£]\s?(\d[\d,]*(?:\.\d+)?)", text)
        return float(price[1].replace(",", "")) if price else None
    if measure == "time":
        span = re.search(r"(\d+)\s?h(?:ours?|rs?)?\s*(?:(\d+)\s?m)?", text)
        return int(span[1]) * 60 + int(span[2] or 0) if span else None
    clock = re.search(r"\b(\d{1,2}):(\d{2})\s*([AP]M)?", text, re.I)
    if clock is None:
        return None
    late = 720 if (clock[3] or "").upper() == "PM" and int(clock[1]) < 12 else 0
    return int(clock[1]) * 60 + int(clock[2]) + late


async def by_fields(hands: Hands, sentence: str) -> bool:
    """Search where there is no search box but a form: each field takes the words that speak of it.

    "action films directed by Ann from year 1998" fills Director, Year, and Genre with what is left.
    False when the page has no such form.
    """
    fields = [node for node in hands.text_fields() if filling.name_of(node)]
    words = re.findall(r"[\w'\-]+", sentence)
    plan: dict[str, str] = {}
    used: set[int] = set()
    for field in fields:
        for at in _spoken_of(field, words):
            found = next((k for k in range(at + 1, len(words)) if _is_value(words[k])), None)
            if found is not None and not {w.lower() for w in words[at + 1 : found]} - _SMALL:
                plan[field.ref] = words[found]
                used |= set(range(at, found + 1))
                break
    rest = [k for k, word in enumerate(words) if k not in used and word.lower() not in _SMALL]
    left = [field for field in fields if field.ref not in plan]
    if len(fields) < 2 or not plan or len(left) > 1:
        return False
    for name, value in [(filling.name_of(one), plan.get(one.ref, "")) for one in fields]:
        same = next(node for node in hands.text_fields() if filling.name_of(node) == name)
        said = value or (words[rest[0]] if rest else "")
        if said:
            await filling.put(hands, same, said)
    submit = await hands.find(Phrase("submit", raw="submit"), Verb.CLICK)
    search = await hands.find(Phrase("search", raw="search", role="button"), Verb.CLICK)
    choice = search.choice or submit.choice
    if choice is None:
        await hands.submit("search find go submit")
    else:
        await hands.do(ActionKind.CLICK, choice.ref)
    return True


def _is_value(word: str) -> bool:
    return word[:1].isupper() or word.isdigit()


def _spoken_of(field: Node, words: list[str]) -> list[int]:
    """Where the sentence speaks of a field: "directed" of Director, "year" of a date."""
    names = {stem(word) for word in tokens(filling.name_of(field))}
    if names & _DATED:
        names |= _DATED
    return [
        at
        for at, word in enumerate(words)
        if any(_kin(stem(word.lower()), name) or lexical(word, name) >= 0.9 for name in names)
    ]


def _kin(one: str, other: str) -> bool:
    size = min(len(one), len(other))
    return size >= 4 and one[: max(4, size - 2)] == other[: max(4, size - 2)]
