"""What readers of an expected result may ask: what was done, what is new, what holds when."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlsplit

from assay.browser.model import ActionKind, LocatorBundle, Node, Observation
from assay.cases.checks import evaluate
from assay.cases.facts import Facts
from assay.cases.find import find, sketch, within
from assay.cases.items import Items, all_items
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import contains, equal, fold, stems
from assay.cases.trail import Proposed, Trail, Typed

_READS = {"GET", "HEAD", "OPTIONS"}
_QUIET = {ActionKind.HOVER, ActionKind.SCROLL}
_PER_RUN = re.compile(r"\{\{(?!config:)")


@dataclass(frozen=True)
class Context:
    """A trail with the questions readers ask of it; ``at`` looks at an earlier moment of it."""

    trail: Trail
    similarity: Callable[[str, str], float]
    neighbours: tuple[str, ...] = ()
    shown: tuple[Proposed, ...] = field(default=())

    @property
    def now(self) -> Observation:
        return self.trail.now

    @property
    def main(self) -> range:
        """Indexes of the moments that belong to the test proper."""
        start = min(self.trail.setup, max(0, len(self.trail.moments) - 1))
        return range(start, len(self.trail.moments))

    @cached_property
    def last(self) -> int | None:
        """The index of the last moment that did something to the page."""
        for place in reversed(self.main):
            kind = self.trail.moments[place].step.action
            if kind is not None and kind not in _QUIET:
                return place
        return None

    @property
    def before(self) -> Observation | None:
        """The page just before the last action."""
        return self.trail.moments[self.last].before if self.last is not None else None

    def at(self, place: int) -> Context:
        """The same questions as if the test had ended right after a moment."""
        step = self.trail.moments[place].step.number
        return Context(
            replace(
                self.trail,
                moments=self.trail.moments[: place + 1],
                now=self.trail.moments[place].after,
                typed=tuple(item for item in self.trail.typed if item.step <= step),
            ),
            self.similarity,
            self.neighbours,
            self.shown,
        )

    def render(self, template: str) -> str:
        """Fill in the templates of this recording."""
        for item in self.trail.typed:
            if "{{" in item.template:
                template = template.replace(item.template, item.value)
        for name, value in self.trail.variables.items():
            template = template.replace("{{var:" + name + "}}", value)
        return template

    def templated(self, text: str) -> str:
        """Put values that are new in each run back to their templates."""
        for item in sorted(self.trail.typed, key=lambda typed: -len(typed.value)):
            if _PER_RUN.search(item.template) and len(item.value) >= 3 and not item.secret:
                text = text.replace(item.value, item.template)
        return text

    def facts(self, place: int | None) -> Facts:
        """The facts right after a moment; ``None``: of a page nothing was just done to."""
        effect = self.trail.moments[place].effect if place is not None else None
        so_far = self.trail.moments[: place + 1] if place is not None else ()
        return Facts(
            variables=self.trail.variables,
            exchanges=effect.exchanges if effect else (),
            downloads=effect.downloads if effect else (),
            status=effect.status if effect else None,
            render=self.render,
            dialogs=effect.dialogs if effect else (),
            console_errors=tuple(line for one in so_far for line in one.effect.console_errors),
            failed_requests=tuple(line for one in so_far for line in one.effect.failed_requests),
        )

    def holds(self, assertion: Assertion) -> bool:
        """Whether it holds now."""
        return evaluate(assertion, self.now, self.facts(self.last)).ok

    def held_after(self, assertion: Assertion, place: int) -> bool:
        """Whether it held right after a moment."""
        return evaluate(assertion, self.trail.moments[place].after, self.facts(place)).ok

    def held_before(self, assertion: Assertion, place: int) -> bool:
        """Whether it already held on the page just before a moment."""
        before = self.trail.moments[place].before
        if not before.nodes and not before.text:
            return False
        return evaluate(assertion, before, self.facts(None)).ok

    def became(self, assertion: Assertion) -> int | None:
        """The last moment through which the assertion turned from false to true."""
        for place in reversed(self.main):
            if self.held_after(assertion, place) and not self.held_before(assertion, place):
                return place
        return None

    def lines(self, place: int) -> list[str]:
        """Texts that a moment brought: dialogs and notices first, then new lines of the page."""
        moment = self.trail.moments[place]
        known = {fold(line) for line in moment.before.text.splitlines()}
        known |= {fold(line) for line in moment.before.notices}
        shown = (*moment.after.notices, *moment.after.text.splitlines())
        found = [dialog.message for dialog in moment.effect.dialogs]
        found += [line.strip() for line in shown if line.strip() and fold(line) not in known]
        return list(dict.fromkeys(found))

    def target(self, place: int) -> Node | None:
        """The element that a moment acted on, as it was just before."""
        moment = self.trail.moments[place]
        if moment.step.target is None:
            return None
        nodes = find(moment.before, moment.step.target, render=self.render)
        return nodes[0] if len(nodes) == 1 else None

    def followed(self) -> str:
        """The name of the link that the last action followed to another page, if it did."""
        moment = self.trail.moments[self.last] if self.last is not None else None
        target = moment.step.target if moment is not None else None
        if moment is None or target is None or moment.before.url == self.now.url:
            return ""
        seen = target.fingerprint
        return seen.name if seen.role == "link" and 3 <= len(seen.name) <= 80 else ""

    def typed_last(self) -> Typed | None:
        """What was entered last, secrets left out."""
        return next((item for item in reversed(self.trail.typed) if not item.secret), None)

    def per_run(self) -> Typed | None:
        """The value that names what this run made: the first one that is new in each run."""
        main = [item for item in self.trail.typed if _PER_RUN.search(item.template)]
        return next((item for item in main if not item.secret), None)

    @cached_property
    def first_made(self) -> int | None:
        """The first moment that may have made things whose ids are new in each run: it sent
        something other than a sign-in, which is a form with one password."""
        since = 0
        for place, moment in enumerate(self.trail.moments):
            if all(one.method in _READS for one in moment.effect.exchanges):
                continue
            step = moment.step.number
            secrets = sum(item.secret for item in self.trail.typed if since < item.step <= step)
            if secrets != 1:
                return place
            since = step
        return None

    @property
    def may_have_made(self) -> bool:
        """Whether ids that the page shows now may be of this run alone."""
        return self.first_made is not None or self.per_run() is not None

    @cached_property
    def known_paths(self) -> frozenset[str]:
        """Paths that were passed before this run may have made anything."""
        early = self.trail.moments[: self.first_made]
        seen = [urlsplit(moment.before.url).path.rstrip("/") for moment in early]
        if self.first_made is not None:
            seen.append(urlsplit(self.trail.moments[self.first_made].before.url).path.rstrip("/"))
        return frozenset(seen)

    def propose(
        self,
        assertion: Assertion,
        text: str,
        *,
        transient: bool = False,
        state: bool = False,
        ref: str | None = None,
    ) -> Proposed | None:
        """A proposal when the assertion holds now, or (``transient``) held when it was new.

        ``state`` says that the clause speaks of how things are, not of what changed.
        """
        when = self.became(assertion)
        if self.holds(assertion):
            vacuous = when is None and not state
            return Proposed(assertion, text, vacuous=vacuous, scope_ref=ref)
        if transient and when is not None:
            return Proposed(assertion, text, moment=when, scope_ref=ref)
        return None


def bundle(context: Context, observation: Observation, ref: str, intent: str) -> LocatorBundle:
    """A bundle of an element for asserting, with values of this run put back to templates."""
    made = sketch(observation, observation.node(ref), intent)
    primary = replace(made.primary, name=_swap(context, made.primary.name))
    if made.primary.has_text is not None:
        primary = replace(primary, has_text=_swap(context, made.primary.has_text))
    seen = made.fingerprint
    return replace(
        made,
        primary=replace(primary, value=context.templated(primary.value)),
        alternates=tuple(
            replace(item, value=context.templated(item.value), name=_swap(context, item.name))
            for item in made.alternates
        ),
        fingerprint=replace(
            seen,
            name=context.templated(seen.name),
            text=context.templated(seen.text),
            near=context.templated(seen.near),
            row_text=context.templated(seen.row_text),
        ),
    )


def _swap(context: Context, text: str | None) -> str | None:
    return context.templated(text) if text is not None else None


def list_bundle(context: Context, observation: Observation, items: Items) -> LocatorBundle:
    """A bundle of a list's container."""
    return bundle(context, observation, items.ref, items.label or f"the {items.kind}")


