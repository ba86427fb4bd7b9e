"""The words of test steps: verbs, roles, places, keys and field names, as tables. Pure data."""

from __future__ import annotations

import re

from assay.cases.clauses import Verb

_VERBS: dict[Verb, str] = {
    Verb.OPEN: "open|open up|go to|goto|go into|go|navigate to|navigate|visit|browse to|browse|"
    "load|follow|access|launch|head to|switch to|return to|go back to|view|show|open the "
    "url|move to|"
    "proceed to|continue to|proceed",
    Verb.CLICK: "click|click on|press|press on|tap|tap on|hit|push|activate|click in|click into",
    Verb.DOUBLE_CLICK: "double-click|double click|doubleclick|dblclick|double-click on|"
    "double click on|double-tap|double tap",
    Verb.RIGHT_CLICK: "right-click|right click|rightclick|right-click on|right click on|"
    "context-click",
    Verb.TYPE: "type|type in|enter|input|put|write|key in|insert|provide|supply|specify|paste|set|"
    "give|fill in|enter in",
    Verb.FILL_FORM: "fill|fill out|fill up|fill the|populate",
    Verb.APPEND: "append|add to the end",
    Verb.CLEAR: "clear|empty|blank|blank out|wipe|clear out|leave",
    Verb.SELECT: "select|choose|pick|pick out",
    Verb.CHECK: "check|tick|tick off|check off|mark|enable|turn on|switch on|complete",
    Verb.UNCHECK: "uncheck|untick|deselect|unselect|unmark|disable|turn off|switch off",
    Verb.TOGGLE: "toggle|switch|flip",
    Verb.UPLOAD: "upload|attach",
    Verb.DOWNLOAD: "download|export",
    Verb.HOVER: "hover|hover over|hover on|mouse over|mouseover|move the mouse over|move over|"
    "point at|point to",
    Verb.DRAG: "drag|drag and drop|drag-and-drop",
    Verb.SCROLL: "scroll|scroll down|scroll up|scroll to|scroll down to|scroll up to",
    Verb.SLIDER: "slide|move the slider|set the slider|drag the slider",
    Verb.SUBMIT: "submit|submit the form|send the form",
    Verb.SEARCH: "search|search for|look for|look up|find|query|search by",
    Verb.FILTER: "filter|filter by|filter on|filter for|narrow|narrow by|narrow down by",
    Verb.FACET: "facet|facet by|group by",
    Verb.SORT: "sort|sort by|sort on|order by",
    Verb.LOG_IN: "log in|login|sign in|signin|log on|log-in|sign-in|authenticate|log back in",
    Verb.LOG_OUT: "log out|logout|sign out|signout|log off|log-out|sign-out",
    Verb.REGISTER: "register|sign up|signup|sign-up|create an account|create a new account|"
    "create account|register an account|register a new account",
    Verb.BACK: "go back|back|browser back|navigate back|press back|press browser back|"
    "click browser back|use browser back|press the back button|click the back button|"
    "click the browser back button|press the browser back button|use the back button|"
    "press the browser's back button|return to the previous page|go back to the previous page",
    Verb.FORWARD: "go forward|browser forward|navigate forward",
    Verb.RELOAD: "reload|refresh|reload the page|refresh the page|hard refresh|press reload|"
    "reload page|refresh page|reload the browser|refresh the browser",
    Verb.WAIT: "wait|wait for|wait until",
    Verb.CONFIRM: "confirm|accept|approve|accept the|confirm the",
    Verb.DISMISS: "dismiss|decline|reject",
    Verb.RUN: "run|execute|perform|run the",
    Verb.APPLY: "apply|redeem",
    Verb.ADD: "add|create|make|add new|create new|add a new|create a new",
    Verb.DELETE: "delete|remove|destroy|trash|erase|discard",
    Verb.EDIT: "edit|change|modify|update|rename|replace",
    Verb.EXPAND: "expand|unfold|open the section",
    Verb.COLLAPSE: "collapse|fold",
    Verb.FOCUS: "focus|focus on|place the cursor in|put the cursor in",
    Verb.VERIFY: "verify|assert|ensure|make sure|validate|observe|check that|check if|"
    "check whether|confirm that|see that|expect|expect that|verify that|verify if|assert "
    "that|ensure that|"
    "make sure that|should see|check for|note that|notice that|see",
}
_LEADS = re.compile(
    r"^(?:(?:please|now|then|next|finally|first|firstly|secondly|lastly|afterwards|again|and|"
    r"and then|also|just|simply|the user|a user|the tester|user|i|we|you|try to|try and|"
    r"attempt to|should|"
    r"must|can|will|when|when i|to|use the [\w\s]{2,20} to|find and|locate and|in order to|"
    r"as a user)[\s,:]+)+",
    re.IGNORECASE,
)


