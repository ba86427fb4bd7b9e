"""Rules for what has no plain name: pronouns, positions, options, values, owned controls."""

from __future__ import annotations

from dataclasses import replace

from assay.cases.clauses import Phrase, Verb
from assay.cases.ground_core import (
    Look,
    Scored,
    abstain,
    at_position,
    decide,
    placed,
    plain_scores,
    score_names,
)
from assay.cases.ground_types import Grounding
from assay.cases.pools import POINTING, TICKING, TYPING, is_search, items, likely_field, pool
from assay.cases.signals import name_score, place_fit, state_fit, text_in_row
from assay.cases.words import lexical


def faceted(look: Look) -> Grounding | None:
    """Group by a field: its link among the facets rather than its column header."""
    if look.request.verb is not Verb.FACET:
        return None
    scored = score_names(
        look, [node for node in look.index.nodes if node.interactive], look.request.phrase.text
    )
    for one in scored:
        words = (
            f"{one.node.section} {one.node.near} {one.node.group} {one.node.href} {one.node.title}"
        )
        above = next(look.index.ancestors(one.node), None)
        words += f" {above.own_text}" if above is not None else ""
        one.total += (
            0.15
            if any(word in words.lower() for word in ("facet", "group by", "group_by"))
            else -0.2
        )
    return decide(look, scored, 0.7, f"“{look.request.phrase.text}” to group by")


def typed_item(look: Look) -> Grounding | None:
    """ "Add 'milk'" where no control is called so: the field that makes new items."""
    request = look.request
    if request.verb is not Verb.ADD or request.value is None or request.place is not None:
        return None
    typing = replace(request, verb=Verb.TYPE, phrase=Phrase(""))
    answer = unnamed(Look(typing, look.index, look.meaning))
    return replace(answer, as_value=request.value) if answer.choice else None


def whole_name(look: Look) -> Grounding | None:
    """A control called by the verb and the thing together: "Add attachment", "Delete selected"."""
    request = look.request
    word = {
        Verb.ADD: "add",
        Verb.DELETE: "delete",
        Verb.EDIT: "edit",
        Verb.SORT: "sort by",
        Verb.APPLY: "apply",
        Verb.RUN: "run",
        Verb.DOWNLOAD: "download",
        Verb.EXPAND: "expand",
    }.get(request.verb)
    if word is None or request.phrase.ordinal is not None:
        return None
    nodes = [node for node in look.index.nodes if node.interactive and not look.index.typable(node)]
    narrowed = Look(
        replace(
            request,
            destructive=request.destructive or request.verb is Verb.DELETE,
            phrase=replace(request.phrase, quoted=False),
        ),
        look.index,
        look.meaning,
    )
    scored = score_names(narrowed, nodes, f"{word} {request.phrase.text}")
    strong = [one for one in scored if one.name >= 0.86]
    return decide(narrowed, strong, 0.7, f"“{word} {request.phrase.text}”") if strong else None


CONTROLS = {Verb.DELETE: "delete", Verb.EDIT: "edit", Verb.ADD: "add"}


def owned_control(look: Look) -> Grounding | None:
    """ "Delete Bob": the delete control in Bob's row; else the way to Bob's own page."""
    request, index = look.request, look.index
    word = CONTROLS.get(request.verb)
    if word is None or (request.value is not None and request.verb is Verb.EDIT):
        return None
    controls: list[Scored] = []
    for node in index.nodes:
        if not node.interactive or index.fillable(node):
            continue
        named, why = name_score(word, node)
        at_home = max(
            text_in_row(request.phrase.text, node),
            lexical(request.phrase.text, node.section),
            lexical(request.phrase.text, node.group),
        )
        if named >= 0.5 and at_home >= 0.8:
            total = 0.5 + 0.3 * named + 0.15 * at_home + state_fit(node, index)
            into = (
                request.place.text if request.place is not None else "cart" if word == "add" else ""
            )
            total += 0.1 if into and lexical(into, node.name) >= 0.5 else 0.0
            controls.append(Scored(node, named, total, why))
    if controls:
        return decide(look, controls, 0.6, f"to {word} “{request.phrase.text}”")
    links = score_names(
        look,
        [node for node in index.nodes if node.role == "link" and node.interactive],
        request.phrase.text,
    )
    strong = [one for one in links if one.name >= 0.75]
    if strong:
        answer = decide(look, strong, 0.6, f"“{request.phrase.text}”")
        return replace(answer, stepping=answer.choice is not None)
    return None


def option_of(look: Look) -> Grounding | None:
    """An option of a list box that is called so: the list box, with the option as its value."""
    text, raw = look.request.phrase.text, look.request.phrase.raw
    found: list[Scored] = []
    labels: dict[str, str] = {}
    for node in look.index.nodes:
        for option in node.options:
            match = max(lexical(text, option.label), lexical(raw, option.label) if raw else 0.0)
            if match >= 0.9 and not option.disabled:
                extra = state_fit(node, look.index) + (0.03 if match >= 0.98 else 0.0)
                found.append(Scored(node, match, match + extra, "has that option"))
                labels.setdefault(node.ref, option.label)
    if not found:
        return None
    if look.request.place is not None:
        placed(look, found, look.request.place)
    answer = decide(look, found, 0.6, f"the option “{text}”")
    return replace(answer, as_value=labels[answer.choice.ref]) if answer.choice else None


