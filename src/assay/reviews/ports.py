"""What a review needs of the turn that it is the answer of, and of who writes tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from assay.kernel.progress import Progress
from assay.projects.model import Target
from assay.storage import WriteSession

Json = Any


class Work(Progress, Protocol):
    """A piece of durable work: told progress, a memory across restarts, fenced writes."""

    async def journal(self, key: str, work: Callable[[], Awaitable[Json]]) -> Json:
        """The JSON that ``work`` gave in this or an earlier attempt."""

    def write(self) -> AbstractAsyncContextManager[WriteSession]:
        """A write session that only commits while the work is still ours."""

    def browser(self) -> AbstractAsyncContextManager[None]:
        """One of the few places for work that drives a browser."""

    async def guard(self, session: WriteSession) -> None:
        """Raise ``Stopped`` in somebody else's write session when the work is no longer ours."""


@dataclass(frozen=True, slots=True)
class NewTest:
    """A test that was written for a review; only a proven one counts as a test."""

    test_id: str
    name: str
    proven: bool
    reason: str = ""


class Author(Protocol):
    """Writes and proves tests that are kept for the review alone."""

    async def write(
        self, features: Sequence[str], count: int, target: Target
    ) -> tuple[list[NewTest], list[str]]:
        """Tests for features of a target, and a sentence for each that could not be written."""

    async def write_case(self, name: str, text: str, target: Target) -> list[NewTest]:
        """The test of a manual test case, as people write them down."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An application with the environment that runs the change, by row ids."""

    application_id: str
    environment_id: str
    preset_id: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be reviewed. ``diff`` is None when it could not be had, and ``unread`` says why;
    ``title`` names the change in a few words."""

    project_id: str
    conversation_id: str
    turn_id: str
    title: str
    description: str
    context: str
    diff: str | None
    unread: str
    head_commit: str | None
    places: tuple[Chosen, ...]
