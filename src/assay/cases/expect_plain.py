"""Expected results in the documented plain style: what they name is checked, word for word."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assay.browser.model import Fingerprint, Locator, LocatorBundle, LocatorKind, Node, Observation
from assay.cases import expect_more, expect_traffic
from assay.cases.clauses import Phrase, Place, Verb
from assay.cases.expect_called import nodes_called
from assay.cases.expect_context import Context, bundle, list_bundle, main_lists, text_assertion
from assay.cases.expect_forms import (
    CELL,
    COUNT,
    EMPTY,
    ROLES,
    SAYS,
    SORTED,
    STATE,
    TEXT,
    THING,
    TITLE,
    URL,
    VALUE,
    part,
)
from assay.cases.ground_core import Look
from assay.cases.ground_exact import called_so, ground_exact
from assay.cases.ground_types import GroundRequest
from assay.cases.items import Items, all_items
from assay.cases.lexicon import PLACE_KINDS
from assay.cases.meaning import Meaning
from assay.cases.model import Assertion, AssertionKind
from assay.cases.pageindex import PageIndex
from assay.cases.texts import contains, equal, number_of
from assay.cases.trail import Proposed


def read_plain_result(clause: str, context: Context) -> list[Proposed] | None:
    """What a line in the plain style asserts; empty when it does not hold on the page.

    ``None`` when the line is free English, which other readers take.
    """
    words = clause.strip().rstrip(".").strip()
    for pattern, reader in _READERS:
        match = pattern.match(words)
        if match is not None:
            found = reader(match, context, words)
            return [item for item in found if item is not None]
    return None


def _group(match: re.Match[str], *names: str) -> str:
    known = match.re.groupindex
    return next((match[name] for name in names if name in known and match[name]), "")


def _place(match: re.Match[str], context: Context) -> Place | None:
    for kind, name in (("kind", "at"), ("kind2", "bt")):
        text = part(match, name)
        if text is not None:
            return Place(
                context.render(text), PLACE_KINDS[_group(match, kind).lower()], quoted=True
            )
    return None


def _read_text(match: re.Match[str], context: Context, words: str) -> list[Proposed | None]:
    text, place = part(match, "q") or "", _place(match, context)
    if match["no"]:
        if place is not None:
            return []
        return [context.propose(Assertion(AssertionKind.NO_TEXT, text=text), words, state=True)]
    if place is None:
        shown = context.propose(text_assertion(context, text), words, state=True, transient=True)
        return [shown or _visible(context, text, (), None, words)]
    if place.kind == "row":
        cell = Assertion(AssertionKind.CELL, row=context.templated(place.text), text=text)
        return [context.propose(cell, words, state=True)]
    holder = _holder(context, place)
    if holder is None:
        return [_visible(context, text, (), place, words)]
    scope = bundle(context, context.now, holder.ref, words)
    assertion = Assertion(AssertionKind.TEXT, text=text, scope=scope)
    return [context.propose(assertion, words, ref=holder.ref, state=True)]


def _holder(context: Context, place: Place) -> Node | None:
    """The one element that is the place itself: a dialog, a frame, a named list or region."""
    index = PageIndex(context.now)
    roles = {
        "dialog": ("dialog", "alertdialog"),
        "table": ("table", "grid"),
        "list": ("list", "listbox"),
        "form": ("form",),
        "section": ("region", "group", "navigation", "form", "complementary", "search"),
    }.get(place.kind, ())
    nodes = [
        node
        for node in context.now.nodes
        if (node.tag == "iframe" if place.kind == "frame" else node.role in roles)
        and called_so(place.text, node, index)
    ]
    return nodes[0] if len(nodes) == 1 else None


def _read_thing(match: re.Match[str], context: Context, words: str) -> list[Proposed | None]:
    kind = _group(match, "role", "role2").lower()
    name = part(match, "q") or part(match, "r") or ""
    place = _place(match, context)
    if match["no"]:
        return [_absent(context, name, kind, place, words)]
    if kind in ("row", "item"):
        return [_row(context, name, kind, words)]
    found = _visible(context, name, ROLES[kind], place, words)
    if found is None and kind == "dialog":
        return [context.propose(text_assertion(context, name), words, transient=True)]
    return [found]


def _visible(
    context: Context, name: str, roles: tuple[str, ...], place: Place | None, words: str
) -> Proposed | None:
    nodes = [
        node
        for node in nodes_called(context, context.now, name, roles, place)
        if roles or node.interactive or node.editable or place is not None
    ]
    if not nodes:
        return None
    target = bundle(context, context.now, nodes[0].ref, words)
    if target.primary.within is not None and place is None:
        # several are called so, and any of them will do: the row of this one says nothing
        name = context.templated(nodes[0].name)
        target = replace(
            target, primary=Locator(LocatorKind.ROLE, nodes[0].role, name=name), alternates=()
        )
    assertion = Assertion(AssertionKind.VISIBLE, target=target)
    return context.propose(assertion, words, ref=nodes[0].ref, state=True)


def _row(context: Context, name: str, kind: str, words: str) -> Proposed | None:
    """A row or item that has the text: asserted by its text, wherever it stands."""
    wanted = context.render(name)
    for role in ROLES[kind]:
        if any(node.role == role and _mentions(node, wanted) for node in context.now.nodes):
            assertion = Assertion(AssertionKind.VISIBLE, target=_with_text(role, name))
            return context.propose(assertion, words, state=True)
    return None


def _mentions(node: Node, text: str) -> bool:
    return contains(f"{node.text} {node.name}", text)


def _with_text(role: str, text: str) -> LocatorBundle:
    return LocatorBundle(
        Locator(LocatorKind.ROLE, role, has_text=text),
        (),
        Fingerprint(role=role, name="", tag="", text=text),
        f"the {role} “{text}”",
    )


def _absent(
    context: Context, name: str, kind: str, place: Place | None, words: str
) -> Proposed | None:
    """Nothing of that kind is called so; recorded from the page that last had it, if one did."""
    roles = ROLES[kind]
    wanted = context.render(name)
    if kind in ("row", "item"):
        role = "row" if kind == "row" else "listitem"
        assertion = Assertion(AssertionKind.HIDDEN, target=_with_text(role, name))
        return context.propose(assertion, words, state=True)
    if nodes_called(context, context.now, name, roles, place):
        return None
    for at in reversed(context.main):
        page = context.trail.moments[at].before
        seen = nodes_called(context, page, name, roles, place)
        if seen and equal(seen[0].name, wanted):
            target = bundle(context, page, seen[0].ref, words)
            return context.propose(
                Assertion(AssertionKind.HIDDEN, target=target), words, state=True
            )
    if place is not None:
        return None
    target = LocatorBundle(
        Locator(LocatorKind.ROLE, roles[0], name=name, exact=False),
        (),
        Fingerprint(role=roles[0], name=wanted, tag=""),
        f"the {kind} “{name}”",
    )
    return context.propose(Assertion(AssertionKind.HIDDEN, target=target), words, state=True)


def _read_says(match: re.Match[str], context: Context, words: str) -> list[Proposed | None]:
    text = part(match, "q") or ""
    if match["no"]:
        return [context.propose(Assertion(AssertionKind.NO_TEXT, text=text), words, state=True)]
    return [context.propose(text_assertion(context, text), words, state=True, transient=True)]


def _field(context: Context, name: str, place: Place | None) -> Node | None:
    """The one field that is called so (at that place)."""
    index = PageIndex(context.now)
    phrase = Phrase(context.render(name), raw=name, quoted=True)
    request = GroundRequest(phrase, Verb.FILL_FORM, place, exact=True)
    look = Look(request, index, Meaning(embeddings=False))
    found = ground_exact(look)
    return index.by_ref[found.choice.ref] if found.choice is not None else None


def _read_value(match: re.Match[str], context: Context, words: str) -> list[Proposed | None]:
    name = part(match, "q") or part(match, "s") or part(match, "y") or ""
    value = next((text for key in ("v", "w", "x") if (text := part(match, key)) is not None), "")
    return [_valued(context, name, value, _place(match, context), words)]


def _valued(
    context: Context, name: str, value: str, place: Place | None, words: str
) -> Proposed | None:
    node = _field(context, name, place)
    if node is None:
        return None
    target = bundle(context, context.now, node.ref, words)
    assertion = Assertion(AssertionKind.VALUE, text=value, target=target)
    return context.propose(assertion, words, ref=node.ref, state=True)


def _read_empty(match: re.Match[str], context: Context, words: str) -> list[Proposed | None]:
    return [_valued(context, part(match, "q") or "", "", _place(match, context), words)]


_STATES = {
    "checked": AssertionKind.CHECKED,
    "unchecked": AssertionKind.UNCHECKED,
    "enabled": AssertionKind.ENABLED,
    "disabled": AssertionKind.DISABLED,
}
_OPPOSITE = {
    AssertionKind.CHECKED: AssertionKind.UNCHECKED,
    AssertionKind.UNCHECKED: AssertionKind.CHECKED,
    AssertionKind.ENABLED: AssertionKind.DISABLED,
    AssertionKind.DISABLED: AssertionKind.ENABLED,
}


def _read_state(match: re.Match[str], context: Context, words: str) -> list[Proposed | None]:
    state = match["state"].lower()
    state = {"ticked": "checked", "selected": "checked", "on": "checked"}.get(state, state)
    state = {"unticked": "unchecked", "off": "unchecked"}.get(state, state)
    kind = _STATES[state]
    kind = _OPPOSITE[kind] if match["not"] else kind
    role = _group(match, "role", "role2").lower()
    roles = ROLES[role] if role else ()
    if not roles and kind in (AssertionKind.CHECKED, AssertionKind.UNCHECKED):
        roles = (
            "checkbox",
            "radio",
            "switch",
            "menuitemcheckbox",
            "menuitemradio",
            "tab",
            "option",
        )
    place = _place(match, context)
    nodes = [
        node
        for node in nodes_called(context, context.now, part(match, "q") or "", roles, place)
        if node.interactive or node.editable or "disabled" in node.states
    ]
    if not nodes:
        return []
    target = bundle(context, context.now, nodes[0].ref, words)
    found = context.propose(Assertion(kind, target=target), words, ref=nodes[0].ref, state=True)
    return [found]


def _read_url(match: re.Match[str], context: Context, words: str) -> list[Proposed | None]:
    wanted, how = part(match, "q") or "", match["how"].lower()
    wanted = re.sub(r"^https?://[^/]+", "", wanted) or "/"
    text = {"contains": f"*{wanted}*", "starts with": f"{wanted}*", "ends with": f"*{wanted}"}.get(
        how, wanted
    )
    if how == "contains" and (wanted.startswith(("?", "#")) or _is_query(wanted)):
        text = wanted if wanted.startswith(("?", "#")) else f"?{wanted}"
    kind = AssertionKind.NOT_URL if how == "is not" else AssertionKind.URL
    return [context.propose(Assertion(kind, text=text), words, state=True)]


def _is_query(text: str) -> bool:
    """Whether a part of an address is a name and value of its query."""
    return "=" in text and "/" not in text.partition("=")[0]


def _read_title(match: re.Match[str], context: Context, words: str) -> list[Proposed | None]:
    text, how = part(match, "q") or "", match["how"].lower()
    if match["what"].lower() == "heading":
        exact = _visible(context, text, ("heading",), None, words)
        if exact is not None or how in ("is", "equals"):
            return [exact]
        return [context.propose(text_assertion(context, text), words, state=True)]
    exactly = how in ("is", "equals")
    assertion = Assertion(AssertionKind.TITLE, text=text, exact=exactly)
    return [context.propose(assertion, words, state=True)]


def _read_cell(match: re.Match[str], context: Context, words: str) -> list[Proposed | None]:
    assertion = Assertion(
        AssertionKind.CELL,
        row=part(match, "q") or "",
        text=part(match, "v") or "",
        column=part(match, "c") or "",
    )
    return [context.propose(assertion, words, state=True)]


def _read_count(match: re.Match[str], context: Context, words: str) -> list[Proposed | None]:
    number = number_of(match["n"])
    if number is None:
        return []
    what, name = match["what"].lower(), part(match, "q")
    for page in (context.now, *_earlier(context)):
        items = _list(page, what, name)
        if items is None:
            continue
        if page is not context.now and number:
            return []
        scope = list_bundle(context, page, items)
        column = "rows" if items.kind == "table" else ""
        assertion = Assertion(AssertionKind.COUNT, number=number, scope=scope, column=column)
        ref = items.ref if page is context.now else None
        return [context.propose(assertion, words, ref=ref, state=True)]
    return []


def _earlier(context: Context) -> list[Observation]:
    return [context.trail.moments[at].before for at in reversed(context.main)]


def _list(page: Observation, what: str, name: str | None) -> Items | None:
    """The table or list that is meant: the named one, else the page's main one."""
    if name is not None:
        lists = [one for one in all_items(page) if not one.chrome]
    else:
        lists = main_lists(page, "row" if what == "table" else "item")
    fitting = [one for one in lists if (one.kind == "table") == (what == "table")]
    if name is not None:
        index = PageIndex(page)
        fitting = [
            one
            for one in fitting
            if equal(one.label, name)
            or (one.ref in index.by_ref and called_so(name, index.by_ref[one.ref], index))
        ]
    return fitting[0] if fitting else None


