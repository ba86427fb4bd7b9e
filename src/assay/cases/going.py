"""Going to the page that a clause names: by its address, by a link, by what it is called."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from assay.browser.model import ActionKind, Observation
from assay.cases.clauses import Clause, Phrase, Place, Verb
from assay.cases.hands import Hands, phrase_of, says_number
from assay.cases.words import STOP_WORDS, fold, lexical, stem


async def go(hands: Hands, clause: Clause) -> None:
    """Open what a clause names, unless it is open."""
    if clause.path:
        await hands.recorder.open(await _address(hands, clause.path))
        return
    phrase = phrase_of(clause)
    if clause.soft and is_here(hands.page, phrase):
        return
    here = await hands.find(phrase, Verb.OPEN, place=clause.place)
    fits = here.choice is not None and says_number(phrase, here, hands.page)
    if not fits and is_here(hands.page, phrase):
        return
    if not fits and _numbered(phrase) and await _travel_to_page(hands, phrase, clause.place):
        return
    ref = await hands.need(phrase, Verb.OPEN, place=clause.place)
    await hands.do(ActionKind.CLICK, ref)


def is_here(page: Observation, phrase: Phrase) -> bool:
    """Whether a page already is the place that a phrase names."""
    names = [page.title, *(node.name for node in page.nodes if node.role == "heading")]
    parts = [part for part in urlsplit(page.url).path.split("/") if part]
    return bool(phrase.text) and (
        any(lexical(phrase.text, name) >= 0.85 for name in names)
        or bool(parts and fold(parts[-1]) == fold(phrase.text))
    )


async def _travel_to_page(hands: Hands, phrase: Phrase, place: Place | None) -> bool:
    """Go to the page whose address says the phrase: "poll 4" is ``/polls/4/``."""
    words = f"{phrase.text} {place.text if place else ''}"
    wanted = [stem(word) for word in fold(words).split() if word not in STOP_WORDS]

    def says(page: Observation) -> float:
        path = re.split(r"[^a-z0-9]+", urlsplit(page.url).path.lower())
        have = {stem(part) for part in path if part}
        return 0.95 if page.status != 404 and all(word in have for word in wanted) else 0.0

    return await hands.travel(says, words)


async def _address(hands: Hands, path: str) -> str:
    """Where a path lies. One without a leading slash is sought beside the page that has its
    first part as name: ``orders/1.json`` is next to ``…/orders``."""
    first = re.split(r"[/.?]", path, maxsplit=1)[0]
    if path.startswith("/") or "://" in path or not first:
        return path
    if not hands.recorder.opened:
        await hands.recorder.open(hands.recorder.target.url)

    def beside(page: Observation) -> str | None:
        for node in page.nodes:
            where = urlsplit(urljoin(page.url, node.href)).path.rstrip("/") if node.href else ""
            if where.endswith("/" + first):
                return where + path[len(first) :]
        return None

    known = beside(hands.page)
    if known is None and await hands.travel(
        lambda page: 1.0 if beside(page) is not None else 0.0, first
    ):
        known = beside(hands.page)
    return known or path


def _numbered(phrase: Phrase) -> bool:
    return bool(re.search(r"\b\d+\b", phrase.text)) and not phrase.quoted
