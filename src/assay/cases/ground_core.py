"""Scoring the elements that can take part, and deciding between them or abstaining."""

from __future__ import annotations

from dataclasses import dataclass

from assay.browser.model import Node
from assay.cases.clauses import Place
from assay.cases.ground_types import Candidate, Grounding, GroundRequest
from assay.cases.meaning import Meaning
from assay.cases.pageindex import PageIndex, same_target
from assay.cases.pools import TICKING, forms_in_hand, weight
from assay.cases.signals import (
    dismissal_penalty,
    harm_penalty,
    name_score,
    number_bonus,
    place_fit,
    role_fit,
    state_fit,
    text_in_row,
)
from assay.cases.words import canonical, plain

FLOOR = 0.48  # below this a name has too little in common with what was asked for

QUOTED_FLOOR = 0.64

MARGIN = 0.03

WEAK_MARGIN = 0.07  # for scores that rest on part of the words or on embeddings


@dataclass(slots=True)
class Scored:
    node: Node
    name: float
    total: float
    why: str


_OTHER_CAPITALS = 0.15


@dataclass(slots=True)
class Look:
    request: GroundRequest
    index: PageIndex
    meaning: Meaning


def score_names(look: Look, nodes: list[Node], query: str) -> list[Scored]:
    """Names first; place, role, state and memory only for those that have some name in common."""
    request, index = look.request, look.index
    raw = request.phrase.raw if request.phrase.raw != query else ""
    forms = forms_in_hand(index, request.memory.made)
    found: list[Scored] = []
    for node in nodes:
        name, why = name_score(query, node, quoted=request.phrase.quoted)
        if raw and not request.phrase.quoted and query == request.phrase.text:
            whole, source = name_score(raw, node)
            if whole >= 0.9 and whole > name - 0.06:
                name, why = max(whole, name), source
        if request.verb in TICKING and name < 0.7 and node.row not in index.header_rows:
            beside = text_in_row(query, node) * 0.85
            name, why = max((name, why), (beside, "its row"))
        if (
            request.phrase.number
            and query == request.phrase.text
            and name < 0.95
            and not numbered(node, request.phrase.number)
        ):
            name *= 0.6
        if name <= 0.15:
            continue
        found.append(Scored(node, name, name + extras(look, node, query, forms), why))
    _cased(found, request.phrase.raw)
    if request.place is not None:
        placed(look, found, request.place)
    return found


def _cased(found: list[Scored], said: str) -> None:
    """Of names that are alike but for capitals, "Admin" and "admin", the one that was written."""
    names = [(one, (one.node.name or one.node.text).strip()) for one in found]
    if any(name == said for _, name in names):
        for one, name in names:
            if name != said and name.casefold() == said.casefold():
                one.total -= _OTHER_CAPITALS


def numbered(node: Node, number: str) -> bool:
    texts = (node.name, node.text[:200], node.href, node.row_text)
    return any(str(int(number)) in canonical(text) for text in texts if text)


def extras(look: Look, node: Node, query: str, forms: frozenset[str]) -> float:
    request, index = look.request, look.index
    extra = role_fit(request.phrase.role, node, index) + state_fit(node, index)
    extra += weight(request.verb, node, index) + number_bonus(request.phrase, node)
    extra += harm_penalty(query, node, index, request.destructive)
    extra += dismissal_penalty(query, node, index)
    thing = request.memory.thing
    if thing and thing != query and node.row_text and text_in_row(thing, node) >= 0.85:
        extra += 0.14
    if node.form is not None and node.form in forms:
        extra += 0.05
    return extra


def placed(look: Look, found: list[Scored], place: Place) -> None:
    fits = [place_fit(place, one.node, look.index) for one in found]
    if not fits or max(fits) < 0.5:
        if (
            place.kind in ("row", "dialog", "frame", "section", "near", "table", "card")
            or place.quoted
        ):
            for (
                one
            ) in found:  # the place itself is not there: nothing may be chosen for its name alone
                one.total -= 0.5
                one.why += f", but nothing is at “{place.text or place.kind}”"
        return
    closest = place.kind in ("near", "row", "card")
    least = max(0.5, max(fits) - 0.12) if closest else 0.5
    for one, fit in zip(found, fits, strict=True):
        one.total += 0.1 if fit >= least else -0.45 if place.kind else -0.25


