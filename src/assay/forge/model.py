"""The words of forges: pull requests, changes, checks, reviews. Frozen values, pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Provider(StrEnum):
    """Which kind of forge; ``git`` is a clone on this machine."""

    GITHUB = "github"
    GITLAB = "gitlab"
    GIT = "git"


@dataclass(frozen=True, slots=True)
class PullRef:
    """A pull or merge request: the forge's web address, the repository's full path, the number.

    ``base_url`` has no closing slash (``https://github.com``); ``repository`` is ``owner/name``, on
    GitLab ``group/…/name``.
    """

    provider: Provider
    base_url: str
    repository: str
    number: int

    @property
    def label(self) -> str:
        """How people write it: ``owner/name#7``, on GitLab ``group/name!7``."""
        return f"{self.repository}{'!' if self.provider is Provider.GITLAB else '#'}{self.number}"


class PullState(StrEnum):
    """Whether a pull request can still be merged."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull or merge request as it is now. Title and description are written by strangers."""

    ref: PullRef
    url: str
    title: str
    description: str
    state: PullState
    draft: bool
    head_sha: str
    base_sha: str
    head_branch: str
    base_branch: str
    from_fork: bool
    author: str


class FileStatus(StrEnum):
    """What happened to a file."""

    ADDED = "added"
    MODIFIED = "modified"
    REMOVED = "removed"
    RENAMED = "renamed"
    COPIED = "copied"


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One file of a change. ``patch`` holds its hunks, ``None`` when the forge gives none.

    ``omitted``: the file has changed lines, but too many for the forge to give them.
    """

    path: str
    status: FileStatus
    added: int
    removed: int
    patch: str | None
    old_path: str = ""
    omitted: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A pull request with what it changes; ``diff`` is unified, ``omitted`` is not in it.

    ``truncated``: the forge lists no more files than these, though there are more.
    """

    pull: PullRequest
    files: tuple[ChangedFile, ...]
    diff: str
    omitted: tuple[str, ...] = ()
    truncated: bool = False


class Conclusion(StrEnum):
    """How a check ends, in GitHub's words. ``NEUTRAL``: it could not be verified."""

    SUCCESS = "success"
    FAILURE = "failure"
    NEUTRAL = "neutral"
    SKIPPED = "skipped"


class Level(StrEnum):
    """How bad an annotation is."""

    NOTICE = "notice"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Annotation:
    """A remark on lines of a file at the head commit; lines count from 1."""

    path: str
    start_line: int
    end_line: int
    level: Level
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckStart:
    """A check to be found or made. ``external_id`` is ours and unique: it finds the check again."""

    name: str
    head_sha: str
    external_id: str
    details_url: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How a check ended. ``summary`` and ``text`` are Markdown that is safe to publish."""

    conclusion: Conclusion
    title: str
    summary: str
    text: str = ""
    annotations: tuple[Annotation, ...] = ()


class Stance(StrEnum):
    """What a native review says."""

    APPROVE = "approve"
    REQUEST_CHANGES = "requestChanges"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class NativeReview:
    """A review to be found or made; ``marker`` is ours, unique and hidden in ``body``."""

    stance: Stance
    head_sha: str
    marker: str
    body: str


class Given(StrEnum):
    """What became of a native review."""

    GIVEN = "given"
    SAID_ONLY = "saidOnly"
    NOT_PERMITTED = "notPermitted"
