"""Which elements can take part, given what is to be done, and those that no name is needed for."""

from __future__ import annotations

from collections import Counter

from assay.browser.model import Node
from assay.cases.clauses import Phrase, Verb
from assay.cases.pageindex import PageIndex, contains_words
from assay.cases.signals import state_fit
from assay.cases.words import canonical, lexical

TYPING = frozenset({Verb.TYPE, Verb.APPEND, Verb.CLEAR, Verb.SEARCH, Verb.APPLY})
TICKING = frozenset({Verb.CHECK, Verb.UNCHECK})
POINTING = frozenset(
    {Verb.DOUBLE_CLICK, Verb.RIGHT_CLICK, Verb.HOVER, Verb.DRAG, Verb.SCROLL, Verb.VERIFY}
)
_SEARCHING = frozenset({"search", "query", "q", "keyword", "term"})
_FILTERING = frozenset({"filter", "navigation", "nav"})
_CODE = frozenset({"voucher", "code", "coupon", "promo", "gift", "discount"})
_TEXT_ROLES = frozenset(
    {
        "paragraph",
        "generic",
        "label",
        "",
        "heading",
        "listitem",
        "row",
        "cell",
        "gridcell",
        "article",
        "rowheader",
        "columnheader",
        "img",
        "text",
        "option",
    }
)


def pool(verb: Verb, phrase: Phrase, index: PageIndex) -> list[Node]:
    """The elements that the verb can be done to."""
    if verb in TYPING:
        found = [node for node in index.nodes if index.typable(node)]
        if verb is Verb.TYPE:
            found += [
                node for node in index.nodes if index.choosable(node) and not index.typable(node)
            ]
            found += [
                node for node in index.nodes if node.input_type == "range" or node.role == "slider"
            ]
        return found
    if verb is Verb.FILL_FORM:
        return [node for node in index.nodes if index.fillable(node) and node.role != "button"]
    if verb in TICKING:
        ticks = [node for node in index.nodes if index.checkable(node)]
        return ticks or [
            node for node in index.nodes if node.interactive and "pressed" in node.states
        ]
    if verb is Verb.UPLOAD:
        return [node for node in index.nodes if node.input_type == "file"]
    if verb is Verb.SLIDER:
        return [
            node
            for node in index.nodes
            if node.role in ("slider", "spinbutton") or node.input_type == "range"
        ]
    if verb is Verb.SUBMIT:
        return [
            node for node in index.nodes if node.role in ("button", "link") and node.interactive
        ]
    if verb in POINTING:
        return [node for node in index.nodes if node.interactive or _short(node)]
    if phrase.role in ("header", "row", "item", "cell", "card", "text") or phrase.quoted:
        return [node for node in index.nodes if node.interactive or _short(node)]
    return [node for node in index.nodes if node.interactive]


def _short(node: Node) -> bool:
    return (
        node.role in _TEXT_ROLES
        and bool(node.own_text or node.text or node.name)
        and len(node.text) <= 200
    )


def weight(verb: Verb, node: Node, index: PageIndex) -> float:
    """A little more for the roles that the verb is usually done to."""
    if verb is Verb.OPEN:
        return 0.04 if node.role == "link" else -0.06 if index.fillable(node) else 0.0
    if verb is Verb.SELECT:
        return (
            0.06
            if index.checkable(node) or index.choosable(node) or node.role in ("option", "tab")
            else 0.0
        )
    if verb in (Verb.CLICK, Verb.NAME_ONLY, Verb.DELETE, Verb.EDIT, Verb.ADD, Verb.SUBMIT):
        if index.typable(node) or index.choosable(node):
            return -0.12
        if not node.interactive:
            return -0.08
        return 0.02 if node.role == "button" else 0.0
    if verb in POINTING:
        return 0.03 if index.item(node) else 0.0
    if verb is Verb.TYPE and not index.typable(node):
        return -0.03
    return 0.0


