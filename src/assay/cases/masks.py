"""Protected spans of a text: quotes, brackets, templates, paths and statements stay whole.

Each span becomes one private-use character, so that splitting at commas and words is safe.
"""

from __future__ import annotations

import re

QUOTE = "[\ue100-\ue4ff]"
ASIDE = "[\ue500-\ue8ff]"
TEMPLATE = "[\ue900-\uecff]"
PATH = "[\ued00-\uf0ff]"
LITERAL = "[\ue100-\ue4ff\ue900-\uecff]"
ANY = "[\ue100-\uf0ff]"

_BASES = {"quote": 0xE100, "aside": 0xE500, "template": 0xE900, "path": 0xED00}
_ANY_RE = re.compile(ANY)
_PRIVATE = re.compile("[\ue000-\uf8ff]")

_STATEMENT = re.compile(
    r"(?i)(?<=\b)(?P<lead>(?:run|execute|enter|type)\s+(?:the\s+|this\s+)?"
    r"(?:sql\s+|query\s+|statement\s+|:\s*)*)"
    r"(?P<sql>(?:select\s+\S|(?:insert\s+into|delete\s+from|update\s+\S+\s+set|with\s+\S+\s+as|"
    r"pragma|explain)\s).*?)(?=;|\n|\.\s|\.$|"
    r",\s+(?:then|and then|click|press|check|verify|open)\b|$)"
)
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
_QUOTES = re.compile(
    r"\"(?P<a>[^\"\n]*)\"|“(?P<b>[^”\n]*)”|«(?P<c>[^»\n]*)»|`(?P<d>[^`\n]*)`"
    r"|(?<![\w’'])'(?P<e>[^'\n]*(?:(?<=\w)'(?=\w)[^'\n]*)*)'(?!\w)"
    r"|(?<![\w’'])‘(?P<f>[^’\n]*(?:(?<=\w)’(?=\w)[^’\n]*)*)’(?!\w)"
)
_ASIDE = re.compile(r"(?<=\s)\((?P<in>[^()\n]*)\)")
_PATHS = re.compile(
    r"https?://[^\s,;]+"
    r"|(?<![\w/#])/?#!?/(?:[\w\-.~%+*]+/?)*(?:\?[^\s,;]*)?"
    r"|(?<![\w/])/(?:[\w\-.~%+*]+/?)+(?:\?[^\s,;]*)?(?:#[^\s,;]*)?"
    r"|(?<![\w/@.])[\w\-]+(?:/[\w\-]+)*\.(?:json|csv|html?|xml|pdf|txt|php|aspx?|png|jpe?g|gif|"
    r"xlsx?|docx?|zip|svg|md|ya?ml)\b(?:\?[^\s,;]*)?"
)


class Masks:
    """The spans of one text."""

    def __init__(self) -> None:
        self._raw: dict[str, str] = {}
        self._content: dict[str, str] = {}
        self._counts = dict.fromkeys(_BASES, 0)

    def mask(self, text: str) -> str:
        """The text with every protected span replaced by one character."""
        text = _PRIVATE.sub("", text)
        text = _TEMPLATE.sub(lambda m: self._put("template", m[0], m[0]), text)
        text = _STATEMENT.sub(lambda m: m["lead"] + self._put("quote", m["sql"], m["sql"]), text)
        text = _QUOTES.sub(self._quote, text)
        text = _ASIDE.sub(lambda m: self._put("aside", m[0], m["in"].strip()), text)
        return _PATHS.sub(self._path, text)

    def _quote(self, match: re.Match[str]) -> str:
        inner = next(group for group in match.groups() if group is not None)
        return self._put("quote", match[0], inner)

    def _path(self, match: re.Match[str]) -> str:
        raw = match[0]
        bare = raw.rstrip(".,;:!)")
        return self._put("path", bare, bare) + raw[len(bare) :]

    def _put(self, kind: str, raw: str, content: str) -> str:
        mark = chr(_BASES[kind] + self._counts[kind] % 0x400)
        self._counts[kind] += 1
        # an inner span (a template in quotes) must come back as it was written
        self._raw[mark] = self.raw(raw)
        self._content[mark] = self.raw(content)
        return mark

    def raw(self, masked: str) -> str:
        """The text as it was written."""
        return _ANY_RE.sub(lambda m: self._raw.get(m[0], ""), masked)

    def content(self, masked: str) -> str:
        """The text with quotes and brackets taken off."""
        return _ANY_RE.sub(lambda m: self._content.get(m[0], ""), masked)

    def literals(self, masked: str) -> tuple[str, ...]:
        """The contents of all quotes, in order."""
        return tuple(self._content[m[0]] for m in re.finditer(QUOTE, masked))

    def asides(self, masked: str) -> str:
        """The contents of all brackets."""
        return "; ".join(self._content[m[0]] for m in re.finditer(ASIDE, masked))
