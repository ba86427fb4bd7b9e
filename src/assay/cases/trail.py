"""What happened while a test was written, and what may be asserted of it: frozen values.

The recorder keeps a ``Trail``; ``expectations`` turns the tester's expected result and the trail
into proposals; the author puts the proposals that hold into the test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assay.browser.model import Effect, Observation
from assay.cases.model import Assertion, Extraction, Step


@dataclass(frozen=True, slots=True)
class Typed:
    """Something that was entered: the template, what it became, and what the field is called.

    ``step`` is the number of the step that entered it; ``secret`` values are never asserted.
    """

    template: str
    value: str
    label: str = ""
    step: int = 0
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """One performed step: what was seen before it, what it changed, what was seen after it."""

    step: Step
    before: Observation
    effect: Effect
    after: Observation


@dataclass(frozen=True, slots=True)
class Trail:
    """Everything that was done so far, oldest first, and how the page looks now.

    ``setup`` is the number of leading moments that only established preconditions (signing in,
    making the items the steps work on). ``variables`` are values read in this recording.
    """

    moments: tuple[Moment, ...]
    now: Observation
    typed: tuple[Typed, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    setup: int = 0
    goal: str = ""


@dataclass(frozen=True, slots=True)
class ReadBefore:
    """A value to read earlier in the same run, so that a relative result can be asserted.

    ``before`` is the index of the moment ahead of which the extraction step belongs. ``page`` is
    the address to open for it (the author returns to where it was afterwards); empty when the page
    as it is just before that moment already shows the value, which is then ``value``.
    """

    extraction: Extraction
    before: int
    text: str
    page: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something to do after the last step so that a result can be seen: ``open`` or ``reload``."""

    kind: str
    url: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """An assertion that checks ``clause``, with its bundles already in place.

    ``moment`` is the index of the moment right after which it must hold, ``None`` for the end (or
    for after ``follow_up``). With ``needs`` it cannot be evaluated until the value was read.
    ``vacuous`` says that it already held before the last action although the clause speaks of a
    result: it is a last resort. ``text`` is the step's line as a tester would read it.
    """

    assertion: Assertion
    text: str
    clause: str = ""
    moment: int | None = None
    target_ref: str | None = None
    scope_ref: str | None = None
    follow_up: FollowUp | None = None
    needs: ReadBefore | None = None
    vacuous: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """What became of an expected result: every clause is proposed or listed as unchecked.

    A clause is checked only when all proposals made for it hold; the author moves a clause whose
    follow-up or reading did not work out to the test's ``unchecked``.
    """

    proposals: tuple[Proposed, ...]
    unchecked: tuple[str, ...] = ()
