"""Tests as a tester writes them in the plain style, and what must be done for each of their lines.

A file holds cases apart by blank lines: the test's name, its lines, and behind ``=>`` the recorded
steps: what is done to which kind of element, or what is asserted.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assay.browser.pool import PlaywrightPool
from assay.cases.author import Author
from assay.cases.meaning import Meaning
from assay.cases.model import Draft, Step, Verdict
from assay.cases.plain import parse_case
from assay.kernel.progress import Silent
from assay.projects.model import Target
from assay.runs.model import ReplayOptions
from assay.runs.replay import Replayer

_FOLDER = Path(__file__).parent / "plain"


@dataclass(frozen=True)
class PlainCase:
    """One test in the plain style with the steps that it must become."""

    name: str
    text: str
    steps: tuple[str, ...]


def plain_cases(app: str) -> list[PlainCase]:
    """The cases written for an application."""
    cases = []
    for block in (_FOLDER / f"{app}.txt").read_text().strip().split("\n\n"):
        name, _, rest = block.partition("\n")
        text, _, steps = rest.partition("\n=>\n")
        cases.append(PlainCase(name, text, tuple(steps.splitlines())))
    return cases


def line_of(step: Step) -> str:
    """A recorded step on one line: its kind, the role of its target and its text."""
    if step.assertion is not None:
        return f"assert {step.assertion.kind.value}: {step.assertion.source}"
    role = f" {step.target.fingerprint.role}" if step.target is not None else ""
    return f"{step.kind}{role}: {step.text}"


async def written(case: PlainCase, pool: PlaywrightPool, meaning: Meaning, target: Target) -> Draft:
    """The draft that a case becomes on the live application."""
    text = f'Create a test "{case.name}".\n{case.text}'
    return await Author(pool, meaning).write(parse_case(text), target, Silent(), "plain")


async def holds(case: PlainCase, pool: PlaywrightPool, meaning: Meaning, target: Target) -> None:
    """Assert that a case is written as it says, with nothing left unchecked, and replays green."""
    draft = await written(case, pool, meaning, target)
    assert draft.problem == ""
    assert draft.unchecked == ()
    assert tuple(line_of(step) for step in draft.steps) == case.steps
    options = ReplayOptions(baseline=draft.baseline)
    outcome = await Replayer(pool).replay(draft.steps, target, options)
    assert outcome.verdict is Verdict.PASSED, outcome.reason
