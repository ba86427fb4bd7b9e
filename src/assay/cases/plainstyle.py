"""Lines in the documented plain style: a verb, one named thing, a place, a value. See docs.

A line that fits is read here and nowhere else, so that what it names is taken at its word; every
other line is left to the readers of free English.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assay.cases.clauses import Clause, FieldValue, Phrase, Place, Verb
from assay.cases.lexicon import (
    KEYS,
    MAYBE_KEYS,
    PLACE_KINDS,
    ROLE_WORDS,
    key_chord,
    leading_verb,
    strip_lead,
)
from assay.cases.masks import LITERAL, PATH, QUOTE, Masks
from assay.cases.reading_parts import split_times
from assay.cases.words import ORDINAL_WORDS, word_ordinal

_KINDS = {
    **ROLE_WORDS,
    "label": "text",
    "paragraph": "text",
    "word": "text",
    "file field": "field",
    "password field": "field",
    "menu entry": "menuitem",
    "choice": "radio",
    "select list": "select",
    "drop-down list": "select",
    "column heading": "header",
}


def _either(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_ART = r"(?:(?:the|an?|my|your|this|that)\s+)?"
_ORD = rf"(?:(?P<ord>{_either(w for w in ORDINAL_WORDS if ' ' not in w)}|\d+(?:st|nd|rd|th))\s+)?"
_CALLED = r"(?:named |called |labell?ed |titled |with the (?:text|label|name|title) )?"
_THING = re.compile(
    rf"(?i)^{_ART}{_ORD}(?:(?P<before>{_either(_KINDS)})\s+)?{_CALLED}(?P<name>{QUOTE})"
    rf"(?:\s+(?P<after>{_either(_KINDS)}))?$"
)
_NAMELESS = re.compile(rf"(?i)^{_ART}{_ORD}(?P<before>{_either(_KINDS)})$")
_IN = r"(?:in|on|of|from|inside|within|under|at)"
_HOLDING = (
    r"(?:named |called |titled |with (?:the )?(?:text )?|containing |that contains |of |for )?"
)
_PLACE = re.compile(
    rf"(?i)^(?P<core>.+?)\s+{_IN}\s+{_ART}{_ORD}"
    rf"(?:(?:table |list )?(?P<kind>{_either(PLACE_KINDS)})\s+{_HOLDING}(?P<name>{QUOTE})"
    rf"|(?P<name2>{QUOTE})\s+(?P<kind2>{_either(PLACE_KINDS)})"
    rf"|(?P<kind3>dialog|modal|popup|frame|iframe|row))$"
)
_BESIDE = re.compile(rf"(?i)^(?P<core>.+?)\s+(?:next to|beside|near)\s+{_ART}(?P<name>{QUOTE})$")
_INTO = r"(?:in|into|inside|to|on|for|as)"
_VALUE = re.compile(
    rf"(?i)^{_ART}(?:[\w\-]+\s+){{0,5}}?(?P<value>{LITERAL}|{PATH})\s+{_INTO}\s+(?P<thing>\S.*)$"
)
_WITH = re.compile(rf"(?i)^(?P<thing>.+?)\s+(?:with|to|as)\s+(?P<value>{LITERAL}|{PATH})$")
_OPTION = re.compile(
    rf"(?i)^{_ART}(?:(?:option|item|entry|value|choice)\s+)?(?P<value>{LITERAL})"
    rf"(?:\s+(?:option|item|entry|value|choice))?\s+(?:from|in|for|as|under|of)\s+(?P<thing>\S.*)$"
)
_FILE = re.compile(
    rf"(?i)^{_ART}(?:(?P<size>\d+)[\s-]*(?P<unit>bytes?|kb|mb)\s+)?(?:\w+\s+)?"
    rf"(?:file|image|picture|photo|document|attachment)?\s*(?P<value>{QUOTE}|{PATH})?\s*"
    rf"\b(?:to|into|in|for|as|on|with)\s+(?P<thing>\S.*)$"
)
_FILE_ALONE = re.compile(rf"(?i)^{_ART}file(?:\s+(?P<value>{QUOTE}|{PATH}))?$")
_ONTO = re.compile(r"(?i)^(?P<thing>.+?)\s+(?:onto|on to|to|into|over|on|in)\s+(?P<goal>\S.*)$")
_DIALOG = re.compile(
    rf"(?i)^{_ART}(?:dialog(?:ue)?|alert|confirm(?:ation)?|prompt|message box|popup|pop-up)"
    rf"(?:\s+(?:box|dialog(?:ue)?|window))?(?:\s+(?:with|entering|typing)\s+(?P<value>{LITERAL}))?$"
)
_START = re.compile(
    r"(?i)^(?:to\s+)?(?:the\s+|this\s+|your\s+)?(?:(?:home|start|starting|front|main|landing)[\s-]?page"
    r"|(?:application|app|site|web\s?site|start|home)(?:'s)?\s+(?:start|home)[\s-]?page"
    r"|(?:application|app|site|web\s?site|start (?:url|address)|base url))$"
)
_ADDRESS = re.compile(
    rf"(?i)^(?:to\s+)?{_ART}(?:(?:url|page|path|address)\s+)?(?:at\s+)?(?P<path>{QUOTE}|{PATH})$"
)
_UNITS = {"b": 1, "byte": 1, "bytes": 1, "kb": 1024, "mb": 1024 * 1024}
_POINTED = frozenset(
    {
        Verb.CLICK,
        Verb.DOUBLE_CLICK,
        Verb.RIGHT_CLICK,
        Verb.HOVER,
        Verb.SCROLL,
        Verb.CHECK,
        Verb.UNCHECK,
        Verb.CLEAR,
        Verb.TOGGLE,
        Verb.EXPAND,
        Verb.COLLAPSE,
        Verb.FOCUS,
    }
)


def read_plain(masked: str, masks: Masks) -> list[Clause] | None:
    """The one clause of a line in the plain style; ``None`` when the line is free English."""
    body = strip_lead(masked).rstrip(" .,;")
    found = leading_verb(body)
    if found is None and (cancel := re.match(r"(?i)cancel(?=\s)", body)) is not None:
        found = Verb.DISMISS, cancel.end()
    if found is None:
        return None
    verb, size = found
    line = _Line(verb, body[:size].lower(), body[size:].strip(" :"), masks.raw(body), masks)
    clause = line.read()
    return [clause] if clause is not None else None


class _Line:
    def __init__(self, verb: Verb, word: str, rest: str, text: str, masks: Masks) -> None:
        self.verb = verb
        self.word = word
        self.rest = rest
        self.text = text
        self.masks = masks

    def read(self) -> Clause | None:
        readers: dict[Verb, Callable[[], Clause | None]] = {
            Verb.OPEN: self._open,
            Verb.TYPE: self._type,
            Verb.FILL_FORM: self._type,
            Verb.APPEND: self._type,
            Verb.SELECT: self._select,
            Verb.UPLOAD: self._upload,
            Verb.DRAG: self._drag,
            Verb.SLIDER: self._set,
            Verb.CONFIRM: self._answer,
            Verb.DISMISS: self._answer,
        }
        if self.verb in _POINTED:
            return self._pointed()
        reader = readers.get(self.verb)
        return reader() if reader is not None else None

    def _clause(self, verb: Verb, thing: Phrase | None, **more: object) -> Clause:
        quoted = self.masks.literals(self.rest)
        objects = (thing,) if thing is not None else ()
        return Clause(self.text, verb, objects, quoted=quoted, plain=True, **more)  # type: ignore[arg-type]

    def _open(self) -> Clause | None:
        if _START.match(self.rest):
            return self._clause(Verb.OPEN, None, start=True)
        address = _ADDRESS.match(self.rest)
        if address is not None:
            path = self.masks.content(address["path"]).strip()
            if re.match(r"/|https?://|\?|#/", path) or re.fullmatch(PATH, address["path"]):
                return self._clause(Verb.OPEN, None, path=path)
        return self._on_thing(re.sub(r"(?i)^(?:to|on|in|into)\s+", "", self.rest))

    def _pointed(self) -> Clause | None:
        if self.verb is Verb.CLICK and self.word.startswith(("press", "hit")):
            key = self._key()
            if key is not None:
                return key
            if (name := re.fullmatch(rf"(?:the\s+)?({QUOTE})", self.rest)) is not None:
                spoken = self.masks.content(name[1])
                key_too = MAYBE_KEYS.get(spoken.lower(), spoken if len(spoken) == 1 else "")
                return self._on_thing(self.rest, key=key_too)
        times, rest = split_times(self.verb, self.rest)
        return self._on_thing(rest, times=times)

    def _on_thing(self, text: str, **more: object) -> Clause | None:
        core, place = self._place(text)
        thing = self._thing(core)
        if thing is None and place is not None:
            thing = self._nameless(core)
        if thing is None and (ordinal := self._nameless(core)) is not None:
            thing = ordinal if ordinal.ordinal is not None else None
        if thing is None:
            return None
        return self._clause(
            self.verb, thing, place=place, ordinal=thing.ordinal, role_hint=thing.role, **more
        )

    def _key(self) -> Clause | None:
        """``Press Enter``, ``Press Escape in "Search"``; a key may be quoted."""
        times, rest = split_times(Verb.PRESS, self.rest)
        quoted = re.match(rf"^(?:the\s+)?(?P<q>{QUOTE})(?P<key>\s+key\b)?(?P<in>.*)$", rest)
        if quoted is not None:
            spoken = self.masks.content(quoted["q"])
            if quoted["key"] or spoken.lower() in KEYS or "+" in spoken[1:]:
                rest = spoken + quoted["in"]
        where = re.match(
            r"(?i)^(?P<key>.+?)(?:\s+key)?\s+(?:in|on|inside)\s+(?P<thing>\S.*)$", rest
        )
        chord = key_chord(where["key"]) if where else key_chord(re.sub(r"(?i)\s+key$", "", rest))
        if chord is None and (bare := re.fullmatch(r"(?i)(?:the\s+)?(\S)(?:\s+key)", rest)):
            chord = bare[1]
        if chord is None:
            return None
        if where is None:
            return self._clause(Verb.PRESS, None, key=chord, times=times)
        core, place = self._place(where["thing"])
        thing = self._thing(core)
        if thing is None:
            return None
        return self._clause(Verb.PRESS, thing, key=chord, times=times, place=place)

    def _type(self) -> Clause | None:
        alone = re.fullmatch(rf"(?i)(?:the (?:text|value) )?(?P<value>{LITERAL})", self.rest)
        if alone is not None and self.word.startswith(("type", "enter", "write", "input")):
            return self._clause(Verb.TYPE, None, value=self.masks.content(alone["value"]))
        if self.verb is Verb.APPEND or not self.word.startswith(("set", "fill", "give", "provide")):
            return self._valued(_VALUE)
        return self._valued(_WITH) or self._valued(_VALUE)

    def _valued(self, pattern: re.Pattern[str]) -> Clause | None:
        match = pattern.match(re.sub(r"(?i)^in\s+", "", self.rest))
        if match is None:
            return None
        core, place = self._place(match["thing"])
        thing = self._thing(core)
        if thing is None and place is not None:
            thing = self._nameless(core)
        if thing is None or (thing.role in ("row", "dialog", "section") and place is None):
            return None
        value = self.masks.content(match["value"])
        verb = Verb.APPEND if self.verb is Verb.APPEND else Verb.TYPE
        return self._clause(
            verb, thing, value=value, place=place, ordinal=thing.ordinal, role_hint=thing.role
        )

    def _set(self) -> Clause | None:
        """``Set the slider "Volume" to "40"``."""
        match = re.match(
            rf"(?i)^(?P<thing>.+?)\s+(?:to|at)\s+(?P<value>{LITERAL}|-?\d+(?:\.\d+)?)$", self.rest
        )
        thing = self._thing(match["thing"]) if match else None
        if match is None or thing is None:
            return None
        return self._clause(Verb.SLIDER, thing, value=self.masks.content(match["value"]))

    def _select(self) -> Clause | None:
        # in `Select "Kitchen" in the list "Category"` the list is what is chosen from, not a place
        lists = self._chosen_from(self.rest, None, ("list", "menu", "select"))
        if lists is not None:
            return lists
        core, place = self._place(self.rest)
        return self._chosen_from(core, place, ()) or self._on_thing(self.rest)

    def _chosen_from(self, text: str, place: Place | None, kinds: tuple[str, ...]) -> Clause | None:
        option = _OPTION.match(text)
        thing = self._thing(option["thing"]) if option is not None else None
        if option is None or thing is None:
            return None
        if thing.role not in kinds if kinds else thing.role in ("row", "dialog", "section"):
            return None
        role = "select" if kinds else thing.role
        return self._clause(
            Verb.SELECT,
            replace(thing, role=role),
            value=self.masks.content(option["value"]),
            place=place,
            ordinal=thing.ordinal,
            role_hint=role,
        )

    def _upload(self) -> Clause | None:
        match = _FILE.match(self.rest)
        if match is None:
            alone = _FILE_ALONE.match(self.rest)
            if alone is None:
                return None
            return self._file(None, None, alone["value"], None)
        core, place = self._place(match["thing"])
        thing = self._thing(core)
        if thing is None:
            return None
        size = int(match["size"]) * _UNITS[match["unit"].lower()] if match["size"] else None
        return self._file(thing, place, match["value"], size)

    def _file(
        self, thing: Phrase | None, place: Place | None, name: str | None, size: int | None
    ) -> Clause:
        value = self.masks.content(name) if name else None
        fields = (FieldValue(Phrase("file", raw="file", role="file"), value, size=size),)
        return self._clause(Verb.UPLOAD, thing, value=value, place=place, fields=fields)

    def _drag(self) -> Clause | None:
        match = _ONTO.match(self.rest)
        if match is None:
            return None
        thing, goal = self._thing(match["thing"]), self._thing(match["goal"])
        if thing is None or goal is None:
            return None
        return self._clause(Verb.DRAG, thing, to=goal)

    def _answer(self) -> Clause | None:
        """``Accept the dialog``, ``Dismiss the dialog``, ``Accept the prompt with "Bob"``."""
        match = _DIALOG.match(self.rest)
        if match is None:
            return None
        verb = Verb.CONFIRM if self.verb is Verb.CONFIRM else Verb.DISMISS
        value = self.masks.content(match["value"]) if match["value"] else None
        return self._clause(verb, None, value=value, role_hint="dialog")

    def _place(self, text: str) -> tuple[str, Place | None]:
        match = _PLACE.match(text)
        if match is not None:
            kind = (match["kind"] or match["kind2"] or match["kind3"]).lower()
            name = self.masks.content(match["name"] or match["name2"] or "")
            ordinal = word_ordinal(match["ord"]) if match["ord"] else None
            if name or ordinal is not None or PLACE_KINDS[kind] in ("dialog", "frame"):
                return match["core"], Place(name, PLACE_KINDS[kind], ordinal, bool(name))
        match = _BESIDE.match(text)
        if match is not None:
            return match["core"], Place(self.masks.content(match["name"]), "near", quoted=True)
        return text, None

    def _thing(self, text: str) -> Phrase | None:
        match = _THING.match(text.strip())
        if match is None:
            return None
        name = self.masks.content(match["name"])
        kind = (match["before"] or match["after"] or "").lower()
        if not name.strip():
            return None
        return Phrase(
            name,
            raw=name,
            quoted=True,
            role=_KINDS.get(kind, ""),
            ordinal=word_ordinal(match["ord"]) if match["ord"] else None,
        )

    def _nameless(self, text: str) -> Phrase | None:
        """``the first checkbox``, and ``the checkbox`` where a place says which."""
        match = _NAMELESS.match(text.strip())
        if match is None:
            return None
        ordinal = word_ordinal(match["ord"]) if match["ord"] else None
        return Phrase("", raw=text, role=_KINDS[match["before"].lower()], ordinal=ordinal)
