"""Change reviews: says which files changed, runs the tests there are, and what that leaves open.

It never approves: nothing here works out what a change can affect, so green tests only mean that
these tests are green.
"""

from __future__ import annotations

from collections.abc import Sequence

from assay.cases.model import Verdict
from assay.chats.assistant import outcome, render
from assay.chats.assistant.diffs import ChangedFile, changed_files
from assay.chats.assistant.engine import Refused, TestsRun
from assay.chats.assistant.errors import DiffUnreadable
from assay.chats.assistant.markdown import bullets, counted, plain, sentence
from assay.chats.model import Answer, Json, Outcome, ReviewRequest

_HEADLINES = {
    "changesRequested": "**Changes requested**",
    "couldNotVerify": "**Could not verify**",
    "nothingToTest": "**Nothing to test**",
}
_MOST = 30


def read_changes(request: ReviewRequest) -> tuple[tuple[ChangedFile, ...], str]:
    """The changed files, and why they are not known when they are not."""
    if not request.diff:
        return (), "the change itself could not be fetched from the provider"
    try:
        return changed_files(request.diff), ""
    except DiffUnreadable as error:
        return (), error.message


def only_documentation(files: Sequence[ChangedFile]) -> bool:
    """Whether nothing that runs was changed, by the names of the files."""
    return bool(files) and all(file.documentation for file in files)


def nothing_to_test(request: ReviewRequest, files: Sequence[ChangedFile]) -> Answer:
    """The answer for a change of documentation alone."""
    text = [
        f"{_HEADLINES['nothingToTest']}: only documentation was changed.",
        _files(files),
    ]
    return Answer(
        "\n\n".join(text), Outcome(), _review("nothingToTest", request, None), _title(request)
    )


def concluded(
    request: ReviewRequest,
    files: Sequence[ChangedFile],
    unread: str,
    ran: TestsRun | Refused,
) -> Answer:
    """The answer after the enabled tests were run on the changed environment."""
    run = ran if isinstance(ran, TestsRun) else None
    failed = run is not None and outcome.run_verdict(run) is Verdict.FAILED
    verdict = "changesRequested" if failed else "couldNotVerify"
    text = [f"{_HEADLINES[verdict]}: {_reason(run, ran)}"]
    if request.description:
        text.append(f"The change: {plain(sentence(request.description))}")
    text.append(
        _files(files) if files else f"Which files changed is not known: {plain(sentence(unread))}"
    )
    text += render.render(ran)
    text.append("Not checked:\n\n" + bullets(_open_ends(request, run, unread)))
    return Answer(
        "\n\n".join(text),
        outcome.outcome([ran]),
        _review(verdict, request, run),
        _title(request),
    )


def _reason(run: TestsRun | None, ran: TestsRun | Refused) -> str:
    if run is None:
        return "the tests could not be run."
    if run.question:
        return "the tests could not be run before a question is answered."
    if not run.tests:
        return "there are no enabled tests to run on it."
    failed = [test for test in run.tests if test.verdict is Verdict.FAILED]
    if failed:
        return f"{len(failed)} of {counted(len(run.tests), 'test')} failed."
    passed = sum(1 for test in run.tests if test.verdict is Verdict.PASSED)
    return (
        f"{passed} of {counted(len(run.tests), 'test')} passed, but whether they cover the change "
        "was not worked out."
    )


def _open_ends(request: ReviewRequest, run: TestsRun | None, unread: str) -> list[str]:
    open_ends = ["What else the change can affect; no test was written for it."]
    open_ends.append("How the environment behaves compared with the one before the change.")
    if request.mode == "pr":
        open_ends.append("The pull request's own description and files, which were not fetched.")
    elif unread:
        open_ends.append("The diff, which could not be read.")
    if run is None or not run.tests:
        open_ends.append("The application itself: no test ran.")
    return open_ends


def _files(files: Sequence[ChangedFile]) -> str:
    lines = []
    for file in files[:_MOST]:
        was = f" (was {plain(file.old_path)})" if file.old_path else ""
        size = "binary" if file.binary else f"+{file.added} −{file.removed}"
        lines.append(f"{plain(file.path)}{was} {size}")
    if len(files) > _MOST:
        lines.append(f"… and {len(files) - _MOST} more")
    return f"{counted(len(files), 'file')} changed:\n\n{bullets(lines)}"


def _review(verdict: str, request: ReviewRequest, run: TestsRun | None) -> dict[str, Json]:
    tests = run.tests if run is not None else ()
    counts = {found: sum(1 for test in tests if test.verdict is found) for found in Verdict}
    return {
        "verdict": verdict,
        "headCommit": request.commit_hash,
        "tests": {
            "selected": len(tests),
            "created": 0,
            "passed": counts[Verdict.PASSED],
            "failed": counts[Verdict.FAILED],
            "couldNotVerify": counts[Verdict.COULD_NOT_VERIFY],
        },
        "findings": [
            {
                "title": f"{test.name}: {sentence(test.reason)}",
                "kind": "testFailed",
                "isNew": None,
                "file": None,
                "line": None,
                "testCaseId": test.test_id,
                "evidenceUrl": run.url or None if run is not None else None,
            }
            for test in tests
            if test.verdict is Verdict.FAILED
        ],
    }


def _title(request: ReviewRequest) -> str:
    what = request.description or request.pr_url or "changes"
    return f"Review: {' '.join(what.split())}"[:80]