def likely_field(
    verb: Verb, index: PageIndex, made: tuple[str, ...]
) -> list[tuple[Node, float, str]]:
    """Where text goes when no field is named: the focused one, the only one, the search box."""
    fields = [node for node in index.nodes if index.typable(node) and "disabled" not in node.states]
    scored: list[tuple[Node, float, str]] = []
    for node in fields:
        score = 0.6 + state_fit(node, index)
        why = "a text field"
        searching = is_search(node, index)
        if verb is Verb.SEARCH:
            score += 0.3 if searching else -0.15
            why = "the search box" if searching else why
        elif verb is Verb.APPLY:
            coded = takes_code(node, index)
            score += 0.3 if coded else -0.25
            why = "asks for a code" if coded else why
        elif searching:
            score -= 0.15
        if "focused" in node.states and verb is not Verb.SEARCH:
            score += 0.25
            why = "has the focus"
        if node.input_type == "password":
            score -= 0.1
        if node.value and node.value in made and verb not in (Verb.CLEAR, Verb.EDIT, Verb.APPEND):
            score -= 0.1
        if node.landmark in ("navigation", "contentinfo"):
            score -= 0.12
        scored.append((node, score, why))
    if len(fields) == 1 and verb not in (Verb.APPLY, Verb.SEARCH):
        node, score, _ = scored[0]
        return [(node, max(score, 0.75), "the only text field")]
    return scored


def is_search(node: Node, index: PageIndex) -> bool:
    """Whether the field is for searching the site's content (not for filtering a menu)."""
    texts = (
        node.name,
        node.label,
        node.placeholder,
        node.dom_id,
        node.dom_name,
        node.test_id,
        *node.classes,
    )
    words = {word for text in texts if text for word in canonical(text)}
    if words & _FILTERING and node.landmark == "navigation":
        return False
    return node.role == "searchbox" or node.landmark == "search" or bool(words & _SEARCHING)


def takes_code(node: Node, index: PageIndex) -> bool:
    """Whether the field asks for a voucher or another code."""
    form = index.by_ref.get(node.form or "")
    texts = (
        node.name,
        node.label,
        node.placeholder,
        node.dom_id,
        node.dom_name,
        node.near,
        node.section,
        form.name if form else "",
        form.dom_id if form else "",
    )
    words = {word for text in texts if text for word in canonical(text)}
    return bool(words & _CODE) and node.input_type != "password"


def submit_buttons(index: PageIndex, made: tuple[str, ...]) -> list[tuple[Node, float, str]]:
    """What sends the form in hand: its own button, else the most likely one of the page."""
    forms = forms_in_hand(index, made)
    scored: list[tuple[Node, float, str]] = []
    for node in index.nodes:
        if node.role not in ("button", "link") or not node.interactive:
            continue
        sends = index.submits(node)
        named = max(
            lexical(word, node.name)
            for word in ("submit", "save", "ok", "send", "log in", "continue")
        )
        score = (
            (0.5 if sends else 0.2 if node.role == "button" else 0.0)
            + 0.25 * named
            + state_fit(node, index)
        )
        why = "a submit button" if sends else "named like one"
        if node.form is not None and node.form in forms:
            score += 0.25
            why = "sends the form in hand"
        filled = node.form is not None and any(
            other.form == node.form and index.fillable(other) for other in index.nodes
        )
        score += 0.08 if filled else -0.12
        if index.harms(node):
            score -= 0.5
        if any(
            other.form == node.form and is_search(other, index)
            for other in index.nodes
            if node.form
        ):
            score -= 0.15
        scored.append((node, score, why))
    return scored


def forms_in_hand(index: PageIndex, made: tuple[str, ...]) -> frozenset[str]:
    """Forms with a focused field or with values that were typed before."""
    typed = {value for value in made if value}
    found: Counter[str] = Counter()
    for node in index.nodes:
        if node.form is None or not index.fillable(node):
            continue
        if node.value and node.value in typed:
            found[node.form] += 1
        if "focused" in node.states:
            found[node.form] += 1
    return frozenset(found)


