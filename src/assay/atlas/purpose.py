"""Recognising forms and what they are for, from one observation; pure.

Works with and without ``<form>``: fields that have none are grouped with the nearest button that
shares a container with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from assay.atlas.fields import describe, is_button, is_field, label_of, meaning
from assay.atlas.model import Form, Purpose, digest
from assay.atlas.words import fold, is_cookie_text, is_destructive, is_logout
from assay.browser.model import Node, Observation

_EVERYWHERE = frozenset({Purpose.SEARCH, Purpose.NEWSLETTER, Purpose.LOGOUT})
_SUBMIT_TYPES = frozenset({"submit", "image"})
_OPENER_STATES = frozenset({"collapsed", "expanded"})


@dataclass(frozen=True, slots=True)
class FormView:
    """A form as it stands in one observation, with refs that can be acted on.

    ``submit`` is None when it is sent with Enter or on change; ``buttons`` are all its buttons.
    """

    ref: str | None
    purpose: Purpose
    title: str
    fields: tuple[Node, ...]
    submit: Node | None
    buttons: tuple[Node, ...]
    nodes: tuple[Node, ...]

    def first(self, *meanings: str) -> Node | None:
        """The first field with one of these meanings, in the order of the meanings."""
        for wanted in meanings:
            for node in self.fields:
                if meaning(node) == wanted:
                    return node
        return None

    @property
    def meanings(self) -> tuple[str, ...]:
        return tuple(meaning(node) for node in self.fields)


class Tree:
    """Parents and subtrees of an observation's nodes."""

    def __init__(self, observation: Observation) -> None:
        self.by_ref = {node.ref: node for node in observation.nodes}
        self.children: dict[str, list[Node]] = {}
        for node in observation.nodes:
            if node.parent is not None:
                self.children.setdefault(node.parent, []).append(node)

    def ancestors(self, node: Node) -> Iterable[Node]:
        """The parents of a node, nearest first."""
        seen = {node.ref}
        while node.parent is not None and node.parent in self.by_ref and node.parent not in seen:
            node = self.by_ref[node.parent]
            seen.add(node.ref)
            yield node

    def within(self, ref: str) -> list[Node]:
        """Everything under a node, in document order."""
        out: list[Node] = []
        for child in self.children.get(ref, ()):
            out.append(child)
            out.extend(self.within(child.ref))
        return out


def find_forms(observation: Observation) -> tuple[FormView, ...]:
    """All forms of a page, in document order, each with its purpose."""
    tree = Tree(observation)
    groups: dict[str, list[Node]] = {}
    for node in observation.nodes:
        if node.form is not None:
            groups.setdefault(node.form, []).append(node)
    loose = [node for node in observation.nodes if node.form is None and is_field(node)]
    views = [_view(observation, ref, nodes) for ref, nodes in groups.items()]
    views += [_view(observation, ref, nodes, formless=True) for ref, nodes in _gather(tree, loose)]
    return tuple(view for view in views if view is not None)


def _gather(tree: Tree, loose: list[Node]) -> list[tuple[str, list[Node]]]:
    """Formless fields by the nearest container that also holds a button."""
    found: dict[str, list[Node]] = {}
    for node in loose:
        home = ""
        for up in tree.ancestors(node):
            if up.tag in {"body", "html", "main"} and home:
                break
            inside = tree.within(up.ref)
            home = home or up.ref
            if any(is_button(item) for item in inside):
                home = up.ref
                break
        found.setdefault(home, []).append(node)
    return [(ref, tree.within(ref) if ref else nodes) for ref, nodes in found.items() if nodes]


def _view(
    observation: Observation, ref: str, nodes: list[Node], *, formless: bool = False
) -> FormView | None:
    fields = tuple(node for node in nodes if is_field(node) and "disabled" not in node.states)
    buttons = tuple(node for node in nodes if is_button(node))
    if not fields and not buttons:
        return None
    submit = _submit(buttons, formless=formless)
    title = _title(nodes, submit)
    purpose = classify(fields, submit, title, urlsplit(observation.url).path, buttons)
    return FormView(ref or None, purpose, title, fields, submit, buttons, tuple(nodes))


