"""What speaks for an element: its names, its place, its state. Each signal is a number."""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlsplit

from assay.browser.model import Node
from assay.cases.clauses import Phrase, Place
from assay.cases.pageindex import PageIndex, contains_words
from assay.cases.words import canonical, fold, lexical, near, plain

_ROLE_FITS: dict[str, frozenset[str]] = {
    "button": frozenset({"button", "summary", "menuitem"}),
    "icon": frozenset({"button", "link", "img", "generic", ""}),
    "link": frozenset({"link"}),
    "field": frozenset({"textbox", "searchbox", "combobox", "spinbutton"}),
    "checkbox": frozenset({"checkbox", "switch", "menuitemcheckbox"}),
    "radio": frozenset({"radio", "menuitemradio"}),
    "select": frozenset({"combobox", "listbox"}),
    "option": frozenset(
        {"option", "radio", "menuitem", "menuitemradio", "combobox", "listbox", "button"}
    ),
    "tab": frozenset({"tab", "link", "button"}),
    "menuitem": frozenset({"menuitem", "link", "button", "option"}),
    "menu": frozenset({"button", "menu", "menuitem", "combobox", "link"}),
    "row": frozenset({"row", "listitem", "article"}),
    "item": frozenset({"listitem", "row", "article", "link", "option", "generic"}),
    "header": frozenset({"columnheader", "heading"}),
    "dialog": frozenset({"dialog", "alertdialog"}),
    "slider": frozenset({"slider", "spinbutton"}),
    "switch": frozenset({"switch", "checkbox", "button"}),
    "image": frozenset({"img", "image", "link"}),
    "file": frozenset({"button", "textbox", ""}),
    "list": frozenset({"list", "link", "table", "listbox"}),
    "page": frozenset({"link", "button"}),
    "section": frozenset({"button", "summary", "group", "region", "heading"}),
    "table": frozenset({"table", "grid", "link"}),
    "cell": frozenset({"cell", "gridcell"}),
    "card": frozenset({"article", "listitem", "link", "generic", ""}),
    "text": frozenset({"textbox", "paragraph", "label", "", "generic"}),
}


# What people call the shapes of drawings (SVG).
_SHAPES = {"circle": "circle", "ellipse": "ellipse", "rect": "rectangle", "line": "line"}


def names_of(node: Node) -> list[tuple[str, float, str]]:
    """Texts that may be what a person calls the element, with how much each is worth."""
    named = bool(node.name)
    found = [
        (node.name, 1.0, "name"),
        (node.label, 1.0, "label"),
        (node.placeholder, 0.96, "placeholder"),
        (node.alt, 0.96, "alt text"),
        (node.title, 0.93, "title"),
    ]
    if node.text and len(node.text) <= 120 and not node.editable:
        found.append((node.text, 0.98, "text"))
    if node.own_text and node.own_text != node.text:
        found.append((node.own_text, 0.96, "own text"))
    found.append((_spoken_id(node.test_id), 0.92, "test id"))
    found.append((_spoken_id(node.dom_id), 0.86, "id"))
    found.append((_spoken_id(node.dom_name), 0.86, "field name"))
    if node.near:
        found.append((node.near, 0.6 if named or node.label else 0.9, "text beside it"))
    if not named or node.role in ("", "generic", "img"):
        found.extend((_spoken_id(one), 0.78, "class") for one in node.classes)
    elif len(node.name) <= 2:
        found.extend((_spoken_id(one), 0.72, "class") for one in node.classes)
    if (
        node.column
        and node.row
        and node.role in ("textbox", "combobox", "checkbox", "spinbutton", "searchbox")
    ):
        found.append((node.column, 0.8 if not named else 0.5, "column"))
    if node.tag in _SHAPES and not named:
        found.append((_SHAPES[node.tag], 0.75, "shape"))
    if node.href:
        found.append((_last_segment(node.href), 0.7, "address"))
    if node.role == "button" and node.value:
        found.append((node.value, 0.95, "value"))
    if node.description and len(node.description) <= 80:
        found.append((node.description, 0.5, "description"))
    return [(text, worth, kind) for text, worth, kind in found if text]


