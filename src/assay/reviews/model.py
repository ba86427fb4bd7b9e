"""What a change is, what it touches and what testing it found: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from assay.cases.model import Verdict as TestVerdict

Json = Any


class FileChange(StrEnum):
    """What happened to a file as a whole."""

    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"
    RENAMED = "renamed"
    COPIED = "copied"


class FileKind(StrEnum):
    """What a file is to the people who use the application."""

    USER_FACING = "userFacing"
    API = "api"
    STYLES = "styles"
    GENERATED = "generated"
    DOCS = "docs"
    TESTS = "tests"
    INFRASTRUCTURE = "infrastructure"

    @property
    def runs(self) -> bool:
        """Whether the application itself can behave differently because of such a file."""
        return self not in (FileKind.DOCS, FileKind.TESTS, FileKind.INFRASTRUCTURE)


class Line(NamedTuple):
    """One line of a hunk: ``sign`` is ``+``, ``-`` or a space; numbers from 1, None if absent."""

    sign: str
    old: int | None
    new: int | None
    text: str


class Hunk(NamedTuple):
    """Changed lines with what stands around them; ``section`` is what git names the place."""

    section: str
    lines: tuple[Line, ...]

    @property
    def removed(self) -> tuple[str, ...]:
        return tuple(line.text for line in self.lines if line.sign == "-")

    @property
    def added(self) -> tuple[str, ...]:
        return tuple(line.text for line in self.lines if line.sign == "+")

    @property
    def first(self) -> int | None:
        """The first changed line, as the file is after the change where it still is there."""
        changed = [line for line in self.lines if line.sign != " "]
        new = next((line.new for line in changed if line.new is not None), None)
        if new is not None:
            return new
        return next((line.old for line in changed if line.old is not None), None)


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One file of a change. ``old_path`` differs from ``path`` for renamed and copied files;
    modes are as git writes them, empty when they did not change."""

    path: str
    old_path: str
    change: FileChange
    kind: FileKind
    binary: bool = False
    old_mode: str = ""
    new_mode: str = ""
    hunks: tuple[Hunk, ...] = ()
    added: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A whole change: its files, in the order of the diff."""

    files: tuple[ChangedFile, ...]

    @property
    def running(self) -> tuple[ChangedFile, ...]:
        """The files that the running application can behave differently for."""
        return tuple(file for file in self.files if file.kind.runs)


class Verdict(StrEnum):
    """What a change review comes to."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changesRequested"
    COULD_NOT_VERIFY = "couldNotVerify"
    NOTHING_TO_TEST = "nothingToTest"


class FindingKind(StrEnum):
    """What sort of thing was found."""

    TEST_FAILED = "testFailed"
    TEST_FLAKY = "testFlaky"
    TEST_OUTDATED = "testOutdated"
    PAGE_BROKEN = "pageBroken"
    REQUEST_FAILED = "requestFailed"
    CONSOLE_ERROR = "consoleError"
    CONTROL_MISSING = "controlMissing"
    CONTENT_MISSING = "contentMissing"
    CONTENT_CHANGED = "contentChanged"
    CONTROL_CHANGED = "controlChanged"
    LAYOUT_CHANGED = "layoutChanged"
    STORAGE_CHANGED = "storageChanged"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the change a finding has its likely cause; ``hunk`` are a few of its lines."""

    file: str = ""
    line: int | None = None
    hunk: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that testing found.

    ``is_new`` is None when there was no base to compare with. ``blocking`` findings are why changes
    are requested. ``step`` is where in the test it was seen, ``seen`` what, in a sentence;
    ``command`` shows it again; ``evidence`` is a path below the dashboard's project page.
    """

    title: str
    kind: FindingKind
    is_new: bool | None
    blocking: bool
    seen: str = ""
    step: str = ""
    url: str = ""
    test_case_id: str = ""
    evidence: str = ""
    command: str = ""
    spot: Spot = Spot()


@dataclass(frozen=True, slots=True)
class Selection:
    """A test that was chosen, why, and how sure that choice is (0 to 1)."""

    test_id: str
    name: str
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of one test. ``base`` is its verdict before the change, None if not run there;
    ``origin`` is ``selected`` or ``created``; ``healed`` ones were done on elements that only are
    like the recorded ones; ``related`` ones have to do with the change."""

    __test__ = False

    test_id: str
    name: str
    verdict: TestVerdict
    reason: str
    selected_because: str
    origin: str = "selected"
    failed_step: int | None = None
    step: str = ""
    base: TestVerdict | None = None
    base_reason: str = ""
    again: TestVerdict | None = None
    reworded: bool = False
    healed: bool = False
    related: bool = False
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """How long one part of a review took, in seconds."""

    name: str
    seconds: float
