"""The helpers of an exported folder: only those parts that its tests use, and what they need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

_PART = re.compile(r"^(?:#|//): part (\w+)(?: needs (.*))?$")
_IMPORT = re.compile(r"^(?:#|//): ((?:import|from) .*)$")


@lru_cache
def template(name: str) -> str:
    """One of the files beside this module."""
    return (resources.files("assay.cases.export") / "files" / f"{name}.txt").read_text("utf-8")


def helpers(name: str, wanted: Iterable[str]) -> str:
    """The text of a helper file with the wanted parts; empty when nothing is wanted.

    ``name`` is ``helpers.py`` or ``helpers.ts``; names that are no parts are passed over.
    """
    head, imports, parts = _parsed(name)
    known = {one: needs for one, (needs, _) in parts.items()}
    chosen = _with_needs(set(wanted) & set(known), known)
    if not chosen:
        return ""
    text = "\n".join(body.strip("\n") + "\n\n" for one, (_, body) in parts.items() if one in chosen)
    gap = "\n" if name.endswith(".py") else ""
    text = text.replace("\n\n\n", "\n\n" + gap) if gap else text.replace("\n\n\n", "\n\n")
    lines = [line for one in imports if (line := _needed(one, text))]
    lines = _grouped(lines) if name.endswith(".py") else lines
    rest = text.replace("%LISTS%", template("lists.js").strip()).rstrip() + "\n"
    return "\n".join([head, "", *lines, "", ""]) + gap + rest


def part_names(name: str) -> frozenset[str]:
    """The parts that a helper file has."""
    return frozenset(_parsed(name)[2])


@lru_cache
def _parsed(name: str) -> tuple[str, tuple[str, ...], dict[str, tuple[tuple[str, ...], str]]]:
    """A helper file as its first line, its imports and its parts with their needs."""
    lines = template(name).splitlines()
    imports: list[str] = []
    parts: dict[str, tuple[tuple[str, ...], list[str]]] = {}
    current: list[str] | None = None
    for line in lines[1:]:
        part, module = _PART.match(line), _IMPORT.match(line)
        if part is not None:
            current = []
            parts[part[1]] = (tuple((part[2] or "").split()), current)
        elif module is not None:
            imports.append(module[1])
        elif current is not None:
            current.append(line)
    done = {one: (needs, "\n".join(body)) for one, (needs, body) in parts.items()}
    return lines[0], tuple(imports), done


def _with_needs(wanted: set[str], known: dict[str, tuple[str, ...]]) -> set[str]:
    waiting, found = list(wanted), set[str]()
    while waiting:
        one = waiting.pop()
        if one in known and one not in found:
            found.add(one)
            waiting += known[one]
    return found


def _needed(line: str, text: str) -> str:
    """An import line with only the names that the text uses; empty when it uses none."""
    match = re.match(r"(from \S+ import |import (?:type )?\{ )(.*?)( \} from .*)?$", line)
    if match is None:
        name = line.removeprefix("import ").strip()
        return line if re.search(rf"\b{re.escape(name)}\.", text) else ""
    names = [one.strip() for one in match[2].split(",")]
    used = [one for one in names if re.search(rf"\b{re.escape(one)}\b", text)]
    return f"{match[1]}{', '.join(used)}{match[3] or ''}" if used else ""


def _grouped(lines: list[str]) -> list[str]:
    """Python's import lines, those of other projects after an empty line."""
    own = [line for line in lines if "playwright" not in line]
    others = [line for line in lines if "playwright" in line]
    return [*own, *([""] if own and others else []), *others]
