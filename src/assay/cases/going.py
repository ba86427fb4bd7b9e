"""Going where a step says: to the thing of a kind and a name, to what is one's own, to the one at
an end of a list. What is named is opened or nothing is."""

from __future__ import annotations

import re
from dataclasses import replace

from assay.browser.model import ActionKind, Node, Observation
from assay.cases import filling
from assay.cases.clauses import Clause, Phrase, Place, Verb
from assay.cases.dated import at_end
from assay.cases.ground_exact import is_called
from assay.cases.hands import Hands, Undone, phrase_of
from assay.cases.naming import is_here, is_start
from assay.cases.routes import route_of
from assay.cases.texts import in_quotes
from assay.cases.unfolding import unfold
from assay.cases.whereabouts import (
    Extreme,
    Named,
    Own,
    Where,
    is_at,
    is_own,
    links_to,
    own_links,
    read_where,
    speaks_of_kind,
)
from assay.cases.words import STOP_WORDS, fold, stem


class ThingMissing(Undone):
    """A thing that a step names by its kind and name is nowhere: nothing may be done instead."""


_GOES = (Verb.OPEN, Verb.NAME_ONLY)
_ROLES = ("", "link", "page")
_OF = re.compile(r"(?i)^(?P<what>\S.*?)\s+(?:of|on|for)\s+(?:the\s+)?(?P<where>\S.*)$")


def split_where(hands: Hands, clause: Clause) -> tuple[Clause, Clause] | None:
    """ "History of the start page" as going to that page and what is to be opened there; ``None``
    for a clause that does not say so, or whose page is in hand."""
    phrase, place = phrase_of(clause), clause.place
    if clause.path or clause.start or not hands.recorder.opened:
        return None
    if clause.verb not in _GOES or clause.plain or hands.dirty or phrase.role not in _ROLES:
        return None
    if place is not None:
        if place.kind != "page" or not place.text or place.ordinal or not phrase.text:
            return None
        where = Phrase(place.text, raw=place.text, quoted=place.quoted, role="page")
        if is_here(hands.page, where) or (is_start(where) and _starts(hands)):
            return None
        return _opening(clause, where), replace(clause, place=None)
    called = any(is_called(phrase, node) for node in hands.page.nodes if node.interactive)
    match = _OF.match(phrase.raw) if not phrase.quoted and not called else None
    found = read_where(match["where"], clause.quoted) if match is not None else None
    if match is None or not isinstance(found, Named):
        return None
    where = Phrase(match["where"], raw=match["where"])
    what = Phrase(match["what"], raw=match["what"])
    return _opening(clause, where), replace(clause, objects=(what,))


def _opening(clause: Clause, where: Phrase) -> Clause:
    return Clause(clause.text, Verb.OPEN, (where,), role_hint=where.role, quoted=clause.quoted)


def _starts(hands: Hands) -> bool:
    return hands.page.url.rstrip("/") == hands.recorder.target.url.rstrip("/")


def as_place(hands: Hands, clause: Clause) -> tuple[Clause, ...]:
    """ "Album 'Summer'", which reads as a field with its value, as the thing of that name."""
    field = clause.fields[0] if len(clause.fields) == 1 else None
    if clause.verb is not Verb.FILL_FORM or clause.plain or field is None or not field.value:
        return ()
    said = f"{field.field.raw or field.field.text} {field.value}"
    if hands.dirty or not isinstance(read_where(said, clause.quoted), Named):
        return ()
    return (Clause(clause.text, Verb.OPEN, (Phrase(said, raw=said),), quoted=clause.quoted),)


async def go(hands: Hands, clause: Clause) -> bool:
    """Go where a clause says, if it names nothing but a place of one of these kinds.

    False for other clauses. Raises Undone where the thing is not to be found.
    """
    phrase = phrase_of(clause)
    where = None if clause.plain or clause.place is not None else _read(clause, phrase)
    if where is None or (hands.dirty and clause.verb is Verb.NAME_ONLY):
        return False
    if isinstance(where, Extreme):
        return await _to_end(hands, where, phrase)
    if isinstance(where, Own):
        return await _to_own(hands, where, phrase)
    bare = clause.verb is Verb.NAME_ONLY
    if bare and filling.form_called(hands.page, phrase.text) is not None:
        return False
    if bare and "/" in where.name and not where.kind and not links_to(hands.page, where):
        return False  # rather "Yes/No" than a place
    return await _to_named(hands, where, phrase)


