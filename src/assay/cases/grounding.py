"""From a named thing to one element of an observation, with a score, a margin and a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assay.browser.model import Node, Observation
from assay.cases.clauses import Clause, FieldValue, Phrase, Place, Relation, Verb
from assay.cases.meaning import Meaning
from assay.cases.pageindex import PageIndex, contains_words, same_target
from assay.cases.pools import (
    POINTING,
    TICKING,
    TYPING,
    confirm_buttons,
    forms_in_hand,
    is_search,
    items,
    likely_field,
    pool,
    submit_buttons,
    weight,
)
from assay.cases.signals import (
    harm_penalty,
    name_score,
    number_bonus,
    place_fit,
    role_fit,
    state_fit,
    text_in_row,
)
from assay.cases.words import canonical, lexical, plain

_FLOOR = 0.48  # below this a name has too little in common with what was asked for
_QUOTED_FLOOR = 0.64
_MARGIN = 0.03
_WEAK_MARGIN = 0.07  # for scores that rest on part of the words or on embeddings
_RESIDUAL = 120  # names that are embedded at most when words decide nothing


@dataclass(frozen=True, slots=True)
class Memory:
    """What "it" and bare steps may mean. Texts, since refs die with their observation.

    ``thing`` is the text of what was last made, found or named (a rendered value, not a template);
    ``made`` are all values typed so far, oldest first. ``ref`` is the last target, only when it
    belongs to the observation at hand.
    """

    thing: str = ""
    made: tuple[str, ...] = ()
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class GroundRequest:
    """One thing to find. ``verb`` decides which roles can take part.

    ``destructive`` allows controls that delete, cancel or log out although the phrase does not
    say so. ``following`` are the names that the next clauses use (they tell which form is meant).
    """

    phrase: Phrase
    verb: Verb = Verb.CLICK
    place: Place | None = None
    value: str | None = None
    memory: Memory = Memory()
    destructive: bool = False
    following: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One element that may be meant; ``label`` is how to show it: link “Add user”."""

    ref: str
    score: float
    reason: str
    label: str


@dataclass(frozen=True, slots=True)
class Grounding:
    """The answer. ``choice`` is None exactly when it abstained; ``reason`` is one sentence then.

    ``as_value`` is set when the phrase is a value for the field ``choice`` and not its name: text
    to type, or the label of an option to select. ``stepping`` says that the choice only leads to
    the thing: the verb itself is still to be done, on the page behind the link or, where the
    choice cannot be clicked, on controls that show while the pointer is on it. ``margin`` is the
    lead over the second best candidate.
    """

    choice: Candidate | None
    candidates: tuple[Candidate, ...]
    margin: float
    reason: str
    as_value: str | None = None
    stepping: bool = False

    @property
    def abstained(self) -> bool:
        """Whether no element could be chosen."""
        return self.choice is None


_SPOKEN = {Verb.LOG_IN: "log in", Verb.LOG_OUT: "log out", Verb.REGISTER: "register"}


@dataclass(slots=True)
class _Scored:
    node: Node
    name: float
    total: float
    why: str


@dataclass(slots=True)
class _Look:
    request: GroundRequest
    index: PageIndex
    meaning: Meaning


def request_of(
    clause: Clause, memory: Memory = Memory(), following: tuple[str, ...] = ()
) -> GroundRequest:
    """The request for the first thing that a clause names (an empty phrase when it names none)."""
    if clause.verb in _SPOKEN and clause.object is None:
        phrase = Phrase(_SPOKEN[clause.verb], raw=_SPOKEN[clause.verb])
        return GroundRequest(phrase, clause.verb, clause.place, clause.value, memory, destructive=True)
    phrase = clause.object or Phrase("", pronoun=clause.pronoun, ordinal=clause.ordinal, role=clause.role_hint)
    return GroundRequest(
        phrase, clause.verb, clause.place, clause.value, memory,
        destructive=clause.verb in (Verb.DELETE, Verb.LOG_OUT, Verb.DISMISS), following=following,
    )  # fmt: skip