def as_value(look: Look) -> Grounding | None:
    """A bare code or quoted text: a value for the field that its letters or the next steps name."""
    phrase, index = look.request.phrase, look.index
    text = phrase.text
    code_like = (
        any(char.isdigit() for char in text) or text.isupper() or phrase.quoted or "@" in text
    )
    if not code_like or look.request.verb is not Verb.NAME_ONLY:
        return None
    letters = "".join(char if char.isalpha() else " " for char in text).strip()
    found: list[Scored] = []
    forms = {
        node.form
        for name in look.request.following[:2]
        for node in index.nodes
        if node.form and node.role == "button" and name_score(name, node)[0] >= 0.85
    }
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
        found.append(Scored(node, score, score, why))
    answer = decide(look, found, 0.5, f"a field for “{text}”")
    return replace(answer, as_value=text) if answer.choice else None


def pronoun(look: Look) -> Grounding:
    """ "it": the last thing, through what the verb can be done to in its row or by its name."""
    request, index = look.request, look.index
    memory, verb = request.memory, request.verb
    if memory.ref is not None and memory.ref in index.by_ref:
        node = index.by_ref[memory.ref]
        if verb not in TICKING or index.checkable(node):
            return decide(look, [Scored(node, 1.0, 1.0, "the last thing used")], 0.5, "")
    things = [one for one in (memory.thing, *reversed(memory.made[-4:])) if one]
    for thing in dict.fromkeys(things):
        named = replace(request, phrase=Phrase(thing, raw=thing, role=request.phrase.role))
        answer = named_thing(Look(named, index, look.meaning), thing)
        if answer.choice is not None:
            return answer
    nodes = items(verb, replace(request.phrase, role=""), index, memory.made)
    if len(nodes) == 1:
        return decide(look, [Scored(nodes[0], 0.8, 0.8, "the only one")], 0.5, "")
    shown = [Scored(node, 0.3, 0.3, "one of several") for node in nodes[:3]]
    return abstain(look, shown, "It is not clear what “it” is")


def named_thing(look: Look, thing: str) -> Grounding:
    request, index = look.request, look.index
    if request.verb in (Verb.DELETE, Verb.EDIT):
        answer = owned_control(look)
        if answer is not None:
            return answer
    nodes = pool(request.verb, request.phrase, index)
    scored = score_names(look, nodes, thing)
    if request.verb is Verb.OPEN:
        scored = [one for one in scored if one.node.role == "link"] or scored
    kept = [one for one in scored if one.name >= 0.6]
    rows = {one.node.row for one in kept}
    if len(kept) > 1 and len(rows) == 1 and None not in rows and request.verb not in TICKING:
        kept = kept[:1]
    return decide(look, kept, 0.55, f"“{thing}”")


def unnamed(look: Look) -> Grounding:
    """No name at all: an ordinal, a role, or the one element that the verb can mean."""
    request, index = look.request, look.index
    phrase, verb = request.phrase, request.verb
    if verb is Verb.SELECT and request.value and phrase.ordinal is None:
        # "Choose Red from the list": the list is the one that offers it
        chosen = Phrase(request.value, raw=request.value)
        answer = option_of(Look(replace(request, phrase=chosen), index, look.meaning))
        if answer is not None:
            return answer
    if (
        verb in (*TYPING, Verb.EDIT)
        and phrase.role in ("", "field", "text")
        and phrase.ordinal is None
    ):
        found = plain_scores(likely_field(verb, index, request.memory.made))
        if verb is Verb.APPLY and max((one.total for one in found), default=0.0) < 0.6:
            return code_field(look, found)
        if request.place is not None:
            placed(look, found, request.place)
        return decide(look, found, 0.5, "a field to type into")
    nodes = items(verb, phrase, index, request.memory.made)
    if phrase.role == "icon":
        nodes = [node for node in index.nodes if node.interactive and not node.text]
    if request.place is not None:
        nodes = [node for node in nodes if place_fit(request.place, node, index) >= 0.5]
    if phrase.ordinal is not None:
        return at_position(
            look, [Scored(node, 0.9, 0.9, "by position") for node in nodes], phrase.ordinal
        )
    if verb in POINTING and not phrase.role:
        thing = pronoun(
            Look(replace(request, phrase=Phrase("", pronoun=True)), index, look.meaning)
        )
        if thing.choice is not None:
            return thing
    return decide(look, [Scored(node, 0.7, 0.7, "the only one") for node in nodes], 0.5, "that")


def code_field(look: Look, found: list[Scored]) -> Grounding:
    """No field asks for a code: a link or button may open one."""
    openers: list[Scored] = []
    for node in look.index.nodes:
        if node.interactive and not look.index.fillable(node):
            name = max(
                name_score(word, node)[0] for word in ("voucher code", "voucher", "gift card")
            )
            openers.append(
                Scored(node, name, name + state_fit(node, look.index), "may open a field for it")
            )
    answer = decide(look, openers, 0.55, "a way to enter a code")
    return (
        replace(answer, stepping=True)
        if answer.choice
        else abstain(look, found, "No field asks for a code")
    )
