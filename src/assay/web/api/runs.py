"""Runs: starting one, and reading what became of it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query

from assay import projects
from assay.accounts.model import Principal
from assay.cases import service as cases
from assay.cases.errors import TestCaseNotFound
from assay.cases.model import CaseStatus, TestCase
from assay.projects import overrides
from assay.projects.model import Project
from assay.runs import store as run_store
from assay.runs.errors import RunNotFound
from assay.runs.model import Run
from assay.runs.service import RUN_JOB, Order
from assay.runs.views import run_json
from assay.storage import ReadSession, WriteSession
from assay.web.api.chat import RESPONSES, overrides_of
from assay.web.api.schemas import (
    ApplicationOverrideWithRequiredEnvironment,
    ProjectShortId,
    Schema,
)
from assay.web.context import Caller, Served

router = APIRouter(tags=["Runs"], responses=RESPONSES)
_MOST = 500


class RunRequest(Schema):
    """Which tests to run, and where; without ids all enabled tests of the project."""

    testCaseIds: list[str] | None = None
    applications: list[ApplicationOverrideWithRequiredEnvironment] | None = None
    trigger: Literal["API", "GITHUB", "GITLAB", "SCHEDULE"] = "API"
    projectShortId: ProjectShortId | None = None


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
    overrides.check_overrides(given)
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
) -> dict[str, Any]:
    """A run with what became of each of its tests."""
    async with served.database.read() as session:
        run, project = await find_run(session, caller, short_id)
        rows = await run_store.cases_of(session, run.id, failed_only=testCases == "failed")
        tests = await cases.by_ids(session, [row.test_case_id for row in rows])
    shown = run_json(run, rows, {case.id: case.goal for case in tests})
    return {**shown, "url": f"{served.settings.base_url}/p/{project.slug}/runs/{run.short_id}"}


async def find_run(
    session: ReadSession | WriteSession, caller: Principal, name: str
) -> tuple[Run, Project]:
    """The run of a path, if this caller may see it; a foreign one is not found."""
    visible = {project.id: project for project in await projects.visible_projects(session, caller)}
    run = await run_store.by_id(session, name)
    if run is None or run.project_id not in visible:
        raise RunNotFound(f"There is no run {name}.")
    return run, visible[run.project_id]


async def _chosen(session: WriteSession, project: Project, ids: list[str] | None) -> list[TestCase]:
    if ids is None:
        found = await cases.list_cases(session, project.id, status=CaseStatus.ENABLED, limit=_MOST)
        return list(reversed(found))
    chosen = await cases.by_ids(session, list(dict.fromkeys(ids)))
    known = {case.id for case in chosen if case.project_id == project.id}
    for case_id in ids:
        if case_id not in known:
            raise TestCaseNotFound(f"There is no test case {case_id}.")
    return chosen
