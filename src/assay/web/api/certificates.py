"""Flake certificates: asking for them, and reading how far they are."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from assay import projects
from assay.accounts.model import Principal
from assay.cases import service as cases
from assay.cases.model import CaseStatus, TestCase
from assay.kernel.ids import canonical_short_id, matches_short_id
from assay.projects import overrides
from assay.projects.model import Project
from assay.runs import certifying
from assay.runs import store as run_store
from assay.runs.certificate import LARGEST_SEED, LEAST, MOST, USUAL, Certificate
from assay.runs.certifying import CERTIFY_JOB
from assay.runs.disturbing import DisturbanceKind
from assay.storage import WriteSession
from assay.web.api.certificate_items import CertificateItem, Kinds, disturbed_item, summary_of
from assay.web.api.chat import RESPONSES, overrides_of
from assay.web.api.schemas import (
    ApplicationOverrideWithRequiredEnvironment,
    InProject,
    ProjectShortId,
    Request,
    Schema,
)
from assay.web.api.tests import find_case
from assay.web.context import Caller, Served, Services

router = APIRouter(tags=["Certificates"], responses=RESPONSES)
_MOST_TESTS = 100_000


class CertificateRequest(Request):
    """Which tests to replay under disturbance (ids or short ids; without any, all enabled ones),
    how often, and from which seed on; replay number n has the seed ``seed + n - 1``. ``kind`` makes
    every replay one of this kind instead of all kinds in turn."""

    testCases: list[str] | None = Field(default=None, min_length=1)
    replays: int = Field(default=USUAL, ge=LEAST, le=MOST)
    seed: int | None = Field(default=None, ge=0, le=LARGEST_SEED - MOST)
    kind: Kinds | None = None
    applications: list[ApplicationOverrideWithRequiredEnvironment] | None = None
    projectShortId: ProjectShortId | None = None


class CertificateList(Schema):
    """The certificates that were asked for, in the order of the tests."""

    certificates: list[CertificateItem]


@router.post("/v1/certificates", operation_id="StartCertificates", status_code=202)
async def start(body: CertificateRequest, served: Served, caller: Caller) -> CertificateList:
    """Replay tests under seeded disturbance; it goes on after this request was answered."""
    given = overrides_of(body.applications)
    seed = body.seed if body.seed is not None else secrets.randbelow(LARGEST_SEED - MOST)
    made: list[CertificateItem] = []
    async with served.database.write() as session:
        project, tests = await _chosen(session, caller, body)
        places = {
            place.application.id: place
            for place in await overrides.resolve_overrides(session, project, given)
        }
        for test in tests:
            place = places.get(test.application_id)
            one = await certifying.begin(
                session,
                test,
                replays=body.replays,
                seed=seed,
                kind=DisturbanceKind(body.kind) if body.kind else None,
                environment=f"{place.environment.name} ({place.environment.url})" if place else "",
                choices={
                    "environment": place.environment.id if place else None,
                    "preset": place.preset.id if place and place.preset else None,
                },
            )
            await served.jobs.enqueue(session, CERTIFY_JOB, one.id)
            made.append(_item(one, test, project, served))
    return CertificateList(certificates=made)


@router.get("/v1/certificates/{shortId}", operation_id="GetCertificate")
async def get_certificate(
    short_id: Annotated[str, Path(alias="shortId")],
    served: Served,
    caller: Caller,
    project_short_id: InProject = None,
) -> CertificateItem:
    """A certificate with the replays that were made so far."""
    name = canonical_short_id("cert", short_id) if matches_short_id("cert", short_id) else short_id
    async with served.database.read() as session:
        found = await run_store.certificate_by_id(session, name)
        project = await projects.resolve_resource_project(
            session,
            caller,
            project_short_id,
            found.project_id if found else None,
            f"certificate {short_id}",
        )
        assert found is not None
        tests = await cases.by_ids(session, [found.test_case_id])
    return _item(found, tests[0], project, served)


async def _chosen(
    session: WriteSession, caller: Principal, body: CertificateRequest
) -> tuple[Project, list[TestCase]]:
    """The tests that are named, all of one project, or all enabled ones of the caller's."""
    if body.testCases is None:
        project = await projects.resolve_project(session, caller, body.projectShortId)
        found = await cases.list_cases(
            session, project.id, status=CaseStatus.ENABLED, ephemeral=False, limit=_MOST_TESTS
        )
        return project, list(reversed(found))
    chosen: dict[str, TestCase] = {}
    within: Project | None = None
    for name in body.testCases:
        wanted = within.short_id if within else body.projectShortId
        test, within = await find_case(session, caller, name, wanted)
        chosen[test.id] = test
    assert within is not None
    return within, list(chosen.values())


def _item(one: Certificate, test: TestCase, project: Project, served: Services) -> CertificateItem:
    return CertificateItem(
        **summary_of(one).model_dump(),
        testCaseId=test.id,
        testCaseShortId=test.short_id,
        name=test.name,
        url=f"{served.settings.base_url}/p/{project.slug}/tests/{test.short_id}",
        environment=one.environment,
        results=[disturbed_item(each) for each in one.replays],
    )
