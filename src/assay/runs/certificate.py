"""Flake certificates: how a proven test held up in replays under disturbance. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from assay.cases.model import Verdict
from assay.runs.disturbing import DisturbanceKind, disturbance, in_words
from assay.runs.model import RunStatus

# The two-sided 95 % quantile of the normal distribution.
_Z95 = 1.959963984540054
LEAST, MOST, USUAL = 1, 200, 10
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Disturbed:
    """One replay of a certificate; number 0 is the one without disturbance, and has no kind.

    ``healed`` is one that passed on a similar element: no clean pass. ``run_short_id`` names the
    run that is kept of a replay that was not a clean pass.
    """

    number: int
    kind: DisturbanceKind | None
    seed: int
    verdict: Verdict
    reason: str = ""
    failed_step: int | None = None
    healed: bool = False
    seconds: float = 0.0
    run_short_id: str = ""

    @property
    def clean(self) -> bool:
        """Whether it passed with every step done on the very element that was recorded."""
        return self.verdict is Verdict.PASSED and not self.healed

    @property
    def disturbance(self) -> str:
        """What was disturbed, in words."""
        if self.kind is None:
            return "no disturbance"
        return in_words(disturbance(self.kind, self.seed))


@dataclass(frozen=True, slots=True)
class Certificate:
    """The replays of one test under disturbance, from which every figure is derived.

    ``wanted`` replays are made after one without disturbance; when that one is not a clean pass
    there is nothing that disturbances could be blamed for, and none is made.
    """

    id: str
    short_id: str
    project_id: str
    test_case_id: str
    status: RunStatus
    wanted: int
    seed: int
    kind: DisturbanceKind | None
    environment: str
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None = None
    replays: tuple[Disturbed, ...] = ()

    @property
    def control(self) -> Disturbed | None:
        """The replay without disturbance."""
        return next((one for one in self.replays if one.kind is None), None)

    @property
    def disturbed(self) -> tuple[Disturbed, ...]:
        """The replays under disturbance that were made so far."""
        return tuple(one for one in self.replays if one.kind is not None)

    @property
    def passed(self) -> int:
        """How many replays under disturbance were clean passes."""
        return sum(one.clean for one in self.disturbed)

    @property
    def flips(self) -> int:
        """How many had another verdict than the replay without disturbance."""
        control = self.control
        return sum(control is not None and one.verdict != control.verdict for one in self.disturbed)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % confidence interval of the pass rate; None when nothing was replayed."""
        return wilson(self.passed, len(self.disturbed)) if self.disturbed else None

    @property
    def first_break(self) -> Disturbed | None:
        """The first replay under disturbance that was not a clean pass."""
        return next((one for one in self.disturbed if not one.clean), None)

    @property
    def done(self) -> bool:
        """Whether no replay is left to make."""
        control = self.control
        return control is not None and (not control.clean or len(self.disturbed) >= self.wanted)

    @property
    def stable(self) -> bool | None:
        """Whether every replay was a clean pass; None while it is not known."""
        control = self.control
        if self.first_break is not None:
            return False
        if control is None or not control.clean or not self.done:
            return None
        return True


def wilson(passed: int, total: int, z: float = _Z95) -> tuple[float, float]:
    """Wilson's score interval for a proportion, as (lower, upper).

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22
    (1927); it keeps its coverage for few trials and for rates at 0 and 1, where the usual interval
    collapses (Brown, Cai, DasGupta, "Interval estimation for a binomial proportion", 2001).
    """
    rate, square = passed / total, z * z
    middle = (rate + square / (2 * total)) / (1 + square / total)
    spread = math.sqrt(rate * (1 - rate) / total + square / (4 * total * total))
    half = z / (1 + square / total) * spread
    lower = 0.0 if passed == 0 else max(0.0, middle - half)
    return lower, 1.0 if passed == total else min(1.0, middle + half)


def told(certificate: Certificate) -> str:
    """A certificate in one or two sentences."""
    control, total = certificate.control, len(certificate.disturbed)
    if certificate.status is RunStatus.ERROR:
        return "The replays ended with an error of ours; they can be asked for again."
    if control is not None and not control.clean:
        why = control.reason or "a step was done on a similar element"
        why = why.rstrip(".")
        return f"Not replayed under disturbance, for it is no clean pass without one: {why}."
    if control is None or not total:
        return "No replay under disturbance has ended yet."
    interval = certificate.interval
    assert interval is not None
    cut = "Cancelled. " if certificate.status is RunStatus.CANCELLED else ""
    many = "replay" if total == 1 else "replays"
    rate = (
        f"{cut}{certificate.passed} of {total} {many} under disturbance passed:"
        f" {_percent(certificate.passed / total)} (95 % confidence interval"
        f" {_percent(interval[0])} to {_percent(interval[1])})."
    )
    broken = certificate.first_break
    if broken is None:
        return rate
    return f"{rate} {broke(broken)}"


def _percent(rate: float) -> str:
    return f"{100 * rate:.0f} %"


def broke(replay: Disturbed) -> str:
    """Which disturbance a replay did not stand, with what it takes to make it again."""
    assert replay.kind is not None
    why = replay.reason.rstrip(".") or "a step was done on a similar element"
    return (
        f"First not a clean pass with {replay.disturbance}"
        f" (kind {replay.kind.value}, seed {replay.seed}): {why}."
    )
