"""Test cases as code that runs without Assay."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from assay import projects
from assay.accounts.model import Principal
from assay.cases import service as cases
from assay.cases.errors import TestCaseNotFound
from assay.cases.export import Format, archive
from assay.cases.model import CaseStatus, TestCase
from assay.storage import ReadSession
from assay.web.api.chat import RESPONSES
from assay.web.api.schemas import ApplicationShortId, ProjectShortId
from assay.web.api.setup import find_application
from assay.web.api.tests import find_case
from assay.web.context import Caller, Served

router = APIRouter(tags=["Tests"], responses=RESPONSES)
ZIP = "application/zip"
_MOST = 1000


@router.get(
    "/v1/test-cases/export",
    operation_id="ExportTestCases",
    response_class=Response,
    responses={200: {"content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def export_cases(
    served: Served,
    caller: Caller,
    style: Annotated[Format, Query(alias="format")] = Format.PYTEST,
    testCase: Annotated[list[str] | None, Query()] = None,
    application: Annotated[ApplicationShortId | None, Query()] = None,
    projectShortId: Annotated[ProjectShortId | None, Query()] = None,
) -> Response:
    """A zip of tests as code: those named, or all enabled ones of the project or application."""
    async with served.database.read() as session:
        if testCase:
            chosen = [
                (await find_case(session, caller, name, projectShortId))[0]
                for name in dict.fromkeys(testCase)
            ]
        else:
            chosen = await _enabled(session, caller, application, projectShortId)
        content = await archive(session, served.box, chosen, style)
    return zip_response(content, style)


def zip_response(content: bytes, style: Format) -> Response:
    """An archive to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{style.value}-tests.zip"'}
    return Response(content, media_type=ZIP, headers=headers)


async def _enabled(
    session: ReadSession,
    caller: Principal,
    application: str | None,
    project_short_id: str | None,
) -> list[TestCase]:
    """The enabled tests, oldest first; TestCaseNotFound when there is none."""
    application_id = None
    if application is not None:
        found, project = await find_application(session, caller, application, project_short_id)
        application_id = found.id
    else:
        project = await projects.resolve_project(session, caller, project_short_id)
    rows = await cases.list_cases(
        session,
        project.id,
        application_id=application_id,
        status=CaseStatus.ENABLED,
        limit=_MOST,
    )
    if not rows:
        raise TestCaseNotFound("There is no enabled test case to export.")
    return list(reversed(rows))