def _spoken_id(text: str) -> str:
    text = re.sub(r"(?i)(?<![a-z])form[_\-]\d+[_\-]", "", text)
    return re.sub(
        r"(?i)^(?:id|btn|button|input|txt|field|link|lnk|js|qa|test|cta)[_\-]|[_\-](?:btn|button|input|field|link|id)$",
        "",
        text,
    )


def _last_segment(href: str) -> str:
    parts = [part for part in urlsplit(href).path.split("/") if part]
    return parts[-1].rsplit(".", 1)[0] if parts else ""


# "time" is what is left of "times", as icon fonts call the cross.
_ICONS: dict[str, frozenset[str]] = {
    "x": frozenset({"xsign", "time", "close", "delete", "clear", "cancel"}),
    "cross": frozenset({"xsign", "time", "close", "delete", "clear"}),
    "close": frozenset({"xsign", "time", "close"}),
    "trash": frozenset({"delete", "trash"}),
    "bin": frozenset({"delete", "trash", "bin"}),
    "trash can": frozenset({"delete", "trash"}),
    "delete": frozenset({"delete", "trash", "xsign", "time"}),
    "remove": frozenset({"delete", "trash", "xsign", "time"}),
    "pencil": frozenset({"edit", "pencil"}),
    "gear": frozenset({"setting", "settings", "gear", "cog"}),
    "cog": frozenset({"setting", "settings", "gear", "cog"}),
    "hamburger": frozenset({"menu", "hamburger", "navbar", "nav", "toggler"}),
    "menu": frozenset({"menu", "hamburger", "navbar", "toggler"}),
    "magnifier": frozenset({"search"}),
    "magnifying glass": frozenset({"search"}),
    "plus": frozenset({"add", "plus"}),
    "star": frozenset({"star", "favourite", "like"}),
    "heart": frozenset({"heart", "like", "favourite"}),
    "bell": frozenset({"notification", "bell"}),
    "cart": frozenset({"cart"}),
    "arrow": frozenset({"arrow", "next", "chevron"}),
}


def icon_score(query: str, node: Node) -> tuple[float, str]:
    """Signs without words: "x" is the button whose class, title or label says close or remove."""
    wanted = _ICONS.get(plain(query))
    shown = (node.text or node.name).strip()
    if wanted is None or not node.interactive:
        return 0.0, ""
    if len(shown) > 2 and shown == node.text.strip():
        # the sign is often drawn over a word that only screen readers get
        return (0.72, "its sign") if set(canonical(shown)) <= wanted else (0.0, "")
    words: set[str] = set()
    for text in (node.name, node.title, node.alt, node.dom_id, node.test_id, *node.classes):
        words.update(canonical(text) if text else ())
    return (0.84, "its sign") if words & wanted else (0.0, "")


def name_score(query: str, node: Node, *, quoted: bool = False) -> tuple[float, str]:
    """How well the best of the element's names answers to the query, and which one it was."""
    best, why = icon_score(query, node)
    for text, worth, kind in names_of(node):
        score = lexical(query, text)
        if score < 0.8 and contains_words(text, query) and len(plain(query)) >= 2:
            share = len(plain(query)) / max(1, len(plain(text)))
            # a block of prose that mentions the words is not called by them
            prose = share < 0.15 and not node.interactive
            score = max(score, 0.4 if prose else 0.66 + 0.24 * share)
        elif quoted and score < 0.8 and not _in_order(query, text):
            score *= 0.75
        if score * worth > best:
            best, why = score * worth, kind
    return best, why


def _in_order(query: str, text: str) -> bool:
    """Whether a name has all words of a query of several, in their order ("to URL")."""
    words, rest = plain(query).split(), iter(plain(text).split())
    return len(words) > 1 and all(word in rest for word in words)


