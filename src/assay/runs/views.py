"""Runs as the public API shows them (camelCase, JSON)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assay.cases.model import Verdict
from assay.kernel.clock import iso
from assay.runs.model import Run, RunTestCase


def run_json(run: Run, cases: Sequence[RunTestCase], goals: dict[str, str]) -> dict[str, Any]:
    """``GET /v1/run/{shortId}``; ``goals`` are the goals of the tests by id."""
    return {
        "id": run.id,
        "shortId": run.short_id,
        "status": run.status.value,
        "result": run.result.value if run.result else None,
        "trigger": run.trigger,
        "purpose": run.purpose.value,
        "mutation": run.mutation,
        "testCount": run.test_count,
        "createdAt": iso(run.created_at),
        "finishedAt": iso(run.finished_at) if run.finished_at else None,
        "runTestCases": [case_json(case, goals.get(case.test_case_id, "")) for case in cases],
    }


def case_json(case: RunTestCase, goal: str = "") -> dict[str, Any]:
    """One test of a run; one that could not be verified has the result FAILED and its verdict."""
    done = case.verdict is not None
    passed = case.verdict is Verdict.PASSED
    return {
        "id": case.test_case_id,
        "shortId": case.test_case_short_id,
        "name": case.name,
        "status": case.status.value,
        "result": ("PASSED" if passed else "FAILED") if done else None,
        "verdict": case.verdict.value if case.verdict else None,
        "resultTitle": _title(case) if done else None,
        "evaluationThought": case.reason or None,
        "promptGoal": goal,
        "promptExamples": "",
        "failedStep": case.failed_step,
        "seconds": case.seconds,
        "steps": [
            {"number": s.number, "text": s.text, "ok": s.ok, "seen": s.seen, "healed": s.healed}
            for s in case.steps
        ],
        "consoleErrors": list(case.console_errors),
        "failedRequests": list(case.failed_requests),
        "evidence": list(case.evidence),
    }


def _title(case: RunTestCase) -> str:
    if case.verdict is Verdict.PASSED:
        return "Passed, with a healed step" if case.heals else "Passed"
    if case.verdict is Verdict.COULD_NOT_VERIFY:
        return "Could not verify"
    return f"Failed at step {case.failed_step}" if case.failed_step else "Failed"
