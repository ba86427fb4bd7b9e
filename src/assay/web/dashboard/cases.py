"""Pages of tests: the list, one test, and letting it run or rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Form, Query
from fastapi.responses import RedirectResponse, Response

from assay.cases import service as cases
from assay.cases.export import Format, archive
from assay.cases.model import CaseStatus, TestCase
from assay.chats import store as chats_store
from assay.projects.model import Application
from assay.projects.service import list_applications
from assay.runs import service as runs
from assay.runs.model import Run, RunTestCase
from assay.storage import ReadSession
from assay.web.api.exporting import zip_response
from assay.web.context import Served
from assay.web.dashboard import stability, views, words
from assay.web.dashboard.access import Place, application_in, case_in, place_of
from assay.web.dashboard.contexts import CasePage, CaseRow, CaseRunRow, CasesPage, Link
from assay.web.dashboard.rendering import page
from assay.web.dashboard.routing import Sender, page_router
from assay.web.session import SignedIn

router = page_router()
_ON_PAGE = 50
_RUNS = 10


@router.get("/p/{slug}/tests")
async def list_tests(
    slug: str,
    served: Served,
    principal: SignedIn,
    status: Annotated[CaseStatus | None, Query()] = None,
    application: Annotated[str, Query()] = "",
    before: Annotated[str, Query()] = "",
) -> Response:
    """The tests of a project, newest first."""
    async with served.database.read() as session:
        place = await place_of(session, principal, slug)
        only = await application_in(session, place, application) if application else None
        start = cases.cursor_of(await case_in(session, place, before)) if before else None
        found = await cases.list_cases(
            session,
            place.project.id,
            application_id=only.id if only else None,
            status=status,
            before=start,
            limit=_ON_PAGE,
        )
        known = {one.id: one for one in await list_applications(session, place.project.id)}
    url = f"{place.base}/tests"
    suffix = f"&application={only.short_id}" if only else ""
    older = ""
    if len(found) == _ON_PAGE:
        chosen = f"&status={status.value}" if status else ""
        older = f"{url}?before={found[-1].short_id}{chosen}{suffix}"
    filters = [(Link("all", f"{url}?{suffix.lstrip('&')}".rstrip("?")), status is None)]
    filters += [
        (Link(words.case_status(one).text, f"{url}?status={one.value}{suffix}"), status is one)
        for one in CaseStatus
    ]
    title = f"Tests of {only.name}" if only else "Tests"
    rows = tuple(_row(case, place, known) for case in found)
    return page(CasesPage(place.shell(title, "tests"), tuple(filters), rows, older))


@router.get("/p/{slug}/tests/{short_id}")
async def show(slug: str, short_id: str, served: Served, principal: SignedIn) -> Response:
    """One test with its steps, its proof and its last runs."""
    async with served.database.read() as session:
        place = await place_of(session, principal, slug)
        case = await case_in(session, place, short_id)
        done = await runs.runs_of_test(session, case.id, limit=_RUNS)
        applications = await list_applications(session, place.project.id)
        conversation = await _conversation(session, place, case)
        certificate = await stability.certificate_of(session, case, place.base)
        heals = await stability.heals_of(session, case, place.base)
    application = next((one for one in applications if one.id == case.application_id), None)
    shown = _page(place, case, application, conversation, done)
    return page(replace(shown, certificate=certificate, heals=heals))


@router.post("/p/{slug}/tests/{short_id}/status")
async def set_status(
    slug: str, short_id: str, served: Served, sender: Sender, status: Annotated[CaseStatus, Form()]
) -> Response:
    """Let a test run with the others, or rest."""
    async with served.database.write() as session:
        place = await place_of(session, sender, slug)
        case = await case_in(session, place, short_id)
        await cases.set_status(session, case.id, status)
    return RedirectResponse(f"{place.base}/tests/{case.short_id}", 303)


@router.get("/p/{slug}/tests/{short_id}/export")
async def export(
    slug: str,
    short_id: str,
    served: Served,
    principal: SignedIn,
    style: Annotated[Format, Query(alias="format")] = Format.PYTEST,
) -> Response:
    """One test as code that runs without Assay."""
    async with served.database.read() as session:
        place = await place_of(session, principal, slug)
        case = await case_in(session, place, short_id)
        content = await archive(session, served.box, [case], style)
    return zip_response(content, style)


def _row(case: TestCase, place: Place, applications: dict[str, Application]) -> CaseRow:
    application = applications.get(case.application_id)
    return CaseRow(
        name=case.name,
        url=f"{place.base}/tests/{case.short_id}",
        application=application.name if application else "",
        status=words.case_status(case.status),
        verdict=words.verdict(case.last_verdict),
        reason=case.last_reason or "",
        changed_at=case.updated_at,
    )


async def _conversation(session: ReadSession, place: Place, case: TestCase) -> Link | None:
    found = (await cases.conversation_of(session, [case.id])).get(case.id)
    conversation = await chats_store.conversation_by_id(session, found) if found else None
    if conversation is None:
        return None
    title = conversation.title or "New conversation"
    return Link(title, f"{place.base}/chat/{conversation.short_id}")


def _page(
    place: Place,
    case: TestCase,
    application: Application | None,
    conversation: Link | None,
    done: list[tuple[Run, RunTestCase]],
) -> CasePage:
    of = None
    if application is not None:
        of = Link(application.name, f"{place.base}/apps/{application.short_id}")
    rests = case.status is not CaseStatus.ENABLED
    return CasePage(
        shell=place.shell(case.name, "tests", Link("Tests", f"{place.base}/tests")),
        name=case.name,
        goal=case.goal,
        expected=case.expected_result,
        application=of,
        conversation=conversation,
        status=words.case_status(case.status),
        meaning=words.case_meaning(case.status),
        verdict=words.verdict(case.last_verdict),
        reason=case.last_reason or "",
        steps=views.written_steps(case.steps),
        unchecked=case.unchecked,
        notes=case.notes,
        proof=views.proof_of(case.proof, place.base),
        runs=tuple(_run_row(pair, place) for pair in done),
        certificate=None,
        certify_url=(
            f"{place.base}/tests/{case.short_id}/certificate"
            if case.status is CaseStatus.ENABLED
            else ""
        ),
        heals=(),
        status_url=f"{place.base}/tests/{case.short_id}/status",
        export_url=f"{place.base}/tests/{case.short_id}/export" if case.steps else "",
        may_enable=rests and bool(case.steps),
        may_disable=case.status is CaseStatus.ENABLED,
        enabling_warns=rests and (not case.proof.proven or bool(case.unchecked)),
        created_at=case.created_at,
    )


def _run_row(pair: tuple[Run, RunTestCase], place: Place) -> CaseRunRow:
    run, done = pair
    waits = done.verdict is None
    return CaseRunRow(
        url=views.run_url(pair, place.base),
        name=run.short_id,
        chip=words.run(run) if waits else words.verdict(done.verdict),
        reason=done.reason,
        at=run.created_at,
    )
