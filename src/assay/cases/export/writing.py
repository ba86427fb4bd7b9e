"""One test case as statements, and the signing in that several tests share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assay.browser.model import ActionKind
from assay.cases.export.actions import acted
from assay.cases.export.assertions import asserted, extracted, is_said_by_code
from assay.cases.export.locators import is_speaking
from assay.cases.export.syntax import Body, Comment, Do, Fail, Files, Let, Name, Statement, call
from assay.cases.model import Step, TestCase

_CONFIG = re.compile(r"\{\{\s*config:([^{}]+)\.(username|password)\s*\}\}")
_FRESH = ("unique", "email", "password")


@dataclass(frozen=True, slots=True)
class Written:
    """A test as statements; ``login`` is how many of them sign somebody in, as ``who``."""

    case: TestCase
    statements: tuple[Statement, ...]
    fresh: tuple[str, ...]
    login: int = 0
    who: str = ""


@dataclass(frozen=True, slots=True)
class SigningIn:
    """What several tests do to sign in, as a function of a page."""

    name: str
    statements: tuple[Statement, ...]


def written(case: TestCase, secrets: Mapping[str, str], files: Files) -> Written:
    """The statements of a test, in the order of its steps; ``secrets`` are not written, and what
    it uploads is put to ``files``."""
    body = Body(
        frames=any(step.target and step.target.primary.frame for step in case.steps),
        secrets=secrets,
        files=files,
    )
    found: list[Statement] = []
    login, who = 0, _signs_in(case.steps)
    for index, step in enumerate(case.steps):
        found += _step(step, case.steps[index + 1 :], body)
        if who and not login and _is_sending(case.steps, index):
            login = len(found) - _arrivals(found)
    lists = [
        Let(name, call(None, f"listen_for_{name}", Name("page")), waits=False)
        for name in sorted(body.listened)
    ]
    found, login = [*lists, *found], login + len(lists) if login else 0
    if not any(step.assertion is not None for step in case.steps):
        found.append(Fail("This test asserts nothing: it is a draft and cannot pass."))
    fresh = tuple(name for name in _FRESH if name in body.unique)
    return Written(case, tuple(found), fresh, login, who)


def shared(tests: Sequence[Written]) -> tuple[list[SigningIn], list[Written]]:
    """The ways to sign in that more than one test uses, and the tests that call them."""
    heads = Counter(test.statements[: test.login] for test in tests if test.login)
    made: dict[tuple[Statement, ...], str] = {}
    for head, count in heads.items():
        if count < 2:
            continue
        who = next(test.who for test in tests if test.statements[: test.login] == head)
        base = "sign_in_as_" + (re.sub(r"\W+", "_", who.lower()).strip("_") or "user")
        taken = [name for name in made.values() if name.startswith(base)]
        made[head] = f"{base}_{len(taken) + 1}" if taken else base
    lessened: list[Written] = []
    for test in tests:
        name = made.get(test.statements[: test.login]) if test.login else None
        if name is not None:
            signing = Do(call(None, name, Name("page")))
            test = replace(test, statements=(signing, *test.statements[test.login :]))
        lessened.append(test)
    return [SigningIn(name, head) for head, name in made.items()], lessened


def _step(step: Step, rest: Sequence[Step], body: Body) -> list[Statement]:
    if step.action is not None:
        found = acted(step, rest, body)
        silent = step.target is not None and not is_speaking(step.target)
        return [Comment(_line(step)), *found] if silent else found
    if step.extraction is not None:
        return [Comment(_line(step)), *extracted(step.extraction, body)]
    assert step.assertion is not None, "a step acts, asserts or extracts"
    found = asserted(step.assertion, body)
    if is_said_by_code(step.assertion, step.text):
        return found
    return [Comment(_line(step)), *found]


def _line(step: Step) -> str:
    """A step's own words; values that are new in each run by their names."""
    text = re.sub(r"\{\{\s*(?:config:|var:)?([^{}]+?)\s*\}\}", r"<\1>", step.text)
    return re.sub(r"\s+", " ", text).strip()


def _signs_in(steps: Sequence[Step]) -> str:
    """The config whose user name and password are entered before anything is asserted."""
    seen: dict[str, set[str]] = {}
    for step in steps:
        if step.assertion is not None or step.extraction is not None:
            return ""
        match = _CONFIG.fullmatch(step.value.strip()) if step.value else None
        if match is not None:
            seen.setdefault(match[1], set()).add(match[2])
            if seen[match[1]] == {"username", "password"}:
                return match[1]
        elif step.action not in {ActionKind.NAVIGATE, ActionKind.CLICK}:
            return ""
    return ""


def _is_sending(steps: Sequence[Step], index: int) -> bool:
    """Whether a step sends what was entered for signing in."""
    if steps[index].action not in {ActionKind.CLICK, ActionKind.PRESS}:
        return False
    entered = [_CONFIG.search(step.value) for step in steps[:index]]
    return {match[2] for match in entered if match} == {"username", "password"}


def _arrivals(found: Sequence[Statement]) -> int:
    """How many of the last statements wait for the page that signing in led to."""
    last = found[-1]
    waits = (
        isinstance(last, Do)
        and getattr(last.expression, "name", "") == "to_have_url"
        and len(found) > 1
    )
    return 1 if waits else 0
