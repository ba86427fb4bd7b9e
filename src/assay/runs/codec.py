"""Step outcomes, heals and disturbed replays as JSON and back, secrets masked on the way in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assay.cases.model import Verdict
from assay.runs.certificate import Disturbed
from assay.runs.disturbing import DisturbanceKind
from assay.runs.model import Heal, Outcome, StepOutcome

Mask = Callable[[str], str]


def dump_steps(steps: Sequence[StepOutcome], mask: Mask) -> list[dict[str, Any]]:
    """Step outcomes as JSON."""
    return [
        {
            "number": step.number,
            "text": mask(step.text),
            "ok": step.ok,
            "seconds": round(step.seconds, 3),
            "seen": mask(step.seen),
            "healed": step.healed,
            "picture": step.picture,
        }
        for step in steps
    ]


def load_steps(stored: Sequence[Mapping[str, Any]]) -> tuple[StepOutcome, ...]:
    """Step outcomes of stored JSON."""
    return tuple(StepOutcome(**step) for step in stored)


def dump_heals(heals: Sequence[Heal], mask: Mask) -> list[dict[str, Any]]:
    """Heals as JSON; the locators that were found are in the ledger of heals (``healing``)."""
    return [
        {
            "step": heal.step,
            "intent": mask(heal.intent),
            "found": mask(heal.found),
            "score": round(heal.score, 3),
            "margin": round(heal.margin, 3),
        }
        for heal in heals
    ]


def load_heals(stored: Sequence[Mapping[str, Any]]) -> tuple[Heal, ...]:
    """Heals of stored JSON."""
    return tuple(Heal(**heal) for heal in stored)


def dump_disturbed(replays: Sequence[Disturbed]) -> list[dict[str, Any]]:
    """The replays of a certificate as JSON; their reasons are masked when they are made."""
    return [
        {
            "number": one.number,
            "kind": one.kind.value if one.kind else None,
            "seed": one.seed,
            "verdict": one.verdict.value,
            "reason": one.reason,
            "failed_step": one.failed_step,
            "healed": one.healed,
            "seconds": round(one.seconds, 3),
            "run_short_id": one.run_short_id,
        }
        for one in replays
    ]


def load_disturbed(stored: Sequence[Mapping[str, Any]]) -> tuple[Disturbed, ...]:
    """The replays of a certificate from stored JSON."""
    return tuple(
        Disturbed(
            **{
                **one,
                "kind": DisturbanceKind(one["kind"]) if one["kind"] else None,
                "verdict": Verdict(one["verdict"]),
            }
        )
        for one in stored
    )


def outcome_values(outcome: Outcome, mask: Mask) -> dict[str, Any]:
    """The columns of ``run_test_cases`` that an outcome fills."""
    return {
        "verdict": outcome.verdict.value,
        "reason": mask(outcome.reason),
        "failed_step": outcome.failed_step,
        "steps": dump_steps(outcome.steps, mask),
        "heals": dump_heals(outcome.heals, mask),
        "console_errors": [mask(line)[:2000] for line in outcome.new_console_errors],
        "failed_requests": [mask(line)[:2000] for line in outcome.new_failed_requests],
        "seconds": round(outcome.seconds, 3),
    }
