"""What the assistant needs from the engine, and the typed results that answers are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from assay.cases.model import CaseStatus, Verdict


class NoteKind(StrEnum):
    """What a note is about, so that answers can name each thing once."""

    CAPTCHA = "captcha"
    REGISTERED = "registered"
    REPEATED = "repeated"
    CREDENTIALS = "credentials"
    PROVIDER = "provider"
    HEALED = "healed"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence the reader should know, beside the result itself."""

    kind: NoteKind
    text: str


@dataclass(frozen=True, slots=True)
class WrittenTest:
    """A test as it stands after writing and proving it.

    ``problem`` says in one sentence why writing stopped; ``candidates`` are the closest things on
    the page to one that was not found; ``unchecked`` are the clauses of the expected result that no
    assertion covers. ``url`` opens it in the dashboard.
    """

    id: str
    short_id: str
    name: str
    status: CaseStatus
    goal: str = ""
    expected_result: str = ""
    steps: tuple[str, ...] = ()
    proven: bool = False
    replays: int = 0
    replays_green: int = 0
    mutations_tried: int = 0
    mutations_killed: int = 0
    unchecked: tuple[str, ...] = ()
    problem: str = ""
    candidates: tuple[str, ...] = ()
    reused: bool = False
    url: str = ""
    last_verdict: Verdict | None = None
    last_reason: str = ""


@dataclass(frozen=True, slots=True)
class TestsWritten:
    """Tests that were written now. ``missing`` are things asked for that no test could be made of,
    one sentence each; ``question`` is what must be answered before anything can be done."""

    __test__ = False

    tests: tuple[WrittenTest, ...] = ()
    missing: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class RanTest:
    """What became of one test in a run; ``reason`` is one sentence, also for a passed one."""

    test_id: str
    name: str
    verdict: Verdict
    reason: str = ""
    failed_step: int | None = None
    run_short_id: str = ""
    healed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TestsRun:
    """Tests that were run. ``missing`` are names that belong to no test."""

    __test__ = False

    which: str
    tests: tuple[RanTest, ...] = ()
    run_short_ids: tuple[str, ...] = ()
    environment: str = ""
    url: str = ""
    missing: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class CertifiedTest:
    """How one test held up in replays under disturbance; ``stable`` is None when that is not known.
    ``run_short_id`` is the first replay that was not a clean pass, kept as a run."""

    test_id: str
    name: str
    stable: bool | None
    summary: str
    url: str = ""
    run_short_id: str = ""


@dataclass(frozen=True, slots=True)
class TestsCertified:
    """Tests that were replayed under disturbance. ``missing`` are names that belong to no test,
    ``drafts`` those of tests that are not enabled, which are left out."""

    __test__ = False

    which: str
    tests: tuple[CertifiedTest, ...] = ()
    missing: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class FoundForm:
    """A form by purpose, as exploring found it."""

    purpose: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Explored:
    """What exploring found; ``suggestions`` are messages that the reader could send next."""

    application: str = ""
    url: str = ""
    states: int = 0
    actions: int = 0
    seconds: float = 0.0
    pages: tuple[str, ...] = ()
    forms: tuple[FoundForm, ...] = ()
    findings: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    stopped_by: str = ""
    notes: tuple[Note, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class ListedTest:
    """One line of a list of tests."""

    id: str
    short_id: str
    name: str
    status: CaseStatus
    last_verdict: Verdict | None = None
    last_reason: str = ""


@dataclass(frozen=True, slots=True)
class ListedTests:
    """The tests there are."""

    tests: tuple[ListedTest, ...] = ()
    application: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class ShownTest:
    """One test in full, or the names closest to the one that was asked for."""

    asked: str
    test: WrittenTest | None = None
    closest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LastRunTold:
    """The newest finished run; ``when`` in words."""

    run: TestsRun | None = None
    when: str = ""
    focus: str = ""


@dataclass(frozen=True, slots=True)
class ListedCredentials:
    """The names of stored configs, with user names; never secrets."""

    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A tool that could not do its work, and why, in one sentence."""

    tool: str
    message: str


Result: TypeAlias = (
    TestsWritten
    | TestsRun
    | TestsCertified
    | Explored
    | ListedTests
    | ShownTest
    | LastRunTold
    | ListedCredentials
    | Refused
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a message may lean on; names only, oldest first. ``recent`` are the tests that this
    conversation created or ran last, ``stored`` the configs that this very message brought."""

    tests: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    stored: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()


class Engine(Protocol):
    """The engine for one turn: it knows the project, the overrides and the turn's progress.

    Every method may raise ``Stopped`` and ``AppError``. A method can run again after a restart, so
    what it stores it stores once per turn (``TurnContext.once``).
    """

    @property
    def mask(self) -> Callable[[str], str]:
        """Masks every secret of the project in a text."""

    async def known(self) -> Known:
        """What a message may lean on."""

    async def explore(self, focus: str, *, suggest: bool) -> Explored:
        """Look around the site within the budget."""

    async def create_tests(
        self,
        features: Sequence[str],
        *,
        count: int | None,
        hints: str,
        negative: bool,
        name: str | None,
    ) -> TestsWritten:
        """Write and prove tests for features; none means those that matter most."""

    async def create_test_from_steps(self, name: str | None, text: str) -> TestsWritten:
        """Write and prove one test from a manual test case, given as it was written."""

    async def create_variation(self, description: str) -> TestsWritten:
        """Write and prove a variation of the newest test of this conversation."""

    async def run_tests(self, which: str, names: Sequence[str]) -> TestsRun:
        """Run ``all``, ``failed``, ``named`` or ``recent`` tests."""

    async def certify_tests(self, which: str, names: Sequence[str]) -> TestsCertified:
        """Replay ``all``, ``failed``, ``named`` or ``recent`` tests under disturbance."""

    async def list_tests(self) -> ListedTests:
        """The tests of the application."""

    async def show_test(self, name: str) -> ShownTest:
        """One test by name or id, as close as it can be found."""

    async def last_run(self, focus: str) -> LastRunTold:
        """The newest finished run; ``focus`` names one of its tests."""

    async def list_credentials(self) -> ListedCredentials:
        """The names of stored configs."""
