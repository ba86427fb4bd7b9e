"""From a named thing to one element of an observation, with a score, a margin and a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assay.browser.model import Node, Observation
from assay.cases.clauses import Clause, FieldValue, Phrase, Place, Relation, Verb
from assay.cases.ground_core import (
    FLOOR,
    QUOTED_FLOOR,
    Look,
    Scored,
    abstain,
    candidate_of,
    decide,
    extras,
    nth_named,
    plain_scores,
    score_names,
)
from assay.cases.ground_exact import ground_exact
from assay.cases.ground_rules import (
    CONTROLS,
    as_value,
    faceted,
    option_of,
    owned_control,
    pronoun,
    typed_item,
    unnamed,
    whole_name,
)
from assay.cases.ground_types import NO_MEMORY, Candidate, Grounding, GroundRequest, Memory
from assay.cases.meaning import Meaning
from assay.cases.pageindex import PageIndex
from assay.cases.pools import confirm_buttons, forms_in_hand, items, pool, submit_buttons
from assay.cases.signals import place_fit
from assay.cases.words import canonical

_RESIDUAL = 120  # names that are embedded at most when words decide nothing

_SPOKEN = {Verb.LOG_IN: "log in", Verb.LOG_OUT: "log out", Verb.REGISTER: "register"}


def request_of(
    clause: Clause, memory: Memory = NO_MEMORY, following: tuple[str, ...] = ()
) -> GroundRequest:
    """The request for the first thing that a clause names (an empty phrase when it names none)."""
    if clause.verb in _SPOKEN and clause.object is None:
        phrase = Phrase(_SPOKEN[clause.verb], raw=_SPOKEN[clause.verb])
        return GroundRequest(
            phrase, clause.verb, clause.place, clause.value, memory, destructive=True
        )
    phrase = clause.object or Phrase(
        "", pronoun=clause.pronoun, ordinal=clause.ordinal, role=clause.role_hint
    )
    return GroundRequest(
        phrase,
        clause.verb,
        clause.place,
        clause.value,
        memory,
        destructive=clause.verb in (Verb.DELETE, Verb.LOG_OUT, Verb.DISMISS),
        following=following,
    )


def ground(request: GroundRequest, observation: Observation, meaning: Meaning) -> Grounding:
    """The one element that is meant, or an abstention that names the closest candidates."""
    if request.verb is Verb.EDIT and request.value is not None:
        request = replace(request, verb=Verb.TYPE)
    look = Look(request, PageIndex(observation), meaning)
    phrase, verb = request.phrase, request.verb
    if request.exact and verb not in (Verb.CONFIRM, Verb.DISMISS):
        return ground_exact(look)
    if verb is Verb.SUBMIT and not phrase.text:
        return decide(
            look,
            plain_scores(submit_buttons(look.index, request.memory.made)),
            0.55,
            "to send the form",
        )
    if verb in (Verb.CONFIRM, Verb.DISMISS) and not phrase.text:
        found = confirm_buttons(look.index, positive=verb is Verb.CONFIRM)
        return decide(look, plain_scores(found), 0.42, "to answer the question")
    if phrase.pronoun and not phrase.text:
        return pronoun(look)
    if not phrase.text:
        return unnamed(look)
    for rule in (whole_name, owned_control, faceted, typed_item):
        answer = rule(look)
        if answer is not None:
            return answer
    return _named(look)


def ground_all(
    request: GroundRequest, observation: Observation, meaning: Meaning
) -> tuple[Candidate, ...]:
    """Every element that is meant ("all checkboxes", "every Delete link"), in document order."""
    look = Look(request, PageIndex(observation), meaning)
    if not request.phrase.text:
        nodes = items(request.verb, request.phrase, look.index, request.memory.made)
        if request.place is not None:
            nodes = [node for node in nodes if place_fit(request.place, node, look.index) >= 0.5]
        return tuple(candidate_of(look, Scored(node, 1.0, 1.0, "one of them")) for node in nodes)
    scored = score_names(look, pool(request.verb, request.phrase, look.index), request.phrase.text)
    best = max((one.total for one in scored), default=0.0)
    kept = [one for one in scored if one.total >= max(FLOOR, best - 0.2) and one.name >= FLOOR]
    kept.sort(key=lambda one: look.index.order[one.node.ref])
    return tuple(candidate_of(look, one) for one in kept)


def ground_fields(
    field: FieldValue,
    observation: Observation,
    meaning: Meaning,
    memory: Memory = NO_MEMORY,
    place: Place | None = None,
) -> Grounding | tuple[Candidate, ...]:
    """The fields of a form that one named field stands for: ``count`` of them, in document order.

    Returns a Grounding that abstained when there are fewer. "password" twice finds the password
    and its confirmation, "two choices" the first two fields of that name.
    """
    verb = Verb.UPLOAD if field.size is not None or field.field.role == "file" else Verb.FILL_FORM
    phrase = replace(field.field, role="" if field.field.role == "file" else field.field.role)
    request = GroundRequest(phrase, verb, place, field.value, memory)
    if field.count == 1 and field.relation not in (Relation.SAME, Relation.DIFFERENT):
        answer = ground(request, observation, meaning)
        return answer if answer.choice is None else (answer.choice,)
    look = Look(request, PageIndex(observation), meaning)
    scored = score_names(look, pool(verb, phrase, look.index), phrase.text)
    kept = [
        one
        for one in scored
        if one.name >= 0.45
        and "disabled" not in one.node.states
        and (look.index.typable(one.node) or look.index.choosable(one.node))
    ]
    secret = [one for one in kept if one.node.input_type == "password"]
    kept = secret if "password" in canonical(phrase.text) and secret else kept
    best = max((one.total for one in kept), default=0.0)
    kept = [one for one in kept if one.total >= best - 0.45]
    form = _busiest([one.node.form for one in kept])
    kept = [one for one in kept if one.node.form == form]
    empty = [one for one in kept if not one.node.value] if field.relation is Relation.ANY else kept
    chosen = sorted(
        empty if len(empty) >= field.count else kept, key=lambda one: look.index.order[one.node.ref]
    )
    if len(chosen) < field.count:
        return abstain(
            look, scored, f"I found {len(chosen)} of {field.count} fields called “{phrase.text}”"
        )
    return tuple(candidate_of(look, one) for one in chosen[: field.count])


def _busiest(forms: Iterable[str | None]) -> str | None:
    counts: dict[str | None, int] = {}
    for form in forms:
        counts[form] = counts.get(form, 0) + 1
    return max(counts, key=lambda one: counts[one]) if counts else None


def _named(look: Look) -> Grounding:
    request, index = look.request, look.index
    phrase = request.phrase
    scored = score_names(look, pool(request.verb, phrase, index), phrase.text)
    if phrase.ordinal is not None:
        return nth_named(look, scored)
    best = max((one.total for one in scored), default=0.0)
    if best < 0.8 and request.verb not in (Verb.UPLOAD, Verb.FILL_FORM, Verb.CLEAR):
        answer = option_of(look)
        if answer is not None:
            return answer
    if best < 0.75 and request.verb in (Verb.NAME_ONLY, Verb.TYPE):
        answer = as_value(look)
        if answer is not None:
            return answer
    if best < 0.62 and not phrase.quoted and not phrase.number:
        _embed(look, scored)
    floor = QUOTED_FLOOR if phrase.quoted else FLOOR
    if request.verb is Verb.UPLOAD and not [one for one in scored if one.total >= floor]:
        files = [node for node in index.nodes if node.input_type == "file"]
        if len(files) == 1:
            return decide(look, [Scored(files[0], 0.7, 0.7, "the only file field")], 0.5, "")
    answer = decide(look, scored, floor, f"“{phrase.raw or phrase.text}”")
    if (
        request.verb in CONTROLS
        and answer.choice
        and not index.by_ref[answer.choice.ref].interactive
    ):
        return replace(
            answer, stepping=True
        )  # its controls may only show while the pointer is on it
    return answer


def _embed(look: Look, scored: list[Scored]) -> None:
    """When words decide nothing: the three nearest in meaning join, never above a shared word."""
    request, index = look.request, look.index
    known = {one.node.ref: one for one in scored}
    texts: dict[str, list[Node]] = {}
    for node in pool(request.verb, request.phrase, index):
        words = node.name or node.label or node.placeholder or node.title or node.near
        if words and len(words) <= 60 and any(char.isalpha() for char in words):
            texts.setdefault(words, []).append(node)
    names = list(texts)[:_RESIDUAL]
    ranked = sorted(
        zip(names, look.meaning.embedded(request.phrase.text, names), strict=True),
        key=lambda pair: -pair[1],
    )[:3]
    forms = forms_in_hand(index, request.memory.made)
    for text, score in ranked:
        for node in texts[text]:
            extra = extras(look, node, request.phrase.text, forms)
            at = known.get(node.ref)
            if at is None:
                scored.append(Scored(node, score, score + extra, "near in meaning"))
            elif score > at.name:
                at.total += score - at.name
                at.name, at.why = score, "near in meaning"


__all__ = [
    "Candidate",
    "GroundRequest",
    "Grounding",
    "Memory",
    "ground",
    "ground_all",
    "ground_fields",
    "request_of",
]
