"""Runs are stored as they go, gone on with after a restart, and never green for nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import pytest

from assay import accounts, projects
from assay.browser.model import ActionKind
from assay.cases import service as cases
from assay.cases.model import CaseStatus, Draft, Step, TestCase, Verdict
from assay.kernel.progress import Silent, Stopped
from assay.projects.model import Target
from assay.runs.errors import RunNotFound
from assay.runs.model import Outcome, ReplayOptions, RunResult, RunStatus
from assay.runs.replay import Replayer
from assay.runs.service import Order, RunsService, cases_of, get, list_runs
from assay.runs.views import run_json
from assay.storage import ArtifactStore, Database

TARGET = Target(
    "p", "a", "app_1", "Shop", "e", "Default", "http://127.0.0.1:9/", frozenset({"127.0.0.1:9"})
)


class Scripted(Replayer):
    """Replays from a list of outcomes: the runs room's own double of its engine."""

    def __init__(self, *verdicts: Verdict | Stopped) -> None:
        self.verdicts = list(verdicts)
        self.replayed = 0

    async def replay(
        self, steps: object, target: Target, options: ReplayOptions | None = None
    ) -> Outcome:
        self.replayed += 1
        verdict = self.verdicts.pop(0)
        if isinstance(verdict, Stopped):
            raise verdict
        return Outcome(verdict, f"It is {verdict.value}.", seconds=0.1)


@dataclass
class Place:
    """A project with two enabled tests and a draft."""

    database: Database
    project_id: str
    tests: list[TestCase]

    def service(self, artifacts: ArtifactStore, *verdicts: Verdict | Stopped) -> RunsService:
        return RunsService(self.database, Scripted(*verdicts), artifacts)

    def order(self, key: str = "run") -> Order:
        return Order(self.project_id, key, conversation_id="c1", turn_id="t1")


@pytest.fixture
async def place(database: Database) -> Place:
    async with database.write() as session:
        organisation = await accounts.create_organisation(session, "Ours")
        project = await projects.create_project(session, organisation.id, "Shop")
        application, _ = await projects.create_application(
            session, project, name="Shop", url="http://127.0.0.1:9/"
        )
        tests: list[TestCase] = []
        for name in ("one", "two", "draft"):
            # What is uploaded is there for others too, so these are run one after the other.
            step = Step(1, name, action=ActionKind.UPLOAD, value=f"/{name}")
            draft = Draft(name, name, f"goal {name}", "", (step,))
            case, _ = await cases.save_draft(
                session,
                draft,
                project_id=project.id,
                application_id=application.id,
                conversation_id=None,
                turn_id=None,
            )
            if name != "draft":
                await cases.set_status(session, case.id, CaseStatus.ENABLED)
                case = replace(case, status=CaseStatus.ENABLED)
            tests.append(case)
    return Place(database, project.id, tests)


async def test_a_run_keeps_every_verdict_and_its_result(
    place: Place, artifacts: ArtifactStore
) -> None:
    service = place.service(artifacts, Verdict.PASSED, Verdict.COULD_NOT_VERIFY)
    ran = await service.run(place.order(), place.tests, TARGET, Silent())
    assert (ran.run.status, ran.run.result) == (RunStatus.COMPLETED, RunResult.FAILED)
    assert [case.verdict for case in ran.cases] == [Verdict.PASSED, Verdict.COULD_NOT_VERIFY]
    shown = run_json(ran.run, ran.cases, {})
    assert [case["result"] for case in shown["runTestCases"]] == ["PASSED", "FAILED"]
    assert shown["runTestCases"][1]["verdict"] == "couldNotVerify"
    async with place.database.read() as session:
        stored = await cases.get(session, place.tests[0].id, [place.project_id])
        assert stored.last_verdict is Verdict.PASSED


async def test_a_run_of_nothing_is_skipped(place: Place, artifacts: ArtifactStore) -> None:
    service = place.service(artifacts)
    ran = await service.run(place.order(), place.tests[2:], TARGET, Silent())
    assert (ran.run.status, ran.run.result) == (RunStatus.COMPLETED, RunResult.SKIPPED)


async def test_a_lost_run_is_gone_on_with_and_done_once(
    place: Place, artifacts: ArtifactStore
) -> None:
    first = place.service(artifacts, Verdict.PASSED, Stopped("lease"))
    with pytest.raises(Stopped):
        await first.run(place.order(), place.tests, TARGET, Silent())
    second = place.service(artifacts, Verdict.PASSED)
    ran = await second.run(place.order(), place.tests, TARGET, Silent())
    assert ran.run.result is RunResult.PASSED
    assert len(ran.cases) == 2
    again = await place.service(artifacts).run(place.order(), place.tests, TARGET, Silent())
    assert again.run.id == ran.run.id
    async with place.database.read() as session:
        assert len(await list_runs(session, place.project_id)) == 1


async def test_tests_that_cannot_meet_run_two_at_a_time(
    place: Place, artifacts: ArtifactStore
) -> None:
    class Slow(Scripted):
        now = most = 0

        async def replay(
            self, steps: object, target: Target, options: ReplayOptions | None = None
        ) -> Outcome:
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0.2)
            self.now -= 1
            return Outcome(Verdict.PASSED, "It is passed.", seconds=0.1)

    opening = (Step(1, "Open the shop", action=ActionKind.NAVIGATE, value="/"),)
    for steps, most in ((opening, 2), (place.tests[0].steps, 1)):
        slow = Slow()
        tests = [replace(test, steps=steps) for test in place.tests[:2]]
        service = RunsService(place.database, slow, artifacts)
        ran = await service.run(place.order(f"run-{most}"), tests, TARGET, Silent())
        assert slow.most == most
        assert [case.name for case in ran.cases] == ["one", "two"]


async def test_a_cancelled_run_is_marked_so(place: Place, artifacts: ArtifactStore) -> None:
    service = place.service(artifacts, Verdict.PASSED, Stopped("cancelled"))
    with pytest.raises(Stopped):
        await service.run(place.order(), place.tests, TARGET, Silent())
    async with place.database.read() as session:
        run = (await list_runs(session, place.project_id))[0]
    assert (run.status, run.result) == (RunStatus.CANCELLED, None)


async def test_proof_runs_are_kept_apart_and_found_by_id(
    place: Place, artifacts: ArtifactStore
) -> None:
    service = place.service(artifacts)
    outcome = Outcome(Verdict.FAILED, "Step 2: “x” is gone.", 2, mutation="“x” is not shown")
    order = place.order("proof-mutant-2")
    run = await service.record(order, place.tests[0], outcome, TARGET)
    assert (await service.record(order, place.tests[0], outcome, TARGET)).id == run.id
    async with place.database.read() as session:
        assert await list_runs(session, place.project_id) == []
        assert (await get(session, run.short_id, [place.project_id])).mutation
        with pytest.raises(RunNotFound):
            await get(session, run.short_id, ["elsewhere"])


async def test_a_secret_in_a_reason_is_masked_before_it_is_stored(
    place: Place, artifacts: ArtifactStore
) -> None:
    login = projects.model.Credential(
        "c", "config_1", "ann", projects.model.ConfigKind.USERNAME_PASSWORD, "ann", "sesame-9-x"
    )
    outcome = Outcome(Verdict.FAILED, "The page shows “sesame-9-x”.", 1)
    target = replace(TARGET, credentials=(login,))
    run = await place.service(artifacts).record(
        place.order("masked"), place.tests[0], outcome, target
    )
    async with place.database.read() as session:
        kept = await cases_of(session, run.id)
    assert "sesame-9-x" not in kept[0].reason
