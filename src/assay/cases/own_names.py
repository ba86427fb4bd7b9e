"""Names of their own for what a case makes, where a site takes each name only once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.browser.model import ActionKind
from assay.cases.expect_words import quoted
from assay.cases.model import Draft, Step

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_ENTERING = frozenset({ActionKind.TYPE, ActionKind.APPEND})
_EMAIL = re.compile(r"[^\s@{}]+@[^\s@{}]+\.\w+")


def entered(text: str, steps: Sequence[Step]) -> tuple[str, ...]:
    """The texts that a case has in quotes and that its steps enter before something is sent."""
    named = {part.strip() for part in quoted(text)}
    found: list[str] = []
    waiting: list[str] = []
    for step in steps:
        value = step.value.strip()
        if step.action in _ENTERING and not step.secret and value in named and _is_name(value):
            waiting.append(value)
        requests = step.effect.requests if step.effect else ()
        methods = {request.partition(" ")[0] for request in requests}
        if methods - _READING:
            found += waiting
        if methods:
            waiting = []  # what a search was sent for makes nothing
    return tuple(dict.fromkeys(found))


def _is_name(value: str) -> bool:
    return "{{" not in value and re.search(r"[^\W\d_]{2}", value) is not None


def apart(text: str, names: Sequence[str]) -> str:
    """A case's text in which each of the names has a part that is new in each run."""
    for name in sorted(names, key=len, reverse=True):
        own, plain = _own(name), re.escape(name)
        text = own.join(re.split(rf"(?<=[\"'“‘`]){plain}(?=[\"'”’`])", text))
        # With its template it is no word any more: it stays one in quotes.
        text = f'"{own}"'.join(re.split(rf"(?<![\w{{\"'“‘`]){plain}(?![\w}}\"'”’`-])", text))
    return text


def _own(name: str) -> str:
    if _EMAIL.fullmatch(name):
        user, _, host = name.partition("@")
        return f"{user}-{{{{unique}}}}@{host}"
    # Where a name has no space, a space may not be allowed in it.
    return f"{name}{' ' if ' ' in name else '-'}{{{{unique}}}}"


def more(shown: str, before: str, names: Sequence[str]) -> bool:
    """Whether a name stands on a page more often than it did before: what is made there stays."""
    return any(shown.count(name) > before.count(name) for name in names)


def worse(draft: Draft, than: Draft) -> bool:
    """Whether a draft got less far, or has less of its expected result checked, than another."""
    if bool(draft.problem) is not bool(than.problem):
        return bool(draft.problem)
    return len(draft.unchecked) > len(than.unchecked)


def told(names: Sequence[str]) -> str:
    """What the answer says of it."""
    listed = ", ".join(f"“{name}”" for name in names)
    return f"{listed} may be there already from another run: each run adds letters of its own."
