"""The ledger of heals: what is written down of one, and what a decision does to the next runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.browser.model import ActionKind, Fingerprint, Locator, LocatorBundle, LocatorKind
from assay.cases import service as cases
from assay.cases.model import Draft, Step, TestCase, Verdict
from assay.kernel.progress import Silent
from assay.projects.model import ConfigKind, Credential, Target
from assay.runs import healing, store
from assay.runs.errors import HealDecided, HealNotFound, HealOutdated
from assay.runs.heals import HealRecord, HealStatus, mark_of
from assay.runs.model import Heal, Outcome, ReplayOptions
from assay.runs.replay import Replayer
from assay.runs.service import Order, RunsService
from assay.storage import ArtifactStore, Database
from tests.runs.conftest import Notes, Writer
from tests.runs.test_certificates import stored

LOGIN = Credential("c", "config_1", "ann", ConfigKind.USERNAME_PASSWORD, "ann", "pass-word-1")
TARGET = Target(
    "p",
    "a",
    "app_1",
    "Shop",
    "e",
    "Default",
    "http://127.0.0.1:9/",
    frozenset({"127.0.0.1:9"}),
    credentials=(LOGIN,),
)


def bundle(name: str, near: str = "") -> LocatorBundle:
    """The locators of a button."""
    primary = Locator(LocatorKind.ROLE, "button", name)
    return LocatorBundle(primary, (), Fingerprint("button", name, "button", near=near), name)


def healed(found: str, near: str = "") -> Outcome:
    """A run that did step 1 on the button ``found``."""
    heal = Heal(1, "Click “Pay”", f"button “{found}”", 0.81, 0.25, bundle(found, near))
    return Outcome(Verdict.PASSED, "All hold.", heals=(heal,))


class Scripted(Replayer):
    """Replays from a list of outcomes; ``refused`` is what the last one was not to be done on."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.refused: object = None

    async def replay(
        self, steps: object, target: Target, options: ReplayOptions | None = None
    ) -> Outcome:
        self.refused = options.refused if options else None
        return self.outcomes.pop(0)


class Ledger:
    """A stored test whose runs are scripted, and its heals."""

    def __init__(self, database: Database, artifacts: ArtifactStore, test: TestCase) -> None:
        self.database = database
        self.artifacts = artifacts
        self.test = test
        self.runs = 0

    async def run(self, *outcomes: Outcome) -> Scripted:
        """Run the test as it is stored now, once for each outcome."""
        replayer = Scripted(*outcomes)
        service = RunsService(self.database, replayer, self.artifacts)
        for _ in outcomes:
            self.runs += 1
            order = Order(self.test.project_id, f"run {self.runs}", environment="Preview")
            await service.run(order, [await self.case()], TARGET, Silent())
        return replayer

    async def case(self) -> TestCase:
        async with self.database.read() as session:
            return (await cases.by_ids(session, [self.test.id]))[0]

    async def heals(self) -> list[HealRecord]:
        async with self.database.read() as session:
            return await healing.shown(session, await store.heals_of_test(session, self.test.id))

    async def approve(self, record: HealRecord) -> HealRecord:
        async with self.database.write() as session:
            return await healing.approve(session, record)

    async def reject(self, record: HealRecord) -> HealRecord:
        async with self.database.write() as session:
            return await healing.reject(session, record)


@pytest.fixture
async def ledger(database: Database, artifacts: ArtifactStore) -> Ledger:
    step = Step(1, "Click “Pay”", action=ActionKind.CLICK, target=bundle("Pay"))
    test = await stored(database, Draft("pay", "Pay", "pay", "", (step,)))
    return Ledger(database, artifacts, test)


async def test_an_element_is_written_down_once_however_often_it_is_found(ledger: Ledger) -> None:
    await ledger.run(healed("Pay now"), healed("Pay now", near="Total 12.50"), healed("Buy"))
    first, second = await ledger.heals()
    assert (first.wanted, first.found) == ("button “Pay”", "button “Pay now”")
    assert (first.score, first.margin, first.environment) == (0.81, 0.25, "Preview")
    # Where it stands may differ from run to run; what it is called may not.
    assert (first.times, second.times) == (2, 1)
    assert first.bundle.fingerprint.near == "Total 12.50"
    assert {first.status, second.status} == {HealStatus.WAITING}


