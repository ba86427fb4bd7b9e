"""The pieces of a source line that people or browsers may get to see; pure.

Languages are not parsed: quoted texts, text between tags and values of well-known attributes are
found by their shape, which is the same in most of them.
"""

from __future__ import annotations

import html
import re
from typing import NamedTuple

_QUOTED = re.compile(
    r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\\n]|\\.)*)`|“([^”\n]*)”"
)
_BETWEEN_TAGS = re.compile(r">([^<>]+)(?=<|$)|^\s*([^<>{}();=]*[^\W\d_][^<>{}();=]*?)(?=</|\s*$)")
_ATTRIBUTE = re.compile(r"([\w:@.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|\{[\"'`]([^\"'`]*)[\"'`]\})")
_HOLES = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|\$\{[^}]*\}|<%.*?%>|\{[^{}]*\}|%\(\w+\)[a-z]|%[sdifr]|:\w+"
    r"(?=/|$)|\\[ntr\"'\\]"
)
# A line of nothing but text, some of it filled in at run time ("Clear completed ({count})").
_FILLED_IN = re.compile(r"^\s*((?:[^<>{}();=\0]|\0|\([^<>{}();=\0]*\0[^<>{}();=\0]*\))*?)\s*$")
_MARKUP = frozenset(
    "html htm xhtml jinja jinja2 j2 twig hbs mustache ejs erb haml slim vue svelte jsx tsx php "
    "blade cshtml razor md mdx astro liquid njk pug xml svg tpl phtml gohtml tmpl".split()
)
_VALUES = frozenset("yml yaml properties ini strings toml".split())
_VALUE = re.compile(r"^\s*[\w.\-\"']+\s*[:=]\s*([^\"'\s{\[].*)$")
_WORDS = re.compile(r"[^\W\d_]{2,}")
ROUTE = re.compile(
    r"^(?:https?://[^/\s]+)?/?[\w.~%:<>{}()\[\]$*+?^|\\-]+(?:/[\w.~%:<>{}()\[\]$*+?^|\\-]*)*/?$"
)
# Attributes whose values are written for machines, not for people.
_MACHINES = frozenset(
    "class classname style rel type method src srcset xmlns lang charset role".split()
)


class Literal(NamedTuple):
    """A text of a line; ``kind`` is ``text`` or the name of the attribute that it is a value of."""

    text: str
    kind: str = "text"


def extension(path: str) -> str:
    """What follows the last dot of a path, in lower case."""
    name = path.rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def literals(line: str, path: str) -> list[Literal]:
    """The texts of a line in their order, cut where something is filled in at run time."""
    kind = extension(path)
    found: list[tuple[int, Literal]] = []
    taken: list[tuple[int, int]] = []
    if "=" in line:
        for match in _ATTRIBUTE.finditer(line):
            value = next((group for group in match.groups()[1:] if group is not None), "")
            name = match.group(1).lower().lstrip(":@")
            if kind in _MARKUP or "<" in line:
                found.append((match.start(), Literal(value, name)))
                taken.append(match.span())
    for match in _QUOTED.finditer(line):
        if not any(start <= match.start() < end for start, end in taken):
            value = next((group for group in match.groups() if group is not None), "")
            found.append((match.start(), Literal(value)))
            taken.append(match.span())
    if kind in _MARKUP or "</" in line:
        found += [
            (match.start(), Literal(match.group(1) or match.group(2) or ""))
            for match in _BETWEEN_TAGS.finditer(line)
            if not any(start <= match.start() < end for start, end in taken)
        ]
    if kind in _MARKUP and not found and _is_filled_in(line):
        found.append((0, Literal(line.strip())))
    if kind in _VALUES and not found and (value := _VALUE.match(line)):
        found.append((value.start(1), Literal(value.group(1))))
    return [
        literal for _, literal in sorted(found, key=lambda item: item[0]) if literal.text.strip()
    ]


def _is_filled_in(line: str) -> bool:
    bare = _HOLES.sub("\0", line)
    return "\0" in bare and bool(_FILLED_IN.match(bare)) and bool(_WORDS.search(bare))


def holes(literal: Literal) -> list[str]:
    """The places of a literal that are filled in at run time."""
    return _HOLES.findall(literal.text)


def spoken(literal: Literal) -> tuple[str, ...]:
    """The parts of a literal that stand on a page as they are, white space folded."""
    if literal.kind in _MACHINES:
        return ()
    parts = [" ".join(html.unescape(part).split()) for part in _HOLES.split(literal.text)]
    return tuple(part for part in parts if _WORDS.search(part))


def skeleton(line: str, path: str) -> str:
    """A line with its texts taken out, to see whether two lines differ in texts alone."""
    bare = line
    for literal in literals(line, path):
        bare = bare.replace(literal.text, "\0", 1)
    # Which quotes a text stands in is no difference either.
    return "".join(bare.split()).replace("'", '"').replace("`", '"')
