"""A proof: green with fresh data each time, red at the very assertion that a fault spoils."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.cases.model import Assertion, AssertionKind, Draft, Step, Verdict
from assay.kernel.progress import Silent
from assay.projects.model import Target
from assay.runs.independence import independent
from assay.runs.model import Outcome
from assay.runs.mutations import plan
from assay.runs.proof import Proven, Prover
from tests.runs.conftest import Notes, Writer

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def prove(prover: Prover, draft: Draft, target: Target) -> tuple[Proven, list[str]]:
    keys: list[str] = []

    async def record(outcome: Outcome, key: str) -> str:
        keys.append(key)
        return f"run_{len(keys)}"

    return await prover.prove(draft, target, Silent(), record), keys


async def test_every_assertion_is_killed_at_its_own_step(
    writer: Writer, prover: Prover, target: Target
) -> None:
    draft = await writer.add_note("One item, '1 notes', input emptied; user tools greet ann")
    proven, keys = await prove(prover, draft, target)
    assert proven.proven, proven.problem
    asserted = {step.number for step in draft.steps if step.assertion is not None}
    killed = {run.target_step for run in proven.proof.runs if run.mutation is not None}
    assert asserted <= killed
    assert proven.proof.replays_green == 3
    assert sorted(keys[:3]) == ["green-1", "green-2", "green-3"]
    assert len(set(keys)) == len(keys)


async def test_absence_is_proven_by_inserting_the_thing(
    writer: Writer, prover: Prover, target: Target
) -> None:
    draft = await writer.add_note("Nothing added", text="   ")
    proven, _ = await prove(prover, draft, target)
    assert proven.proven, proven.problem
    assert any("there" in (run.mutation or "") for run in proven.proof.runs)


async def test_a_login_and_a_refused_login_are_proven(
    writer: Writer, prover: Prover, target: Target
) -> None:
    good = await writer.login("Notes page, user tools greet ann")
    bad = await writer.login("Error message about wrong name or password", password="not-it")
    for draft in (good, bad):
        proven, _ = await prove(prover, draft, target)
        assert proven.proven, proven.problem


async def test_a_red_replay_ends_the_proof_and_says_why(
    writer: Writer, prover: Prover, target: Target, notes: Notes
) -> None:
    draft = await writer.login("Notes page")
    notes.fault = "redirect"
    proven, keys = await prove(prover, draft, target)
    assert not proven.proven
    assert "/other" in proven.problem
    assert all(key.startswith("green") for key in keys)


async def test_an_assertion_that_no_fault_kills_is_no_proof(
    writer: Writer, prover: Prover, target: Target
) -> None:
    draft = await writer.login("Notes page")
    always = Assertion(
        AssertionKind.ANY_OF,
        options=(
            Assertion(AssertionKind.TEXT, text="Notes"),
            Assertion(AssertionKind.NO_TEXT, text="Never there"),
        ),
    )
    number = len(draft.steps) + 1
    weak = replace(draft, steps=(*draft.steps, Step(number, "Something holds", assertion=always)))
    proven, _ = await prove(prover, weak, target)
    assert proven.unkilled == (number,)
    assert not proven.proven
    assert "Something holds" in proven.problem


async def test_every_kind_of_assertion_has_a_fault(writer: Writer) -> None:
    target = (await writer.login("Notes page")).steps[-2].target
    opening = (await writer.login("Notes page")).steps[0]
    for kind in AssertionKind:
        options = (Assertion(AssertionKind.TEXT, text="x"),) if kind is AssertionKind.ANY_OF else ()
        assertion = Assertion(
            kind, text="x", number=3, target=target, scope=target, options=options
        )
        steps = [
            opening,
            Step(2, kind.value, assertion=assertion),
        ]
        assert any(item.target_step == 2 for item in plan(steps)), kind


async def test_only_tests_that_leave_nothing_behind_are_replayed_at_once(writer: Writer) -> None:
    login = await writer.login("Notes page")
    assert independent(login.steps)
    effect = login.steps[3].effect
    assert effect is not None
    sends = replace(login.steps[3], effect=replace(effect, requests=("POST /orders",)))
    assert not independent([*login.steps, sends])


async def test_the_verdict_of_a_mutated_run_is_failed(
    writer: Writer, prover: Prover, target: Target
) -> None:
    proven, _ = await prove(prover, await writer.login("Notes page"), target)
    mutants = [run for run in proven.proof.runs if run.mutation is not None]
    assert {run.verdict for run in mutants} == {Verdict.FAILED}
