"""The ledger of heals: what replays found in place of what was recorded, for people to judge.

Approving a heal puts the locators that were found in place of the recorded ones; rejecting it
keeps the step from ever being done on that element. Nothing but locators of actions is healed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assay.cases import service as cases
from assay.cases.model import Step, TestCase
from assay.cases.without_secrets import bundle_without_secrets
from assay.kernel import clock, ids
from assay.kernel.redaction import Redactor
from assay.projects.model import Target
from assay.runs import store
from assay.runs.errors import HealDecided, HealNotFound, HealOutdated
from assay.runs.heals import HealRecord, HealStatus, healable, mark_of, old_mark_of, refused
from assay.runs.model import Heal, Run
from assay.storage import ReadSession, WriteSession


async def note(
    session: WriteSession, run: Run, test: TestCase, heals: Sequence[Heal], target: Target
) -> None:
    """Write down the heals of a run, each found element once for its step.

    ``test`` is the test as it was run; heals of a step that was changed meanwhile are left out.
    """
    found = [heal for heal in heals if heal.bundle is not None]
    if not found:
        return
    newest = (await cases.by_ids(session, [test.id]))[0]
    steps = {step.number: step for step in test.steps}
    for heal in found:
        ran = steps[heal.step]
        if healable(newest, heal.step, ran.text, old_mark_of(ran)) is not None:
            made = _record(run, test, ran, heal, target)
            if not await store.insert_heal(session, made):
                await store.see_heal(session, made)


def _record(run: Run, test: TestCase, step: Step, heal: Heal, target: Target) -> HealRecord:
    assert heal.bundle is not None
    assert step.target is not None
    mask = Redactor(target.secrets, names=target.user_names).mask
    seen = step.target.fingerprint
    now = clock.now()
    return HealRecord(
        id=ids.new_uuid(),
        short_id=ids.new_short_id("heal"),
        project_id=test.project_id,
        test_case_id=test.id,
        step=step.number,
        step_text=step.text,
        mark=mark_of(heal.bundle),
        old_mark=old_mark_of(step),
        wanted=mask(f"{seen.role} “{seen.name or seen.label or step.target.intent}”"),
        found=mask(heal.found),
        score=round(heal.score, 3),
        margin=round(heal.margin, 3),
        bundle=bundle_without_secrets(heal.bundle, target),
        status=HealStatus.WAITING,
        run_short_id=run.short_id,
        environment=run.environment,
        times=1,
        created_at=now,
        seen_at=now,
    )


async def refused_in(session: ReadSession, test: TestCase) -> dict[int, frozenset[str]]:
    """By step, the marks of the elements that this test must not be done on."""
    return refused(test, await store.heals_of_test(session, test.id))


async def shown(session: ReadSession, records: Sequence[HealRecord]) -> list[HealRecord]:
    """Records with those outdated that wait for a step that was changed since."""
    tests = {one.id: one for one in await cases.by_ids(session, [r.test_case_id for r in records])}
    return [_judged(one, tests[one.test_case_id]) for one in records if one.test_case_id in tests]


def _judged(record: HealRecord, test: TestCase) -> HealRecord:
    fits = healable(test, record.step, record.step_text, record.old_mark)
    if record.status is HealStatus.WAITING and fits is None:
        return replace(record, status=HealStatus.OUTDATED)
    return record


async def get(session: ReadSession, name: str, project_ids: Sequence[str]) -> HealRecord:
    """The heal with this id or short id, if it lies in one of the projects; raises HealNotFound."""
    found = await store.heal_by_id(session, name)
    if found is None or found.project_id not in project_ids:
        raise HealNotFound(f"There is no heal “{name}”.")
    return found


async def approve(session: WriteSession, record: HealRecord) -> HealRecord:
    """Let the step use the locators of the element found from now on.

    Raises HealDecided when that was done before, HealOutdated when the step was changed since.
    """
    if record.status is HealStatus.APPROVED:
        raise HealDecided(f"{record.short_id} was approved already.")
    test = await cases.get(session, record.test_case_id, [record.project_id])
    step = healable(test, record.step, record.step_text, record.old_mark)
    if step is None:
        raise HealOutdated(
            f"Step {record.step} of “{test.name}” was changed since {record.short_id} was seen."
            " Run the test again: it heals anew if it has to."
        )
    await cases.replace_target(session, test, record.step, record.bundle)
    return await _decide(session, record, HealStatus.APPROVED)


async def reject(session: WriteSession, record: HealRecord) -> HealRecord:
    """Never do the step on this element; raises HealDecided when it was approved."""
    if record.status is HealStatus.APPROVED:
        raise HealDecided(
            f"{record.short_id} was approved already, and the step uses the new locators."
        )
    return await _decide(session, record, HealStatus.REJECTED)


async def _decide(session: WriteSession, record: HealRecord, status: HealStatus) -> HealRecord:
    now = clock.now()
    await store.decide_heal(session, record.id, status, now)
    return replace(record, status=status, decided_at=now)


list_heals = store.list_heals