def ground(request: GroundRequest, observation: Observation, meaning: Meaning) -> Grounding:
    """The one element that is meant, or an abstention that names the closest candidates."""
    if request.verb is Verb.EDIT and request.value is not None:
        request = replace(request, verb=Verb.TYPE)
    look = _Look(request, PageIndex(observation), meaning)
    phrase, verb = request.phrase, request.verb
    if verb is Verb.SUBMIT and not phrase.text:
        return _decide(look, _plain_scores(submit_buttons(look.index, request.memory.made)), 0.55, "to send the form")
    if verb in (Verb.CONFIRM, Verb.DISMISS) and not phrase.text:
        found = confirm_buttons(look.index, positive=verb is Verb.CONFIRM)
        return _decide(look, _plain_scores(found), 0.42, "to answer the question")
    if phrase.pronoun and not phrase.text:
        return _pronoun(look)
    if not phrase.text:
        return _unnamed(look)
    for rule in (_whole_name, _owned_control, _faceted, _typed_item):
        answer = rule(look)
        if answer is not None:
            return answer
    return _named(look)


def _faceted(look: _Look) -> Grounding | None:
    """Group by a field: its link among the facets rather than its column header."""
    if look.request.verb is not Verb.FACET:
        return None
    scored = _scores(look, [node for node in look.index.nodes if node.interactive], look.request.phrase.text)
    for one in scored:
        words = " ".join((one.node.section, one.node.near, one.node.group, one.node.href, one.node.title))
        above = next(look.index.ancestors(one.node), None)
        words += f" {above.own_text}" if above is not None else ""
        one.total += 0.15 if any(word in words.lower() for word in ("facet", "group by", "group_by")) else -0.2
    return _decide(look, scored, 0.7, f"“{look.request.phrase.text}” to group by")


def _typed_item(look: _Look) -> Grounding | None:
    """"Add 'milk'" where no control is called so: the field that makes new items."""
    request = look.request
    if request.verb is not Verb.ADD or request.value is None or request.place is not None:
        return None
    typing = replace(request, verb=Verb.TYPE, phrase=Phrase(""))
    answer = _unnamed(_Look(typing, look.index, look.meaning))
    return replace(answer, as_value=request.value) if answer.choice else None

def ground_all(request: GroundRequest, observation: Observation, meaning: Meaning) -> tuple[Candidate, ...]:
    """Every element that is meant ("all checkboxes", "every Delete link"), in document order."""
    look = _Look(request, PageIndex(observation), meaning)
    if not request.phrase.text:
        nodes = items(request.verb, request.phrase, look.index, request.memory.made)
        if request.place is not None:
            nodes = [node for node in nodes if place_fit(request.place, node, look.index) >= 0.5]
        return tuple(_candidate(look, _Scored(node, 1.0, 1.0, "one of them")) for node in nodes)
    scored = _scores(look, pool(request.verb, request.phrase, look.index), request.phrase.text)
    best = max((one.total for one in scored), default=0.0)
    kept = [one for one in scored if one.total >= max(_FLOOR, best - 0.2) and one.name >= _FLOOR]
    kept.sort(key=lambda one: look.index.order[one.node.ref])
    return tuple(_candidate(look, one) for one in kept)


def ground_fields(
    field: FieldValue, observation: Observation, meaning: Meaning, memory: Memory = Memory(),
    place: Place | None = None,
) -> Grounding | tuple[Candidate, ...]:  # fmt: skip
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
    look = _Look(request, PageIndex(observation), meaning)
    scored = _scores(look, pool(verb, phrase, look.index), phrase.text)
    kept = [one for one in scored if one.name >= 0.45 and "disabled" not in one.node.states]
    best = max((one.total for one in kept), default=0.0)
    kept = [one for one in kept if one.total >= best - 0.45]
    form = _busiest([one.node.form for one in kept])
    kept = [one for one in kept if one.node.form == form]
    empty = [one for one in kept if not one.node.value] if field.relation is Relation.ANY else kept
    chosen = sorted(empty if len(empty) >= field.count else kept, key=lambda one: look.index.order[one.node.ref])
    if len(chosen) < field.count:
        return _abstain(look, scored, f"I found {len(chosen)} of {field.count} fields called “{phrase.text}”")
    return tuple(_candidate(look, one) for one in chosen[: field.count])


def _busiest(forms: Iterable[str | None]) -> str | None:
    counts: dict[str | None, int] = {}
    for form in forms:
        counts[form] = counts.get(form, 0) + 1
    return max(counts, key=lambda one: counts[one]) if counts else None


