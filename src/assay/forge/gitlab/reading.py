"""Reading merge requests of GitLab: the request, its files, one diff of one head commit."""

from __future__ import annotations

import re

from assay.forge.errors import ForgeUnavailable, HeadMoved, PullNotFound
from assay.forge.gitlab.wire import Changes, FileDiff, MergeRequest, read, read_all
from assay.forge.model import (
    Change,
    ChangedFile,
    FileStatus,
    PullRef,
    PullRequest,
    PullState,
)
from assay.forge.patches import unified
from assay.forge.rest import Rest, segment

_TRIES = 3
_HUNK = re.compile(r"^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@", re.MULTILINE)


def project_path(repository: str) -> str:
    """The path of a project in the API."""
    return f"/projects/{segment(repository)}"


def merge_path(ref: PullRef) -> str:
    """The path of a merge request in the API."""
    return f"{project_path(ref.repository)}/merge_requests/{ref.number}"


async def read_pull(rest: Rest, ref: PullRef) -> PullRequest:
    """The merge request as it is now."""
    return _pull(ref, await _raw(rest, ref))


async def read_change(rest: Rest, ref: PullRef) -> Change:
    """The merge request with its files; read again when its head moved meanwhile."""
    before = await _raw(rest, ref)
    for _ in range(_TRIES):
        files, truncated = await _files(rest, ref)
        after = await _raw(rest, ref)
        if _head(after) == _head(before):
            changed = tuple(map(_file, files))
            return Change(
                pull=_pull(ref, after),
                files=changed,
                diff=unified(changed),
                omitted=tuple(file.path for file in changed if file.omitted),
                truncated=truncated,
            )
        before = after
    raise HeadMoved(
        f"{ref.label} got new commits each time it was read. Ask again when it has settled."
    )


async def open_pulls_of(rest: Rest, repository: str, sha: str) -> list[int]:
    """Open merge requests whose head is this commit."""
    path = f"{project_path(repository)}/repository/commits/{segment(sha)}/merge_requests"
    found: list[MergeRequest] = []
    async for page in rest.pages(path):
        found += read_all(MergeRequest, page.rows)
    return [int(one.iid) for one in found if one.state == "opened" and one.sha == sha]


async def _files(rest: Rest, ref: PullRef) -> tuple[list[FileDiff], bool]:
    found: list[FileDiff] = []
    try:
        async for page in rest.pages(f"{merge_path(ref)}/diffs"):
            found += read_all(FileDiff, page.rows)
    except PullNotFound:
        # The merge request was read just now, so it is the paged list that this version lacks.
        changes = read(Changes, (await rest.get(f"{merge_path(ref)}/changes")).one)
        return changes.changes, bool(changes.overflow)
    return found, False


async def _raw(rest: Rest, ref: PullRef) -> MergeRequest:
    return read(MergeRequest, (await rest.get(merge_path(ref))).one)


def _head(found: MergeRequest) -> str:
    refs = found.diff_refs
    sha = found.sha or (refs.head_sha if refs else None)
    if not sha:
        raise ForgeUnavailable("GitLab still prepares this merge request. Ask again in a moment.")
    return sha


def _pull(ref: PullRef, found: MergeRequest) -> PullRequest:
    states = {"closed": PullState.CLOSED, "merged": PullState.MERGED}
    base = found.diff_refs.base_sha if found.diff_refs else None
    return PullRequest(
        ref=ref,
        url=found.web_url or f"{ref.base_url}/{ref.repository}/-/merge_requests/{ref.number}",
        title=found.title,
        description=found.description or "",
        state=states.get(found.state, PullState.OPEN),
        draft=bool(found.draft if found.draft is not None else found.work_in_progress),
        head_sha=_head(found),
        base_sha=base or "",
        head_branch=found.source_branch,
        base_branch=found.target_branch,
        from_fork=found.source_project_id != found.target_project_id,
        author=found.author.username if found.author else "",
    )


def _file(found: FileDiff) -> ChangedFile:
    added, removed = _counts(found.diff)
    status = FileStatus.MODIFIED
    if found.new_file:
        status = FileStatus.ADDED
    elif found.deleted_file:
        status = FileStatus.REMOVED
    elif found.renamed_file:
        status = FileStatus.RENAMED
    hunks = found.diff if found.diff.startswith("@@") else ""
    return ChangedFile(
        path=found.old_path if found.deleted_file else found.new_path,
        status=status,
        added=added,
        removed=removed,
        patch=hunks or None,
        old_path=found.old_path if status is FileStatus.RENAMED else "",
        omitted=bool(found.too_large or found.collapsed) and not hunks,
    )


def _counts(diff: str) -> tuple[int, int]:
    """Lines added and removed, by the hunks: GitLab does not count them."""
    added = removed = old = new = 0
    for line in diff.split("\n"):
        if old <= 0 and new <= 0:
            if (head := _HUNK.match(line)) is not None:
                old, new = int(head[1] or 1), int(head[2] or 1)
            continue
        if line.startswith("+"):
            added, new = added + 1, new - 1
        elif line.startswith("-"):
            removed, old = removed + 1, old - 1
        elif not line.startswith("\\"):
            old, new = old - 1, new - 1
    return added, removed
