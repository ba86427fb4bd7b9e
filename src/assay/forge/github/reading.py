"""Reading pull requests of GitHub: the request, its files, one diff of one head commit."""

from __future__ import annotations

from assay.forge.errors import HeadMoved
from assay.forge.github.wire import File, Pull, read, read_all
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
_STATUS = {
    "added": FileStatus.ADDED,
    "removed": FileStatus.REMOVED,
    "renamed": FileStatus.RENAMED,
    "copied": FileStatus.COPIED,
}


def repo_path(repository: str) -> str:
    """The path of a repository in the API."""
    owner, _, name = repository.partition("/")
    return f"/repos/{segment(owner)}/{segment(name)}"


async def read_pull(rest: Rest, ref: PullRef) -> PullRequest:
    """The pull request as it is now."""
    return _pull(ref, await _raw_pull(rest, ref))


async def read_change(rest: Rest, ref: PullRef) -> Change:
    """The pull request with its files; read again when its head moved meanwhile."""
    before = await _raw_pull(rest, ref)
    for _ in range(_TRIES):
        files: list[File] = []
        async for page in rest.pages(f"{repo_path(ref.repository)}/pulls/{ref.number}/files"):
            files += read_all(File, page.rows)
        after = await _raw_pull(rest, ref)
        if after.head.sha == before.head.sha and after.base.sha == before.base.sha:
            changed = tuple(map(_file, files))
            return Change(
                pull=_pull(ref, after),
                files=changed,
                diff=unified(changed),
                omitted=tuple(file.path for file in changed if file.omitted),
                truncated=(after.changed_files or 0) > len(changed),
            )
        before = after
    raise HeadMoved(
        f"{ref.label} got new commits each time it was read. Ask again when it has settled."
    )


async def open_pulls_of(rest: Rest, repository: str, sha: str) -> list[int]:
    """Open pull requests whose head is this commit."""
    found: list[Pull] = []
    async for page in rest.pages(f"{repo_path(repository)}/commits/{segment(sha)}/pulls"):
        found += read_all(Pull, page.rows)
    return [pull.number for pull in found if pull.state == "open" and pull.head.sha == sha]


async def _raw_pull(rest: Rest, ref: PullRef) -> Pull:
    answer = await rest.get(f"{repo_path(ref.repository)}/pulls/{ref.number}")
    return read(Pull, answer.one)


def _pull(ref: PullRef, pull: Pull) -> PullRequest:
    merged = bool(pull.merged) or pull.merged_at is not None
    closed = PullState.CLOSED if pull.state == "closed" else PullState.OPEN
    home = pull.base.repo.full_name if pull.base.repo else ref.repository
    return PullRequest(
        ref=ref,
        url=pull.html_url or f"{ref.base_url}/{ref.repository}/pull/{ref.number}",
        title=pull.title,
        description=pull.body or "",
        state=PullState.MERGED if merged else closed,
        draft=bool(pull.draft),
        head_sha=pull.head.sha,
        base_sha=pull.base.sha,
        head_branch=pull.head.ref,
        base_branch=pull.base.ref,
        # The repository of a deleted fork is null.
        from_fork=pull.head.repo is None or pull.head.repo.full_name != home,
        author=pull.user.login if pull.user else "",
    )


def _file(file: File) -> ChangedFile:
    status = _STATUS.get(file.status, FileStatus.MODIFIED)
    moved = status in (FileStatus.RENAMED, FileStatus.COPIED)
    return ChangedFile(
        path=file.filename,
        status=status,
        added=file.additions,
        removed=file.deletions,
        patch=file.patch,
        old_path=(file.previous_filename or "") if moved else "",
        # Binary files have no lines; a file with changed lines and no patch was too large.
        omitted=file.patch is None and (file.changes or file.additions + file.deletions) > 0,
    )
