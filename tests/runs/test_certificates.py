"""Flake certificates: the figures, the disturbances of a seed, and making one to its end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assay import accounts, projects
from assay.browser.disturbing import pause
from assay.browser.port import Disturbance
from assay.cases import service as cases
from assay.cases.model import CaseStatus, Draft, TestCase, Verdict
from assay.kernel.progress import Silent, Stopped
from assay.projects.model import Target
from assay.runs import certifying, store
from assay.runs.certificate import Certificate, told, wilson
from assay.runs.certifying import Certifier
from assay.runs.disturbing import DisturbanceKind, disturbance, in_words, kind_of
from assay.runs.errors import CertificateNotFound, NotCertifiable
from assay.runs.model import Heal, Outcome, Purpose, ReplayOptions, RunStatus
from assay.runs.replay import Replayer
from assay.runs.service import RunsService
from assay.storage import ArtifactStore, Database
from tests.runs.conftest import Notes, Writer

TARGET = Target(
    "p", "a", "app_1", "Shop", "e", "Default", "http://127.0.0.1:9/", frozenset({"127.0.0.1:9"})
)
PASSED = Outcome(Verdict.PASSED, "All hold.", seconds=0.1)
FAILED = Outcome(Verdict.FAILED, "Step 2 (Click “Pay”): nothing happened.", 2, seconds=0.1)
QUICK = ReplayOptions(step_timeout=2.0, assertion_timeout=1.0)
HEALED = replace(PASSED, heals=(Heal(1, "Pay", "button “Pay now”", 0.8, 0.3),))


class Scripted(Replayer):
    """Replays from a list of outcomes, and keeps the disturbances that were asked for."""

    def __init__(self, *outcomes: Outcome | Stopped) -> None:
        self.outcomes = list(outcomes)
        self.asked: list[Disturbance | None] = []

    async def replay(
        self, steps: object, target: Target, options: ReplayOptions | None = None
    ) -> Outcome:
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Stopped):
            raise outcome
        assert options is not None
        assert options.evidence is not None
        self.asked.append(options.disturbance)
        picture = options.evidence / "end.png"
        picture.write_bytes(b"picture")
        return replace(outcome, evidence=(picture,))


async def stored(
    database: Database, draft: Draft, status: CaseStatus = CaseStatus.ENABLED
) -> TestCase:
    """A stored test of a new project."""
    async with database.write() as session:
        organisation = await accounts.create_organisation(session, "Ours")
        project = await projects.create_project(session, organisation.id, "Shop")
        application, _ = await projects.create_application(
            session, project, name="Shop", url="http://127.0.0.1:9/"
        )
        case, _ = await cases.save_draft(
            session,
            draft,
            project_id=project.id,
            application_id=application.id,
            conversation_id=None,
            turn_id=None,
        )
        await cases.set_status(session, case.id, status)
    return replace(case, status=status)


class Making:
    """A certificate under way with scripted replays."""

    def __init__(self, database: Database, artifacts: ArtifactStore, test: TestCase) -> None:
        self.database = database
        self.artifacts = artifacts
        self.test = test

    async def begin(self, replays: int, seed: int = 6, **more: Any) -> Certificate:
        async with self.database.write() as session:
            return await certifying.begin(session, self.test, replays=replays, seed=seed, **more)

    async def go_on(self, made: Certificate, replayer: Replayer) -> Certificate:
        runs = RunsService(self.database, replayer, self.artifacts)
        certifier = Certifier(self.database, replayer, runs, self.artifacts)
        return await certifier.certify(made, self.test, TARGET, Silent())

    async def stored(self, made: Certificate) -> Certificate:
        async with self.database.read() as session:
            return await certifying.get(session, made.short_id, [self.test.project_id])


@pytest.fixture
async def making(database: Database, artifacts: ArtifactStore) -> Making:
    test = await stored(database, Draft("pay", "Pay", "pay", "", ()))
    return Making(database, artifacts, test)


@pytest.mark.parametrize(
    ("passed", "total", "lower", "upper"),
    [
        (10, 10, 0.7225, 1.0),
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (200, 200, 0.9812, 1.0),
        # R. G. Newcombe, "Two-sided confidence intervals for the single proportion" (1998).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
    ],
)
def test_the_interval_is_wilsons(passed: int, total: int, lower: float, upper: float) -> None:
    assert wilson(passed, total) == pytest.approx((lower, upper), abs=5e-5)


def test_a_seed_names_a_kind_and_always_makes_the_same_of_it() -> None:
    assert {kind_of(seed) for seed in range(40, 46)} == set(DisturbanceKind)
    for kind in DisturbanceKind:
        assert disturbance(kind, 7) == disturbance(kind, 7)
        assert disturbance(kind, 7) != disturbance(kind, 8)
        assert in_words(disturbance(kind, 7)) != "no disturbance"
    assert "times slower" in in_words(disturbance(DisturbanceKind.CPU, 1))
    everything = disturbance(DisturbanceKind.ALL, 1)
    assert everything.cpu > 1
    assert everything.late > 0
    assert everything.overtaken > 0
    assert everything.media > 0
    assert everything.shrink < (1.0, 1.0)


async def test_a_steady_test_is_told_so_with_its_interval(making: Making) -> None:
    replayer = Scripted(*[PASSED] * 7)
    made = await making.go_on(await making.begin(6), replayer)
    assert (made.status, made.stable, made.passed, made.flips) == (
        RunStatus.COMPLETED,
        True,
        6,
        0,
    )
    assert told(made) == (
        "6 of 6 replays under disturbance passed: 100 % (95 % confidence interval 61 % to 100 %)."
    )
    # The first replay is not disturbed, and six seeds in a row are of all kinds.
    assert replayer.asked[0] is None
    assert {one.kind for one in made.disturbed} == set(DisturbanceKind)
    assert await making.stored(made) == made


async def test_the_first_break_is_named_with_its_seed_and_kept_as_a_run(making: Making) -> None:
    first = Scripted(PASSED, PASSED, FAILED, PASSED, HEALED)
    made = await making.go_on(await making.begin(4, kind=DisturbanceKind.CPU), first)
    broken = made.first_break
    assert broken is not None
    assert (broken.number, broken.seed, broken.kind) == (2, 7, DisturbanceKind.CPU)
    # A healed replay is no flip of the verdict, but no clean pass either.
    assert (made.stable, made.passed, made.flips) == (False, 2, 1)
    assert "a processor" in told(made)
    assert "seed 7" in told(made)
    assert FAILED.reason in told(made)
    async with making.database.read() as session:
        run = await store.by_id(session, broken.run_short_id)
        assert run is not None
        assert run.purpose is Purpose.CERTIFICATE
        case = (await store.cases_of(session, run.id))[0]
    assert case.failed_step == 2
    # What the broken replay looked like is kept with its run, and nothing of the clean ones.
    assert case.evidence == (f"runs/{run.short_id}/{making.test.short_id}/end.png",)
    assert await making.artifacts.get(case.evidence[0]) == b"picture"
    assert await making.artifacts.keys("certificates") == []
    # What broke it can be made again by its kind and seed alone.
    again = Scripted(PASSED, PASSED)
    await making.go_on(await making.begin(1, seed=7, kind=DisturbanceKind.CPU), again)
    assert again.asked[1] == first.asked[2]


async def test_a_lost_certificate_is_gone_on_with_where_it_stopped(making: Making) -> None:
    made = await making.begin(3)
    with pytest.raises(Stopped):
        await making.go_on(made, Scripted(PASSED, PASSED, Stopped("lease")))
    rest = Scripted(PASSED, PASSED)
    made = await making.go_on(await making.stored(made), rest)
    assert [one.number for one in made.replays] == [0, 1, 2, 3]
    assert not rest.outcomes
    assert made.stable


async def test_nothing_is_blamed_on_disturbance_that_fails_without(making: Making) -> None:
    made = await making.go_on(await making.begin(5), Scripted(FAILED))
    assert (made.status, made.stable, made.interval) == (RunStatus.COMPLETED, None, None)
    assert told(made).startswith("Not replayed under disturbance")
    healed = await making.go_on(await making.begin(5), Scripted(HEALED))
    assert healed.stable is None
    assert "similar element" in told(healed)


async def test_only_enabled_tests_are_certified(making: Making) -> None:
    making.test = replace(making.test, status=CaseStatus.DRAFT)
    with pytest.raises(NotCertifiable, match="draft"):
        await making.begin(3)


async def test_a_foreign_certificate_is_not_found(making: Making) -> None:
    made = await making.begin(1)
    async with making.database.read() as session:
        with pytest.raises(CertificateNotFound):
            await certifying.get(session, made.short_id, ["another project"])


@pytest.mark.asyncio(loop_scope="session")
async def test_a_real_test_stands_all_disturbances_at_once(
    writer: Writer, replayer: Replayer, target: Target
) -> None:
    draft = await writer.add_note("One item, '1 notes', input emptied")
    options = ReplayOptions(disturbance=disturbance(DisturbanceKind.ALL, 11))
    outcome = await replayer.replay(draft.steps, target, options)
    assert outcome.verdict is Verdict.PASSED, outcome.reason
    assert not outcome.heals


@pytest.mark.asyncio(loop_scope="session")
async def test_a_site_that_trusts_the_order_of_answers_is_caught(
    writer: Writer, replayer: Replayer, target: Target, notes: Notes
) -> None:
    notes.fault = "race"
    draft = await writer.add_note("'1 notes'")
    seed = next(seed for seed in range(100) if _holds_only_the_stale(seed))
    for kind, verdict in ((None, Verdict.PASSED), (DisturbanceKind.REORDERED, Verdict.FAILED)):
        options = replace(QUICK, disturbance=disturbance(kind, seed) if kind else None)
        outcome = await replayer.replay(draft.steps, target, options)
        assert outcome.verdict is verdict, outcome.reason


def _holds_only_the_stale(seed: int) -> bool:
    what = disturbance(DisturbanceKind.REORDERED, seed)
    return bool(pause(what, "Fetch", "GET Fetch /stale 1")[1]) and not any(
        pause(what, "Fetch", "GET Fetch /fresh 1")
    )