def _conjugated(phrase: str) -> list[str]:
    head, _, rest = phrase.partition(" ")
    tail = f" {rest}" if rest else ""
    if "-" in head or len(head) < 3:
        return [phrase]
    base = head[:-1] if head.endswith("e") else head
    third = head + "es" if head.endswith(("s", "sh", "ch", "x")) else head + "s"
    if head.endswith("y") and head[-2] not in "aeiou":
        third = head[:-1] + "ies"
    return [phrase, third + tail, base + "ing" + tail]


def _verb_table() -> dict[str, Verb]:
    table: dict[str, Verb] = {}
    for verb, phrases in _VERBS.items():
        for phrase in phrases.split("|"):
            for form in _conjugated(phrase):
                table.setdefault(form, verb)
    return table


_TABLE = _verb_table()
_LONGEST = max(len(key.split()) for key in _TABLE)
# Words that are names as often as verbs: they start a clause only when something follows.
_ALONE_ARE_NAMES = frozenset(
    "delete remove search apply update upload add run filter sort edit register cancel clear "
    "download export create check complete attach change view show find insert expand "
    "collapse toggle "
    "select choose execute enable disable mark login login signin signup set open redeem "
    "make trash "
    "discard order query perform switch rename replace focus reject decline accept approve".split()
)

# Names of fields whose first word is a verb elsewhere.
_COMPOUND = re.compile(
    r"\s*(?:access|order|post|return|contact)\s+(?:codes?|keys?|tokens?|numbers?|ids?|dates?)\b",
    re.IGNORECASE,
)


def strip_lead(text: str) -> str:
    """The text without polite, temporal and subject words before the verb.

    They stay where no verb follows: "Next page" and "User list" are names.
    """
    body = text.strip()
    match = _LEADS.match(body)
    if match is None:
        return body
    rest = body[match.end() :]
    connective = re.match(r"(?i)^(?:and|then|also|please|now|finally)\b", body) is not None
    return rest if connective or leading_verb(rest) is not None else body


def leading_verb(text: str) -> tuple[Verb, int] | None:
    """The verb that a text starts with and how many characters it takes."""
    if _COMPOUND.match(text):
        return None
    words = re.findall(r"\S+", text)[:_LONGEST]
    for size in range(len(words), 0, -1):
        match = re.match(r"\s*" + r"\s+".join(re.escape(word) for word in words[:size]), text)
        key = " ".join(words[:size]).lower().rstrip(":,.")
        verb = _TABLE.get(key)
        if verb is not None and match is not None:
            return verb, match.end()
    return None


def name_when_alone(text: str) -> bool:
    """Whether a verb with nothing behind it is rather the name of a control."""
    return text.strip().lower() in _ALONE_ARE_NAMES


