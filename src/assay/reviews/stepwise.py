"""What a step did on base and preview, where both stood on the same page before it; pure.

The same step on the same page ought to come to the same page, where no server had a part in it:
then other numbers, orders and controls are the code's. Texts and rows may be data that the page had
before, so that they count only where they hold words of the change. Where a server had a part, the
data of the two environments may differ by right, and only what fails counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assay.reviews.clues import Clues
from assay.reviews.compare import lasting, page_differences
from assay.reviews.differences import Difference, Triple, explained, folded, gone, short
from assay.reviews.model import FindingKind
from assay.reviews.orders import same_words
from assay.reviews.views import View

_LEAST = 4  # letters of a word that is not just any
_FAILS = frozenset({FindingKind.CONSOLE_ERROR, FindingKind.REQUEST_FAILED, FindingKind.PAGE_BROKEN})


@dataclass(frozen=True, slots=True)
class Moment:
    """A page before and after a step. ``alone`` says that the site's server had no part in it."""

    before: View
    after: View
    alone: bool


@dataclass(frozen=True, slots=True)
class Moments:
    """One step done on the base, on the base again, and on the preview."""

    base: Moment
    again: Moment
    preview: Moment

    @property
    def alone(self) -> bool:
        return self.base.alone and self.again.alone and self.preview.alone

    @property
    def before(self) -> Triple:
        return Triple(self.base.before, self.again.before, self.preview.before)

    @property
    def after(self) -> Triple:
        return Triple(self.base.after, self.again.after, self.preview.after)


def compare_step(moments: Moments, clues: Clues, *, same_data: bool = True) -> list[Difference]:
    """The regressions that a step shows. Without the same data on both sides, what a page got
    before the step may be others as well."""
    now = moments.after
    sure = same_data and moments.alone and same_page(moments.before, clues)
    # A difference that was there before the step is none of the step's.
    known = {_mark(one) for one in page_differences(moments.before, clues, same_data=False)}
    found = [one for one in page_differences(now, clues, same_data=sure) if _mark(one) not in known]
    failing = [one for one in found if one.regression and one.kind in _FAILS]
    if not sure:
        return failing
    told = [replace(one, regression=True, needs=()) for one in found if _counts(one, clues)]
    return [*failing, *told, *_texts(now, clues)]


def expected_of(one: Difference, base: View) -> str:
    """What the base shows in place of a difference, as a test would expect it."""
    texts = [line for line in base.lines if f"“{line}”" in one.seen]
    return f"“{texts[0]}” is shown" if texts else f"the page is {base.landed}"


def same_page(triple: Triple, clues: Clues) -> bool:
    """Whether base and preview show the same, but for noise and what the change rewords."""
    left = [one for one in gone(triple, _shown) if not explained(one, triple, clues)]
    reworded = {edit.new.casefold() for edit in clues.copy_edits}
    noisy = {folded(one) for one in set(_shown(triple.base)) ^ set(_shown(triple.again))}
    came = [
        one
        for one in gone(triple.turned, _shown)
        if folded(one) not in noisy and not any(new in one.casefold() for new in reworded)
    ]
    return not left and not came and triple.base.landed == triple.preview.landed


def _shown(view: View) -> list[str]:
    return [*view.lines, *view.controls, *(row.text for rows in view.lists for row in rows)]


def _counts(one: Difference, clues: Clues) -> bool:
    """Whether a difference that the code alone can have made counts."""
    if one.kind in _FAILS:
        return False
    if one.kind is FindingKind.CONTENT_MISSING:
        return _spoken(one.seen, clues)
    return one.regression or one.kind is FindingKind.CONTROL_MISSING


def _spoken(text: str, clues: Clues) -> bool:
    """Whether a text has words that the change touches."""
    return any(len(word) >= _LEAST and word in text for file in clues.files for word in file.texts)


def _texts(now: Triple, clues: Clues) -> Iterable[Difference]:
    """Texts that only the base shows after the step; other numbers are told elsewhere."""
    came = gone(now.turned, lambda view: view.lines)
    for line in gone(now, lambda view: view.lines):
        if explained(line, now, clues) or not lasting(line) or not _spoken(line, clues):
            continue
        if any(same_words(line, other) for other in came):
            continue
        path = now.base.landed
        title = f"A text of {path} is missing"
        yield Difference(
            FindingKind.CONTENT_MISSING,
            title,
            f"“{short(line)}” is not shown, and was before",
            path,
            regression=True,
        )
        return


def _mark(one: Difference) -> tuple[FindingKind, str]:
    return one.kind, one.seen
