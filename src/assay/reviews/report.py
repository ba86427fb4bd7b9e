"""The result of a review as data: for the conversation, and to render the answer from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assay.cases.model import Verdict as TestVerdict
from assay.reviews.differences import Difference
from assay.reviews.impact import Gap
from assay.reviews.model import ChangedFile, Finding, Json, Phase, Tested, Verdict


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a review found. ``why`` is one sentence; ``notes`` are more of them.

    ``differences`` are those between the environments that are no regressions; ``dropped`` are
    sentences about tests that could not be written; ``compared`` are the pages that were opened on
    both environments.
    """

    verdict: Verdict
    why: str
    title: str
    description: str = ""
    head_commit: str | None = None
    files: tuple[ChangedFile, ...] = ()
    tested: tuple[Tested, ...] = ()
    findings: tuple[Finding, ...] = ()
    differences: tuple[Difference, ...] = ()
    compared: tuple[str, ...] = ()
    gaps: tuple[Gap, ...] = ()
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    environment: str = ""
    base: str = ""
    phases: tuple[Phase, ...] = ()


def as_json(report: Report, link: Callable[[str], str]) -> dict[str, Json]:
    """The review as the API gives it; ``link`` makes an address of a dashboard path."""
    return {
        "verdict": report.verdict.value,
        "reason": report.why,
        "headCommit": report.head_commit,
        "tests": {
            "selected": sum(1 for test in report.tested if test.origin == "selected"),
            "created": sum(1 for test in report.tested if test.origin == "created"),
            "passed": _count(report, TestVerdict.PASSED),
            "failed": _count(report, TestVerdict.FAILED),
            "couldNotVerify": _count(report, TestVerdict.COULD_NOT_VERIFY),
        },
        "testResults": [_test(test, link) for test in report.tested],
        "findings": [_finding(finding, link) for finding in report.findings],
        "files": [
            {
                "path": file.path,
                "oldPath": file.old_path,
                "change": file.change.value,
                "kind": file.kind.value,
                "added": file.added,
                "removed": file.removed,
            }
            for file in report.files[:300]
        ],
        "differences": [
            {"kind": one.kind.value, "title": one.title, "seen": one.seen, "path": one.path}
            for one in report.differences[:50]
        ],
        "comparedPages": list(report.compared),
        "untested": [{"file": gap.file, "area": gap.feature} for gap in report.gaps],
        "baseEnvironment": report.base or None,
        "environment": report.environment,
        "phases": [
            {"name": phase.name, "seconds": round(phase.seconds, 2)} for phase in report.phases
        ],
    }


def _count(report: Report, verdict: TestVerdict) -> int:
    return sum(1 for test in report.tested if test.verdict is verdict)


def _test(test: Tested, link: Callable[[str], str]) -> dict[str, Json]:
    return {
        "testCaseId": test.test_id,
        "name": test.name,
        "origin": test.origin,
        "verdict": test.verdict.value,
        "reason": test.reason,
        "failedStep": test.failed_step,
        "healed": test.healed,
        "baseVerdict": test.base.value if test.base else None,
        "selectedBecause": test.selected_because,
        "evidenceUrl": link(test.evidence) if test.evidence else None,
    }


def _finding(finding: Finding, link: Callable[[str], str]) -> dict[str, Json]:
    return {
        "title": finding.title,
        "kind": finding.kind.value,
        "isNew": finding.is_new,
        "file": finding.spot.file or None,
        "line": finding.spot.line,
        "testCaseId": finding.test_case_id or None,
        "evidenceUrl": link(finding.evidence) if finding.evidence else None,
        "blocking": finding.blocking,
        "step": finding.step or None,
        "seen": finding.seen or None,
        "url": finding.url or None,
        "hunk": "\n".join(finding.spot.hunk) or None,
        "command": finding.command or None,
    }
