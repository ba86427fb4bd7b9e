"""Test cases: steps, assertions and proof as frozen values. Rendering and I/O live elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assay.browser.model import ActionKind, LocatorBundle, Upload


class CaseStatus(StrEnum):
    """``enabled`` tests run; ``draft`` ones are unproven; ``disabled`` ones rest."""

    DRAFT = "draft"
    ENABLED = "enabled"
    DISABLED = "disabled"


class Verdict(StrEnum):
    """The three outcomes of running a test; there is no fourth."""

    PASSED = "passed"
    FAILED = "failed"
    COULD_NOT_VERIFY = "couldNotVerify"


class AssertionKind(StrEnum):
    """What can be asserted of an observation (and of the exchange log where the name says so)."""

    TEXT = "text"  # `text` is visible (in `scope`, if given)
    NO_TEXT = "no_text"  # `text` is nowhere visible (in `scope`)
    NEW_TEXT = "new_text"  # like TEXT, recorded as having appeared through the last action
    VISIBLE = "visible"  # the element of `target` is there
    HIDDEN = "hidden"  # no element matches `target`
    COUNT = "count"  # the collection or table of `scope` has `number` items
    VALUE = "value"  # the field of `target` has the value `text`
    CHECKED = "checked"
    UNCHECKED = "unchecked"
    ENABLED = "enabled"
    DISABLED = "disabled"
    STRUCK = "struck"  # the text of `target` is struck through or its element marked completed
    URL = "url"  # the path (and query when `text` has one) of the page equals `text`
    NOT_URL = "not_url"
    TITLE = "title"  # the document title contains `text`
    CELL = "cell"  # the table has a row with `row` whose cell under `column` contains `text`
    EVERY_ROW = "every_row"  # every row of the table contains `text` (under `column`, if given)
    SORTED = "sorted"  # the cells under `column` are in `order` (ascending or descending)
    FIRST_ROW = "first_row"  # the first (`order`: or last) row or item contains `text`
    STATUS = "status"  # the document answered with the status `number`
    ATTRIBUTE = "attribute"  # attribute `column` of `target` equals `text`
    DOWNLOAD = "download"  # the file or answer contains `text`, has `number` lines, is named `row`
    JSON = "json"  # the fetched JSON has `text` at the path `column`, or `number` things (`state`)
    ORDER = "order"  # the lines of `text` are shown one after the other
    NO_CONSOLE_ERROR = "no_console_error"  # in the whole run so far
    NO_FAILED_REQUEST = "no_failed_request"
    ANY_OF = "any_of"  # at least one of `options` holds


@dataclass(frozen=True, slots=True)
class Assertion:
    """One thing that must hold. ``text`` is a template (see ``values``); ``source`` is the clause
    of the expected result, in the user's words, that this assertion checks (``""`` when derived
    from an observed effect). ``delta`` makes ``number`` relative to the variable ``relative_to``
    that an earlier step of the same run extracted."""

    kind: AssertionKind
    text: str = ""
    number: int = 0
    scope: LocatorBundle | None = None
    target: LocatorBundle | None = None
    row: str = ""
    column: str = ""
    order: str = ""
    relative_to: str = ""
    delta: int = 0
    exact: bool = False
    options: tuple[Assertion, ...] = ()
    source: str = ""
    state: str = ""  # COUNT only counts items in this state (struck, checked, unchecked, selected)


@dataclass(frozen=True, slots=True)
class Extraction:
    """Read a value in the run and keep it as ``variable`` for later steps."""

    variable: str
    kind: str  # see ``cases.extracting.extract``
    row: str = ""
    column: str = ""
    target: LocatorBundle | None = None


@dataclass(frozen=True, slots=True)
class ExpectedEffect:
    """What the step changed when it was recorded; replay waits for it and checks it."""

    url: str = ""  # path after the step, volatile parts as `*`; "" when it stayed
    appears: tuple[str, ...] = ()  # texts or "role name" lines that appeared
    requests: tuple[str, ...] = ()  # "METHOD path" of document/xhr/fetch, volatile parts as `*`
    dialog: str = ""
    value: str | None = None
    none: bool = False  # the step was seen to change nothing (e.g. blank input), and that is right
    tab: bool = False  # it opened a new tab or window, in which the test goes on
    file: bool = False  # it brought a file
    closes: bool = False  # it closed the tab in front, and the test goes on in another one


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a test. Exactly one of ``action``, ``assertion`` and ``extraction`` is set.

    ``value`` is a template: ``{{unique}}`` (a token new in each run), ``{{email}}``, ``{{config:
    NAME.username}}``, ``{{config:NAME.password}}``, ``{{var:NAME}}``; anything else is literal.
    """

    number: int
    text: str
    action: ActionKind | None = None
    target: LocatorBundle | None = None
    to: LocatorBundle | None = None
    value: str = ""
    dialog: str = "accept"
    dialog_text: str = ""
    secret: bool = False
    optional: bool = False
    files: tuple[Upload, ...] = ()
    effect: ExpectedEffect | None = None
    assertion: Assertion | None = None
    extraction: Extraction | None = None

    @property
    def kind(self) -> str:
        """The action's name, ``extract`` or ``assert``, as the API shows it."""
        if self.action is not None:
            return self.action.value
        return "assert" if self.assertion is not None else "extract"