async def to_numbered(hands: Hands, phrase: Phrase, place: Place | None = None) -> bool:
    """Go to the page whose address says the phrase: "poll 4" is ``/polls/4/`` or ``#/polls/4``.

    False for what has no number, and where there is no such page.
    """
    if not re.search(r"\b\d+\b", phrase.text) or phrase.quoted:
        return False
    words = f"{phrase.text} {place.text if place else ''}"
    wanted = [stem(word) for word in fold(words).split() if word not in STOP_WORDS]

    def says(page: Observation) -> float:
        path = re.split(r"[^a-z0-9]+", route_of(page.url).lower())
        have = {stem(part) for part in path if part}
        return 0.95 if page.status != 404 and all(word in have for word in wanted) else 0.0

    return await hands.travel(says, words)


def _read(clause: Clause, phrase: Phrase) -> Where | None:
    said = phrase.raw or phrase.text
    if phrase.quoted or phrase.every or phrase.pronoun or not said:
        return None
    return read_where(said, clause.quoted)


async def _to_named(hands: Hands, named: Named, phrase: Phrase) -> bool:
    if await _by_link(hands, named, phrase):
        return True

    def wanted(page: Observation) -> float:
        links = links_to(page, named)
        if len(links) == 1:
            return 1.0 if speaks_of_kind(links[0], page.url, named) else 0.8
        return 0.95 if not links and is_at(page, named) else 0.0

    words = " ".join([named.kind, named.name, *hands.following])
    if await hands.travel(wanted, words) and await _by_link(hands, named, phrase):
        return True
    if "/" in named.name and not named.kind:
        return False  # a way through menus may be written so
    what = in_quotes(phrase.raw or phrase.text)
    raise ThingMissing(f"I could not find {what} on the page, nor on the pages that it leads to.")


async def _by_link(hands: Hands, named: Named, phrase: Phrase) -> bool:
    """Open the named thing by its link on this page, or see that the page is the thing's own."""
    links = links_to(hands.page, named)
    if any(_leads_here(node, hands.page) for node in links) or (
        not links and is_at(hands.page, named)
    ):
        return True
    if len(links) > 1:
        labels = tuple(f"link {in_quotes(node.name)}" for node in links[:3])
        said = in_quotes(phrase.raw or phrase.text)
        raise ThingMissing(f"There is more than one {said} on the page; say which.", labels)
    if not links:
        return False
    await hands.do(ActionKind.CLICK, links[0].ref)
    return True


def _leads_here(node: Node, page: Observation) -> bool:
    return bool(node.href) and node.href.partition("#")[0] == page.url.partition("#")[0]


async def _to_own(hands: Hands, own: Own, phrase: Phrase) -> bool:
    names = _signed_in(hands)
    links = own_links(hands.page, own, names)
    if not links:
        word = Phrase(own.what, raw=own.what)
        hints = ("account", "profile", "user", "menu", *names)
        found = await unfold(hands, word, Verb.OPEN, hints=hints)
        node = hands.page.node(found.choice.ref) if found and found.choice else None
        if node is not None and is_own(node, own):
            links = [node]
    if not links and await hands.travel(
        lambda page: 1.0 if len(own_links(page, own, names)) == 1 else 0.0,
        " ".join([own.what, *names]),
    ):
        links = own_links(hands.page, own, names)
    if len(links) != 1:
        labels = tuple(f"link {in_quotes(node.name)}" for node in links[:3])
        raise Undone(
            f"I could not tell which link leads to {in_quotes(phrase.raw)}: I know no link that "
            "is called so or by the name of who is signed in.",
            labels,
        )
    await hands.do(ActionKind.CLICK, links[0].ref)
    return True


def _signed_in(hands: Hands) -> tuple[str, ...]:
    """The name that was given to sign in with last, as it was typed."""
    names = {one.username for one in hands.recorder.target.credentials if one.username}
    for typed in reversed(hands.recorder.typed):
        if ".username}}" in typed.template or typed.value in names:
            return (typed.value,)
    return ()


async def _to_end(hands: Hands, extreme: Extreme, phrase: Phrase) -> bool:
    whole = Phrase(phrase.raw, raw=phrase.raw)
    named = bool(extreme.noun) or not phrase.raw.lower().startswith("the ")
    here = await hands.find(whole, Verb.OPEN) if named else None
    if here and here.choice and is_called(whole, hands.page.node(here.choice.ref)):
        return False  # "Latest news" is the name of something
    told = at_end(hands.page, extreme.end, extreme.noun)
    if extreme.end in ("first", "last") and (told is None or told.link is None):
        return False
    if told is None and extreme.noun and phrase.raw[:1].isupper():
        return False
    if told is None or told.link is None:
        reason = told.reason if told is not None else "The page has no list that shows dates."
        raise Undone(f"I could not tell what {in_quotes(phrase.raw)} is. {reason}")
    await hands.do(ActionKind.CLICK, told.link.ref)
    return True
