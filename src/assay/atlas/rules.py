"""What may be done to a site while only looking around; pure.

Nothing is destroyed, logged out of, paid, ordered, sent or saved. A form may be sent when it asks
for something (GET, or words such as “Continue” and “Calculate”), not when it gives something away.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from assay.atlas.fields import is_button, label_of
from assay.atlas.model import Purpose
from assay.atlas.purpose import FormView
from assay.atlas.words import is_commit, is_destructive, is_logout
from assay.browser.model import Dialog, Node

CLICK_ROLES = frozenset({"button", "tab", "menuitem", "link", "switch", "summary"})
_NEVER = frozenset(
    {
        Purpose.LOGIN, Purpose.SIGN_UP, Purpose.PASSWORD_RESET, Purpose.SETTINGS, Purpose.EDIT,
        Purpose.ADDRESS, Purpose.PAYMENT, Purpose.CONTACT, Purpose.NEWSLETTER, Purpose.COMMENT,
        Purpose.VOUCHER, Purpose.CART, Purpose.ADD_TO_CART, Purpose.LOGOUT, Purpose.DELETE,
    }
)  # fmt: skip
_GIVES = re.compile(
    r"\b(?:save|update|change|edit|add|create|new|post|register|sign|subscribe|join|vote|approve|"
    r"reject|confirm|assign|import|transfer|report|share|reply|apply for|install|enable|rename|"
    r"move|merge|close|accept)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"|(?:submit|ok|okay|go|next|continue|done|finish|yes|proceed)(?: \w+)?", re.IGNORECASE
)
_BIN = re.compile(r"\b(?:bin|trash|rubbish|garbage|recycle|waste)\b", re.IGNORECASE)
_GRAVE = re.compile(
    r"delet|remov|eras|destroy|discard|\bsure\b|undo|undone|permanent|overwrit|\blos[et]|reset|"
    r"cancel|clear|log ?out|sign ?out|log ?off|sign ?off|\bpay|order|\bbuy|charge|send|publish|"
    r"submit|save|unsaved|invite|archive (?:this|the|all)\b|disabl|deactivat",
    re.IGNORECASE,
)


def harmless(*texts: str) -> bool:
    """Whether nothing in these words speaks of ending, destroying, paying or sending."""
    return not any(
        is_logout(text) or is_destructive(text) or is_commit(text) or _BIN.search(text)
        for text in texts
    )


def words_of(node: Node) -> str:
    """Everything that says what a control is for."""
    return " ".join((label_of(node), node.dom_name, node.dom_id, node.title, node.description))


def may_follow(label: str, url: str) -> bool:
    """Whether a link may be opened while exploring: not to log out, destroy, pay or order."""
    path = url.split("//", 1)[-1]
    if is_logout(label) or is_logout(path.replace("/", " ")):
        return False
    return not is_destructive(label) and not is_destructive(path.replace("/", " "))


def may_touch(node: Node) -> bool:
    """Whether a control may be hovered over, dragged, pressed or clicked in unusual ways."""
    return harmless(words_of(node)) and not node.states & {"disabled", "covered"}


def may_click(node: Node, forms: tuple[FormView, ...]) -> bool:
    """Whether a button, tab or the like may be clicked outside the form it belongs to."""
    words = f"{label_of(node)} {node.dom_name} {node.dom_id}"
    if node.role not in CLICK_ROLES or not label_of(node):
        return False
    if is_logout(words) or is_destructive(words) or is_commit(words):
        return False
    home = next((view for view in forms if node in view.buttons), None)
    if home is not None and home.ref is not None and node.form is not None:
        # A button that sends a form may change data; only openers inside forms are tried.
        return bool(node.states & {"collapsed"}) or (
            home.purpose is Purpose.FILTER and is_button(node)
        )
    inside = any(node in view.buttons for view in forms if view.fields)
    return not inside or bool(node.states & {"collapsed"})


def may_send(view: FormView, method: str) -> bool:
    """Whether a form may be filled in and sent: it asks for something and changes nothing."""
    label = label_of(view.submit) if view.submit is not None else ""
    name = view.submit.dom_name if view.submit is not None else ""
    if view.purpose in _NEVER or not harmless(label, name, view.title):
        return False
    if any(node.input_type == "password" for node in view.fields):
        return False
    # A button that says what it does is believed; of “Submit” only the heading tells more.
    told = f"{label} {view.title}" if _VAGUE.fullmatch(label.strip()) else label
    return method == "get" or not _GIVES.search(told)


def may_accept(dialog: Dialog, label: str) -> bool:
    """Whether a question that a control asks may be answered with yes."""
    if dialog.kind not in {"confirm", "prompt"}:
        return False
    return harmless(label) and not _GRAVE.search(dialog.message) and not _GRAVE.search(label)


def is_cart_button(label: str) -> bool:
    """Whether a button puts something into a cart."""
    return bool(re.search(r"add (?:\w+ )?to (?:\w+ )?(?:cart|basket|bag)", label, re.IGNORECASE))


def goes_in_circles(url: str) -> bool:
    """Whether an address repeats itself, as relative links do that lead ever deeper."""
    segments = [part for part in urlsplit(url).path.split("/") if part]
    return any(segments.count(part) >= 3 for part in set(segments) if not part.isdigit())
