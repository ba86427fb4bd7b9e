"""The forms of expected results in the plain style, as patterns. Pure data."""

from __future__ import annotations

import re

from assay.cases.lexicon import PLACE_KINDS


def part(match: re.Match[str], name: str) -> str | None:
    """The text of a quoted group, however it was quoted."""
    known = match.re.groupindex
    for key in (f"{name}1", f"{name}2", f"{name}3"):
        if key in known and match[key] is not None:
            return match[key]
    return None


def either_quote(name: str) -> str:
    """A pattern for a quoted text; ``part`` gives what it found."""
    parts = (rf"\"(?P<{name}1>[^\"]*)\"", rf"“(?P<{name}2>[^”]*)”", rf"'(?P<{name}3>[^\n]*?)'")
    return f"(?:{'|'.join(parts)})"


ROLES: dict[str, tuple[str, ...]] = {
    "button": ("button", "link"),
    "link": ("link", "button"),
    "tab": ("tab", "link", "button"),
    "checkbox": ("checkbox", "switch"),
    "switch": ("switch", "checkbox"),
    "radio button": ("radio",),
    "field": ("textbox", "searchbox", "combobox", "spinbutton", "listbox", "checkbox", "radio"),
    "list": ("combobox", "listbox", "list"),
    "dropdown": ("combobox", "listbox"),
    "option": ("option", "radio"),
    "heading": ("heading",),
    "image": ("img", "image"),
    "icon": ("img", "image", "button", "link"),
    "menu item": ("menuitem", "link", "button", "option"),
    "menu": ("menu", "button", "navigation"),
    "dialog": ("dialog", "alertdialog"),
    "section": ("heading", "region", "group"),
    "table": ("table", "grid"),
    "form": ("form",),
    "column": ("columnheader",),
    "frame": ("iframe", "Iframe", ""),
    "row": ("row",),
    "item": ("listitem", "row", "article"),
}
_KIND = "|".join(sorted(ROLES, key=len, reverse=True))
_TEXTS = "text|message|error message|error|notice|label|word|words|title text|alert"
_SEEN = r"(?:shown|displayed|visible|present|there|seen|on the page)"
_IS_NOT = r"(?:is not|isn't|is no longer|are not|was not)"
_PLACES = "|".join(sorted(map(re.escape, PLACE_KINDS), key=len, reverse=True))


def _within(kind: str, name: str) -> str:
    where = rf"(?:in|on|of|inside|within)\s+(?:the\s+)?(?P<{kind}>{_PLACES})\s+{either_quote(name)}"
    return rf"(?:\s+{where})?"


def _some_field(name: str) -> str:
    kinds = "field|box|list|dropdown|text box|input|select"
    return rf"(?:the\s+)?(?:(?:{kinds})\s+)?{either_quote(name)}"


_AT = _within("kind", "at")
_AT_TOO = _within("kind2", "bt")
TEXT = re.compile(
    rf"(?i)^(?:the\s+|an?\s+)?(?:(?:{_TEXTS})\s+)?{either_quote('q')}{_AT}\s+"
    rf"(?:(?P<no>{_IS_NOT}\s+{_SEEN}|is gone|disappears|does not appear)"
    rf"|(?:is|are)\s+(?:now\s+)?{_SEEN}|appears){_AT_TOO}$"
)
THING = re.compile(
    rf"(?i)^(?:the\s+|an?\s+)?(?:(?P<role>{_KIND})\s+{either_quote('q')}|{either_quote('r')}\s+(?P<role2>{_KIND}))"
    rf"{_AT}\s+(?:(?P<no>{_IS_NOT}\s+{_SEEN}|is gone|disappears|does not appear)"
    rf"|is\s+(?:now\s+)?{_SEEN}|appears)$"
)
SAYS = re.compile(
    rf"(?i)^the\s+(?P<what>page|dialog|alert|prompt|confirmation|message)\s+"
    rf"(?P<no>does not\s+)?(?:shows?|says?|contains?|reads?|displays?)\s+"
    rf"(?:the text\s+)?{either_quote('q')}$"
)
_FIELD = _some_field("q")
VALUE = re.compile(
    rf"(?i)^{_FIELD}(?:\s+(?:field|box|list|dropdown|input))?{_AT}\s+(?:has|shows|contains|holds)\s+"
    rf"(?:the\s+)?(?:value|option|text)?\s*{either_quote('v')}(?:\s+selected)?$|"
    rf"^the value of\s+{_some_field('s')}{_AT_TOO}"
    rf"\s+is\s+{either_quote('w')}$|"
    rf"^(?:the\s+)?(?:option\s+)?{either_quote('x')}\s+is\s+(?:selected|chosen)\s+in\s+{_some_field('y')}$"
)
EMPTY = re.compile(rf"(?i)^{_FIELD}(?:\s+(?:field|box|input))?{_AT}\s+is\s+(?:empty|blank)$")
STATE = re.compile(
    rf"(?i)^(?:the\s+)?(?:(?P<role>{_KIND})\s+)?{either_quote('q')}(?:\s+(?P<role2>{_KIND}))?{_AT}\s+is\s+"
    rf"(?P<not>not\s+)?(?P<state>checked|ticked|selected|on|off|unchecked|unticked|enabled|disabled)$"
)
URL = re.compile(
    rf"(?i)^(?:the\s+)?(?:page(?:'s)?\s+)?(?:url|address|path)\s+(?P<how>is not|is|equals|contains|"
    rf"starts with|ends with)\s+{either_quote('q')}$"
)
TITLE = re.compile(
    rf"(?i)^(?:the\s+)?(?:page(?:'s)?\s+)?(?P<what>title|heading)\s+(?P<how>is|contains|says|reads|"
    rf"equals)\s+{either_quote('q')}$"
)
CELL = re.compile(
    rf"(?i)^(?:the\s+)?(?:row|item)\s+(?:with\s+|for\s+)?{either_quote('q')}\s+(?:shows|has|contains|says)"
    rf"\s+{either_quote('v')}(?:\s+(?:in|under|for)\s+(?:the\s+)?(?:column\s+)?{either_quote('c')}(?:\s+column)?)?$"
)
COUNT = re.compile(
    rf"(?i)^(?:the\s+)?(?P<what>table|list)(?:\s+{either_quote('q')})?\s+(?:has|shows|contains)\s+(?:exactly\s+)?"
    r"(?P<n>\w+)\s+(?:rows?|items?|entries|entry|lines?|results?)$"
)
SORTED = re.compile(
    rf"(?i)^(?:the\s+)?(?:table|list|rows?)(?:\s+{either_quote('t')})?\s+(?:is|are)\s+sorted\s+by\s+"
    rf"(?:the\s+)?(?:column\s+)?{either_quote('q')}(?:\s+column)?,?\s*(?:in\s+)?"
    r"(?P<order>ascending|descending)(?:\s+order)?$"
)
