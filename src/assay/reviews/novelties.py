"""What a change brings: found by its own words on the pages of both sides, and used once.

What only the preview shows, in words that the change adds, is new, be it a button on an old page or
a page of its own. It is used as a tester would, and what the page answers is the expected result of
a test.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import urljoin

from assay.atlas.entries import entry
from assay.atlas.model import Purpose
from assay.atlas.purpose import find_forms
from assay.atlas.rules import harmless, may_click, may_follow, words_of
from assay.atlas.scout import Scout, find_key, key_of, options_for
from assay.browser.errors import BrowserError
from assay.browser.model import Action, ActionKind, Node, Observation
from assay.browser.port import BrowserPool
from assay.kernel import ids
from assay.projects.model import Target
from assay.reviews.clues import Clues
from assay.reviews.ports import Json, Work
from assay.reviews.trials import REACHES_PEOPLE, UNTOUCHED, Way, entries, in_words
from assay.reviews.views import View, control_of, neutral
from assay.reviews.visits import sign_in

MOST_FRESH = 2
_LEAST = 4  # letters; shorter words of a change stand anywhere
_FIELDS = frozenset("textbox searchbox combobox spinbutton checkbox radio switch slider".split())
_ENTERED = 60
# Asking changes nothing.
_LEFT_ALONE = (UNTOUCHED | REACHES_PEOPLE) - {Purpose.SEARCH, Purpose.FILTER}
_QUOTED = re.compile(r'"([^"\n]+)"')


@dataclass(frozen=True, slots=True)
class Fresh:
    """Something new on a page: ``text`` is what shows it, of a line or, as
    ``button “Save”``, of a ``control``."""

    path: str
    text: str
    control: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A manual test case for something new, as a person would write it."""

    name: str
    text: str
    fresh: Fresh


def fresh_of(pairs: Sequence[tuple[View, View]], clues: Clues) -> list[Fresh]:
    """What only the preview's pages show in words that the change adds; controls first.

    Reworded texts are not new, and what stands on several pages is told of the first.
    """
    old = {edit.new for edit in clues.copy_edits} | set(clues.removed)
    words = [one for one in clues.added if _telling(one) and one not in old]
    found: dict[str, Fresh] = {}
    for base, preview in pairs:
        if preview.problem or (preview.status or 200) >= 400:
            continue
        # A page that the base has not is new as a whole.
        there = not base.problem and (base.status or 200) < 400
        for control, texts in (
            (True, Counter(preview.controls) - Counter(base.controls if there else ())),
            (False, Counter(preview.lines) - Counter(base.lines if there else ())),
        ):
            for text in texts:
                if any(word in text for word in words):
                    found.setdefault(text, Fresh(base.path, text, control))
    return sorted(found.values(), key=_usefulness)


def _telling(text: str) -> bool:
    """Whether a text of a change is not just any word of a page."""
    return len(text) >= _LEAST and (" " in text or not text.islower())


def files_of(case: Case, clues: Clues) -> set[str]:
    """The changed files whose texts a case uses or expects."""
    quoted = _QUOTED.findall(case.text)
    return {
        file.path
        for file in clues.files
        if any(_telling(text) and text in one for text in file.added for one in quoted)
    }


def _usefulness(one: Fresh) -> int:
    role = one.text.partition(" ")[0]
    if not one.control:
        return 3
    return 0 if role in _FIELDS else 1 if role != "link" else 2


@dataclass(frozen=True, slots=True)
class Used:
    """Test cases for new things; ``notes`` say what could not be used."""

    cases: tuple[Case, ...] = ()
    notes: tuple[str, ...] = ()


async def use(
    pool: BrowserPool, preview: Target, fresh: Sequence[Fresh], clues: Clues, work: Work
) -> Used:
    """A test case for each of the first new things, found by using them on the preview, once per
    turn."""
    if not fresh:
        return Used()

    async def once() -> Json:
        async with work.browser():
            return asdict(await _use(pool, preview, fresh, clues, work))

    data = await work.journal(f"review:used:{preview.environment_id}", once)
    cases = (Case(one["name"], one["text"], Fresh(**one["fresh"])) for one in data["cases"])
    return Used(tuple(cases), tuple(data["notes"]))