def confirm_buttons(index: PageIndex, *, positive: bool) -> list[tuple[Node, float, str]]:
    """The button that says yes (or no) to what the page asks."""
    words = (
        (
            "yes",
            "confirm",
            "ok",
            "accept",
            "i am sure",
            "yes i am sure",
            "agree",
            "delete",
            "continue",
            "submit",
        )
        if positive
        else (
            "cancel",
            "no",
            "close",
            "dismiss",
            "decline",
            "reject",
            "go back",
            "take me back",
            "keep it",
            "not now",
            "never mind",
            "no thanks",
        )
    )
    scored: list[tuple[Node, float, str]] = []
    for node in index.nodes:
        if node.role not in ("button", "link") or not node.interactive:
            continue
        first = max(
            (lexical(word, node.name) * (1 - 0.015 * at) for at, word in enumerate(words)),
            default=0.0,
        )
        if first < 0.45:
            continue
        score = 0.72 * first + state_fit(node, index)
        score += 0.12 if node.role == "button" else -0.08
        score += 0.08 if positive and index.submits(node) else 0.0
        score += 0.06 if node.landmark in ("main", "") else -0.2
        scored.append((node, score, "says yes" if positive else "says no"))
    return scored


def items(verb: Verb, phrase: Phrase, index: PageIndex, made: tuple[str, ...]) -> list[Node]:
    """The run of like elements that an ordinal without a name counts ("the first", "row 2")."""
    if verb in TICKING or phrase.role in ("checkbox", "radio", "switch"):
        wanted = ("radio",) if phrase.role == "radio" else None
        ticks = [
            node
            for node in index.nodes
            if index.checkable(node) and (not wanted or node.role in wanted)
        ]
        return _main_run(
            [node for node in ticks if node.row not in index.header_rows or node.row is None]
        )
    if verb in TYPING or phrase.role == "field":
        return [
            node for node in index.nodes if index.typable(node) and (not is_search(node, index))
        ] or [node for node in index.nodes if index.typable(node)]
    if phrase.role in ("button", "link", "tab", "select", "slider", "option", "image"):
        roles = {"select": ("combobox", "listbox"), "image": ("img",)}.get(
            phrase.role, (phrase.role,)
        )
        found = [node for node in index.nodes if node.role in roles]
        inner = [
            node for node in found if node.landmark not in ("navigation", "banner", "contentinfo")
        ]
        return inner or found
    return _collection(phrase, index, made)


def _main_run(nodes: list[Node]) -> list[Node]:
    """The largest group of one shape: rows' checkboxes rather than "select all"."""
    if not nodes:
        return []

    def shape(node: Node) -> tuple[str, tuple[str, ...], bool, str]:
        return (
            node.role,
            tuple(sorted(node.classes)),
            bool(node.row_text),
            node.dom_name if node.role == "radio" else "",
        )

    inner = [node for node in nodes if node.row_text] or nodes
    counts = Counter(shape(node) for node in inner)
    best = max(counts, key=lambda key: counts[key])
    return [node for node in inner if shape(node) == best]


def _collection(phrase: Phrase, index: PageIndex, made: tuple[str, ...]) -> list[Node]:
    runs = [
        (
            _worth(list(one.item_texts), one.item_refs, index, made),
            [index.by_ref[ref] for ref in one.item_refs if ref in index.by_ref],
        )
        for one in index.observation.collections
    ]
    for table in index.observation.tables:
        texts = [" ".join(row) for row in table.rows]
        bonus = 0.3 if phrase.role in ("row", "") else 0.0
        runs.append(
            (
                _worth(texts, table.row_refs, index, made) + bonus,
                [index.by_ref[ref] for ref in table.row_refs if ref in index.by_ref],
            )
        )
    runs = [run for run in runs if run[1]]
    if not runs:
        return [
            node
            for node in index.nodes
            if node.role in ("listitem", "row", "article") and node.ref not in index.header_rows
        ]
    return max(runs, key=lambda run: run[0])[1]


def _worth(
    texts: list[str], refs: tuple[str, ...], index: PageIndex, made: tuple[str, ...]
) -> float:
    first = index.by_ref.get(refs[0]) if refs else None
    score = min(len(refs), 10) * 0.04
    if any(value and contains_words(text, value) for value in made[-6:] for text in texts):
        score += 1.0
    if first is not None:
        if first.landmark in ("navigation", "contentinfo", "banner", "complementary"):
            score -= 0.6
        elif first.landmark == "main":
            score += 0.2
        inner = index.within(first.ref)
        if any(index.checkable(node) or node.role == "button" for node in inner):
            score += 0.4
        if len(inner) == 1 and inner[0].role == "link":
            score -= 0.2
    return score