@dataclass(frozen=True, slots=True)
class ProofRun:
    """One replay made to prove a test: green without ``mutation``, red with it."""

    run_short_id: str
    mutation: str | None
    verdict: Verdict
    failed_step: int | None
    target_step: int | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """The runs that prove a test, from which every figure is derived.

    ``asserted`` are the numbers of the assertion steps that must each have been killed.
    """

    runs: tuple[ProofRun, ...] = ()
    asserted: tuple[int, ...] = ()

    @property
    def replays(self) -> int:
        return sum(1 for run in self.runs if run.mutation is None)

    @property
    def replays_green(self) -> int:
        return sum(1 for run in self.runs if run.mutation is None and run.verdict is Verdict.PASSED)

    @property
    def mutations_tried(self) -> int:
        return sum(1 for run in self.runs if run.mutation is not None)

    @property
    def mutations_killed(self) -> int:
        return sum(1 for run in self.runs if self._killed(run))

    @property
    def proven(self) -> bool:
        """Three green replays, none red, and every assertion killed at its own step."""
        killed = {run.target_step for run in self.runs if self._killed(run)}
        return (
            self.replays >= 3
            and self.replays == self.replays_green
            and bool(self.asserted)
            and all(number in killed for number in self.asserted)
        )

    @staticmethod
    def _killed(run: ProofRun) -> bool:
        return (
            run.mutation is not None
            and run.verdict is Verdict.FAILED
            and (run.target_step is None or run.failed_step == run.target_step)
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """A test that has been written but not yet stored or proven.

    ``unchecked`` are the clauses of the expected result that no assertion covers: a test with any
    of them is never proven. ``problem`` says in one sentence why authoring stopped, if it did.
    ``baseline`` are console errors and failed requests seen while authoring ("kind text" lines).
    """

    key: str
    name: str
    goal: str
    expected_result: str
    steps: tuple[Step, ...]
    unchecked: tuple[str, ...] = ()
    problem: str = ""
    candidates: tuple[str, ...] = ()
    baseline: tuple[str, ...] = ()
    config_names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TestCase:
    """A stored test case. Ids of other rooms are opaque strings. ``ephemeral`` ones were written
    for one change review and run nowhere else until somebody keeps them."""

    __test__ = False

    id: str
    short_id: str
    project_id: str
    application_id: str
    turn_id: str | None
    name: str
    goal: str
    expected_result: str
    status: CaseStatus
    steps: tuple[Step, ...]
    proof: Proof
    baseline: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    last_verdict: Verdict | None = None
    last_reason: str | None = None
    unchecked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    ephemeral: bool = False
