"""The simplest moves of the author: find one thing on the page and do one thing to it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

from assay.atlas.words import is_destructive
from assay.browser.errors import BrowserError
from assay.browser.model import ActionKind, Effect, Node, Observation, Upload
from assay.cases.clauses import Clause, Phrase, Place, Verb
from assay.cases.ground_exact import is_called
from assay.cases.grounding import Grounding, GroundRequest, Memory, ground
from assay.cases.meaning import Meaning
from assay.cases.recorder import Recorder
from assay.cases.scouting import Scout
from assay.cases.texts import in_quotes
from assay.cases.unseen import not_seen
from assay.cases.words import canonical, fold
from assay.kernel.progress import Progress

SUBMIT_WORDS = (
    "submit save send apply go search update continue next log sign login register create add vote "
    "upload post publish run confirm ok place order subscribe change set proceed finish done"
).split()
_FILLS = {
    ActionKind.TYPE, ActionKind.APPEND, ActionKind.SELECT, ActionKind.CHECK, ActionKind.UNCHECK,
    ActionKind.CLEAR, ActionKind.SET_SLIDER,
}  # fmt: skip
_LEADS_ON = {Verb.CLICK, Verb.OPEN, Verb.NAME_ONLY}
_LINKS = {"", "link", "page", "card", "item"}
_TEXT_ROLES = {"textbox", "searchbox", "combobox", "spinbutton"}


class Undone(Exception):
    """A clause could not be done; ``message`` is one sentence, ``candidates`` what came closest."""

    def __init__(self, message: str, candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.candidates = candidates


def says_number(phrase: Phrase, found: Grounding, page: Observation) -> bool:
    """Whether a choice carries the number that the phrase names ("poll 4" is not just "Polls")."""
    numbers = re.findall(r"\d+", phrase.text)
    if not numbers or found.choice is None or found.as_value:
        return True
    node = page.node(found.choice.ref)
    shown = f"{node.name} {node.text} {node.href} {node.row_text} {node.label} {node.dom_id}"
    have = {number.lstrip("0") for number in re.findall(r"\d+", shown)}
    return all(number.lstrip("0") in have for number in numbers)


def phrase_of(clause: Clause) -> Phrase:
    """The first thing that a clause names, or an empty phrase with what it says about it."""
    return clause.object or Phrase(
        "",
        pronoun=clause.pronoun,
        ordinal=clause.ordinal,
        role=clause.role_hint,
        every=clause.every,
    )


def entry_field(page: Observation) -> Node | None:
    """The field of a list page that makes an item when Enter is pressed in it."""
    fields = [
        node
        for node in page.nodes
        if node.editable
        and node.role in {"textbox", "combobox"}
        and node.input_type != "search"
        and not set(canonical(f"{node.name} {node.placeholder} {node.dom_id}")) & {"search"}
    ]
    secret = any(node.input_type == "password" for node in page.nodes)
    return fields[0] if len(fields) == 1 and not secret else None


@dataclass
class Hands:
    """Finding and acting on the recorder's page. ``following`` are the names of later clauses.

    ``source`` is the element that was copied from last. ``secrets`` are the password fields that
    were filled since the page came: its address, and the name of each.
    ``exact`` takes quoted names as they are written; ``answer`` is for a dialog that an action
    opens: accept or dismiss, and what to enter.
    """

    recorder: Recorder
    scout: Scout
    meaning: Meaning
    progress: Progress
    following: tuple[str, ...] = ()
    thing: str = ""
    hovered: str = ""
    made: list[str] = field(default_factory=list)
    dirty: bool = False
    place: str = ""  # where what was done last can be seen, in words to go there by
    form: str | None = None
    last_field: tuple[str, str] | None = None
    followed: list[Node] = field(default_factory=list)
    exact: bool = False
    answer: tuple[str, str] = ("accept", "")
    source: str = ""
    secrets: set[tuple[str, str]] = field(default_factory=set)

    @property
    def page(self) -> Observation:
        """The newest observation."""
        return self.recorder.observation

    async def find(
        self,
        phrase: Phrase,
        verb: Verb = Verb.CLICK,
        *,
        place: Place | None = None,
        value: str | None = None,
        destructive: bool = False,
        observation: Observation | None = None,
    ) -> Grounding:
        """Ground a phrase on the page in hand (or another observation)."""
        request = GroundRequest(
            phrase,
            verb,
            place,
            value,
            Memory(self.thing, tuple(self.made), self.ref_of_last()),
            destructive=destructive or self._is_exact(phrase),
            following=self.following,
            exact=self._is_exact(phrase),
        )
        return await asyncio.to_thread(ground, request, observation or self.page, self.meaning)

    def ref_of_last(self) -> str | None:
        """The last field that was used, if the newest observation still has it."""
        if self.last_field is None:
            return None
        name, role = self.last_field
        same = [
            node.ref
            for node in self.page.nodes
            if node.role == role and (node.name or node.dom_id or node.dom_name) == name
        ]
        return same[0] if len(same) == 1 else None

    def _is_exact(self, phrase: Phrase) -> bool:
        return self.exact and (phrase.quoted or not phrase.text)

    async def need(
        self,
        phrase: Phrase,
        verb: Verb = Verb.CLICK,
        *,
        place: Place | None = None,
        value: str | None = None,
        destructive: bool = False,
        travel: bool = True,
    ) -> str:
        """The ref of the thing, here or on the page that a short scouting finds.

        Raises Undone naming the closest candidates.
        """
        here = await self.find(phrase, verb, place=place, value=value, destructive=destructive)
        if here.choice is None and self.page.omitted:
            await self.recorder.look(whole=True)
            here = await self.find(phrase, verb, place=place, value=value, destructive=destructive)
        if here.choice is not None and says_number(phrase, here, self.page):
            return here.choice.ref
        leaves = verb in {Verb.OPEN, Verb.SEARCH} or not self.dirty
        exact = self._is_exact(phrase)
        # of what a plain line names only a link is sought, and on the next page only
        sought = not exact or (verb in _LEADS_ON and phrase.role in _LINKS and not here.several)
        if travel and leaves and sought and (phrase.text or verb is Verb.SEARCH):

            def wanted(observation: Observation) -> float:
                found = ground(
                    GroundRequest(
                        phrase, verb, place, value, destructive=destructive or exact, exact=exact
                    ),
                    observation,
                    self.meaning,
                )
                if found.choice is None or not says_number(phrase, found, observation):
                    return 0.0
                if exact and observation.node(found.choice.ref).role != "link":
                    return 0.0
                score = found.choice.score
                if self._is_place(observation):
                    score = max(score, 0.8)
                return score * (0.82 + 0.18 * self._promise(observation))

            words = " ".join([phrase.text, value or "", *self.following, self.place])
            if await self.travel(wanted, words, depth=1 if exact else 3):
                there = await self.find(
                    phrase, verb, place=place, value=value, destructive=destructive
                )
                if there.choice is not None:
                    return there.choice.ref
        unseen = not_seen(self.page, phrase, place)
        raise Undone(
            f"{_missing(phrase, here)}{unseen}", tuple(item.label for item in here.candidates[:3])
        )

    async def reach(
        self,
        phrase: Phrase,
        verb: Verb = Verb.CLICK,
        *,
        place: Place | None = None,
        destructive: bool = False,
    ) -> str | None:
        """The ref of a thing to click; ``None`` when seeking it has ended by clicking it.

        Raises Undone naming the closest candidates.
        """
        self.followed.clear()
        ref = await self.need(phrase, verb, place=place, destructive=destructive)
        sought = self.followed and is_called(phrase, self.followed[-1])
        return None if sought else ref

    def _is_place(self, page: Observation) -> bool:
        """Whether a page is headed as the place where what was done last can be seen."""
        heads = [page.title, *(node.name for node in page.nodes if node.role == "heading")]
        return bool(set(canonical(self.place)) & set(canonical(" ".join(heads[:3]))))

    def _promise(self, page: Observation) -> float:
        """How much of what the next steps name a page has; 1 when they name nothing."""
        names = [fold(name) for name in self.following if name]
        if not names:
            return 1.0
        hay = fold(page.text) + " ".join(
            fold(" ".join([node.name, *(option.label for option in node.options)]))
            for node in page.nodes
            if node.interactive
        )
        return sum(1 for name in names if name in hay) / len(names)

    async def travel(
        self, wanted: Callable[[Observation], float], words: str, depth: int = 3
    ) -> bool:
        """Go to the nearest page that ``wanted`` likes, by at most so many links."""
        way = await self.scout.find(self.recorder.session, self.page, wanted, words, depth=depth)
        if way is None:
            return False
        for hop in way.hops:
            await self.follow(hop)
        return True

    async def follow(self, url: str) -> None:
        """Click the one link to this address, or open it where none is to be seen."""
        from_here = [
            node
            for node in self.page.nodes
            if node.role == "link" and node.href and _same(node.href, url, self.page.url)
        ]
        named = [node for node in from_here if node.name and "covered" not in node.states]
        if named:
            try:
                await self.recorder.act(ActionKind.CLICK, named[0].ref)
                self.followed.append(named[0])
            except BrowserError:
                await self.recorder.look()
            if _same(self.page.url, url, self.page.url):
                return
        self.followed.clear()
        await self.recorder.open(url)

    async def do(
        self,
        kind: ActionKind,
        ref: str | None = None,
        *,
        value: str = "",
        to: str | None = None,
        text: str = "",
    ) -> Effect:
        """Act and remember what the act means for later clauses."""
        node = self.page.node(ref) if ref else None
        if node is not None and node.input_type == "password":
            value = self._as_config(value)
        try:
            effect = await self.recorder.act(
                kind,
                ref,
                value=value,
                to=to,
                text=text,
                dialog=self.answer[0],
                dialog_text=self.answer[1],
            )
        except BrowserError as error:
            await self.recorder.look()
            raise Undone(error.message) from error
        if node is not None:
            self._remember(kind, node, value)
        if effect.navigated:
            self.secrets.clear()
        elif kind is ActionKind.TYPE and node is not None and node.input_type == "password":
            self.secrets.add((self.page.url, node.dom_id or node.dom_name or node.name))
        if kind in _FILLS:
            self.dirty = True
        elif effect.navigated or effect.exchanges:
            self.dirty = False
        return effect

    def _as_config(self, value: str) -> str:
        """A known password by the name of its config, also where it is the user name as well."""
        for item in self.recorder.target.credentials:
            if value and value == item.password:
                return f"{{{{config:{item.name}.password}}}}"
        return value

    async def attach(self, ref: str, file: Upload) -> None:
        """Put a file into a file field."""
        try:
            await self.recorder.act(ActionKind.UPLOAD, ref, files=(file,))
        except BrowserError as error:
            await self.recorder.look()
            raise Undone(error.message) from error
        self.dirty = True

    def _remember(self, kind: ActionKind, node: Node, value: str) -> None:
        if kind in {ActionKind.TYPE, ActionKind.APPEND, ActionKind.SELECT, ActionKind.CLEAR}:
            self.last_field = (node.name or node.dom_id or node.dom_name, node.role)
            self.form = node.form
            rendered = self.recorder.values.render(value)
            if rendered and node.input_type != "password":
                self.made.append(rendered)
                self.thing = rendered
        elif kind in {ActionKind.CHECK, ActionKind.UNCHECK}:
            self.form = node.form
        if kind is ActionKind.CLICK and {"add", "cart"} <= set(canonical(node.name or node.text)):
            self.place = "cart basket bag"
        if kind is ActionKind.HOVER:
            self.hovered = self.thing = node.row_text or node.text or node.name
        elif kind in {ActionKind.CLICK, ActionKind.DOUBLE_CLICK} and node.role == "link":
            self.thing = node.name or self.thing

    def submit_button(self, words: str = "") -> Node | None:
        """The button that sends the form in hand."""
        form = self._form_now()
        buttons = [
            node
            for node in self.page.nodes
            if node.role == "button" and node.interactive and "disabled" not in node.states
        ]
        inside = [node for node in buttons if form is not None and node.form == form]
        if not inside and form is None:
            inside = buttons
        if not inside:
            return None
        wanted = set(words.lower().split())

        def weight(node: Node) -> float:
            tokens = set((node.name or node.text).lower().split())
            score = 2.0 * len(tokens & wanted)
            score += 1.0 if tokens & set(SUBMIT_WORDS) else 0.0
            score += 0.6 if node.input_type == "submit" else 0.0
            score -= 0.05 * len(tokens)
            return score - (2.0 if tokens & {"cancel", "reset", "back", "close", "delete"} else 0.0)

        best = max(inside, key=weight)
        return best if weight(best) > 0 else None

    def _form_now(self) -> str | None:
        ref = self.ref_of_last()
        if ref is not None:
            return self.page.node(ref).form
        if self.form is not None and any(node.ref == self.form for node in self.page.nodes):
            return self.form
        return None

    async def submit(self, words: str = "", *, said: bool = False) -> Effect:
        """Send the form in hand by its button, else by Enter in the last field.

        Raises Undone where that would remove something and no step ``said`` to send it.
        """
        button = self.submit_button(words)
        name = button.name or button.text if button is not None else ""
        # "Reset password" asks for a mail rather than removing something.
        if is_destructive(name) and "password" not in name.lower() and not said:
            raise Undone(f"The form would be sent with “{name}”, which no step says.")
        if button is not None:
            return await self.do(ActionKind.CLICK, button.ref)
        return await self.do(ActionKind.PRESS, self.ref_of_last(), value="Enter")

    def text_fields(self) -> list[Node]:
        """Fields of the page that take text."""
        return [
            node
            for node in self.page.nodes
            if node.editable
            and node.role in _TEXT_ROLES
            and not node.states & {"disabled", "readonly", "covered"}
        ]


def _same(one: str, other: str, base: str) -> bool:
    return urljoin(base, one).rstrip("/") == urljoin(base, other).rstrip("/")


def _missing(phrase: Phrase, found: Grounding) -> str:
    closest = ", ".join(item.label for item in found.candidates[:3])
    named = in_quotes(phrase.raw or phrase.text) if phrase.text else "what this step means"
    if found.several:
        return (
            f"There is more than one {named} on the page ({closest}); say which by its row, "
            f"section or number."
        )
    named = found.missing or named
    if closest:
        return f"I could not find {named} on the page; the closest were {closest}."
    return f"I could not find {named} on the page."