def _scores(look: _Look, nodes: list[Node], query: str) -> list[_Scored]:
    """Names first; place, role, state and memory only for those that have some name in common."""
    request, index = look.request, look.index
    raw = request.phrase.raw if request.phrase.raw != query else ""
    forms = forms_in_hand(index, request.memory.made)
    found: list[_Scored] = []
    for node in nodes:
        name, why = name_score(query, node, quoted=request.phrase.quoted)
        if raw and not request.phrase.quoted and query == request.phrase.text:
            whole, source = name_score(raw, node)
            if whole >= 0.9 and whole > name - 0.06:
                name, why = max(whole, name), source
        if request.verb in TICKING and name < 0.7 and node.row not in index.header_rows:
            beside = text_in_row(query, node) * 0.85
            name, why = max((name, why), (beside, "its row"))
        if request.phrase.number and query == request.phrase.text and name < 0.95 and not _numbered(node, request.phrase.number):
            name *= 0.6
        if name <= 0.15:
            continue
        found.append(_Scored(node, name, name + _extras(look, node, query, forms), why))
    if request.place is not None:
        _placed(look, found, request.place)
    return found


def _numbered(node: Node, number: str) -> bool:
    texts = (node.name, node.text[:200], node.href, node.row_text)
    return any(str(int(number)) in canonical(text) for text in texts if text)


def _extras(look: _Look, node: Node, query: str, forms: frozenset[str]) -> float:
    request, index = look.request, look.index
    extra = role_fit(request.phrase.role, node, index) + state_fit(node, index)
    extra += weight(request.verb, node, index) + number_bonus(request.phrase, node)
    extra += harm_penalty(query, node, index, request.destructive)
    thing = request.memory.thing
    if thing and thing != query and node.row_text and text_in_row(thing, node) >= 0.85:
        extra += 0.14
    if node.form is not None and node.form in forms:
        extra += 0.05
    return extra


def _placed(look: _Look, found: list[_Scored], place: Place) -> None:
    fits = [place_fit(place, one.node, look.index) for one in found]
    if not fits or max(fits) < 0.5:
        if place.kind in ("row", "dialog", "frame", "section", "near", "table", "card") or place.quoted:
            for one in found:  # the place itself is not there: nothing may be chosen for its name alone
                one.total -= 0.5
                one.why += f", but nothing is at “{place.text or place.kind}”"
        return
    least = max(0.5, max(fits) - 0.12) if place.kind == "near" else 0.5
    for one, fit in zip(found, fits, strict=True):
        one.total += 0.1 if fit >= least else -0.45 if place.kind else -0.25


def _named(look: _Look) -> Grounding:
    request, index = look.request, look.index
    phrase = request.phrase
    scored = _scores(look, pool(request.verb, phrase, index), phrase.text)
    if phrase.ordinal is not None:
        return _nth(look, scored)
    best = max((one.total for one in scored), default=0.0)
    if best < 0.8 and request.verb not in (Verb.UPLOAD, Verb.FILL_FORM, Verb.CLEAR):
        answer = _option(look)
        if answer is not None:
            return answer
    if best < 0.75 and request.verb in (Verb.NAME_ONLY, Verb.TYPE):
        answer = _as_value(look, best)
        if answer is not None:
            return answer
    if best < 0.62 and not phrase.quoted and not phrase.number:
        _embed(look, scored)
    floor = _QUOTED_FLOOR if phrase.quoted else _FLOOR
    if request.verb is Verb.UPLOAD and not [one for one in scored if one.total >= floor]:
        files = [node for node in index.nodes if node.input_type == "file"]
        if len(files) == 1:
            return _decide(look, [_Scored(files[0], 0.7, 0.7, "the only file field")], 0.5, "")
    answer = _decide(look, scored, floor, f"“{phrase.raw or phrase.text}”")
    if request.verb in _CONTROLS and answer.choice and not index.by_ref[answer.choice.ref].interactive:
        return replace(answer, stepping=True)  # its controls may only show while the pointer is on it
    return answer


