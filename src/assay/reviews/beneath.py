"""What lies beneath the texts of a page, on base and preview; pure.

The accessibility tree (headings, landmarks, pictures with their words, what state controls are in),
what the page asks of its server, and what it keeps in the browser. A control that can no longer be
used counts, and a cookie that scripts can read now; the rest is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assay.reviews.clues import Clues
from assay.reviews.differences import Difference, Triple, explained, folded, gone, short
from assay.reviews.model import FindingKind
from assay.reviews.views import HTTP_ONLY, View

_STOPPED = frozenset({"disabled", "readonly"})
_MOST = 3


def compare(triple: Triple, clues: Clues, *, same_data: bool) -> Iterable[Difference]:
    """Everything beneath the texts that both looks at the base agree on and the preview has not."""
    yield from _states(triple, clues, same_data=same_data)
    yield from _tree(triple, clues)
    yield from _asked(triple)
    yield from _kept(triple, clues)


def touched(clues: Clues, words: re.Pattern[str]) -> bool:
    """Whether the change replaces lines with these words by others that have them too."""
    return all(any(words.search(line) for line in clues.lines(sign)) for sign in "+-")


def _states(triple: Triple, clues: Clues, *, same_data: bool) -> Iterable[Difference]:
    before, again, after = map(_by_control, (triple.base, triple.again, triple.preview))
    spoken = touched(clues, re.compile("|".join(_STOPPED), re.IGNORECASE))
    for control, states in before.items():
        now = after.get(control)
        if now is None or now == states or again.get(control) != states:
            continue
        if explained(control, triple, clues):
            continue
        fresh, left = sorted(now - states), sorted(states - now)
        stopped = _STOPPED & set(fresh)
        told = ((f"is {_words(fresh)}", fresh), (f"is no longer {_words(left)}", left))
        seen = " and ".join(words for words, any_ in told if any_)
        yield Difference(
            FindingKind.CONTROL_CHANGED,
            f"A control of {triple.base.path} cannot be used"
            if stopped
            else f"A control of {triple.base.path} is in another state",
            f"the {control} {seen}",
            triple.base.path,
            # Who writes a condition anew may get it wrong; who brings or drops one means to. Where
            # none is in the change, the data may be why.
            regression=bool(stopped) and same_data and spoken and not re.search(r"\d", control),
        )


def _words(states: list[str]) -> str:
    return " and ".join("read-only" if state == "readonly" else state for state in states)


def _by_control(view: View) -> dict[str, frozenset[str]]:
    """Controls with a name of their own; those that share theirs cannot be told apart."""
    names = [control for control, _ in view.states]
    return {
        control: frozenset(states) for control, states in view.states if names.count(control) == 1
    }


def _tree(triple: Triple, clues: Clues) -> Iterable[Difference]:
    left = [
        one for one in gone(triple, lambda view: view.tree) if not explained(one, triple, clues)
    ]
    if left:
        yield _told(triple, "has lost parts of its structure", "no longer there", left)


def _asked(triple: Triple) -> Iterable[Difference]:
    base, again, now = (
        {folded(one): one for one in view.asked}
        for view in (triple.base, triple.again, triple.preview)
    )
    less = [one for key, one in base.items() if key in again and key not in now]
    more = [one for key, one in now.items() if key not in base and key not in again]
    if less:
        yield _told(triple, "asks its server for less", "not asked for any more", less)
    if more:
        yield _told(triple, "asks its server for more", "asked for now", more)


def _kept(triple: Triple, clues: Clues) -> Iterable[Difference]:
    left = gone(triple, lambda view: view.storage)
    names = {one.removesuffix(HTTP_ONLY) for one in triple.preview.storage}
    bared = [
        one for one in left if one.endswith(HTTP_ONLY) and one.removesuffix(HTTP_ONLY) in names
    ]
    for one in bared:
        yield Difference(
            FindingKind.STORAGE_CHANGED,
            f"A cookie of {triple.base.path} is open to scripts",
            f"the {one.removesuffix(HTTP_ONLY)} is set without HttpOnly, and was set with it",
            triple.base.path,
            # Settings of an environment may differ by right, so the change has to speak of it.
            regression=any(
                re.search(r"http_?only", line, re.IGNORECASE)
                for line in (*clues.lines("+"), *clues.lines("-"))
            ),
        )
    rest = [one for one in left if one not in bared]
    came = gone(triple.turned, lambda view: view.storage)
    fresh = [one for one in came if one + HTTP_ONLY not in left]
    if rest:
        yield _kept_told(triple, "keeps less in the browser", "no longer kept", rest)
    if fresh:
        yield _kept_told(triple, "keeps more in the browser", "kept now", fresh)


def _kept_told(triple: Triple, what: str, how: str, names: list[str]) -> Difference:
    return _told(triple, what, how, names, FindingKind.STORAGE_CHANGED)


def _told(
    triple: Triple,
    what: str,
    how: str,
    names: list[str],
    kind: FindingKind = FindingKind.CONTENT_CHANGED,
) -> Difference:
    said = ", ".join(short(name) for name in names[:_MOST])
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    path = triple.base.path
    return Difference(kind, f"{path} {what}", f"{said}{more}: {how}", path, regression=False)
