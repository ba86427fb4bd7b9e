"""Where the controls of a page stand on base and preview; pure.

Only what a person can no longer point at counts: a control that something covers now, or that
stands outside the page. That a control stands elsewhere or has another size is told, once a page:
a wider word moves what comes after it.
"""

from __future__ import annotations

from collections.abc import Iterable

from assay.reviews.clues import Clues
from assay.reviews.differences import Difference, Triple, explained
from assay.reviews.model import FindingKind
from assay.reviews.views import SLACK, Place, View

_NAMED = 3


def compare(triple: Triple, clues: Clues) -> Iterable[Difference]:
    """What is out of reach now, and what stands elsewhere."""
    base, again = _placed(triple.base), _placed(triple.again)
    after = _placed(triple.preview)
    moved = []
    for name, before in base.items():
        now, second = after.get(name), again.get(name)
        if now is None or second is None or explained(name, triple, clues):
            continue
        why = _out_of_reach(before, now)
        if why and not _out_of_reach(before, second) and not (before.covered or before.outside):
            yield Difference(
                FindingKind.LAYOUT_CHANGED,
                f"A control of {triple.base.path} is out of reach",
                f"the {name} {why}, and was free before",
                triple.base.path,
                regression=True,
            )
        elif not before.near(now) and before.near(second):
            moved.append((name, before, now))
    if moved:
        yield _told(triple, moved)


def _placed(view: View) -> dict[str, Place]:
    """Controls by name; those that share theirs cannot be told apart."""
    found: dict[str, Place] = {}
    twice = set()
    for place in view.places:
        twice.update({place.control} & found.keys())
        found[place.control] = place
    return {name: place for name, place in found.items() if name not in twice}


def _out_of_reach(before: Place, now: Place) -> str:
    """Why a control cannot be pointed at that could. What only moved under a bar that stays where
    it is can be scrolled to, and what was too small to point at was for screen readers."""
    if now.covered and before.near(now):
        return "is covered by something else"
    if now.outside and min(before.box[2:]) >= SLACK:
        return "stands outside the page"
    return ""


def _told(triple: Triple, moved: list[tuple[str, Place, Place]]) -> Difference:
    said = [f"{name} ({_box(before)}, now {_box(after)})" for name, before, after in moved[:_NAMED]]
    more = f", and {len(moved) - _NAMED} more" if len(moved) > _NAMED else ""
    return Difference(
        FindingKind.LAYOUT_CHANGED,
        f"Controls of {triple.base.path} stand elsewhere or have another size",
        f"{'; '.join(said)}{more}",
        triple.base.path,
        regression=False,
    )


def _box(place: Place) -> str:
    x, y, width, height = place.box
    return f"{width}×{height} at {x}, {y}"