def _embed(look: _Look, scored: list[_Scored]) -> None:
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
            extra = _extras(look, node, request.phrase.text, forms)
            at = known.get(node.ref)
            if at is None:
                scored.append(_Scored(node, score, score + extra, "near in meaning"))
            elif score > at.name:
                at.total += score - at.name
                at.name, at.why = score, "near in meaning"


def _whole_name(look: _Look) -> Grounding | None:
    """A control called by the verb and the thing together: "Add attachment", "Delete selected"."""
    request = look.request
    word = {Verb.ADD: "add", Verb.DELETE: "delete", Verb.EDIT: "edit", Verb.SORT: "sort by", Verb.APPLY: "apply",
            Verb.RUN: "run", Verb.DOWNLOAD: "download", Verb.EXPAND: "expand"}.get(request.verb)  # fmt: skip
    if word is None or request.phrase.ordinal is not None:
        return None
    nodes = [node for node in look.index.nodes if node.interactive and not look.index.typable(node)]
    narrowed = _Look(replace(request, destructive=request.destructive or request.verb is Verb.DELETE,
                             phrase=replace(request.phrase, quoted=False)), look.index, look.meaning)  # fmt: skip
    scored = _scores(narrowed, nodes, f"{word} {request.phrase.text}")
    strong = [one for one in scored if one.name >= 0.86]
    return _decide(narrowed, strong, 0.7, f"“{word} {request.phrase.text}”") if strong else None


_CONTROLS = {Verb.DELETE: "delete", Verb.EDIT: "edit", Verb.ADD: "add"}


def _owned_control(look: _Look) -> Grounding | None:
    """"Delete Bob": the delete control in Bob's row; else the way to Bob's own page."""
    request, index = look.request, look.index
    word = _CONTROLS.get(request.verb)
    if word is None or request.value is not None and request.verb is Verb.EDIT:
        return None
    controls: list[_Scored] = []
    for node in index.nodes:
        if not node.interactive or index.fillable(node):
            continue
        named, why = name_score(word, node)
        at_home = max(text_in_row(request.phrase.text, node), lexical(request.phrase.text, node.section),
                      lexical(request.phrase.text, node.group))  # fmt: skip
        if named >= 0.5 and at_home >= 0.8:
            total = 0.5 + 0.3 * named + 0.15 * at_home + state_fit(node, index)
            into = request.place.text if request.place is not None else "cart" if word == "add" else ""
            total += 0.1 if into and lexical(into, node.name) >= 0.5 else 0.0
            controls.append(_Scored(node, named, total, why))
    if controls:
        return _decide(look, controls, 0.6, f"to {word} “{request.phrase.text}”")
    links = _scores(look, [node for node in index.nodes if node.role == "link" and node.interactive], request.phrase.text)
    strong = [one for one in links if one.name >= 0.75]
    if strong:
        answer = _decide(look, strong, 0.6, f"“{request.phrase.text}”")
        return replace(answer, stepping=answer.choice is not None)
    return None


def _option(look: _Look) -> Grounding | None:
    """An option of a list box that is called so: the list box, with the option as its value."""
    text, raw = look.request.phrase.text, look.request.phrase.raw
    found: list[_Scored] = []
    labels: dict[str, str] = {}
    for node in look.index.nodes:
        for option in node.options:
            match = max(lexical(text, option.label), lexical(raw, option.label) if raw else 0.0)
            if match >= 0.9 and not option.disabled:
                extra = state_fit(node, look.index) + (0.03 if match >= 0.98 else 0.0)
                found.append(_Scored(node, match, match + extra, "has that option"))
                labels.setdefault(node.ref, option.label)
    if not found:
        return None
    if look.request.place is not None:
        _placed(look, found, look.request.place)
    answer = _decide(look, found, 0.6, f"the option “{text}”")
    return replace(answer, as_value=labels[answer.choice.ref]) if answer.choice else None