def nth_named(look: Look, scored: list[Scored]) -> Grounding:
    best = max((one.total for one in scored), default=0.0)
    alike = [one for one in scored if one.total >= best - 0.12 and one.name >= FLOOR]
    ordinal = look.request.phrase.ordinal or 1
    if not alike:
        return abstain(look, scored, f"Nothing is called “{look.request.phrase.text}”")
    alike.sort(key=lambda one: look.index.order[one.node.ref])
    single: list[Scored] = []
    for one in alike:
        if single and (
            same_target(single[-1].node, one.node)
            or look.index.inside(one.node, single[-1].node.ref)
        ):
            continue
        single.append(one)
    return at_position(look, single, ordinal)


def at_position(look: Look, nodes: list[Scored], ordinal: int) -> Grounding:
    at = ordinal - 1 if ordinal > 0 else len(nodes) + ordinal
    if not 0 <= at < len(nodes):
        return abstain(
            look, nodes, f"There are {len(nodes)} of them, so there is no number {ordinal}"
        )
    chosen = candidate_of(look, nodes[at])
    return Grounding(chosen, (chosen,), 1.0, f"{chosen.label}: number {ordinal} of {len(nodes)}")


def plain_scores(found: list[tuple[Node, float, str]]) -> list[Scored]:
    return [Scored(node, score, score, why) for node, score, why in found]


def decide(look: Look, scored: list[Scored], floor: float, what: str) -> Grounding:
    ranked = sorted(scored, key=lambda one: (-one.total, look.index.order[one.node.ref]))
    if not ranked or ranked[0].total < floor or ranked[0].name < 0.3:
        name = look.request.phrase.raw or look.request.phrase.text or what
        return abstain(look, ranked, f"I found nothing called “{name.strip('“”')}”")
    best = ranked[0]
    rivals = [one for one in ranked[1:] if not alike(look, best.node, one.node)]
    second = rivals[0].total if rivals else 0.0
    margin = best.total - second
    needed = MARGIN if best.name >= 0.85 else WEAK_MARGIN
    if rivals and margin < needed:
        return abstain(look, [best, *rivals], f"More than one element may be {what}")
    chosen = candidate_of(look, best)
    others = tuple(candidate_of(look, one) for one in rivals[:3])
    return Grounding(
        chosen, (chosen, *others), round(min(1.0, margin), 3), f"{chosen.label}: {best.why}"
    )


def alike(look: Look, best: Node, other: Node) -> bool:
    """Whether both are one thing: links to one place, an element and its wrapper or label."""
    if look.request.exact and best.href and other.href:
        if best.href.partition("#")[0] == other.href.partition("#")[0]:
            return True
    elif same_target(best, other):
        return True
    if look.index.inside(other, best.ref) or look.index.inside(best, other.ref):
        return True
    return other.tag == "label" and bool(best.label) and plain(best.label) == plain(other.text)


def abstain(look: Look, ranked: list[Scored], lead: str) -> Grounding:
    ranked = sorted(ranked, key=lambda one: -one.total)
    shown = tuple(candidate_of(look, one) for one in ranked[:3] if one.total > 0.1)
    if len(shown) > 1:
        listed = ", ".join(one.label for one in shown[:-1]) + f" and {shown[-1].label}"
        return Grounding(None, shown, 0.0, f"{lead}; I hesitated between {listed}.")
    closest = f"; the closest is {shown[0].label}." if shown else "."
    return Grounding(None, shown, 0.0, lead + closest)


def candidate_of(look: Look, one: Scored) -> Candidate:
    return Candidate(one.node.ref, round(one.total, 3), one.why, look.index.label(one.node))
