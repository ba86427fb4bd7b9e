"""Test cases: listing, reading, and switching them on and off."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query

from assay import projects
from assay.accounts.model import Principal
from assay.cases import service as cases
from assay.cases.errors import TestCaseNotFound
from assay.cases.model import CaseStatus, TestCase
from assay.chats import store as chat_store
from assay.kernel import clock
from assay.kernel.errors import AppError, Kind
from assay.kernel.ids import canonical_short_id, matches_short_id
from assay.projects.model import Project
from assay.runs import store as run_store
from assay.runs.certificate import Certificate
from assay.storage import ReadSession, WriteSession
from assay.web.api.certificate_items import CertificateSummary, summary_of
from assay.web.api.chat import RESPONSES, find
from assay.web.api.schemas import (
    ApplicationShortId,
    ChatConversationShortId,
    InProject,
    Positive,
    ProjectShortId,
    Request,
    Schema,
)
from assay.web.api.setup import find_application
from assay.web.context import Caller, Served, Services

router = APIRouter(tags=["Tests"], responses=RESPONSES)
Verdicts = Literal["passed", "failed", "couldNotVerify"]


class CursorInvalid(AppError):
    """A cursor that no listing gave."""

    kind = Kind.INVALID
    code = "cursor_invalid"


class StepItem(Schema):
    """One line of a test; ``kind`` is an action, ``extract`` or ``assert``."""

    number: int
    kind: str
    text: str


class ProofRunItem(Schema):
    """One replay made to prove the test: green without a mutation, red with one."""

    runShortId: str
    mutation: str | None
    verdict: Verdicts
    failedStep: int | None


class ProofItem(Schema):
    """How the test was proven; every figure is derived from ``runs``."""

    mutationsTried: int
    mutationsKilled: int
    replays: int
    replaysGreen: int
    proven: bool
    runs: list[ProofRunItem]


class TestCaseItem(Schema):
    """A test case."""

    __test__ = False

    id: str
    shortId: str
    name: str
    goal: str
    expectedResult: str
    applicationShortId: str
    conversationShortId: str | None
    status: Literal["draft", "enabled", "disabled"]
    url: str
    steps: list[StepItem]
    proof: ProofItem
    lastVerdict: Verdicts | None
    lastReason: str | None
    unchecked: list[str]
    ephemeral: bool
    certificate: CertificateSummary | None = None
    createdAt: str


class TestCaseList(Schema):
    """A page of test cases, newest first."""

    __test__ = False

    testCases: list[TestCaseItem]
    nextCursor: str | None


class StatusRequest(Request):
    """A new status."""

    projectShortId: ProjectShortId | None = None

    status: Literal["draft", "enabled", "disabled"]


@router.get("/v1/test-cases", operation_id="ListTestCases")
async def list_cases(
    served: Served,
    caller: Caller,
    conversation: Annotated[ChatConversationShortId | None, Query()] = None,
    application: Annotated[ApplicationShortId | None, Query()] = None,
    limit: Annotated[Positive, Query()] = 50,
    cursor: Annotated[str | None, Query()] = None,
    projectShortId: Annotated[ProjectShortId | None, Query()] = None,
) -> TestCaseList:
    """The tests of a project, of an application, or those a conversation created or reused."""
    before = decode_cursor(cursor) if cursor else None
    size = min(limit, 100)
    async with served.database.read() as session:
        conversation_id = application_id = None
        if conversation is not None:
            row, project = await find(session, served, caller, conversation, projectShortId)
            conversation_id = row.id
        elif application is not None:
            found, project = await find_application(session, caller, application, projectShortId)
            application_id = found.id
        else:
            project = await projects.resolve_project(session, caller, projectShortId)
        if conversation is not None and application is not None:
            own = await projects.find_application(session, project.id, application)
            application_id = own.id
        rows = await cases.list_cases(
            session,
            project.id,
            application_id=application_id,
            conversation_id=conversation_id,
            before=before,
            limit=size + 1,
        )
        items = await shown(session, served, project, rows[:size])
    more = len(rows) > size
    return TestCaseList(testCases=items, nextCursor=encode_cursor(rows[size - 1]) if more else None)


@router.get("/v1/test-cases/{id}", operation_id="GetTestCase")
async def get_case(
    case_id: Annotated[str, Path(alias="id")],
    served: Served,
    caller: Caller,
    project_short_id: InProject = None,
) -> TestCaseItem:
    """One test case by its id or short id."""
    async with served.database.read() as session:
        case, project = await find_case(session, caller, case_id, project_short_id)
        return (await shown(session, served, project, [case]))[0]


@router.patch("/v1/test-cases/{id}", operation_id="UpdateTestCase")
async def update_case(
    case_id: Annotated[str, Path(alias="id")], body: StatusRequest, served: Served, caller: Caller
) -> TestCaseItem:
    """Enable, disable, or send back to draft."""
    async with served.database.write() as session:
        case, project = await find_case(session, caller, case_id, body.projectShortId)
        await cases.set_status(session, case.id, CaseStatus(body.status))
        case = await cases.get(session, case.id, [project.id])
        return (await shown(session, served, project, [case]))[0]


async def find_case(
    session: ReadSession | WriteSession,
    caller: Principal,
    case_id: str,
    project_short_id: str | None,
) -> tuple[TestCase, Project]:
    """The test case of a path, if this caller may see it; a foreign one is not found."""
    visible = [project.id for project in await projects.visible_projects(session, caller)]
    try:
        case = await cases.get(session, row_name("test", case_id), visible)
    except TestCaseNotFound:
        case = None
    project = await projects.resolve_resource_project(
        session,
        caller,
        project_short_id,
        case.project_id if case else None,
        f"test case {case_id}",
    )
    assert case is not None
    return case, project


def row_name(prefix: str, name: str) -> str:
    """An id of a path in the form it is stored in: a UUID in small letters, or a short id without
    its readable part."""
    if matches_short_id(prefix, name):
        return canonical_short_id(prefix, name)
    return name.lower()


async def shown(
    session: ReadSession | WriteSession,
    served: Services,
    project: Project,
    rows: Sequence[TestCase],
) -> list[TestCaseItem]:
    """Test cases as the API has them."""
    ids = [case.id for case in rows]
    conversations = await cases.conversation_of(session, ids)
    certificates = await run_store.newest_certificates(session, ids)
    names: dict[str, str] = {}
    for conversation_id in set(conversations.values()):
        found = await chat_store.conversation_by_id(session, conversation_id)
        if found is not None:
            names[conversation_id] = found.short_id
    applications = {
        application.id: application.short_id
        for application in await projects.list_applications(session, project.id)
    }
    base = f"{served.settings.base_url}/p/{project.slug}/tests"
    return [
        _item(
            case,
            applications.get(case.application_id, ""),
            names.get(conversations.get(case.id, "")),
            f"{base}/{case.short_id}",
            certificates.get(case.id),
        )
        for case in rows
    ]


def _item(
    case: TestCase,
    application: str,
    conversation: str | None,
    url: str,
    certificate: Certificate | None,
) -> TestCaseItem:
    proof = case.proof
    return TestCaseItem(
        id=case.id,
        shortId=case.short_id,
        name=case.name,
        goal=case.goal,
        expectedResult=case.expected_result,
        applicationShortId=application,
        conversationShortId=conversation,
        status=case.status.value,
        url=url,
        steps=[StepItem(number=s.number, kind=s.kind, text=s.text) for s in case.steps],
        proof=ProofItem(
            mutationsTried=proof.mutations_tried,
            mutationsKilled=proof.mutations_killed,
            replays=proof.replays,
            replaysGreen=proof.replays_green,
            proven=proof.proven and not case.unchecked,
            runs=[
                ProofRunItem(
                    runShortId=run.run_short_id,
                    mutation=run.mutation,
                    verdict=run.verdict.value,
                    failedStep=run.failed_step,
                )
                for run in proof.runs
            ],
        ),
        lastVerdict=case.last_verdict.value if case.last_verdict else None,
        lastReason=case.last_reason,
        unchecked=list(case.unchecked),
        ephemeral=case.ephemeral,
        certificate=summary_of(certificate) if certificate else None,
        createdAt=clock.iso(case.created_at),
    )


def encode_cursor(case: TestCase) -> str:
    """Where a listing goes on after this test, opaque to clients."""
    at, row_id = cases.cursor_of(case)
    return base64.urlsafe_b64encode(f"{clock.iso(at)} {row_id}".encode()).decode()


def decode_cursor(cursor: str) -> tuple[datetime, str]:
    """What ``encode_cursor`` gave; raises CursorInvalid."""
    try:
        at, _, row_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return clock.parse_iso(at), str(UUID(row_id))
    except (binascii.Error, ValueError, OverflowError) as error:
        raise CursorInvalid("cursor is not one that a listing gave.") from error
