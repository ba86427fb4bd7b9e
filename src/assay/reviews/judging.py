"""From tests and differences to findings and a verdict; pure.

A finding blocks when something that worked before the change does not work with it, or when a test
fails and there is nothing to compare with. Zero tests are never an approval.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from assay.cases.model import Verdict as TestVerdict
from assay.reviews.clues import stems_of, words_of
from assay.reviews.differences import Difference
from assay.reviews.model import (
    Change,
    ChangedFile,
    Finding,
    FindingKind,
    Hunk,
    Spot,
    Tested,
    Verdict,
)
from assay.reviews.secrets_in_code import masked

_PASSED, _FAILED = TestVerdict.PASSED, TestVerdict.FAILED
_HUNK_LINES = 12


@dataclass(frozen=True, slots=True)
class Site:
    """Where findings can be seen again: the preview's address and the application's short id."""

    application: str
    url: str


def findings_of_tests(
    tested: Sequence[Tested], change: Change, site: Site, *, compared: bool
) -> list[Finding]:
    """One finding for each test that did not simply pass."""
    found = [_of_test(test, change, site, compared=compared) for test in tested]
    return [finding for finding in found if finding is not None]


def _of_test(test: Tested, change: Change, site: Site, *, compared: bool) -> Finding | None:
    if test.verdict is _PASSED or (test.verdict is not _FAILED and test.again is not _FAILED):
        return None
    new: bool | None = None
    if compared and test.base is not None:
        new = True if test.base is _PASSED else False if test.base is _FAILED else None
    kind, blocking = FindingKind.TEST_FAILED, new is not False
    if test.reworded:
        kind, blocking = FindingKind.TEST_OUTDATED, False
    elif test.again is _PASSED:
        kind, blocking = FindingKind.TEST_FLAKY, False
    return Finding(
        title=f"{test.name}: {_first(test.reason)}",
        kind=kind,
        is_new=new,
        blocking=blocking,
        seen=test.reason,
        step=test.step,
        test_case_id=test.test_id,
        evidence=test.evidence,
        command=shlex.join(
            [
                *("assay", "chat", f'Run the test "{test.name}"'),
                *("--app", site.application, "--env-url", site.url),
            ]
        ),
        spot=spot_of(change, f"{test.name} {test.reason} {test.step}"),
    )


def findings_of_pages(
    differences: Sequence[Difference], change: Change, site: Site
) -> list[Finding]:
    """Regressions of pages as findings that block; what is only different is told elsewhere."""
    return [
        Finding(
            title=one.title,
            kind=one.kind,
            is_new=True,
            blocking=True,
            seen=one.seen,
            url=urljoin(site.url, one.path),
            step="; ".join(one.steps),
            command=_shown_again(one, site),
            spot=spot_of(change, f"{one.path} {one.title} {one.seen}"),
        )
        for one in differences
        if one.regression
    ]


def _shown_again(one: Difference, site: Site) -> str:
    """A command that shows a difference again."""
    if not one.steps:
        return shlex.join(["curl", "-i", urljoin(site.url, one.path)])
    test = f"Create a test. Steps: {'; '.join(one.steps)}. Expected: {one.expected}"
    return shlex.join(["assay", "chat", test, "--app", site.application, "--env-url", site.url])


def verdict_of(
    change: Change, tested: Sequence[Tested], findings: Sequence[Finding], problem: str
) -> tuple[Verdict, str]:
    """The verdict of a review and, in one sentence, why."""
    if change.files and not change.running:
        kinds = sorted({_KINDS[file.kind.value] for file in change.files})
        return Verdict.NOTHING_TO_TEST, f"only {' and '.join(kinds)} changed."
    blocking = [one for one in findings if one.blocking]
    if blocking:
        more = f", and {len(blocking) - 1} more" if len(blocking) > 1 else ""
        return Verdict.CHANGES_REQUESTED, f"{blocking[0].title.rstrip('.')}{more}."
    if problem:
        return Verdict.COULD_NOT_VERIFY, problem
    if not tested:
        return Verdict.COULD_NOT_VERIFY, "no test ran, so nothing was verified."
    good = [test for test in tested if test.verdict is _PASSED or test.reworded]
    known = [test for test in tested if test not in good and _known(test)]
    open_ = len(tested) - len(good) - len(known)
    if open_:
        return (
            Verdict.COULD_NOT_VERIFY,
            f"{open_} of {len(tested)} tests could not be verified.",
        )
    if not good:
        return (
            Verdict.COULD_NOT_VERIFY,
            "every test that ran does not pass before the change either.",
        )
    text = f"{len(good)} of {len(tested)} tests passed"
    if known:
        text += f", and {len(known)} did not pass before the change either"
    return Verdict.APPROVED, f"{text}."


_KINDS = {"docs": "documentation", "tests": "tests", "infrastructure": "infrastructure"}


def _known(test: Tested) -> bool:
    """Whether a test does not pass on the base either, so that the change is not why."""
    return test.base is not None and test.base is not _PASSED


def spot_of(change: Change, text: str) -> Spot:
    """The hunk that has most to do with a text; the first one when none has anything."""
    words = stems_of(words_of(text))
    best: tuple[int, ChangedFile, Hunk] | None = None
    for file in change.running:
        own = stems_of(words_of(file.path))
        for hunk in file.hunks[:200]:
            said = stems_of(words_of(" ".join((*hunk.removed, *hunk.added, hunk.section))[:4000]))
            score = 2 * len(words & said) + len(words & own)
            if best is None or score > best[0]:
                best = (score, file, hunk)
    if best is None:
        first = next(iter(change.running), None)
        return Spot(first.path) if first else Spot()
    _, file, hunk = best
    return Spot(file.path, hunk.first, _excerpt(hunk))


def _excerpt(hunk: Hunk) -> tuple[str, ...]:
    changed = [place for place, line in enumerate(hunk.lines) if line.sign != " "]
    start = max(0, (changed[0] if changed else 0) - 1)
    shown = hunk.lines[start : start + _HUNK_LINES]
    return tuple(line.sign + masked(line.text[:200]) for line in shown)


def _first(reason: str) -> str:
    return " ".join(reason.split())[:240]
