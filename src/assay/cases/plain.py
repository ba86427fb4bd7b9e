"""Plain English manual tests, taken apart into clauses. No page is looked at here."""

from __future__ import annotations

from assay.cases.clauses import CaseText, Clause


def parse_case(text: str) -> CaseText:
    """Take a whole manual test case apart: name, preconditions, steps and expected results."""
    raise NotImplementedError


def parse_steps(text: str) -> tuple[Clause, ...]:
    """Take steps apart, one line or many, without headings."""
    raise NotImplementedError