def item_of(observation: Observation, node: Node) -> tuple[Items, int] | None:
    """The list item that a node is or lies in: the smallest list that has it."""
    parents = {item.ref: item.parent for item in observation.nodes}
    up: list[str] = []
    current: str | None = node.ref
    while current is not None and len(up) < 200:
        up.append(current)
        current = parents.get(current)
    best: tuple[Items, int] | None = None
    for items in all_items(observation):
        for place, ref in enumerate(items.refs):
            if ref in up and (best is None or up.index(ref) < up.index(best[0].refs[best[1]])):
                best = (items, place)
    return best


def main_lists(observation: Observation, noun: str = "") -> list[Items]:
    """The lists that a tester means by "the rows" or "the products", likeliest first.

    A list counts when it is the page's main content or when its names share the noun.
    """
    nodes = {node.ref: node for node in observation.nodes}
    wanted = {word for word in stems(noun) if word not in {"row", "item", "entry", "result"}}
    scored: list[tuple[float, int, Items]] = []
    for place, items in enumerate(all_items(observation)):
        if items.chrome:
            continue
        box = nodes[items.ref].box if items.ref in nodes else None
        score = min(1.0, (box.width * box.height) / 500_000) if box is not None else 0.0
        if items.kind == "table":
            score += 1.5 if "row" in stems(noun) else 0.5
        if items.ref in nodes and nodes[items.ref].landmark == "main":
            score += 0.3
        if wanted & _names(items, nodes):
            score += 2.0
        scored.append((score, -place, items))
    scored.sort(key=lambda entry: entry[:2], reverse=True)
    return [items for score, _, items in scored if score >= 2.0 or items is scored[0][2]] or []