def _as_value(look: _Look, best: float) -> Grounding | None:
    """A bare code or quoted text: a value for the field that its letters or the next steps name."""
    phrase, index = look.request.phrase, look.index
    text = phrase.text
    code_like = any(char.isdigit() for char in text) or text.isupper() or phrase.quoted or "@" in text
    if not code_like or look.request.verb is not Verb.NAME_ONLY:
        return None
    letters = "".join(char if char.isalpha() else " " for char in text).strip()
    found: list[_Scored] = []
    forms = {node.form for name in look.request.following[:2] for node in index.nodes
             if node.form and node.role == "button" and name_score(name, node)[0] >= 0.85}  # fmt: skip
    for node in index.nodes:
        if not index.typable(node) or node.input_type == "password":
            continue
        score, why = 0.55 + state_fit(node, index), "a field for it"
        label = name_score(letters, node)[0] if len(letters) >= 2 else 0.0
        if label >= 0.8:
            score, why = score + 0.35, "its letters name the field"
        if node.form in forms:
            score += 0.1
        if is_search(node, index):
            score += 0.05
        if "focused" in node.states:
            score += 0.1
        if node.value:
            score -= 0.1
        found.append(_Scored(node, score, score, why))
    answer = _decide(look, found, 0.5, f"a field for “{text}”")
    return replace(answer, as_value=text) if answer.choice else None


def _pronoun(look: _Look) -> Grounding:
    """"it": the last thing, through what the verb can be done to in its row or by its name."""
    request, index = look.request, look.index
    memory, verb = request.memory, request.verb
    if memory.ref is not None and memory.ref in index.by_ref:
        node = index.by_ref[memory.ref]
        if verb not in TICKING or index.checkable(node):
            return _decide(look, [_Scored(node, 1.0, 1.0, "the last thing used")], 0.5, "")
    things = [one for one in (memory.thing, *reversed(memory.made[-4:])) if one]
    for thing in dict.fromkeys(things):
        named = replace(request, phrase=Phrase(thing, raw=thing, role=request.phrase.role))
        answer = _thing(_Look(named, index, look.meaning), thing)
        if answer.choice is not None:
            return answer
    nodes = items(verb, replace(request.phrase, role=""), index, memory.made)
    if len(nodes) == 1:
        return _decide(look, [_Scored(nodes[0], 0.8, 0.8, "the only one")], 0.5, "")
    shown = [_Scored(node, 0.3, 0.3, "one of several") for node in nodes[:3]]
    return _abstain(look, shown, "It is not clear what “it” is")


def _thing(look: _Look, thing: str) -> Grounding:
    request, index = look.request, look.index
    if request.verb in (Verb.DELETE, Verb.EDIT):
        answer = _owned_control(look)
        if answer is not None:
            return answer
    nodes = pool(request.verb, request.phrase, index)
    scored = _scores(look, nodes, thing)
    if request.verb is Verb.OPEN:
        scored = [one for one in scored if one.node.role == "link"] or scored
    kept = [one for one in scored if one.name >= 0.6]
    rows = {one.node.row for one in kept}
    if len(kept) > 1 and len(rows) == 1 and None not in rows and request.verb not in TICKING:
        kept = kept[:1]
    return _decide(look, kept, 0.55, f"“{thing}”")


def _unnamed(look: _Look) -> Grounding:
    """No name at all: an ordinal, a role, or the one element that the verb can mean."""
    request, index = look.request, look.index
    phrase, verb = request.phrase, request.verb
    if verb in (*TYPING, Verb.EDIT) and phrase.role in ("", "field", "text") and phrase.ordinal is None:
        found = _plain_scores(likely_field(verb, index, request.memory.made))
        if verb is Verb.APPLY and max((one.total for one in found), default=0.0) < 0.6:
            return _code_field(look, found)
        if request.place is not None:
            _placed(look, found, request.place)
        return _decide(look, found, 0.5, "a field to type into")
    nodes = items(verb, phrase, index, request.memory.made)
    if phrase.role == "icon":
        nodes = [node for node in index.nodes if node.interactive and not node.text]
    if request.place is not None:
        nodes = [node for node in nodes if place_fit(request.place, node, index) >= 0.5]
    if phrase.ordinal is not None:
        return _at(look, [_Scored(node, 0.9, 0.9, "by position") for node in nodes], phrase.ordinal)
    if verb in POINTING and not phrase.role:
        thing = _pronoun(_Look(replace(request, phrase=Phrase("", pronoun=True)), index, look.meaning))
        if thing.choice is not None:
            return thing
    return _decide(look, [_Scored(node, 0.7, 0.7, "the only one") for node in nodes], 0.5, "that")


