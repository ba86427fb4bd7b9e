"""Locator bundles as Playwright's locators: the same words that replay uses, as code."""

from __future__ import annotations

import re

from assay.browser.model import Locator, LocatorBundle, LocatorKind
from assay.cases.export.syntax import Body, Call, Expression, Name, Value, call
from assay.cases.export.templates import rendered

_CHECKABLE = {"checkbox", "radio", "switch", "menuitemcheckbox", "menuitemradio"}
_FIELDS = {"textbox", "searchbox", "spinbutton", "combobox"}


def located(bundle: LocatorBundle, body: Body) -> Expression:
    """The element of a bundle, by its primary locator, on the page that is in front."""
    return locator(bundle.primary, body)


def locator(one: Locator, body: Body) -> Expression:
    """One locator; frames are entered, containers applied."""
    root: Expression = Name(body.page)
    for selector in one.frame:
        root = call(root, "frame_locator", rendered(selector, body))
    return _within(root, one, body)


def whole(body: Body) -> Call:
    """Everything on the page that is in front."""
    return call(Name(body.page), "locator", rendered("body", body))


def _within(root: Expression, one: Locator, body: Body) -> Expression:
    if one.within is not None:
        root = _within(root, one.within, body)
    found = _plain(root, one, body)
    if one.has_text:
        return call(found, "filter", has_text=rendered(one.has_text, body))
    return found


def _plain(root: Expression, one: Locator, body: Body) -> Call:
    value = rendered(one.value, body)
    exact = {"exact": Value(True)} if one.exact else {}
    match one.kind:
        case LocatorKind.ROLE if one.name is not None:
            return call(root, "get_by_role", value, name=rendered(one.name, body), **exact)
        case LocatorKind.ROLE:
            return call(root, "get_by_role", value)
        case LocatorKind.TEST_ID if one.attribute == "data-testid":
            return call(root, "get_by_test_id", value)
        case LocatorKind.TEST_ID:
            selector = f"[{one.attribute}={_quoted(one.value)}]"
            return call(root, "locator", rendered(selector, body))
        case LocatorKind.PLACEHOLDER:
            return call(root, "get_by_placeholder", value, **exact)
        case LocatorKind.LABEL:
            return call(root, "get_by_label", value, **exact)
        case LocatorKind.ALT:
            return call(root, "get_by_alt_text", value, **exact)
        case LocatorKind.TEXT:
            return call(root, "get_by_text", value, **exact)
        case LocatorKind.TITLE:
            return call(root, "get_by_title", value, **exact)
        case LocatorKind.CSS:
            return call(root, "locator", rendered(one.value, body))


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def is_checkable(bundle: LocatorBundle) -> bool:
    """Whether the element is one that can be ticked, natively or by its role."""
    seen = bundle.fingerprint
    return seen.role in _CHECKABLE or seen.attributes.get("type") in {"checkbox", "radio"}


def is_tiny(bundle: LocatorBundle) -> bool:
    """Whether the element was too small to be clicked: a box that hides behind its label."""
    box = bundle.fingerprint.box
    return box.width <= 1 or box.height <= 1


def is_field(bundle: LocatorBundle) -> bool:
    """Whether the element takes text at once."""
    seen = bundle.fingerprint
    return seen.role in _FIELDS or seen.tag in {"input", "textarea"}


def suggests(bundle: LocatorBundle) -> bool:
    """Whether the field listens to keys to suggest something."""
    seen = bundle.fingerprint
    return seen.tag == "input" and seen.role == "combobox"


def is_native_select(bundle: LocatorBundle) -> bool:
    """Whether the element is a list box of the browser's own."""
    return bundle.fingerprint.tag == "select"


def is_file_field(bundle: LocatorBundle) -> bool:
    """Whether files can be given to the element itself."""
    seen = bundle.fingerprint
    return seen.tag == "input" and seen.attributes.get("type") == "file"


def is_slider_of_aria(bundle: LocatorBundle) -> bool:
    """Whether the element is a slider that only keys can move."""
    return bundle.fingerprint.tag != "input"


def is_code(bundle: LocatorBundle) -> bool:
    """Whether the element belongs to a code editor."""
    return bundle.fingerprint.attributes.get("type") == "code"


def is_speaking(bundle: LocatorBundle) -> bool:
    """Whether the locator says by itself what is meant; selectors and places do not."""
    one = bundle.primary
    return one.kind is not LocatorKind.CSS and bool(
        one.name or one.kind is not LocatorKind.ROLE or (one.within and one.has_text)
    )


def table_or_list(bundle: LocatorBundle) -> str:
    """``table`` or ``list`` when the scope's own role says what its items are, else empty."""
    role = bundle.fingerprint.role
    if role in {"table", "grid", "treegrid"}:
        return "table"
    tag = bundle.fingerprint.tag
    return "list" if role == "list" and re.fullmatch(r"ul|ol|menu", tag) else ""
