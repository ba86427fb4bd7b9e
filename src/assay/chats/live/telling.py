"""From stored rows to the typed results that answers are made of."""

from __future__ import annotations

from datetime import datetime

from assay.cases.model import TestCase, Verdict
from assay.chats.assistant.engine import ListedTest, RanTest, WrittenTest
from assay.kernel import clock
from assay.runs.model import RunTestCase


def written(
    case: TestCase, url: str, *, reused: bool = False, candidates: tuple[str, ...] = ()
) -> WrittenTest:
    """A stored test as an answer tells it."""
    proof = case.proof
    proven = proof.proven and not case.unchecked
    problem = "" if proven else (case.last_reason or "")
    return WrittenTest(
        id=case.id,
        short_id=case.short_id,
        name=case.name,
        status=case.status,
        goal=case.goal,
        expected_result=case.expected_result,
        steps=tuple(step.text for step in case.steps),
        proven=proven,
        replays=proof.replays,
        replays_green=proof.replays_green,
        mutations_tried=proof.mutations_tried,
        mutations_killed=proof.mutations_killed,
        unchecked=case.unchecked,
        problem=problem,
        candidates=candidates,
        reused=reused,
        url=url,
        last_verdict=case.last_verdict,
        last_reason=case.last_reason or "",
    )


def listed(case: TestCase) -> ListedTest:
    """A stored test as one line of a list."""
    return ListedTest(
        case.id, case.short_id, case.name, case.status, case.last_verdict, case.last_reason or ""
    )


def ran(row: RunTestCase, run_short_id: str) -> RanTest:
    """What became of one test in a run, as an answer tells it."""
    return RanTest(
        test_id=row.test_case_id,
        name=row.name,
        verdict=row.verdict or Verdict.COULD_NOT_VERIFY,
        reason=row.reason,
        failed_step=row.failed_step,
        run_short_id=run_short_id,
        healed=tuple(f"step {heal.step} was done on {heal.found}" for heal in row.heals),
    )


def when(at: datetime) -> str:
    """A time in words, such as "3 minutes ago"."""
    seconds = max(0.0, (clock.now() - at).total_seconds())
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            number = int(seconds // size)
            return f"{number} {unit}{'' if number == 1 else 's'} ago"
    return "just now"
