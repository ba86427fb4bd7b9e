"""How statuses, verdicts and times are said on a page."""

from __future__ import annotations

from assay.cases.model import CaseStatus, Verdict
from assay.chats.model import Conversation, Message, MessageStatus, Role, Source
from assay.runs.model import Run, RunResult, RunStatus
from assay.web.dashboard.contexts import Chip

PASSED = Chip("passed", "good", "✓")
FAILED = Chip("failed", "bad", "✕")
UNVERIFIED = Chip("could not verify", "unsure", "?")
NOT_RUN = Chip("not run yet", "quiet", "–")
WORKING = Chip("working", "busy", "…")
WAITING = Chip("waiting", "quiet", "…")
CANCELLED = Chip("cancelled", "quiet", "–")
BROKE = Chip("broke off", "bad", "!")
ANSWERED = Chip("answered", "plain", "")
NOTHING_RUN = Chip("nothing was run", "unsure", "?")

_VERDICTS = {
    Verdict.PASSED: PASSED,
    Verdict.FAILED: FAILED,
    Verdict.COULD_NOT_VERIFY: UNVERIFIED,
}
_CASES = {
    CaseStatus.ENABLED: Chip("enabled", "plain"),
    CaseStatus.DRAFT: Chip("draft", "unsure"),
    CaseStatus.DISABLED: Chip("disabled", "quiet"),
}
_RESULTS = {
    RunResult.PASSED: PASSED,
    RunResult.FAILED: FAILED,
    RunResult.SKIPPED: NOTHING_RUN,
}
_RUNS = {
    RunStatus.INITIATED: WAITING,
    RunStatus.RUNNING: WORKING,
    RunStatus.ERROR: BROKE,
    RunStatus.CANCELLED: CANCELLED,
}
_REVIEWS = {
    "approved": Chip("approved", "good", "✓"),
    "changesRequested": Chip("changes requested", "bad", "✕"),
    "couldNotVerify": UNVERIFIED,
    "nothingToTest": Chip("nothing to test", "plain", "–"),
}
_SOURCES = {
    Source.API: "through the API",
    Source.UI: "on this page",
    Source.GITHUB: "from GitHub",
    Source.GITLAB: "from GitLab",
    Source.SYSTEM: "by Assay itself",
}
_MEANINGS = {
    CaseStatus.ENABLED: "It runs whenever all tests are run.",
    CaseStatus.DRAFT: (
        "A draft is not proven: nothing has shown yet that it fails when the page is broken. "
        "It does not run with the others until somebody enables it."
    ),
    CaseStatus.DISABLED: "It rests: it does not run until somebody enables it again.",
}


def verdict(found: Verdict | None) -> Chip:
    """A verdict; none means that the test has not run yet."""
    return _VERDICTS[found] if found is not None else NOT_RUN


def case_status(status: CaseStatus) -> Chip:
    """The status of a test."""
    return _CASES[status]


def case_meaning(status: CaseStatus) -> str:
    """What the status of a test means for the person who reads it."""
    return _MEANINGS[status]


def run(found: Run) -> Chip:
    """How a run stands or ended."""
    if found.status is RunStatus.COMPLETED:
        return _RESULTS[found.result] if found.result is not None else ANSWERED
    return _RUNS[found.status]


def review(found: str) -> Chip:
    """The verdict of a change review."""
    return _REVIEWS.get(found, Chip(found, "plain"))


def source(found: Source) -> str:
    """Where a conversation was started."""
    return _SOURCES[found]


def conversation(found: Conversation, newest: Message | None) -> Chip:
    """How a conversation stands, by its newest message."""
    if found.active_turn_id is not None:
        return WORKING
    if found.review is not None:
        return review(str(found.review.get("verdict", "")))
    return (newest and message(newest)) or ANSWERED


def message(found: Message) -> Chip | None:
    """How an answer stands; nothing for what the person wrote."""
    if found.role is Role.USER:
        return None
    if found.status is MessageStatus.INITIATED:
        return WAITING
    if found.status is MessageStatus.PARTIAL:
        return WORKING
    if found.status is MessageStatus.CANCELLED:
        return CANCELLED
    if found.status is MessageStatus.FAILED:
        return BROKE
    if found.outcome is not None and found.outcome.verdict is not None:
        return verdict(found.outcome.verdict)
    return None


def seconds(taken: float) -> str:
    """A duration in the unit that reads best."""
    if taken <= 0:
        return ""
    if taken < 1:
        return f"{taken * 1000:.0f} ms"
    return f"{taken:.1f} s" if taken < 90 else f"{taken / 60:.1f} min"
