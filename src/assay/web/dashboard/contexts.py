"""What each page and each part of a page is given: one frozen dataclass per template.

``template`` names the file below ``templates/``. A test holds the fields against the names that
the template really uses. Texts in here are plain unless their type is ``Markup``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Context:
    """The base of everything that can be rendered."""

    template: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Chip:
    """A word with a colour and a sign, so that it can be read without the colour."""

    text: str
    tone: str
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads somewhere."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Shell:
    """What surrounds every page of a signed-in person."""

    title: str
    section: str
    project: Link | None
    projects: tuple[Link, ...]
    crumbs: tuple[Link, ...]
    csrf: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many tests of an application have this status or verdict."""

    number: int
    chip: Chip


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application in a list."""

    name: str
    url: str
    kind: str
    site: str
    statuses: tuple[Count, ...]
    verdicts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation in a list."""

    title: str
    url: str
    chip: Chip
    review: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ProjectBlock:
    """A project on the home page."""

    name: str
    slug: str
    start_url: str
    applications: tuple[ApplicationRow, ...]
    conversations: tuple[ConversationRow, ...]
    older: str


@dataclass(frozen=True, slots=True)
class HomePage(Context):
    """Applications and conversations of every project that the person may see."""

    template = "home.html"
    shell: Shell
    projects: tuple[ProjectBlock, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChatsPage(Context):
    """All conversations of a project."""

    template = "chats.html"
    shell: Shell
    conversations: tuple[ConversationRow, ...]
    older: str


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as a tester reads it. ``note`` says what was seen where it went wrong."""

    number: int
    text: str
    kind: str
    asserts: bool
    chip: Chip | None = None
    note: str = ""
    seconds: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One replay of a proof."""

    url: str
    mutation: str
    chip: Chip
    failed_step: int | None
    counts: bool


@dataclass(frozen=True, slots=True)
class ProofView:
    """What shows that a test can fail, and does not without a reason."""

    proven: bool
    replays: int
    replays_green: int
    mutations: int
    killed: int
    rows: tuple[ProofRow, ...]


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture of the page under test."""

    url: str
    caption: str


@dataclass(frozen=True, slots=True)
class TestPart(Context):
    """A test within a conversation, folded open or shut."""

    __test__ = False
    template = "parts/test.html"
    dom_id: str
    name: str
    url: str
    status: Chip
    verdict: Chip
    reason: str
    steps: tuple[StepView, ...]
    unchecked: tuple[str, ...]
    proof: ProofView
    picture: PictureView | None
    run: Link | None


@dataclass(frozen=True, slots=True)
class StepsPart(Context):
    """A list of steps, written or done."""

    template = "parts/steps.html"
    steps: tuple[StepView, ...]


@dataclass(frozen=True, slots=True)
class ProofPart(Context):
    """The figures of a proof and a table of its runs."""

    template = "parts/proof.html"
    proof: ProofView


@dataclass(frozen=True, slots=True)
class MessagePart(Context):
    """One message of a conversation."""

    template = "parts/message.html"
    dom_id: str
    mine: bool
    html: Markup
    chip: Chip | None
    busy: bool
    at: datetime
    runs: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ThreadPart(Context):
    """The messages that are shown, oldest first. ``older`` leads to those before them."""

    template = "parts/thread.html"
    messages: tuple[MessagePart, ...]
    older: str


@dataclass(frozen=True, slots=True)
class TestsPart(Context):
    """The tests that a conversation created or reused."""

    __test__ = False
    template = "parts/tests.html"
    tests: tuple[TestPart, ...]
    more: int


@dataclass(frozen=True, slots=True)
class FindingView:
    """Something that a change review found."""

    title: str
    kind: str
    chip: Chip
    place: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ReviewPart(Context):
    """The verdict of a change review; empty on any other conversation."""

    template = "parts/review.html"
    asked: bool
    verdict: Chip | None
    commit: str
    figures: tuple[Count, ...]
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class HeadingPart(Context):
    """The title of a conversation, which the assistant gives it while it works."""

    template = "parts/heading.html"
    title: str
    source: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class ControlsPart(Context):
    """What can be done with a conversation at present."""

    template = "parts/controls.html"
    busy: bool
    cancel_url: str
    csrf: str


@dataclass(frozen=True, slots=True)
class StreamPart(Context):
    """How the page hears of news: pushed while work goes on, asked for now and then otherwise."""

    template = "parts/stream.html"
    busy: bool
    events_url: str
    poll_url: str


@dataclass(frozen=True, slots=True)
class ConversationPage(Context):
    """A conversation with what it made."""

    template = "conversation.html"
    shell: Shell
    append_url: str
    heading: HeadingPart
    thread: ThreadPart
    tests: TestsPart
    review: ReviewPart
    controls: ControlsPart
    stream: StreamPart


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A test in a list."""

    name: str
    url: str
    application: str
    status: Chip
    verdict: Chip
    reason: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class CasesPage(Context):
    """The tests of a project."""

    template = "cases.html"
    shell: Shell
    filters: tuple[tuple[Link, bool], ...]
    cases: tuple[CaseRow, ...]
    older: str


@dataclass(frozen=True, slots=True)
class CaseRunRow:
    """One run of one test."""

    url: str
    name: str
    chip: Chip
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DisturbedRow:
    """One replay of a flake certificate; ``url`` is that of the run kept of one that broke."""

    what: str
    chip: Chip
    reason: str
    url: str


@dataclass(frozen=True, slots=True)
class CertificateView:
    """How a test held up in replays under disturbance."""

    chip: Chip
    summary: str
    at: datetime
    busy: bool
    rows: tuple[DisturbedRow, ...]


@dataclass(frozen=True, slots=True)
class HealRow:
    """A step that was done on a similar element; with a ``url`` it waits for a decision there."""

    step: int
    step_text: str
    wanted: str
    found: str
    likeness: str
    run_url: str
    chip: Chip
    url: str


@dataclass(frozen=True, slots=True)
class CasePage(Context):
    """One test."""

    template = "case.html"
    shell: Shell
    name: str
    goal: str
    expected: str
    application: Link | None
    conversation: Link | None
    status: Chip
    meaning: str
    verdict: Chip
    reason: str
    steps: tuple[StepView, ...]
    unchecked: tuple[str, ...]
    notes: tuple[str, ...]
    proof: ProofView
    runs: tuple[CaseRunRow, ...]
    certificate: CertificateView | None
    certify_url: str
    heals: tuple[HealRow, ...]
    status_url: str
    export_url: str
    may_enable: bool
    may_disable: bool
    enabling_warns: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run in a list."""

    name: str
    url: str
    chip: Chip
    counts: tuple[Count, ...]
    environment: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RunsPage(Context):
    """The runs of a project; those that proofs made are left out."""

    template = "runs.html"
    shell: Shell
    runs: tuple[RunRow, ...]
    older: str


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of evidence."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class HealView:
    """A step that was done on another element than the recorded one."""

    step: int
    intent: str
    found: str
    score: str


@dataclass(frozen=True, slots=True)
class RunCaseView:
    """What became of one test in a run."""

    dom_id: str
    name: str
    url: str
    chip: Chip
    reason: str
    seconds: str
    steps: tuple[StepView, ...]
    heals: tuple[HealView, ...]
    console_errors: tuple[str, ...]
    failed_requests: tuple[str, ...]
    pictures: tuple[PictureView, ...]
    trace: str
    trace_viewer: str
    files: tuple[FileView, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class RunPage(Context):
    """One run."""

    template = "run.html"
    shell: Shell
    chip: Chip
    proof: bool
    mutation: str
    environment: str
    started_at: datetime
    took: str
    counts: tuple[Count, ...]
    cases: tuple[RunCaseView, ...]
    conversation: Link | None
    busy: bool


@dataclass(frozen=True, slots=True)
class SignInPage(Context):
    """Signing in with an API key; ``problem`` says why the last try did not work."""

    template = "sign_in.html"
    target: str
    problem: str


@dataclass(frozen=True, slots=True)
class ErrorPage(Context):
    """Something that cannot be shown, in words that say why."""

    template = "error.html"
    title: str
    message: str
