"""Check runs, and commit statuses where a token may not write check runs (only Apps may).

An id is ``check:<number>`` or ``status:<sha>``, so that a check ends by the way it was started.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assay.forge.errors import PermissionMissing
from assay.forge.github.reading import repo_path
from assay.forge.github.wire import CheckRun, CheckRuns, Status, read, read_all
from assay.forge.model import Annotation, CheckResult, CheckStart, Conclusion, PullRef
from assay.forge.rest import Rest, segment

BATCH = 50
_LONGEST = 65_000
_LONGEST_TITLE = 250
_LONGEST_STATUS = 140
# A status has no neutral: what could not be verified must not look green.
_STATES = {
    Conclusion.SUCCESS: "success",
    Conclusion.SKIPPED: "success",
    Conclusion.FAILURE: "failure",
    Conclusion.NEUTRAL: "error",
}


async def start_check(rest: Rest, ref: PullRef, check: CheckStart) -> str:
    """The check run of this external id: found, else made; a commit status as second best."""
    try:
        found = await _find(rest, ref, check)
        if found is not None:
            return f"check:{found.id}"
        body = {
            "name": check.name,
            "head_sha": check.head_sha,
            "status": "in_progress",
            "external_id": check.external_id,
            "details_url": check.details_url,
            "output": {"title": _title(check.title), "summary": cut(check.summary)},
        }
        answer = await rest.send("POST", f"{repo_path(ref.repository)}/check-runs", body)
        return f"check:{read(CheckRun, answer.one).id}"
    except PermissionMissing as refused:
        try:
            await _set_status(rest, ref, check, "pending", check.title)
        except PermissionMissing:
            raise refused from None
        return f"status:{check.head_sha}"


async def finish_check(
    rest: Rest, ref: PullRef, check: CheckStart, check_id: str, result: CheckResult
) -> None:
    """End the check with its annotations, 50 at a time; goes on where an earlier attempt ended."""
    kind, _, number = check_id.partition(":")
    if kind == "status":
        await _set_status(rest, ref, check, _STATES[result.conclusion], result.title)
        return
    path = f"{repo_path(ref.repository)}/check-runs/{segment(number)}"
    run = read(CheckRun, (await rest.get(path)).one)
    if run.status == "completed":
        return
    output = {"title": _title(result.title), "summary": cut(result.summary)}
    if result.text:
        output["text"] = cut(result.text)
    left = result.annotations[run.output.annotations_count :]
    # GitHub adds the annotations of each update to those before.
    while len(left) > BATCH:
        await rest.send("PATCH", path, {"output": {**output, "annotations": _rows(left[:BATCH])}})
        left = left[BATCH:]
    body: dict[str, Any] = {
        "status": "completed",
        "conclusion": result.conclusion.value,
        "output": {**output, "annotations": _rows(left)} if left else output,
    }
    await rest.send("PATCH", path, body)


def cut(text: str) -> str:
    """A text that GitHub takes: at most 65,000 characters, and it says when more was cut."""
    if len(text) <= _LONGEST:
        return text
    return text[: _LONGEST - 40].rstrip() + "\n\n… cut; the rest is in Assay."


async def _find(rest: Rest, ref: PullRef, check: CheckStart) -> CheckRun | None:
    path = f"{repo_path(ref.repository)}/commits/{segment(check.head_sha)}/check-runs"
    async for page in rest.pages(path, check_name=check.name, filter="all"):
        for run in read(CheckRuns, page.one).check_runs:
            if run.external_id == check.external_id:
                return run
    return None


async def _set_status(
    rest: Rest, ref: PullRef, check: CheckStart, state: str, description: str
) -> None:
    """Write a commit status unless the newest one of this name says the same."""
    words = " ".join(description.split())[:_LONGEST_STATUS]
    path = f"{repo_path(ref.repository)}/commits/{segment(check.head_sha)}/statuses"
    async for page in rest.pages(path):
        ours = [s for s in read_all(Status, page.rows) if s.context == check.name]
        if ours:
            if ours[0].state == state and (ours[0].description or "") == words:
                return
            break
    body = {
        "state": state,
        "context": check.name,
        "description": words,
        "target_url": check.details_url,
    }
    await rest.send("POST", f"{repo_path(ref.repository)}/statuses/{segment(check.head_sha)}", body)


def _rows(annotations: Sequence[Annotation]) -> list[dict[str, Any]]:
    return [
        {
            "path": one.path,
            "start_line": max(1, one.start_line),
            "end_line": max(1, one.start_line, one.end_line),
            "annotation_level": one.level.value,
            "title": _title(one.title),
            "message": cut(one.message) or "(no text)",
        }
        for one in annotations
    ]


def _title(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_TITLE]