def _submit(buttons: tuple[Node, ...], *, formless: bool) -> Node | None:
    usable = [
        node
        for node in buttons
        if not (node.states & _OPENER_STATES)
        and node.input_type != "reset"
        and not re.fullmatch(r"(?:×|x|close|cancel|back|show|hide|show password)", fold(node.name))
    ]
    typed = [node for node in usable if node.input_type in _SUBMIT_TYPES]
    pool = typed or ([] if not formless and not usable else usable)
    safe = [node for node in pool if not is_destructive(node.name)]
    chosen = safe or pool
    return chosen[0] if chosen else None


def _title(nodes: list[Node], submit: Node | None) -> str:
    for node in nodes:
        if node.role == "heading" and node.text:
            return node.text
    for node in nodes:
        if node.section:
            return node.section
    return submit.name if submit is not None else ""


def _says(pattern: str, *texts: str) -> bool:
    return any(re.search(pattern, fold(text)) for text in texts)


def classify(
    fields: tuple[Node, ...],
    submit: Node | None,
    title: str,
    path: str,
    buttons: tuple[Node, ...] = (),
) -> Purpose:
    """What a form is for: what its fields mean first, then its words, then its URL."""
    kinds = [meaning(node) for node in fields]
    have = set(kinds)
    word = label_of(submit) if submit is not None else ""
    found = (
        _credentials(kinds, word, title, path)
        or _one_liners(fields, have, word, title, path, buttons)
        or _checkout(have, word, title, path)
        or _writing(have, word, title, path)
    )
    if found is not None:
        return found
    # A lone text field is sent with Enter.
    writes = submit is not None or any(node.role == "textbox" for node in fields)
    return Purpose.CREATE if fields and writes else Purpose.OTHER


def _credentials(kinds: list[str], word: str, title: str, path: str) -> Purpose | None:
    have = set(kinds)
    passwords = sum(kind in {"password", "new_password", "confirm_password"} for kind in kinds)
    sign_up = _says(r"regist|sign ?up|create (?:an |your )?account|join\b", word, title)
    if "old_password" in have or (passwords >= 2 and _says(r"change|reset", word, title)):
        return Purpose.PASSWORD_RESET if "old_password" not in have else Purpose.SETTINGS
    if passwords:
        if passwords >= 2 or "new_password" in have or sign_up:
            return (
                Purpose.SIGN_UP
                if sign_up or "username" in have or "email" in have
                else (Purpose.PASSWORD_RESET)
            )
        if len(kinds) <= 5:
            return Purpose.LOGIN
        return Purpose.SIGN_UP if _says(r"regist|sign|join", path) else None
    if have & {"email", "username"} and len(kinds) <= 2:
        if _says(r"reset|forgot|recover", word, title, path):
            return Purpose.PASSWORD_RESET
        if _says(r"^(?:continue|next)$|log ?in|sign ?in", word) and _says(
            r"log ?in|sign ?in", title, path
        ):
            return Purpose.LOGIN
    return None


def _one_liners(
    fields: tuple[Node, ...],
    have: set[str],
    word: str,
    title: str,
    path: str,
    buttons: tuple[Node, ...],
) -> Purpose | None:
    if is_logout(word):
        return Purpose.LOGOUT
    if _says(r"add (?:\w+ )?to (?:\w+ )?(?:cart|basket|bag|trolley)", word):
        return Purpose.ADD_TO_CART
    if not fields:
        return Purpose.DELETE if is_destructive(word) else Purpose.OTHER
    if have == {"email"} or (
        len(fields) <= 2 and "email" in have and _says(r"subscri|newsletter|notify", word, title)
    ):
        return Purpose.NEWSLETTER
    if "voucher" in have and len(fields) <= 2:
        return Purpose.VOUCHER
    if "quantity" in have and _says(r"cart|basket|bag|update", path, word, title):
        return Purpose.CART
    if "search" in have and len(fields) <= 4 and not have & {"message", "password"}:
        return Purpose.SEARCH
    typed = [node for node in fields if node.role in {"textbox", "searchbox"}]
    if typed and _says(r"^(?:search|find|go|look up)$", word) and len(fields) <= 4:
        return Purpose.SEARCH
    narrowing = all(
        node.role in {"combobox", "listbox", "checkbox", "radio", "spinbutton", "slider"}
        or meaning(node) in {"price", "number", "search", "sort"}
        for node in fields
    )
    if "sort" in have or (narrowing and _says(r"filter|apply|refine|show|sort|^go$", word, title)):
        return Purpose.FILTER
    if narrowing and not buttons:
        return Purpose.FILTER
    if have == {"file"} or ("file" in have and _says(r"upload|attach|import", word, title)):
        return Purpose.UPLOAD
    return None


