"""What a form field wants, from its type, autocomplete, names and labels; pure."""

from __future__ import annotations

import re

from assay.atlas.model import Field
from assay.atlas.words import fold
from assay.browser.model import Node

FIELD_ROLES = frozenset(
    {
        "textbox",
        "searchbox",
        "combobox",
        "listbox",
        "checkbox",
        "switch",
        "radio",
        "spinbutton",
        "slider",
    }
)
_FIELD_TAGS = frozenset({"input", "textarea", "select"})
_BUTTON_TYPES = frozenset({"submit", "button", "image", "reset", "hidden"})

_AUTOCOMPLETE = {
    "username": "username",
    "email": "email",
    "current-password": "password",
    "new-password": "new_password",
    "one-time-code": "one_time_code",
    "name": "full_name",
    "given-name": "first_name",
    "family-name": "last_name",
    "organization": "company",
    "street-address": "street",
    "address-line1": "street",
    "address-line2": "street2",
    "address-level2": "city",
    "address-level1": "state",
    "postal-code": "postcode",
    "country": "country",
    "country-name": "country",
    "tel": "phone",
    "cc-number": "card_number",
    "cc-exp": "card_expiry",
    "cc-exp-month": "card_expiry_month",
    "cc-exp-year": "card_expiry_year",
    "cc-csc": "card_cvc",
    "cc-name": "card_name",
    "bday": "birthday",
    "url": "url",
}
_TYPES = {
    "password": "password",
    "email": "email",
    "search": "search",
    "tel": "phone",
    "url": "url",
    "file": "file",
    "date": "date",
    "time": "time",
    "datetime-local": "datetime",
    "color": "color",
    "number": "number",
    "range": "number",
}
_RULES: tuple[tuple[str, str], ...] = (
    ("confirm_password", r"(?:confirm|repeat|again|re-?(?:type|enter)|verif\w*|second).{0,20}pass"),
    ("confirm_password", r"pass\w*.{0,14}(?:confirm|repeat|again|verif|2\b)"),
    ("old_password", r"(?:current|old|existing).{0,3}pass"),
    ("password", r"pass(?:word|phrase|code)?\b|\bpwd\b"),
    ("email", r"e-?mail"),
    ("one_time_code", r"one.?time|otp\b|verification code|2fa|two.?factor"),
    ("card_number", r"card.?(?:no|num)|credit card|cc.?num"),
    ("card_expiry", r"expir|exp.?date|mm ?/ ?yy"),
    ("card_cvc", r"\bcvc\b|\bcvv\b|security code|\bcsc\b"),
    ("card_name", r"name on (?:the )?card|card ?holder"),
    ("voucher", r"voucher|coupon|promo|discount code|gift ?card"),
    ("first_name", r"first.?name|given.?name|forename"),
    ("last_name", r"last.?name|family.?name|surname"),
    ("username", r"user.?name|user.?id|login|\buser\b|account name"),
    ("phone", r"phone|mobile|\btel\b"),
    ("postcode", r"post.?(?:al)?.?code|\bzip\b|\bpostcode"),
    ("city", r"\bcity\b|\btown\b|address-?level2|\bline4\b"),
    ("state", r"\bstate\b|province|county|region"),
    ("country", r"country"),
    ("street2", r"(?:address|line).{0,8}2\b|second line|apartment|suite"),
    ("street", r"street|address|\bline1\b"),
    ("company", r"company|organi[sz]ation|business"),
    ("full_name", r"full.?name|your name|^name$|contact name|recipient"),
    ("quantity", r"\bqty\b|quantity|how many|\bamount of items"),
    ("price", r"price|\bcost\b"),
    ("subject", r"subject|topic"),
    ("message", r"message|comment|feedback|enquiry|inquiry|review|your question"),
    ("description", r"description|\bbody\b|content|details|notes?\b|\bbio\b|about"),
    ("rating", r"rating|\bstars?\b|\bscore\b"),
    ("birthday", r"birth|\bdob\b"),
    ("date", r"\bdate\b|\bday\b"),
    ("sort", r"\bsort|order by|\bordering\b"),
    ("search", r"search|\bfind\b|\bquery\b|\bq\b|keyword|looking for"),
    ("remember", r"remember|keep me|stay (?:signed|logged)"),
    ("terms", r"terms|agree|accept|consent|privacy|conditions"),
    ("newsletter", r"newsletter|subscribe|updates|marketing"),
    ("title", r"title|\bname\b|heading|label"),
    ("url", r"\burl\b|website|link"),
)
_COMPILED = tuple((meaning, re.compile(pattern)) for meaning, pattern in _RULES)


def is_field(node: Node) -> bool:
    """Whether a node takes input (buttons and hidden inputs do not)."""
    if node.input_type in _BUTTON_TYPES:
        return False
    return node.tag in _FIELD_TAGS or node.role in FIELD_ROLES or node.editable


def is_button(node: Node) -> bool:
    """Whether a node is a control that submits or triggers something."""
    return node.role == "button" or node.input_type in {"submit", "image", "button"}


def label_of(node: Node) -> str:
    """The words a person would call a control by."""
    for text in (node.label, node.name, node.placeholder, node.title, node.near, node.text):
        if text.strip():
            return text.strip().rstrip(":*").strip()
    return node.dom_name or node.dom_id or node.role


def meaning(node: Node) -> str:
    """What should be entered into a field: ``email``, ``password``, ``city`` … or its role."""
    auto = node.constraints.get("autocomplete", "").split(" ")[-1].lower()
    words = fold(f"{node.label} | {node.name} | {node.placeholder}")
    names = fold(re.sub(r"[_\-\[\].]+", " ", f"{node.dom_name} | {node.dom_id}"))
    if node.input_type == "password" or auto in {"new-password", "current-password"}:
        return _password_meaning(node, words, names, auto)
    if auto in _AUTOCOMPLETE:
        return _AUTOCOMPLETE[auto]
    typed = _TYPES.get(node.input_type, "")
    if node.role == "searchbox":
        typed = "search"
    if typed in {"email", "search", "phone", "url", "file", "color"}:
        return typed
    box = node.role in {"checkbox", "switch", "radio"}
    for text in (words, names):
        for found, pattern in _COMPILED:
            if pattern.search(text) and not (box and found not in _BOX_MEANINGS):
                return found
    if typed:
        return typed
    if node.tag == "textarea":
        return "description"
    return node.role or "text"


_BOX_MEANINGS = frozenset({"remember", "terms", "newsletter", "rating"})


def _password_meaning(node: Node, words: str, names: str, auto: str) -> str:
    for text in (words, names):
        for found, pattern in _COMPILED[:3]:
            if pattern.search(text):
                return found
    return "new_password" if auto == "new-password" else "password"


def describe(node: Node) -> Field:
    """The field of a node, free of refs."""
    hints = {
        "name": node.dom_name,
        "id": node.dom_id,
        "test_id": node.test_id,
        "placeholder": node.placeholder,
    }
    return Field(
        label=label_of(node),
        role=node.role,
        type=node.input_type or node.tag,
        meaning=meaning(node),
        required="required" in node.states,
        constraints=dict(node.constraints),
        options=tuple(option.label for option in node.options[:50]),
        hints={key: value for key, value in hints.items() if value},
    )
