"""Differences of base and preview: what is noise, and what the change itself explains; pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.reviews.clues import Clues
from assay.reviews.model import FindingKind
from assay.reviews.views import View

_CHANGING = re.compile(r"[0-9a-f]{8,}|\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference on one page. ``regression`` is false for what has only to be looked at;
    ``needs`` are addresses that must show the same on both sides before it counts. ``steps`` are
    plain steps that show it, with what the base answers as ``expected``."""

    kind: FindingKind
    title: str
    seen: str
    path: str
    regression: bool
    needs: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    expected: str = ""


def load_difference(data: Mapping[str, Any]) -> Difference:
    """A difference from what ``asdict`` gave, through JSON."""
    told = {name: tuple(data.get(name, ())) for name in ("needs", "steps")}
    return Difference(**{**data, **told, "kind": FindingKind(data["kind"])})


@dataclass(frozen=True, slots=True)
class Found:
    """What a look for differences came to; ``notes`` say what could not be looked at."""

    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()


def load_found(data: Mapping[str, Any]) -> Found:
    """What was found, from what ``asdict`` gave, through JSON."""
    return Found(tuple(map(load_difference, data["differences"])), tuple(data["notes"]))


@dataclass(frozen=True, slots=True)
class Triple:
    """One page three times: on the base, on the base again, and on the preview."""

    base: View
    again: View
    preview: View

    @property
    def turned(self) -> Triple:
        """The other way round, to see what came instead of what is gone."""
        return Triple(self.preview, self.preview, self.base)


def gone(triple: Triple, of: Callable[[View], Sequence[str]]) -> list[str]:
    """What both looks at the base show and the preview does not, noise left out."""
    first, second = Counter(of(triple.base)), Counter(of(triple.again))
    noisy = {folded(text) for text in (first - second) | (second - first)}
    left = (first & second) - Counter(of(triple.preview))
    return [text for text in left if folded(text) not in noisy]


def explained(text: str, triple: Triple, clues: Clues) -> bool:
    """Whether the change's own text edits account for a text that is gone."""
    shown = [*triple.preview.lines, *triple.preview.controls]
    told = text.casefold()
    for edit in clues.copy_edits:
        if edit.old.casefold() in told:
            wanted = told.replace(edit.old.casefold(), edit.new.casefold())
            if any(wanted in one.casefold() for one in shown):
                return True
    return taken_out(text, clues)


def taken_out(text: str, clues: Clues) -> bool:
    """Whether the change takes words of a text out of the code."""
    return _says_one_of(text, clues.removed, clues.added)


def brought(text: str, clues: Clues) -> bool:
    """Whether a text has words that the change brings."""
    return _says_one_of(text, clues.added, clues.removed)


def _says_one_of(text: str, these: Sequence[str], those: Sequence[str]) -> bool:
    """Whether a text has words of ``these`` that are not among ``those``."""
    left_out = {one.casefold() for one in those}
    return any(
        len(one) >= 3 and one.casefold() not in left_out and _word_in(one, text) for one in these
    )


def _word_in(part: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text, re.IGNORECASE) is not None


def folded(text: str) -> str:
    """A text with ids and numbers made alike."""
    return _CHANGING.sub("#", text)


def short(text: str) -> str:
    """At most a hundred characters of a text."""
    return text if len(text) <= 100 else text[:99] + "…"