async def _use(
    pool: BrowserPool, preview: Target, fresh: Sequence[Fresh], clues: Clues, work: Work
) -> Used:
    cases: list[Case] = []
    used: set[str] = set()
    notes: list[str] = []
    try:
        async with pool.session(options_for(preview)) as session:
            scout = Scout(session, preview)
            await sign_in(scout)
            for one in fresh:
                await work.check()
                if len(cases) == MOST_FRESH:
                    break
                if one.text in used:
                    continue
                made = await _Use(scout, one, clues).case()
                if made is not None:
                    cases.append(made)
                    # Fields and buttons of one form are used at once.
                    used.update(other.text for other in fresh if _named(other) in made.text)
    except BrowserError as error:
        notes.append(f"Not all that is new could be used: {error.message}")
    return Used(tuple(cases), tuple(notes))


def _named(one: Fresh) -> str:
    return one.text.partition("“")[2].rstrip("”") if one.control else one.text


@dataclass(frozen=True, slots=True)
class _Use:
    """Using one new thing on its page."""

    scout: Scout
    fresh: Fresh
    clues: Clues

    async def case(self) -> Case | None:
        if await self.scout.goto(urljoin(self.scout.target.url, self.fresh.path)) is None:
            return None
        steps = [f"Open {self.fresh.path}"]
        before = self.scout.observation
        if not self.fresh.control:
            return self._written(steps, [self.fresh.text])
        node = next((one for one in before.nodes if control_of(one) == self.fresh.text), None)
        if node is None:
            return None
        done = await self._do(node)
        gained = self._gained(before) if done else []
        if not gained:
            return self._written(steps, [_named(self.fresh)])
        return self._written([*steps, *done], gained)

    async def _do(self, node: Node) -> list[str]:
        """What was done with the new control, in plain steps; nothing where it should be left."""
        view = next(
            (
                view
                for view in find_forms(self.scout.observation)
                if node.ref in {field.ref for field in view.fields}
                or (view.submit is not None and view.submit.ref == node.ref and view.fields)
            ),
            None,
        )
        if view is None:
            action = self._alone(node)
            return await self._perform([(action, node)]) if action is not None else []
        sends = words_of(view.submit) if view.submit is not None else ""
        if view.purpose in _LEFT_ALONE or not harmless(words_of(node), view.title, sends):
            return []
        nodes = {one.ref: one for one in view.fields}
        planned = [
            (action, nodes[str(action.target)])
            for action in entries(view, Way.PLAUSIBLE, ids.new_token(5).lower())
        ]
        if view.submit is not None:
            planned.append((Action(ActionKind.CLICK, view.submit.ref), view.submit))
        return await self._perform(planned)

    def _alone(self, node: Node) -> Action | None:
        """What to do with a control that belongs to no form with fields; None to leave it."""
        if not harmless(words_of(node)):
            return None
        if node.editable:
            value = entry(node, f"Trial {ids.new_token(5).lower()}")
            return Action(ActionKind.TYPE, node.ref, value=value)
        if node.href:
            allowed = may_follow(node.name, node.href)
        else:
            allowed = may_click(node, find_forms(self.scout.observation))
        return Action(ActionKind.CLICK, node.ref) if allowed else None

    async def _perform(self, planned: Sequence[tuple[Action, Node]]) -> list[str]:
        page = self.scout.observation
        keyed = [(key_of(page, node), action, node) for action, node in planned]
        steps = []
        for key, action, node in keyed:
            found = find_key(self.scout.observation, key)
            if found is None:
                return []
            now = Action(action.kind, found.ref, value=action.value, dialog="dismiss")
            if await self.scout.perform(now) is None or self.scout.problem:
                return []
            steps.append(in_words(action, node))
        return steps

    def _gained(self, before: Observation) -> list[str]:
        """The text that tells best what came of it: the change's own, a message, a heading."""
        known = set(_lines(before))
        page = self.scout.observation
        lines = [line for line in _lines(page) if line not in known and any(map(str.isalpha, line))]
        own = [line for line in lines if any(text in line for text in self.clues.added)]
        said = [line for line in map(neutral, page.notices) if line in lines]
        heads = [node.name for node in page.nodes if node.role == "heading" and node.name in lines]
        best = next(iter([*own, *said, *heads, *lines]), "")
        return [best] if best and '"' not in best else []

    def _written(self, steps: Sequence[str], shown: Sequence[str]) -> Case:
        numbered = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
        first = ["Preconditions: signed in"] if self.scout.signed_in else []
        name = f"New: {_named(self.fresh)[:_ENTERED]}"
        expected = " and ".join(f'"{text}" is shown' for text in shown)
        return Case(
            name,
            "\n".join([*first, "Steps:", numbered, f"Expected: {expected}"]),
            self.fresh,
        )


def _lines(page: Observation) -> Iterable[str]:
    return [neutral(line) for line in page.text.splitlines() if line.strip()]