def _code_field(look: _Look, found: list[_Scored]) -> Grounding:
    """No field asks for a code: a link or button may open one."""
    openers: list[_Scored] = []
    for node in look.index.nodes:
        if node.interactive and not look.index.fillable(node):
            name = max(name_score(word, node)[0] for word in ("voucher code", "voucher", "gift card"))
            openers.append(_Scored(node, name, name + state_fit(node, look.index), "may open a field for it"))
    answer = _decide(look, openers, 0.55, "a way to enter a code")
    return replace(answer, stepping=True) if answer.choice else _abstain(look, found, "No field asks for a code")


def _nth(look: _Look, scored: list[_Scored]) -> Grounding:
    best = max((one.total for one in scored), default=0.0)
    alike = [one for one in scored if one.total >= best - 0.12 and one.name >= _FLOOR]
    ordinal = look.request.phrase.ordinal or 1
    if not alike:
        return _abstain(look, scored, f"Nothing is called “{look.request.phrase.text}”")
    alike.sort(key=lambda one: look.index.order[one.node.ref])
    single: list[_Scored] = []
    for one in alike:
        if single and (same_target(single[-1].node, one.node) or look.index.inside(one.node, single[-1].node.ref)):
            continue
        single.append(one)
    return _at(look, single, ordinal)


def _at(look: _Look, nodes: list[_Scored], ordinal: int) -> Grounding:
    at = ordinal - 1 if ordinal > 0 else len(nodes) + ordinal
    if not 0 <= at < len(nodes):
        return _abstain(look, nodes, f"There are {len(nodes)} of them, so there is no number {ordinal}")
    chosen = _candidate(look, nodes[at])
    return Grounding(chosen, (chosen,), 1.0, f"{chosen.label}: number {ordinal} of {len(nodes)}")


def _plain_scores(found: list[tuple[Node, float, str]]) -> list[_Scored]:
    return [_Scored(node, score, score, why) for node, score, why in found]


def _decide(look: _Look, scored: list[_Scored], floor: float, what: str) -> Grounding:
    ranked = sorted(scored, key=lambda one: (-one.total, look.index.order[one.node.ref]))
    if not ranked or ranked[0].total < floor or ranked[0].name < 0.3:
        name = look.request.phrase.raw or look.request.phrase.text or what
        return _abstain(look, ranked, f"I found nothing called “{name.strip('“”')}”")
    best = ranked[0]
    rivals = [one for one in ranked[1:] if not _alike(look, best.node, one.node)]
    second = rivals[0].total if rivals else 0.0
    margin = best.total - second
    needed = _MARGIN if best.name >= 0.85 else _WEAK_MARGIN
    if rivals and margin < needed:
        return _abstain(look, [best, *rivals], f"More than one element may be {what}")
    chosen = _candidate(look, best)
    others = tuple(_candidate(look, one) for one in rivals[:3])
    return Grounding(chosen, (chosen, *others), round(min(1.0, margin), 3), f"{chosen.label}: {best.why}")


def _alike(look: _Look, best: Node, other: Node) -> bool:
    """Whether both are one thing: links to one place, an element and its wrapper, a label and its box."""
    if same_target(best, other):
        return True
    if look.index.inside(other, best.ref) or look.index.inside(best, other.ref):
        return True
    return other.tag == "label" and bool(best.label) and plain(best.label) == plain(other.text)


def _abstain(look: _Look, ranked: list[_Scored], lead: str) -> Grounding:
    ranked = sorted(ranked, key=lambda one: -one.total)
    shown = tuple(_candidate(look, one) for one in ranked[:3] if one.total > 0.1)
    if len(shown) > 1:
        listed = ", ".join(one.label for one in shown[:-1]) + f" and {shown[-1].label}"
        return Grounding(None, shown, 0.0, f"{lead}; I hesitated between {listed}.")
    closest = f"; the closest is {shown[0].label}." if shown else "."
    return Grounding(None, shown, 0.0, lead + closest)


def _candidate(look: _Look, one: _Scored) -> Candidate:
    return Candidate(one.node.ref, round(one.total, 3), one.why, look.index.label(one.node))


__all__ = [
    "Candidate", "GroundRequest", "Grounding", "Memory", "contains_words", "ground", "ground_all",
    "ground_fields", "request_of",
]  # fmt: skip
