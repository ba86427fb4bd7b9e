"""Runs: starting one, and reading what became of it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field

from assay import projects
from assay.accounts.model import Principal
from assay.cases import service as cases
from assay.cases.errors import TestCaseNotFound
from assay.cases.model import CaseStatus, TestCase
from assay.projects import overrides
from assay.projects.model import Project
from assay.runs import store as run_store
from assay.runs.model import Run
from assay.runs.service import RUN_JOB, Order
from assay.runs.views import run_json
from assay.storage import ReadSession, WriteSession
from assay.web.api.chat import RESPONSES, overrides_of
from assay.web.api.schemas import (
    ApplicationOverrideWithRequiredEnvironment,
    InProject,
    Moment,
    ProjectShortId,
    Request,
    Schema,
    Uuid,
)
from assay.web.api.tests import row_name
from assay.web.context import Caller, Served

router = APIRouter(tags=["Runs"], responses=RESPONSES)
# All enabled tests of a project are meant; this only keeps a query bounded.
_MOST = 100_000


RunStates = Literal["INITIATED", "RUNNING", "COMPLETED", "ERROR", "CANCELLED"]


class RunRequest(Request):
    """Which tests to run, and where; without ids all enabled tests of the project."""

    testCaseIds: list[Uuid] | None = Field(default=None, min_length=1)
    applications: list[ApplicationOverrideWithRequiredEnvironment] | None = None
    trigger: Literal["API", "GITHUB", "GITLAB", "SCHEDULE"] = "API"
    projectShortId: ProjectShortId | None = None


class StepItem(Schema):
    """What became of one step; ``seen`` says what was seen instead."""

    number: int
    text: str
    ok: bool
    seen: str
    healed: bool


class RunTestCaseItem(Schema):
    """What became of one test of a run; ``id`` and ``shortId`` are the test case's."""

    id: str
    shortId: str
    name: str
    status: RunStates
    result: Literal["PASSED", "FAILED"] | None
    verdict: Literal["passed", "failed", "couldNotVerify"] | None
    resultTitle: str | None
    evaluationThought: str | None
    promptGoal: str
    promptExamples: str
    failedStep: int | None
    seconds: float
    steps: list[StepItem]
    consoleErrors: list[str]
    failedRequests: list[str]
    evidence: list[str]


class RunItem(Schema):
    """A run and what became of it so far."""

    id: str
    shortId: str
    url: str
    status: RunStates
    result: Literal["PASSED", "FAILED", "SKIPPED"] | None
    trigger: str
    purpose: Literal["run", "proof", "certificate"]
    mutation: str | None
    testCount: int
    createdAt: Moment
    finishedAt: Moment | None
    runTestCases: list[RunTestCaseItem]


class PlanItem(Schema):
    """The test plan that a run was made from."""

    name: str
    shortId: str


class StartedRun(Schema):
    """A run that was accepted."""

    id: str
    shortId: str
    url: str
    testCount: int
    testPlan: PlanItem | None = None


class RunAccepted(Schema):
    """The run is stored and will be done."""

    success: bool
    run: StartedRun


@router.post("/v1/run", operation_id="StartRun")
async def start(body: RunRequest, served: Served, caller: Caller) -> RunAccepted:
    """Run tests; the run goes on after this request was answered."""
    given = overrides_of(body.applications)
    async with served.database.write() as session:
        project = await projects.resolve_project(session, caller, body.projectShortId)
        chosen = await _chosen(session, project, body.testCaseIds)
        places = await overrides.resolve_overrides(session, project, given)
    choices = {
        place.application.id: {
            "environment": place.environment.id,
            "preset": place.preset.id if place.preset else None,
        }
        for place in places
    }

    async def also(session: WriteSession, run: Run) -> None:
        await run_store.save_run(session, run.id, {"choices": choices})
        await served.jobs.enqueue(session, RUN_JOB, run.id)

    named = ", ".join(f"{p.environment.name} ({p.environment.url})" for p in places)
    run, _ = await served.runs.begin(
        Order(project.id, "api", trigger=body.trigger, environment=named),
        chosen,
        drafts=body.testCaseIds is not None,
        also=also,
    )
    url = f"{served.settings.base_url}/p/{project.slug}/runs/{run.short_id}"
    return RunAccepted(
        success=True,
        run=StartedRun(id=run.id, shortId=run.short_id, url=url, testCount=run.test_count),
    )


@router.get("/v1/run/{shortId}", operation_id="GetRun")
async def get_run(
    short_id: Annotated[str, Path(alias="shortId")],
    served: Served,
    caller: Caller,
    testCases: Annotated[Literal["failed", "all"], Query()] = "all",
    project_short_id: InProject = None,
) -> RunItem:
    """A run with what became of each of its tests."""
    async with served.database.read() as session:
        run, project = await find_run(session, caller, short_id, project_short_id)
        rows = await run_store.cases_of(session, run.id, failed_only=testCases == "failed")
        tests = await cases.by_ids(session, [row.test_case_id for row in rows])
    shown = run_json(run, rows, {case.id: case.goal for case in tests})
    url = f"{served.settings.base_url}/p/{project.slug}/runs/{run.short_id}"
    return RunItem.model_validate({**shown, "url": url})


async def find_run(
    session: ReadSession | WriteSession,
    caller: Principal,
    name: str,
    project_short_id: str | None,
) -> tuple[Run, Project]:
    """The run of a path, if this caller may see it; a foreign one is not found."""
    run = await run_store.by_id(session, row_name("run", name))
    project = await projects.resolve_resource_project(
        session, caller, project_short_id, run.project_id if run else None, f"run {name}"
    )
    assert run is not None
    return run, project


async def _chosen(session: WriteSession, project: Project, ids: list[str] | None) -> list[TestCase]:
    if ids is None:
        found = await cases.list_cases(
            session, project.id, status=CaseStatus.ENABLED, ephemeral=False, limit=_MOST
        )
        return list(reversed(found))
    wanted = list(dict.fromkeys(case_id.lower() for case_id in ids))
    chosen = await cases.by_ids(session, wanted)
    known = {case.id for case in chosen if case.project_id == project.id}
    for case_id in wanted:
        if case_id not in known:
            raise TestCaseNotFound(f"There is no test case {case_id}.")
    return chosen
