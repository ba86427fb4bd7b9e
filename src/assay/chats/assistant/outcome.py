"""The machine-readable part of an answer, derived from typed results alone."""

from __future__ import annotations

from collections.abc import Sequence

from assay.cases.model import Verdict
from assay.chats.assistant.engine import Refused, Result, TestsCertified, TestsRun, TestsWritten
from assay.chats.model import Outcome

_WORST_FIRST = (Verdict.FAILED, Verdict.COULD_NOT_VERIFY, Verdict.PASSED)


def outcome(results: Sequence[Result]) -> Outcome:
    """Verdict, tests and runs of a turn; no verdict when nothing was to be verified."""
    tests: dict[str, None] = {}
    runs: dict[str, None] = {}
    for result in results:
        if isinstance(result, TestsWritten):
            tests.update(dict.fromkeys(test.id for test in result.tests))
        elif isinstance(result, TestsRun):
            tests.update(dict.fromkeys(test.test_id for test in result.tests))
            runs.update(dict.fromkeys(result.run_short_ids))
        elif isinstance(result, TestsCertified):
            tests.update(dict.fromkeys(test.test_id for test in result.tests))
            runs.update(
                dict.fromkeys(test.run_short_id for test in result.tests if test.run_short_id)
            )
    return Outcome(verdict(results), tuple(tests), tuple(runs))


def verdict(results: Sequence[Result]) -> Verdict | None:
    """The worst verdict of all results. Writing or running nothing is never a pass."""
    verdicts = [found for result in results if (found := _verdict(result)) is not None]
    return next((worst for worst in _WORST_FIRST if worst in verdicts), None)


def _verdict(result: Result) -> Verdict | None:
    match result:
        case TestsWritten(tests=tests, missing=missing):
            all_proven = bool(tests) and not missing and all(test.proven for test in tests)
            return Verdict.PASSED if all_proven else Verdict.COULD_NOT_VERIFY
        case TestsRun():
            return run_verdict(result)
        case TestsCertified():
            return certified_verdict(result)
        case Refused(tool=tool) if tool.startswith(("create", "run", "certify")):
            return Verdict.COULD_NOT_VERIFY
        case _:
            return None


def certified_verdict(result: TestsCertified) -> Verdict:
    """Passed when every test was stable; a test that nothing is known of keeps it from that."""
    known = [test.stable for test in result.tests]
    if False in known:
        return Verdict.FAILED
    if not known or result.missing or None in known:
        return Verdict.COULD_NOT_VERIFY
    return Verdict.PASSED


def run_verdict(run: TestsRun) -> Verdict:
    """The verdict of a whole run; a name that belongs to no test keeps it from passing."""
    verdicts = [test.verdict for test in run.tests]
    if Verdict.FAILED in verdicts:
        return Verdict.FAILED
    if not verdicts or run.missing or Verdict.COULD_NOT_VERIFY in verdicts:
        return Verdict.COULD_NOT_VERIFY
    return Verdict.PASSED
