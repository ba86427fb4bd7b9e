"""The values of steps as expressions: templates become variables, secrets come from outside."""

from __future__ import annotations

import re

from assay.cases.export.syntax import Body, Environment, Name, Text

_TEMPLATE = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
FRESH = ("unique", "email", "password")


def environment_name(*words: str) -> str:
    """The name of an environment variable made of words: ``SHOPPER_PASSWORD``."""
    name = re.sub(r"[^A-Z0-9]+", "_", "_".join(words).upper()).strip("_")
    return name if name[:1].isalpha() else f"TEST_{name}".rstrip("_")


def variable_name(name: str) -> str:
    """A name that is a variable in every language."""
    found = re.sub(r"\W+", "_", name.strip().lower()).strip("_") or "value"
    return f"seen_{found}"


def rendered(template: str, body: Body) -> Text:
    """A template as a string expression; what it needs that is new in each run is noted."""
    if template in body.secrets:
        return Text((Environment(body.secrets[template]),))
    parts: list[str | Name | Environment] = []
    end = 0
    for match in _TEMPLATE.finditer(template):
        if match.start() > end:
            parts.append(template[end : match.start()])
        parts.append(_part(match[1], body))
        end = match.end()
    if end < len(template) or not parts:
        parts.append(template[end:])
    return Text(tuple(parts))


def secret(template: str, words: str, body: Body) -> Text:
    """A value that must not be written: a literal one is read from the environment instead."""
    if _TEMPLATE.search(template) or template in body.secrets:
        return rendered(template, body)
    return Text((Environment(environment_name("secret", words)),))


def plain(template: str) -> str | None:
    """The template's text when nothing is put into it, else None."""
    return None if _TEMPLATE.search(template) else template


def _part(key: str, body: Body) -> Name | Environment:
    if key in FRESH:
        body.unique.add(key)
        return Name(key)
    kind, _, name = key.partition(":")
    if kind == "var":
        known = variable_name(name)
        return Name(body.latest(known) or known)
    config, _, value = name.rpartition(".")
    return Environment(environment_name(config, value))