ROLE_WORDS: dict[str, str] = {
    "button": "button",
    "btn": "button",
    "icon": "icon",
    "link": "link",
    "hyperlink": "link",
    "field": "field",
    "textbox": "field",
    "text box": "field",
    "input": "field",
    "box": "field",
    "text field": "field",
    "input field": "field",
    "textarea": "field",
    "text area": "field",
    "input box": "field",
    "search box": "field",
    "search field": "field",
    "text input": "field",
    "checkbox": "checkbox",
    "check box": "checkbox",
    "tickbox": "checkbox",
    "tick box": "checkbox",
    "radio button": "radio",
    "radio": "radio",
    "option button": "radio",
    "dropdown": "select",
    "drop-down": "select",
    "select box": "select",
    "combo box": "select",
    "combobox": "select",
    "list box": "select",
    "listbox": "select",
    "picker": "select",
    "dropdown list": "select",
    "drop down": "select",
    "select": "select",
    "dropdown menu": "select",
    "option": "option",
    "tab": "tab",
    "menu item": "menuitem",
    "menu": "menu",
    "item": "item",
    "row": "row",
    "header": "header",
    "heading": "header",
    "column header": "header",
    "column": "header",
    "section": "section",
    "panel": "section",
    "dialog": "dialog",
    "dialogue": "dialog",
    "modal": "dialog",
    "popup": "dialog",
    "pop-up": "dialog",
    "slider": "slider",
    "switch": "switch",
    "toggle": "switch",
    "image": "image",
    "picture": "image",
    "card": "card",
    "file": "file",
    "page": "page",
    "list": "list",
    "table": "table",
    "cell": "cell",
    "entry": "item",
    "record": "item",
    "result": "item",
    "search result": "item",
    "product": "",
    "image link": "link",
    "message": "text",
    "text": "text",
    "accordion": "section",
    "spinner": "field",
    "toggle button": "button",
    "submit button": "button",
    "date picker": "field",
    "view": "page",
    "screen": "page",
    "tile": "card",
}
PRONOUNS = frozenset("it them this that they these those him her the same one there which".split())
GENERIC_THINGS = frozenset(
    "item row entry record result element thing object one task line product".split()
)
PLACE_KINDS: dict[str, str] = {
    "section": "section",
    "panel": "section",
    "area": "section",
    "group": "section",
    "fieldset": "section",
    "block": "section",
    "row": "row",
    "line": "row",
    "entry": "row",
    "item": "row",
    "record": "row",
    "dialog": "dialog",
    "dialogue": "dialog",
    "modal": "dialog",
    "popup": "dialog",
    "pop-up": "dialog",
    "window": "dialog",
    "table": "table",
    "grid": "table",
    "list": "list",
    "column": "column",
    "menu": "menu",
    "dropdown": "menu",
    "form": "form",
    "card": "card",
    "tile": "card",
    "tab": "tab",
    "page": "page",
    "screen": "page",
    "view": "page",
    "sidebar": "section",
    "header": "section",
    "footer": "section",
    "navigation": "section",
    "toolbar": "section",
    "nav": "section",
    "navbar": "section",
    "top bar": "section",
    "iframe": "frame",
    "frame": "frame",
    "cell": "row",
    "result": "row",
    "post": "card",
}
KEYS: dict[str, str] = {
    "enter": "Enter",
    "return": "Enter",
    "tab": "Tab",
    "escape": "Escape",
    "esc": "Escape",
    "backspace": "Backspace",
    "space": "Space",
    "spacebar": "Space",
    "space bar": "Space",
    "arrow down": "ArrowDown",
    "down arrow": "ArrowDown",
    "arrow up": "ArrowUp",
    "up arrow": "ArrowUp",
    "arrow left": "ArrowLeft",
    "left arrow": "ArrowLeft",
    "arrow right": "ArrowRight",
    "right arrow": "ArrowRight",
    "page down": "PageDown",
    "page up": "PageUp",
    "pagedown": "PageDown",
    "pageup": "PageUp",
    "arrowdown": "ArrowDown",
    "arrowup": "ArrowUp",
    "arrowleft": "ArrowLeft",
    "arrowright": "ArrowRight",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}
# Keys that are as often the names of controls: the page decides.
MAYBE_KEYS: dict[str, str] = {
    "delete": "Delete",
    "del": "Delete",
    "home": "Home",
    "end": "End",
    "insert": "Insert",
    "up": "ArrowUp",
    "down": "ArrowDown",
    "left": "ArrowLeft",
    "right": "ArrowRight",
}
_MODIFIERS = {
    "ctrl": "Control",
    "control": "Control",
    "shift": "Shift",
    "alt": "Alt",
    "cmd": "Meta",
    "command": "Meta",
    "meta": "Meta",
    "option": "Alt",
    "ctrlorcmd": "ControlOrMeta",
}
FIELD_NOUNS = frozenset(
    "name username user email e-mail mail password passphrase login title subject description text "
    "message body comment content date time day month year phone telephone mobile address street "
    "city town postcode zip country state province county quantity qty amount price cost "
    "number code "
    "url link website file attachment image photo picture colour color category tag tags "
    "type status "
    "search query keyword surname firstname lastname first last age gender company "
    "organisation organization note notes summary slug choice choices option options answer "
    "reason rating review "
    "card cvv cvc expiry iban currency size weight start end question field fields data details "
    "form information credentials statement sql term postal line value label headline birthday "
    "biography bio summary id voucher coupon pin token language role".split()
)


def key_chord(text: str) -> str | None:
    """The key chord that a text names, as the browser spells it."""
    low = re.sub(r"\s+key$", "", text.strip().lower())
    low = re.sub(r"^the\s+", "", low)
    if low in KEYS:
        return KEYS[low]
    parts = re.split(r"\s*\+\s*|(?<=ctrl)-|(?<=shift)-|(?<=alt)-|(?<=cmd)-", low)
    if len(parts) >= 2 and all(part in _MODIFIERS for part in parts[:-1]):
        last = KEYS.get(parts[-1]) or MAYBE_KEYS.get(parts[-1]) or parts[-1]
        if len(last) == 1 or last[0].isupper():
            return "+".join([*(_MODIFIERS[part] for part in parts[:-1]), last])
    return None
