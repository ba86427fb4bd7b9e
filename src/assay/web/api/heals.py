"""Heals: steps that were done on a similar element, for people to approve or reject."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from assay import projects
from assay.accounts.model import Principal
from assay.cases import service as cases
from assay.kernel import clock
from assay.kernel.ids import canonical_short_id, matches_short_id
from assay.projects.model import Project
from assay.runs import healing
from assay.runs import store as run_store
from assay.runs.heals import HealRecord, HealStatus
from assay.storage import ReadSession, WriteSession
from assay.web.api.chat import RESPONSES
from assay.web.api.schemas import Moment, Positive, ProjectShortId, Request, Schema
from assay.web.api.tests import find_case
from assay.web.context import Caller, Served, Services

router = APIRouter(tags=["Heals"], responses=RESPONSES)
Statuses = Literal["waiting", "approved", "rejected", "outdated"]


class HealItem(Schema):
    """A step that was done on a similar element. ``wanted`` is what was recorded, ``found`` the
    element in words; ``score`` says how alike they are (0 to 1) and ``margin`` how much more than
    the next best. ``times`` counts the runs it was seen in, ``runShortId`` is the newest."""

    shortId: str
    status: Statuses
    testCaseId: str
    testCaseShortId: str
    testCaseName: str
    url: str
    step: int
    stepText: str
    wanted: str
    found: str
    score: float
    margin: float
    times: int
    runShortId: str
    environment: str
    createdAt: Moment
    seenAt: Moment
    decidedAt: Moment | None


class HealList(Schema):
    """Heals, newest first."""

    heals: list[HealItem]


class DecisionRequest(Request):
    """Which project, for a key of several."""

    projectShortId: ProjectShortId | None = None


@router.get("/v1/heals", operation_id="ListHeals")
async def list_heals(
    served: Served,
    caller: Caller,
    status: Annotated[Statuses | Literal["all"], Query()] = "waiting",
    testCase: Annotated[str | None, Query()] = None,
    limit: Annotated[Positive, Query()] = 100,
    projectShortId: Annotated[ProjectShortId | None, Query()] = None,
) -> HealList:
    """The heals of a project or of one test; those that wait for a decision unless told else."""
    wanted = None if status == "all" else HealStatus(status)
    # Waiting ones are told from outdated ones by their tests as they are now.
    stored = HealStatus.WAITING if wanted is HealStatus.OUTDATED else wanted
    async with served.database.read() as session:
        if testCase is not None:
            case, project = await find_case(session, caller, testCase, projectShortId)
            records = await run_store.heals_of_test(session, case.id)
        else:
            project = await projects.resolve_project(session, caller, projectShortId)
            records = await run_store.list_heals(
                session, project.id, status=stored, limit=min(limit, 500)
            )
        known = await healing.shown(session, records)
        chosen = [one for one in known if wanted is None or one.status is wanted]
        return HealList(heals=await _items(session, served, project, chosen[:limit]))


@router.post("/v1/heals/{shortId}/approve", operation_id="ApproveHeal")
async def approve(
    short_id: Annotated[str, Path(alias="shortId")],
    body: DecisionRequest,
    served: Served,
    caller: Caller,
) -> HealItem:
    """Let the step look for the element that was found from now on."""
    async with served.database.write() as session:
        record, project = await _find(session, caller, short_id, body.projectShortId)
        decided = await healing.approve(session, record)
        return (await _items(session, served, project, [decided]))[0]


@router.post("/v1/heals/{shortId}/reject", operation_id="RejectHeal")
async def reject(
    short_id: Annotated[str, Path(alias="shortId")],
    body: DecisionRequest,
    served: Served,
    caller: Caller,
) -> HealItem:
    """Never do the step on the element that was found: it fails instead."""
    async with served.database.write() as session:
        record, project = await _find(session, caller, short_id, body.projectShortId)
        decided = await healing.reject(session, record)
        return (await _items(session, served, project, [decided]))[0]


async def _find(
    session: ReadSession | WriteSession,
    caller: Principal,
    name: str,
    project_short_id: str | None,
) -> tuple[HealRecord, Project]:
    short = canonical_short_id("heal", name) if matches_short_id("heal", name) else name
    found = await run_store.heal_by_id(session, short)
    project = await projects.resolve_resource_project(
        session, caller, project_short_id, found.project_id if found else None, f"heal {name}"
    )
    assert found is not None
    return found, project


async def _items(
    session: ReadSession, served: Services, project: Project, records: Sequence[HealRecord]
) -> list[HealItem]:
    tests = {one.id: one for one in await cases.by_ids(session, [r.test_case_id for r in records])}
    base = f"{served.settings.base_url}/p/{project.slug}/tests"
    return [
        HealItem(
            shortId=one.short_id,
            status=one.status.value,
            testCaseId=one.test_case_id,
            testCaseShortId=tests[one.test_case_id].short_id,
            testCaseName=tests[one.test_case_id].name,
            url=f"{base}/{tests[one.test_case_id].short_id}",
            step=one.step,
            stepText=one.step_text,
            wanted=one.wanted,
            found=one.found,
            score=one.score,
            margin=one.margin,
            times=one.times,
            runShortId=one.run_short_id,
            environment=one.environment,
            createdAt=clock.iso(one.created_at),
            seenAt=clock.iso(one.seen_at),
            decidedAt=clock.iso(one.decided_at) if one.decided_at else None,
        )
        for one in records
        if one.test_case_id in tests
    ]
