"""A test as people word it, written on a site, and what the written one expects."""

from __future__ import annotations

from assay.cases.author import Author
from assay.cases.model import AssertionKind, Draft
from assay.cases.plain import parse_case
from assay.kernel.progress import Silent
from assay.projects.model import Target


async def attempted(
    author: Author, target: Target, steps: str, expected: str = "-", before: str = "-"
) -> Draft:
    """The draft, whether or not all of it could be written."""
    text = f'Create a test "T". Preconditions: {before}. Steps: {steps} Expected: {expected}'
    return await author.write(parse_case(text), target, Silent(), "key")


async def written(
    author: Author, target: Target, steps: str, expected: str = "-", before: str = "-"
) -> Draft:
    """The draft of a test that must have been written whole."""
    draft = await attempted(author, target, steps, expected, before)
    assert not draft.problem, draft.problem
    assert not draft.unchecked, draft.unchecked
    return draft


def asserted(draft: Draft) -> list[tuple[AssertionKind, str]]:
    """What the draft checks, in order."""
    return [(step.assertion.kind, step.assertion.text) for step in draft.steps if step.assertion]
