"""Bare names in a list of steps: a control to use, a value to enter, a form to fill, or a page of
a process to get to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from assay.atlas.words import is_commit
from assay.browser.model import ActionKind, Observation
from assay.cases import filling
from assay.cases.clauses import Clause, Phrase, Verb
from assay.cases.grounding import Grounding, GroundRequest, ground
from assay.cases.hands import Hands, Undone, phrase_of
from assay.cases.unfolding import unfold
from assay.cases.words import canonical, fold, lexical

_STEPS_AT_MOST = 3
_KEEPS = frozenset(
    word for name in ("save", "create", "update", "publish", "delete") for word in canonical(name)
)
_SENDING = frozenset(
    word
    for name in ("save", "submit", "send", "apply", "ok", "done", "confirm", "create", "add", "go")
    for word in canonical(name)
)
_START = frozenset(
    {"home", "homepage", "start", "front", "landing", "index", "site", "website", "app"}
    | {"application", "web app", "web site"}
)
_SEEKING = {"search", "find", "filter", "look up", "go"}


def is_start(phrase: Phrase) -> bool:
    """Whether a phrase means where the application begins: the home page, the site, the app."""
    return phrase.role in ("", "page") and not phrase.quoted and fold(phrase.text) in _START


def is_here(page: Observation, phrase: Phrase) -> bool:
    """Whether a page already is the place that a phrase names."""
    names = [page.title, *(node.name for node in page.nodes if node.role == "heading")]
    parts = [part for part in urlsplit(page.url).path.split("/") if part]
    return bool(phrase.text) and (
        any(lexical(phrase.text, name) >= 0.85 for name in names)
        or bool(parts and fold(parts[-1]) == fold(phrase.text))
    )


async def reach_form(hands: Hands, phrase: Phrase) -> None:
    """Fill the form that a phrase names (or the page's main one), travelling to it.

    Raises Undone when there is none.
    """
    form = filling.form_called(hands.page, phrase.text)
    if form is None and phrase.text:

        def wanted(observation: Observation) -> float:
            return 0.9 if filling.form_called(observation, phrase.text) else 0.0

        if await hands.travel(wanted, phrase.text):
            form = filling.form_called(hands.page, phrase.text)
    if form is None:
        raise Undone(f"I found no form for “{phrase.raw or phrase.text}”.")
    await filling.fill_all(hands, form)


async def use(hands: Hands, clause: Clause, *, pending: bool) -> bool:
    """Do what a bare name asks for; gives whether a filled form waits to be sent.

    ``pending`` says that one waits already. Raises Undone naming the closest candidates.
    """
    return await _Name(hands, clause, pending).use()


@dataclass
class _Name:
    hands: Hands
    clause: Clause
    pending: bool

    async def use(self) -> bool:
        hands, phrase = self.hands, phrase_of(self.clause)
        found = await hands.find(phrase, Verb.NAME_ONLY, place=self.clause.place)
        if found.choice is not None and found.as_value:
            await filling.put(hands, hands.page.node(found.choice.ref), found.as_value)
            return True
        if found.choice is None:
            form = filling.form_called(hands.page, phrase.text)
            if form is not None:
                await filling.fill_all(hands, form)
                return True
            if is_here(hands.page, phrase):
                return self.pending
            if self.pending:
                if await self._send_by(phrase):
                    return False
                if set(canonical(phrase.text)) and set(canonical(phrase.text)) <= _SENDING:
                    # "Save" is what sends the form in hand, whatever its button is called.
                    await hands.submit(phrase.text)
                    return False
                if await self._step_on_to(phrase):
                    return False
                found = await hands.find(phrase, Verb.NAME_ONLY, place=self.clause.place)
        if found.choice is None and hands.form is not None:
            found = await unfold(hands, phrase, Verb.NAME_ONLY, place=self.clause.place) or found
        if found.choice is not None:
            await hands.do(ActionKind.CLICK, found.choice.ref)
            return False
        return await self._elsewhere(phrase)

    async def _elsewhere(self, phrase: Phrase) -> bool:
        hands = self.hands
        if await self._value_elsewhere(phrase):
            return True
        try:
            ref = await hands.need(phrase, Verb.OPEN, place=self.clause.place)
        except Undone:
            if await self._step_on_to(phrase):
                return False
            if re.search(r"\d", phrase.text):
                raise
            await reach_form(hands, phrase)
            return True
        await hands.do(ActionKind.CLICK, ref)
        return False

    async def _value_elsewhere(self, phrase: Phrase) -> bool:
        """Enter a code before a search ("UPC003, Search") where a field is called like it."""
        hands = self.hands
        if not any(fold(name) in _SEEKING for name in hands.following[:1]):
            return False

        def field(page: Observation) -> Grounding:
            request = GroundRequest(phrase, Verb.NAME_ONLY, following=hands.following)
            return ground(request, page, hands.meaning)

        def wanted(page: Observation) -> float:
            found = field(page)
            return found.choice.score if found.choice is not None and found.as_value else 0.0

        if not await hands.travel(wanted, " ".join([phrase.text, *hands.following])):
            return False
        found = field(hands.page)
        if found.choice is None or not found.as_value:
            return False
        await filling.put(hands, hands.page.node(found.choice.ref), found.as_value)
        return True

    async def _send_by(self, phrase: Phrase) -> bool:
        """Send the form in hand by the one of its buttons that the phrase names."""
        button = self.hands.submit_button(phrase.text)
        if button is None or lexical(phrase.text, button.name or button.text) < 0.6:
            return False
        await self.hands.do(ActionKind.CLICK, button.ref)
        return True

    async def _step_on_to(self, phrase: Phrase) -> bool:
        """Go on through the steps of a process until the page is the one that is named."""
        hands = self.hands
        moments = hands.recorder.moments
        if not self.pending and not (moments and moments[-1].effect.navigated):
            return False
        for _ in range(_STEPS_AT_MOST):
            before = hands.page.url
            button = hands.submit_button("continue next proceed")
            if not self.pending:
                onward = await hands.find(Phrase("continue", raw="continue"), Verb.CLICK)
                button = hands.page.node(onward.choice.ref) if onward.choice else None
            if button is None or is_commit(button.name) or _KEEPS & set(canonical(button.name)):
                return False
            self.pending = False
            await hands.do(ActionKind.CLICK, button.ref)
            if is_here(hands.page, phrase):
                return True
            if hands.page.url == before:
                return False
        return False