def role_fit(hint: str, node: Node, index: PageIndex) -> float:
    """Plus for the role that was named, minus for another one."""
    if not hint or hint not in _ROLE_FITS:
        return 0.0
    if hint == "header":
        return 0.15 if node.ref in index.headed else -0.1
    if hint in ("select", "option") and index.choosable(node):
        return 0.1
    if hint == "field" and (index.typable(node) or index.choosable(node)):
        return 0.1
    if hint == "file" and node.input_type == "file":
        return 0.2
    if hint == "tab" and node.role == "tab":
        return 0.15
    if hint in ("button", "link") and node.role not in _ROLE_FITS[hint]:
        # testers call a styled link a button and the other way round
        drawn = node.reason in ("listener", "pointer")
        return -0.06 if node.role in ("link", "button") or drawn else -0.15
    return 0.1 if node.role in _ROLE_FITS[hint] else -0.12


def state_fit(node: Node, index: PageIndex) -> float:
    """Minus for what cannot be used now or lies behind an open dialog."""
    score = 0.0
    if "disabled" in node.states:
        score -= 0.2
    if "covered" in node.states:
        score -= 0.08
    if "offscreen" in node.states:
        score -= 0.01
    if index.dialog is not None:
        score += 0.03 if node.dialog == index.dialog or index.inside(node, index.dialog) else -0.3
    if node.landmark == "main":
        score += 0.02
    elif node.landmark in ("contentinfo", "complementary"):
        score -= 0.04
    elif node.landmark == "navigation" and "breadcrumb" in node.landmark_name.lower():
        score -= 0.03
    return score


def place_fit(place: Place, node: Node, index: PageIndex) -> float:
    """0 to 1: how surely the element is at that place."""
    kind = place.kind
    if kind == "dialog":
        inside = node.dialog is not None or (
            index.dialog is not None and index.inside(node, index.dialog)
        )
        return (1.0 if not place.text else max(0.6, _around(place, node, index))) if inside else 0.0
    if kind == "frame":
        return 1.0 if node.frame else 0.0
    if kind == "row":
        return _in_row(place, node, index)
    if kind == "near":
        return _beside(place.text, node, index)
    if kind == "column":
        return lexical(place.text, node.column) if node.column else 0.0
    if kind == "page":
        return max(0.5, lexical(place.text, index.observation.title))
    if kind in ("list", "table", "section", "form", "menu", "card", "tab"):
        return max(
            _around(place, node, index), _in_row(place, node, index) if kind == "card" else 0.0
        )
    return max(
        _around(place, node, index), 0.9 * _in_row(place, node, index), _on_page(place.text, index)
    )


def _on_page(text: str, index: PageIndex) -> float:
    """A place may be the whole page ("in admin"): then it says nothing about elements."""
    observation = index.observation
    return (
        0.7
        if contains_words(observation.title, text) or contains_words(plain(observation.url), text)
        else 0.0
    )


def _around(place: Place, node: Node, index: PageIndex) -> float:
    """Sections, groups, landmarks and named containers around the element."""
    wanted = place.text
    best = 0.0
    texts = [node.section, node.group, node.landmark_name, node.landmark]
    for above in index.ancestors(node):
        if above.role in (
            "form",
            "table",
            "grid",
            "list",
            "dialog",
            "region",
            "group",
            "navigation",
            "tabpanel",
            "menu",
            "listbox",
            "article",
            "search",
            "toolbar",
            "alertdialog",
            "radiogroup",
        ):
            texts.extend((above.name, above.dom_id))
            if not wanted and above.role == place.kind:
                return 1.0
    aliases = {
        "sidebar": "complementary",
        "header": "banner",
        "footer": "contentinfo",
        "nav": "navigation",
        "navbar": "navigation",
        "menu": "navigation",
        "top bar": "banner",
    }
    if aliases.get(wanted.lower()) == node.landmark and node.landmark:
        return 1.0
    for text in texts:
        if text:
            best = max(best, lexical(wanted, text), 0.85 if contains_words(text, wanted) else 0.0)
    return best if best >= 0.5 else 0.0


