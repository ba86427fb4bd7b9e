"""Flake certificates as the API shows them."""

from __future__ import annotations

from typing import Literal

from assay.kernel import clock
from assay.runs.certificate import Certificate, Disturbed, told
from assay.web.api.schemas import Moment, Schema

Kinds = Literal["cpu", "late", "reordered", "media", "viewport", "all"]


class DisturbedItem(Schema):
    """One replay of a certificate. ``kind`` is null for the one without disturbance. A replay that
    was not a clean pass is kept as the run ``runShortId``."""

    number: int
    kind: Kinds | None
    seed: int
    disturbance: str
    verdict: Literal["passed", "failed", "couldNotVerify"]
    healed: bool
    reason: str | None
    failedStep: int | None
    seconds: float
    runShortId: str | None


class IntervalItem(Schema):
    """A confidence interval of a rate, both ends from 0 to 1."""

    lower: float
    upper: float


class CertificateSummary(Schema):
    """How a test held up in replays under disturbance; ``replays`` are to be made, ``replayed``
    were made. ``stable`` is null while that is not known. ``confidence95`` is Wilson's interval."""

    shortId: str
    status: Literal["INITIATED", "RUNNING", "COMPLETED", "ERROR", "CANCELLED"]
    stable: bool | None
    seed: int
    kind: Kinds | None
    replays: int
    replayed: int
    passed: int
    flips: int
    passRate: float | None
    confidence95: IntervalItem | None
    firstBreak: DisturbedItem | None
    summary: str
    createdAt: Moment
    finishedAt: Moment | None


class CertificateItem(CertificateSummary):
    """A certificate with each of its replays."""

    testCaseId: str
    testCaseShortId: str
    name: str
    url: str
    environment: str
    results: list[DisturbedItem]


def summary_of(one: Certificate) -> CertificateSummary:
    """A certificate without its single replays."""
    replayed, interval, broken = len(one.disturbed), one.interval, one.first_break
    return CertificateSummary(
        shortId=one.short_id,
        status=one.status.value,
        stable=one.stable,
        seed=one.seed,
        kind=one.kind.value if one.kind else None,
        replays=one.wanted,
        replayed=replayed,
        passed=one.passed,
        flips=one.flips,
        passRate=round(one.passed / replayed, 4) if replayed else None,
        confidence95=(
            IntervalItem(lower=round(interval[0], 4), upper=round(interval[1], 4))
            if interval
            else None
        ),
        firstBreak=disturbed_item(broken) if broken else None,
        summary=told(one),
        createdAt=clock.iso(one.created_at),
        finishedAt=clock.iso(one.finished_at) if one.finished_at else None,
    )


def disturbed_item(one: Disturbed) -> DisturbedItem:
    """One replay of a certificate."""
    return DisturbedItem(
        number=one.number,
        kind=one.kind.value if one.kind else None,
        seed=one.seed,
        disturbance=one.disturbance,
        verdict=one.verdict.value,
        healed=one.healed,
        reason=one.reason or None,
        failedStep=one.failed_step,
        seconds=round(one.seconds, 3),
        runShortId=one.run_short_id or None,
    )
