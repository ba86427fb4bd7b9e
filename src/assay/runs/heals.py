"""Heals that wait for approval, as frozen values. Pure; the ledger itself is in ``healing``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assay.browser.model import LocatorBundle
from assay.cases.codec import dump_bundle
from assay.cases.model import Step, TestCase


class HealStatus(StrEnum):
    """What became of a heal; an ``outdated`` one is of a step that was changed since."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True)
class HealRecord:
    """A step that was done on a similar element, once for each element that was found for it.

    ``wanted`` and ``found`` are the two elements in words, ``bundle`` the locators of the one that
    was found. ``mark`` names that element and ``old_mark`` the locators that the step had.
    ``times`` counts the runs in which it was seen; ``run_short_id`` is the newest of them.
    """

    id: str
    short_id: str
    project_id: str
    test_case_id: str
    step: int
    step_text: str
    mark: str
    old_mark: str
    wanted: str
    found: str
    score: float
    margin: float
    bundle: LocatorBundle
    status: HealStatus
    run_short_id: str
    environment: str
    times: int
    created_at: datetime
    seen_at: datetime
    decided_at: datetime | None = None


def mark_of(bundle: LocatorBundle) -> str:
    """The element of a bundle by what it is called and how it is found, not by where it stands."""
    seen = bundle.fingerprint
    primary = dump_bundle(bundle)["primary"]
    return _hash([seen.role, seen.name, seen.label, seen.tag, primary])


def old_mark_of(step: Step) -> str:
    """The locators that a step has now."""
    return _hash(dump_bundle(step.target) if step.target is not None else None)


def healable(test: TestCase, number: int, text: str, old_mark: str) -> Step | None:
    """The step of a test that a heal was seen in, as long as it is as it was then."""
    for step in test.steps:
        if step.number == number and step.text == text and old_mark_of(step) == old_mark:
            return step
    return None


def refused(test: TestCase, records: Iterable[HealRecord]) -> dict[int, frozenset[str]]:
    """By step, the marks of the elements that people rejected for it."""
    texts = {step.number: step.text for step in test.steps}
    found: dict[int, frozenset[str]] = {}
    for one in records:
        if one.status is HealStatus.REJECTED and texts.get(one.step) == one.step_text:
            found[one.step] = found.get(one.step, frozenset()) | {one.mark}
    return found


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