def _in_row(place: Place, node: Node, index: PageIndex) -> float:
    if place.ordinal is not None and not place.text:
        rows = _data_rows(index)
        at = place.ordinal - 1 if place.ordinal > 0 else place.ordinal
        if -len(rows) <= at < len(rows):
            return 1.0 if node.row == rows[at] or index.inside(node, rows[at]) else 0.0
        return 0.0
    own = text_in_row(place.text, node)
    if own:
        return own
    # the choices of a menu are items themselves, inside the row that the menu belongs to
    outer = [above for above in index.ancestors(node) if above.row == above.ref != node.row]
    return 0.9 if any(contains_words(above.text, place.text) for above in outer) else 0.0


def text_in_row(text: str, node: Node) -> float:
    """Whether the row, list item or card of the element speaks of the text."""
    row = node.row_text
    if not row or not text:
        return 0.0
    if contains_words(row, text):
        return 1.0
    # in one run: "question 5" is not the row of question 16 from the fifth of May
    asked, given = canonical(text), canonical(row)
    size = len(asked)
    return (
        0.9 if any(given[at : at + size] == asked for at in range(len(given) - size + 1)) else 0.0
    )


def _data_rows(index: PageIndex) -> list[str]:
    if index.observation.tables:
        largest = max(index.observation.tables, key=lambda table: len(table.row_refs))
        return list(largest.row_refs)
    if index.observation.collections:
        largest_list = max(index.observation.collections, key=lambda one: len(one.item_refs))
        return list(largest_list.item_refs)
    return []


def _beside(text: str, node: Node, index: PageIndex) -> float:
    best = text_in_row(text, node)
    for words in (node.near, node.group, node.section):
        if words:
            best = max(best, lexical(text, words) * (0.95 if words is node.near else 0.7))
    anchors = [
        one
        for one in index.nodes
        if one.ref != node.ref and lexical(text, one.name or one.text) >= 0.85
    ]
    for anchor in anchors[:5]:
        apart = (
            abs(anchor.box.y - node.box.y)
            + abs(anchor.box.x + anchor.box.width / 2 - node.box.x - node.box.width / 2) * 0.5
        )
        if apart < 400:
            best = max(best, 0.95 - apart / 1000)
    return best


_MESSAGES = {"alert", "toast", "snackbar", "notice", "notification", "flash", "message", "modal"}


def harm_penalty(query: str, node: Node, index: PageIndex, allowed: bool) -> float:
    """A large minus for a harmful control that was not asked for."""
    harms = index.harms(node)
    if not harms or allowed:
        return 0.0
    asked = set(canonical(query)) | set(plain(query).split())
    if harms & asked or any(near(word, harm) for word in asked for harm in harms):
        return 0.0
    return -0.6 if fold(query) not in (fold(node.name), fold(node.text)) else 0.0


def dismissal_penalty(query: str, node: Node, index: PageIndex) -> float:
    """A large minus for the cross that puts away a message, where something is to be deleted."""
    sign = set(canonical(node.text or node.name))
    if "delete" not in canonical(query) or not sign or not sign <= {"x", "xsign"}:
        return 0.0
    if node.row_text and any(
        fold(node.row_text) in fold(line) for line in index.observation.notices
    ):
        return -0.6
    own = set(re.split(r"[^a-z]+", f"{' '.join(node.classes)} {node.title} {node.label}".lower()))
    if own & {"close", "dismiss"} and node.row is None:
        return -0.6
    for above in islice(index.ancestors(node), 3):
        words = set(re.split(r"[^a-z]+", " ".join(above.classes).lower()))
        if above.role in {"alert", "status", "dialog", "alertdialog"} or words & _MESSAGES:
            return -0.6
    return 0.0


def number_bonus(phrase: Phrase, node: Node) -> float:
    """ "poll 1": the link whose address ends in that number among its kind."""
    if not phrase.number or not node.href:
        return 0.0
    noun = [word for word in canonical(phrase.text) if not word.isdigit()]
    parts = canonical(urlsplit(node.href).path.replace("/", " "))
    if phrase.number.lstrip("0") not in parts or not noun:
        return 0.0
    close = any(word in parts or any(near(word, part) for part in parts) for word in noun)
    return 0.12 if close else 0.0