async def test_an_approved_element_is_the_steps_own_from_then_on(ledger: Ledger) -> None:
    await ledger.run(healed("Pay now"), healed("Buy"))
    one, other = await ledger.heals()
    assert (await ledger.approve(one)).status is HealStatus.APPROVED
    step = (await ledger.case()).steps[0]
    assert step.target == bundle("Pay now")
    assert (step.text, step.action) == ("Click “Pay”", ActionKind.CLICK)
    # The other one is of locators that the step no longer has.
    statuses = [heal.status for heal in await ledger.heals()]
    assert statuses == [HealStatus.APPROVED, HealStatus.OUTDATED]
    with pytest.raises(HealOutdated, match="was changed since"):
        await ledger.approve(other)
    with pytest.raises(HealDecided):
        await ledger.approve((await ledger.heals())[0])
    with pytest.raises(HealDecided):
        await ledger.reject((await ledger.heals())[0])
    # A heal that is seen again, of the locators as they are now, waits again.
    await ledger.run(healed("Buy"))
    assert (await ledger.heals())[1].status is HealStatus.WAITING


async def test_a_test_that_is_approved_is_found_when_it_is_written_again(ledger: Ledger) -> None:
    await ledger.run(healed("Pay now"))
    await ledger.approve((await ledger.heals())[0])
    test = await ledger.case()
    again = Draft("again", "Pay", "pay", "", test.steps)
    async with ledger.database.write() as session:
        known, new = await cases.save_draft(
            session,
            again,
            project_id=test.project_id,
            application_id=test.application_id,
            conversation_id=None,
            turn_id=None,
        )
    assert (known.id, new) == (test.id, False)


async def test_a_rejected_element_is_refused_in_every_later_run(ledger: Ledger) -> None:
    await ledger.run(healed("Pay now"))
    record = (await ledger.heals())[0]
    assert (await ledger.reject(record)).status is HealStatus.REJECTED
    replayer = await ledger.run(Outcome(Verdict.FAILED, "No.", 1))
    assert replayer.refused == {1: frozenset({mark_of(bundle("Pay now"))})}
    assert (await ledger.case()).steps[0].target == bundle("Pay")
    # People may change their minds while the step is as it was.
    assert (await ledger.approve((await ledger.heals())[0])).status is HealStatus.APPROVED
    assert (await ledger.run(Outcome(Verdict.PASSED, "Yes."))).refused == {}


async def test_a_heal_of_a_step_that_was_changed_meanwhile_is_not_written_down(
    ledger: Ledger,
) -> None:
    service = RunsService(ledger.database, Scripted(healed("Pay now")), ledger.artifacts)
    stale = await ledger.case()
    async with ledger.database.write() as session:
        await cases.replace_target(session, stale, 1, bundle("Check out"))
    await service.run(Order(stale.project_id, "stale"), [stale], TARGET, Silent())
    assert await ledger.heals() == []


async def test_secrets_stay_out_of_the_ledger(ledger: Ledger) -> None:
    await ledger.run(healed("Pay with pass-word-1"))
    record = (await ledger.heals())[0]
    assert "pass-word-1" not in str(record)
    assert record.bundle.primary.name == "Pay with {{config:ann.password}}"
    async with ledger.database.read() as session:
        with pytest.raises(HealNotFound):
            await healing.get(session, record.short_id, ["another project"])


@pytest.mark.asyncio(loop_scope="session")
async def test_a_real_heal_can_be_approved_or_rejected(
    writer: Writer, replayer: Replayer, target: Target, notes: Notes
) -> None:
    draft = await writer.add_note("'1 notes'")
    notes.fault = "echoing"
    heal = (await replayer.replay(draft.steps, target)).heals[0]
    assert heal.bundle is not None
    # It keeps no value of the run that it was seen in.
    assert heal.bundle.fingerprint.name == "Add milk {{unique}}"
    approved = [
        replace(step, target=heal.bundle) if step.number == heal.step else step
        for step in draft.steps
    ]
    outcome = await replayer.replay(approved, target)
    assert outcome.verdict is Verdict.PASSED, outcome.reason
    assert not outcome.heals
    refused = {heal.step: frozenset({mark_of(heal.bundle)})}
    options = ReplayOptions(refused=refused, step_timeout=1.0)
    outcome = await replayer.replay(draft.steps, target, options)
    assert (outcome.verdict, outcome.failed_step) == (Verdict.FAILED, heal.step)
    assert "the button “Add” is not on the page" in outcome.reason
    assert "is like it, but was rejected as its replacement" in outcome.reason
