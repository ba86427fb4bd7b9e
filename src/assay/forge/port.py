"""The one port to forges: read a pull request, write back what came of its review.

Every write first looks for what an earlier attempt wrote (by external id or hidden marker), so it
may be repeated at any time: nothing is doubled. Each method may raise the errors of this room.
"""

from __future__ import annotations

from typing import Protocol

from assay.forge.model import (
    Change,
    CheckResult,
    CheckStart,
    Given,
    NativeReview,
    PullRef,
    PullRequest,
)


class Forge(Protocol):
    """A forge, as one connection sees it."""

    async def read_pull(self, ref: PullRef) -> PullRequest:
        """The pull request as it is now."""
        ...

    async def read_change(self, ref: PullRef) -> Change:
        """The pull request and what it changes, all of one head commit."""
        ...

    async def open_pulls_of(self, repository: str, sha: str) -> list[int]:
        """The numbers of the open pull requests whose head is this commit."""
        ...

    async def is_member(self, ref: PullRef, user: str) -> bool:
        """Whether somebody belongs to the repository; by name on GitHub, by id on GitLab."""
        ...

    async def start_check(self, ref: PullRef, check: CheckStart) -> str:
        """Show the check as in progress; gives its id for ``finish_check``."""
        ...

    async def finish_check(
        self, ref: PullRef, check: CheckStart, check_id: str, result: CheckResult
    ) -> None:
        """End the check; one that has ended stays as it is."""
        ...

    async def review(self, ref: PullRef, review: NativeReview) -> Given:
        """Approve, request changes or comment, once per marker; tells what the forge allowed."""
        ...

    async def comment(
        self, ref: PullRef, marker: str, body: str, known_id: str | None = None
    ) -> str:
        """Make the one comment of this marker, or bring its text up to date; gives its id."""
        ...

    async def acknowledge(self, ref: PullRef, comment_id: str | None = None) -> None:
        """Put an eyes reaction on the pull request, or on one of its comments."""
        ...

    async def close(self) -> None:
        """Close its connections."""
        ...