def _read_sorted(match: re.Match[str], context: Context, words: str) -> list[Proposed | None]:
    items = _list(context.now, "table", part(match, "t"))
    column, order = part(match, "q") or "", match["order"].lower()
    if items is None or items.column(column) is None:
        return []
    scope = list_bundle(context, context.now, items)
    assertion = Assertion(AssertionKind.SORTED, column=column, order=order, scope=scope)
    return [context.propose(assertion, words, ref=items.ref, state=True)]


_Reader = Callable[[re.Match[str], Context, str], list[Proposed | None]]
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = (
    (expect_traffic.STATUS, expect_traffic.read_status),
    (expect_traffic.HAS, expect_traffic.read_has),
    (expect_traffic.FIELD, expect_traffic.read_field),
    (expect_traffic.FILE_NAME, expect_traffic.read_file_name),
    (expect_traffic.FILE_TEXT, expect_traffic.read_file_text),
    (expect_traffic.FILE_LINES, expect_traffic.read_file_lines),
    (expect_traffic.CONSOLE, expect_traffic.read_console),
    (expect_traffic.REQUESTS, expect_traffic.read_requests),
    (expect_more.ATTRIBUTE, expect_more.read_attribute),
    (expect_more.LEADS, expect_more.read_leads),
    (expect_more.IN_ORDER, expect_more.read_in_order),
    (expect_more.BEFORE, expect_more.read_before),
    (expect_more.FIRST, expect_more.read_first),
    (CELL, _read_cell),
    (COUNT, _read_count),
    (SORTED, _read_sorted),
    (URL, _read_url),
    (TITLE, _read_title),
    (THING, _read_thing),
    (TEXT, _read_text),
    (SAYS, _read_says),
    (VALUE, _read_value),
    (EMPTY, _read_empty),
    (STATE, _read_state),
)