_ADDRESS = frozenset({"street", "city", "postcode", "state", "country"})
_CARD = frozenset({"card_number", "card_expiry", "card_cvc", "card_name"})


def _checkout(have: set[str], word: str, title: str, path: str) -> Purpose | None:
    if have & _CARD or (
        _says(r"\bpay(?:ment)?\b", title, path)
        and _says(r"pay|card|continue|order|next|review", word)
    ):
        return Purpose.PAYMENT
    near = _says(r"checkout|shipping|delivery|billing|address", title, path, word)
    if len(have & _ADDRESS) >= 2 and (near or len(have & _ADDRESS) >= 3):
        if _says(r"profile|settings|preferences", path) and not _says(r"checkout", path):
            return Purpose.SETTINGS
        return Purpose.ADDRESS
    if _says(r"place (?:the |my |your )?order|confirm order|complete (?:order|purchase)", word):
        return Purpose.PAYMENT
    return None


def _writing(have: set[str], word: str, title: str, path: str) -> Purpose | None:
    if "message" in have:
        if _says(r"comment|review|reply", word, title, path) and "subject" not in have:
            return Purpose.COMMENT
        if have & {"email", "subject", "full_name"} or _says(r"contact|support", title, path):
            return Purpose.CONTACT
        return Purpose.COMMENT
    if have & {"description", "rating"} and _says(r"\b(?:comment|review|reply)", word, title, path):
        return Purpose.COMMENT
    if _says(r"settings|preferences|profile|my account", title, path):
        return Purpose.SETTINGS
    if _says(r"\b(?:edit|change|update|modify)\b", title, path) or _says(r"^update\b", word):
        return Purpose.EDIT
    if _says(r"\b(?:add|create|new)\b", title, path, word):
        return Purpose.CREATE
    return None


def has_captcha(observation: Observation) -> bool:
    """Whether the page asks to prove that one is human, seen in frames, fields or words."""
    for node in observation.nodes:
        if node.tag == "iframe" and re.search(
            r"captcha|turnstile|challenge", fold(f"{node.title} {node.name} {node.href}")
        ):
            return True
        if re.search(r"captcha|turnstile", fold(" ".join((node.dom_id, *node.classes)))):
            return True
        if is_field(node) and re.search(r"captcha|not a robot", fold(label_of(node))):
            return True
    return False


def cookie_button(observation: Observation) -> Node | None:
    """The button that puts a cookie banner away, if there is a banner."""
    from_words = re.compile(
        r"^(?:accept|allow|agree|i agree|i accept|ok|okay|got it|understood|dismiss|reject|decline|"
        r"only necessary|necessary only)\b",
    )
    tree = Tree(observation)
    for node in observation.nodes:
        if not is_button(node) or not from_words.match(fold(node.name)) or len(node.name) > 40:
            continue
        if is_cookie_text(node.name):
            return node
        for steps, up in enumerate(tree.ancestors(node)):
            if steps > 4 or up.tag in {"body", "main", "html"}:
                break
            inside = " ".join(item.text for item in tree.within(up.ref))
            if len(inside) < 1500 and is_cookie_text(f"{up.text} {up.name} {inside}"):
                return node
    return None


def describe_form(view: FormView, state_id: str, url: str) -> Form:
    """The form free of refs, for the app map."""
    fields = tuple(describe(node) for node in view.fields)
    path = urlsplit(url).path
    marks = [f"{item.role}:{item.hints.get('name') or item.label}" for item in fields]
    # The search box of every page is one form, wherever it stands.
    place = "" if view.purpose in _EVERYWHERE else path
    return Form(
        id=digest(place, view.purpose.value, *sorted(set(marks))),
        state_id=state_id,
        url=url,
        purpose=view.purpose,
        title=view.title,
        fields=fields,
        submit=label_of(view.submit) if view.submit is not None else "",
    )
