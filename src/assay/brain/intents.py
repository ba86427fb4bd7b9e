"""What a chat message asks for, as the built-in brain understands it: frozen values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Which(StrEnum):
    """Which tests a run is about."""

    ALL = "all"
    FAILED = "failed"
    NAMED = "named"
    RECENT = "recent"  # those this conversation created or ran last


class Puzzle(StrEnum):
    """Why a message was not understood, which decides what the answer says."""

    UNKNOWN = "unknown"
    EMPTY = "empty"
    LANGUAGE = "language"
    CODE = "code"
    OVERRIDE = "override"  # it asks to set the instructions aside
    DESTRUCTIVE = "destructive"  # it asks to delete or change things Assay does not touch


@dataclass(frozen=True, slots=True)
class CreateTests:
    """Write tests for features; no feature means the whole site, no count as many as are useful.

    ``hints`` are the words that narrow the features ("with an empty cart").
    """

    features: tuple[str, ...] = ()
    count: int | None = None
    negative: bool = False
    hints: str = ""
    name: str | None = None


@dataclass(frozen=True, slots=True)
class CreateFromSteps:
    """Write one test from a pasted manual test case; ``text`` is kept as it was written."""

    text: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class CreateVariation:
    """One more test like the one talked about before, differing as described."""

    description: str


@dataclass(frozen=True, slots=True)
class Run:
    """Run stored tests."""

    which: Which
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Certify:
    """Replay stored tests under disturbance and say how they held up."""

    which: Which
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explore:
    """Look around the site; with ``suggest`` the answer proposes what to test."""

    focus: str = ""
    suggest: bool = False


@dataclass(frozen=True, slots=True)
class ListTests:
    """Name the tests there are."""


@dataclass(frozen=True, slots=True)
class ShowTest:
    """Show one test with its steps."""

    name: str


@dataclass(frozen=True, slots=True)
class LastRun:
    """Say what happened in the last run; ``focus`` names one test of it."""

    focus: str = ""


@dataclass(frozen=True, slots=True)
class ListCredentials:
    """Name the stored configs; never their values."""


@dataclass(frozen=True, slots=True)
class CredentialsGiven:
    """The message only hands over credentials, which were stored under these names."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Help:
    """Say what can be asked."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """Small talk; ``thanks`` when it ends something."""

    thanks: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Not understood; never acted upon."""

    text: str = ""
    puzzle: Puzzle = Puzzle.UNKNOWN


Intent: TypeAlias = (
    CreateTests
    | CreateFromSteps
    | CreateVariation
    | Run
    | Certify
    | Explore
    | ListTests
    | ShowTest
    | LastRun
    | ListCredentials
    | CredentialsGiven
    | Help
    | Greeting
    | Unknown
)


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation is about, for reading a message that leans on what came before.

    ``recent`` are the names of the tests that this conversation created or ran last; ``tests`` are
    all there are; ``subjects`` are the features asked for before, newest last.
    """

    tests: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()  # configs that were stored from this very message
    applications: tuple[str, ...] = ()
