"""Replaying recorded tests on a site that is as it was, and on one that is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assay.browser.model import Observation
from assay.cases.checks import Check, Facts, evaluate
from assay.cases.model import Assertion, Verdict
from assay.kernel.progress import Silent, Stopped
from assay.projects.model import Target
from assay.runs.model import ReplayOptions
from assay.runs.replay import Replayer
from tests.runs.conftest import Notes, Writer

pytestmark = pytest.mark.asyncio(loop_scope="session")
QUICK = ReplayOptions(step_timeout=1.0, assertion_timeout=1.0)


async def test_a_test_passes_on_the_site_it_was_written_on(
    writer: Writer, replayer: Replayer, target: Target
) -> None:
    draft = await writer.add_note("One item, '1 notes', input emptied")
    outcome = await replayer.replay(draft.steps, target, QUICK)
    assert outcome.verdict is Verdict.PASSED, outcome.reason
    assert [step.ok for step in outcome.steps] == [True] * len(draft.steps)
    assert not outcome.heals


async def test_what_is_asserted_in_a_row_is_asserted_of_one_look(
    writer: Writer, replayer: Replayer, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = await writer.add_note("One item, '1 notes', input emptied")
    seen: list[int] = []

    def noted(assertion: Assertion, page: Observation, facts: Facts) -> Check:
        check = evaluate(assertion, page, facts)
        if check.ok:
            seen.append(page.id)
        return check

    monkeypatch.setattr("assay.runs.replaying.evaluate", noted)
    outcome = await replayer.replay(draft.steps, target, QUICK)
    assert outcome.verdict is Verdict.PASSED, outcome.reason
    assert len(seen) >= 3
    assert len(set(seen)) == 1


@pytest.mark.parametrize(
    ("fault", "step", "seen"),
    [
        ("dead", "Click", "changed nothing"),
        ("gone", "Click", "is not on the page"),
        ("redirect", "Sign in", "/other instead of /notes"),
        ("500", "Sign in", "500"),
        ("console", "Sign in", "new error: boom"),
        ("resource", "Sign in", "a request failed that did not before: GET /gone.js 404"),
    ],
)
async def test_each_fault_fails_at_its_step_and_is_named(
    writer: Writer,
    replayer: Replayer,
    target: Target,
    notes: Notes,
    fault: str,
    step: str,
    seen: str,
) -> None:
    draft = await writer.add_note("'1 notes'")
    notes.fault = fault
    outcome = await replayer.replay(draft.steps, target, QUICK)
    assert outcome.verdict is Verdict.FAILED, outcome.reason
    failed = next(item for item in draft.steps if item.number == outcome.failed_step)
    assert step in failed.text
    assert seen in outcome.reason
    assert outcome.reason.startswith(f"Step {outcome.failed_step}")


async def test_a_missing_message_fails_at_the_assertion(
    writer: Writer, replayer: Replayer, target: Target, notes: Notes
) -> None:
    draft = await writer.login("Error message", password="not-it")
    notes.fault = "no validation"
    outcome = await replayer.replay(draft.steps, target, QUICK)
    assert outcome.verdict is Verdict.FAILED
    assert outcome.failed_step in {4, 5}
    assert "Sign in" in outcome.reason


async def test_a_renamed_control_is_healed_and_said_so(
    writer: Writer, replayer: Replayer, target: Target, notes: Notes
) -> None:
    draft = await writer.add_note("'1 notes'")
    notes.fault = "renamed"
    outcome = await replayer.replay(draft.steps, target, ReplayOptions())
    assert outcome.verdict is Verdict.PASSED, outcome.reason
    assert len(outcome.heals) == 1
    assert "similar element" in outcome.reason


async def test_what_stops_a_test_from_being_done_is_no_failure(
    writer: Writer, replayer: Replayer, target: Target, notes: Notes
) -> None:
    draft = await writer.add_note("'1 notes'")
    notes.fault = "captcha"
    outcome = await replayer.replay(draft.steps, target, QUICK)
    assert outcome.verdict is Verdict.COULD_NOT_VERIFY
    assert "CAPTCHA" in outcome.reason
    nowhere = replace(target, url="http://127.0.0.1:9/", allowed_hosts=frozenset({"127.0.0.1:9"}))
    outcome = await replayer.replay(draft.steps, nowhere, QUICK)
    assert outcome.verdict is Verdict.COULD_NOT_VERIFY
    elsewhere = replace(target, allowed_hosts=frozenset({"example.org"}))
    outcome = await replayer.replay(draft.steps, elsewhere, QUICK)
    assert outcome.verdict is Verdict.COULD_NOT_VERIFY


async def test_nothing_to_do_or_to_check_is_never_green(
    writer: Writer, replayer: Replayer, target: Target
) -> None:
    draft = await writer.login("Notes page")
    actions = [step for step in draft.steps if step.action is not None]
    for steps in ([], actions):
        outcome = await replayer.replay(steps, target, QUICK)
        assert outcome.verdict is Verdict.COULD_NOT_VERIFY


async def test_known_noise_is_no_failure(
    writer: Writer, replayer: Replayer, target: Target, notes: Notes
) -> None:
    notes.fault = "console"
    draft = await writer.login("Notes page")
    outcome = await replayer.replay(draft.steps, target, replace(QUICK, baseline=draft.baseline))
    assert outcome.verdict is Verdict.PASSED, outcome.reason


async def test_evidence_holds_a_picture_and_the_logs_but_no_password(
    writer: Writer, replayer: Replayer, target: Target, tmp_path: Path
) -> None:
    draft = await writer.login("Notes page")
    outcome = await replayer.replay(draft.steps, target, replace(QUICK, evidence=tmp_path))
    names = {path.name for path in outcome.evidence}
    assert {"end.png", "console.json", "failed-requests.json"} <= names
    assert outcome.steps[-1].picture == "end.png"
    for path in outcome.evidence:
        assert b"pass-word-1" not in path.read_bytes()


class Halted(Silent):
    """A progress whose work was cancelled."""

    async def check(self) -> None:
        raise Stopped("cancelled")


async def test_a_cancelled_replay_ends_at_once(
    writer: Writer, replayer: Replayer, target: Target
) -> None:
    draft = await writer.login("Notes page")
    with pytest.raises(Stopped):
        await replayer.replay(draft.steps, target, replace(QUICK, progress=Halted()))
