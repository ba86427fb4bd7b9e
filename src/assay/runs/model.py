"""Runs, outcomes and planned mutations as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from assay.browser.footprint import Footprint
from assay.browser.model import LocatorBundle
from assay.browser.port import Disturbance, Mutation, Session
from assay.cases.model import Step, Verdict
from assay.kernel.progress import Progress, Silent


class RunStatus(StrEnum):
    """Where a run is; the last three are final."""

    INITIATED = "INITIATED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    ERROR = "ERROR"
    CANCELLED = "CANCELLED"


class RunResult(StrEnum):
    """What a completed run says; a run of nothing is skipped, never passed."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"


class Purpose(StrEnum):
    """Why a run was made: because somebody asked, to prove a test, or as a replay of a flake
    certificate that was not a clean pass."""

    RUN = "run"
    PROOF = "proof"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class PlannedMutation:
    """A fault and where it belongs.

    It is put in place just before step ``at_step`` is done (an action) or evaluated (an assertion).
    ``target_step`` is the step that must go red; ``None`` when any red step will do.
    """

    mutation: Mutation
    at_step: int
    target_step: int | None = None


@dataclass(frozen=True, slots=True)
class Heal:
    """A step whose recorded locator no longer matched and that was done on a similar element."""

    step: int
    intent: str
    found: str
    score: float
    margin: float
    bundle: LocatorBundle | None = None


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What became of one step; ``seen`` says in one sentence what was seen (empty when fine)."""

    number: int
    text: str
    ok: bool
    seconds: float
    seen: str = ""
    healed: bool = False
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One replay of one test. ``reason`` is one sentence; ``evidence`` are files that were made;
    ``footprint`` is what of the site's code ran, where that was recorded."""

    verdict: Verdict
    reason: str
    failed_step: int | None = None
    steps: tuple[StepOutcome, ...] = ()
    heals: tuple[Heal, ...] = ()
    new_console_errors: tuple[str, ...] = ()
    new_failed_requests: tuple[str, ...] = ()
    seconds: float = 0.0
    evidence: tuple[Path, ...] = ()
    mutation: str | None = None
    mutated: bool = False
    footprint: Footprint | None = None


class Watch(Protocol):
    """Looks on while a test is replayed."""

    async def __call__(self, session: Session, step: Step) -> None:
        """The step was done; raises only ``Stopped``."""


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """How one replay is made.

    ``baseline`` are the console errors and failed requests that were there when the test was
    written (``Draft.baseline``); only others fail it. ``seed`` makes the unique data of this run.
    ``refused`` are, by step, the marks of elements that people said are not what the step means:
    it is never done on one of those. ``watch`` is called after each step that went well. With
    ``coverage`` the outcome has a footprint. ``bare`` steps need not assert anything.
    """

    name: str = ""
    seed: str = ""
    mutation: PlannedMutation | None = None
    disturbance: Disturbance | None = None
    refused: Mapping[int, frozenset[str]] = field(default_factory=dict)
    evidence: Path | None = None
    baseline: tuple[str, ...] = ()
    storage_state: Mapping[str, object] | None = None
    step_timeout: float = 5.0
    assertion_timeout: float = 5.0
    red_timeout: float = 1.0
    pictures: bool = True
    coverage: bool = False
    bare: bool = False
    progress: Progress = field(default_factory=Silent)
    watch: Watch | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A stored run. Ids of other rooms are opaque strings."""

    id: str
    short_id: str
    project_id: str
    conversation_id: str | None
    turn_id: str | None
    trigger: str
    purpose: Purpose
    mutation: str | None
    status: RunStatus
    result: RunResult | None
    created_at: datetime
    updated_at: datetime
    test_count: int = 0
    environment: str = ""
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RunTestCase:
    """What became of one test case in one run."""

    id: str
    run_id: str
    test_case_id: str
    test_case_short_id: str
    name: str
    status: RunStatus
    verdict: Verdict | None
    reason: str
    failed_step: int | None
    steps: tuple[StepOutcome, ...] = ()
    heals: tuple[Heal, ...] = ()
    evidence: tuple[str, ...] = ()
    console_errors: tuple[str, ...] = ()
    failed_requests: tuple[str, ...] = ()
    seconds: float = 0.0
    position: int = 0
