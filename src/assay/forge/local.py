"""A clone on this machine: what a branch, or the working tree, changes against its base.

The file list comes from ``--raw --numstat -z`` (exact paths and sizes), hunks from the text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assay.forge.errors import GitFailed
from assay.forge.model import (
    Change,
    ChangedFile,
    FileStatus,
    Provider,
    PullRef,
    PullRequest,
    PullState,
)

# Whatever somebody has set for their own use must not change what is read, nor run programs.
_QUIET = ("-c", "core.quotePath=off", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=")
_DIFF = (
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--find-renames",
    "--submodule=short",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--full-index",
)
_STATUS = {
    "A": FileStatus.ADDED,
    "D": FileStatus.REMOVED,
    "R": FileStatus.RENAMED,
    "C": FileStatus.COPIED,
}


@dataclass(frozen=True, slots=True)
class _Row:
    path: str
    old_path: str
    status: FileStatus


class LocalGit:
    """Reads changes of one clone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def read_change(self, base: str, head: str = "") -> Change:
        """What ``head`` changes since it left ``base``; without a head, what the working tree does.

        New files that git does not track yet are no part of it: ``git add -N`` makes them one.
        """
        where = await self._commit(head or "HEAD")
        start = await self._merge_base(await self._commit(base), where, base, head or "HEAD")
        span = (start, where) if head else (start,)
        files = await self._files(span)
        text = await self._git("diff", "--unified=3", *_DIFF, *span, "--")
        title = (await self._git("log", "-1", "--format=%s", where)).decode(errors="replace")
        branch = (await self._git("rev-parse", "--abbrev-ref", head or "HEAD")).decode().strip()
        ref = PullRef(Provider.GIT, self._folder.as_uri(), self._folder.name, 0)
        return Change(
            pull=PullRequest(
                ref=ref,
                url="",
                title=title.strip(),
                description="",
                state=PullState.OPEN,
                draft=False,
                head_sha=where,
                base_sha=start,
                head_branch=branch,
                base_branch=base,
                from_fork=False,
                author="",
            ),
            files=files,
            diff=text.decode("utf-8", "surrogateescape"),
        )

    async def _files(self, span: tuple[str, ...]) -> tuple[ChangedFile, ...]:
        options = ("--raw", "--numstat", "-z", *_DIFF)
        fields = (await self._git("diff", *options, *span, "--")).split(b"\0")
        texts = [field.decode("utf-8", "surrogateescape") for field in fields]
        rows, sizes = _parse(texts)
        return tuple(
            ChangedFile(
                path=row.path,
                status=row.status,
                added=sizes.get(row.path, (0, 0))[0],
                removed=sizes.get(row.path, (0, 0))[1],
                patch=None,
                old_path=row.old_path,
            )
            for row in rows
        )

    async def _commit(self, named: str) -> str:
        if named.startswith("-"):
            raise GitFailed(f"{named} is no name of a branch or commit.")
        try:
            found = await self._git("rev-parse", "--verify", "--quiet", f"{named}^{{commit}}")
        except GitFailed as error:
            raise GitFailed(f"git knows no branch or commit {named} in {self._folder}.") from error
        return found.decode().strip().splitlines()[0]

    async def _merge_base(self, base: str, head: str, base_name: str, head_name: str) -> str:
        try:
            found = await self._git("merge-base", base, head)
        except GitFailed as error:
            raise GitFailed(
                f"{base_name} and {head_name} have no commit in common here. In a shallow clone, "
                "fetch more of its history first: git fetch --unshallow."
            ) from error
        return found.decode().strip().splitlines()[0]

    async def _git(self, *arguments: str) -> bytes:
        try:
            process = await asyncio.create_subprocess_exec(
                "git",
                "-C",
                str(self._folder),
                *_QUIET,
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as error:
            raise GitFailed(f"git could not be started: {error.strerror}.") from error
        out, told = await process.communicate()
        if process.returncode != 0:
            words = " ".join(told.decode(errors="replace").split())[:300]
            raise GitFailed(words or f"git {arguments[0]} failed in {self._folder}.")
        return out


def _parse(fields: list[str]) -> tuple[list[_Row], dict[str, tuple[int, int]]]:
    """Rows and sizes of ``--raw --numstat -z``: each field ends with NUL, renames take three."""
    rows: list[_Row] = []
    sizes: dict[str, tuple[int, int]] = {}
    left: Iterator[str] = iter(fields)
    for field in left:
        if field.startswith(":"):
            letter = field.rsplit(" ", 1)[-1][:1]
            status = _STATUS.get(letter, FileStatus.MODIFIED)
            path = next(left)
            moved = status in (FileStatus.RENAMED, FileStatus.COPIED)
            rows.append(_Row(next(left) if moved else path, path if moved else "", status))
        elif field:
            added, removed, path = field.split("\t", 2)
            if not path:
                next(left)
                path = next(left)
            # Binary files have dashes for numbers.
            sizes[path] = (_number(added), _number(removed))
    return rows, sizes


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