_ANY_NOUN = frozenset(stems("row item entry result record match element thing line"))


def named_lists(observation: Observation, noun: str) -> list[Items]:
    """The lists that a noun can mean: any for "rows" or "items", else one that is named so, whose
    items lead to such things, or the main list of a page that is about them."""
    lists = main_lists(observation, noun)
    wanted = set(stems(noun)) - _ANY_NOUN
    if not wanted or set(stems(noun)) & _ANY_NOUN:
        return lists
    nodes = {node.ref: node for node in observation.nodes}
    about = [observation.title, *headings(observation)[:3], urlsplit(observation.url).path]
    page = set(stems(re.sub(r"[/_.-]", " ", " ".join(about))))
    return [
        items
        for place, items in enumerate(lists)
        if wanted & (_names(items, nodes) | _inside(observation, items))
        or (place == 0 and wanted & page)
    ]


def _inside(observation: Observation, items: Items) -> set[str]:
    """What the elements within the first item are named and classed."""
    inner = within(observation, items.refs[0]) if items.refs else ()
    words = " ".join(" ".join((node.dom_id, node.test_id, *node.classes)) for node in inner[:40])
    return set(stems(re.sub(r"[-_]", " ", words)))


def _names(items: Items, nodes: dict[str, Node]) -> set[str]:
    words = [items.label]
    for ref in (items.ref, *items.refs[:1]):
        node = nodes.get(ref)
        if node is not None:
            words += [node.name, node.dom_id, node.section, *node.classes]
    return set(stems(re.sub(r"[-_]", " ", " ".join(words))))


def same_texts(left: Items | None, right: Items | None) -> bool:
    """Whether two lists show the same items."""
    return left is not None and right is not None and left.texts == right.texts


def text_assertion(context: Context, line: str, *, fresh: bool = True) -> Assertion:
    """The assertion that a text is visible."""
    kind = AssertionKind.NEW_TEXT if fresh else AssertionKind.TEXT
    return Assertion(kind, text=context.templated(line))


def literal(context: Context, words: str) -> bool:
    """Whether the page shows the words just so."""
    return contains(context.now.text, words) or any(
        contains(line, words) for line in context.now.notices
    )


def proposals(*found: Proposed | None) -> list[Proposed]:
    """All proposals, or none when one of them did not hold."""
    kept = [item for item in found if item is not None]
    return kept if len(kept) == len(found) else []


def headings(observation: Observation) -> list[str]:
    """The headings of a page, highest first."""
    found = [node for node in observation.nodes if node.role == "heading" and node.text]
    return [node.text for node in sorted(found, key=lambda node: node.level or 9)]


def one_of(texts: Sequence[str], wanted: str) -> bool:
    """Whether a text is among others, as read."""
    return any(equal(text, wanted) for text in texts)
