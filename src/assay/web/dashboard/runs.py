"""Pages of runs: the list, and one run with its evidence."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Query
from fastapi.responses import Response

from assay.cases import service as cases
from assay.cases.model import TestCase, Verdict
from assay.chats import store as chats_store
from assay.runs import service as runs
from assay.runs.model import Purpose, Run, RunStatus, RunTestCase
from assay.storage import ReadSession
from assay.web.context import Served
from assay.web.dashboard import views, words
from assay.web.dashboard.access import Place, place_of, run_in
from assay.web.dashboard.contexts import (
    FileView,
    HealView,
    Link,
    PictureView,
    RunCaseView,
    RunPage,
    RunRow,
    RunsPage,
)
from assay.web.dashboard.files import VIEWER
from assay.web.dashboard.rendering import page
from assay.web.dashboard.routing import page_router
from assay.web.session import SignedIn

router = page_router()
_ON_PAGE = 40
_TRACE = "trace.zip"


@router.get("/p/{slug}/runs")
async def list_runs(
    slug: str, served: Served, principal: SignedIn, before: Annotated[str, Query()] = ""
) -> Response:
    """The runs of a project that somebody asked for, newest first."""
    async with served.database.read() as session:
        place = await place_of(session, principal, slug)
        start = None
        if before:
            last = await run_in(session, place, before)
            start = (last.created_at, last.id)
        found = await runs.list_runs(session, place.project.id, before=start, limit=_ON_PAGE)
        tallies = await runs.tally(session, [run.id for run in found])
    url = f"{place.base}/runs"
    rows = tuple(
        RunRow(
            name=run.short_id,
            url=f"{url}/{run.short_id}",
            chip=words.run(run),
            counts=views.verdict_counts(tallies.get(run.id, {}).items()),
            environment=run.environment,
            at=run.created_at,
        )
        for run in found
    )
    older = f"{url}?before={found[-1].short_id}" if len(found) == _ON_PAGE else ""
    return page(RunsPage(place.shell("Runs", "runs"), rows, older))


@router.get("/p/{slug}/runs/{short_id}")
async def show(slug: str, short_id: str, served: Served, principal: SignedIn) -> Response:
    """One run with what became of each test, and the evidence."""
    async with served.database.read() as session:
        place = await place_of(session, principal, slug)
        run = await run_in(session, place, short_id)
        done = await runs.cases_of(session, run.id)
        tests = {
            test.id: test
            for test in await cases.by_ids(session, [case.test_case_id for case in done])
        }
        conversation = await _conversation(session, place, run)
    order = {Verdict.FAILED: 0, Verdict.COULD_NOT_VERIFY: 1, None: 2, Verdict.PASSED: 3}
    done.sort(key=lambda case: order[case.verdict])
    finished = run.finished_at
    taken = (finished - run.created_at).total_seconds() if finished else 0.0
    return page(
        RunPage(
            shell=place.shell(f"Run {run.short_id}", "runs", Link("Runs", f"{place.base}/runs")),
            chip=words.run(run),
            proof=run.purpose is Purpose.PROOF,
            mutation=run.mutation or "",
            environment=run.environment,
            started_at=run.created_at,
            took=words.seconds(taken),
            counts=views.verdict_counts((case.verdict, 1) for case in done),
            cases=tuple(
                _case(case, tests.get(case.test_case_id), place, alone=len(done) == 1)
                for case in done
            ),
            conversation=conversation,
            busy=run.status in {RunStatus.INITIATED, RunStatus.RUNNING},
        )
    )


async def _conversation(session: ReadSession, place: Place, run: Run) -> Link | None:
    if run.conversation_id is None:
        return None
    found = await chats_store.conversation_by_id(session, run.conversation_id)
    if found is None:
        return None
    return Link(found.title or "New conversation", f"{place.base}/chat/{found.short_id}")


def _case(case: RunTestCase, test: TestCase | None, place: Place, *, alone: bool) -> RunCaseView:
    pictures = views.pictures_of(case)
    steps = views.done_steps(case, test, pictures)
    beside = {step.picture for step in steps}
    trace = next((key for key in case.evidence if key.endswith(f"/{_TRACE}")), "")
    return RunCaseView(
        dom_id=f"test-{case.test_case_short_id}",
        name=case.name,
        url=f"{place.base}/tests/{case.test_case_short_id}",
        chip=words.verdict(case.verdict) if case.verdict else words.WAITING,
        reason=case.reason,
        seconds=words.seconds(case.seconds),
        steps=steps,
        heals=tuple(
            HealView(heal.step, heal.intent, heal.found, f"{heal.score:.2f}") for heal in case.heals
        ),
        console_errors=case.console_errors,
        failed_requests=case.failed_requests,
        pictures=tuple(
            PictureView(url, _caption(name)) for name, url in pictures.items() if url not in beside
        ),
        trace=f"/artifacts/{trace}" if trace else "",
        trace_viewer=f"{VIEWER}/index.html?trace={quote(f'/artifacts/{trace}')}" if trace else "",
        files=tuple(
            FileView(key.rpartition("/")[2], f"/artifacts/{key}")
            for key in case.evidence
            if key != trace and f"/artifacts/{key}" not in pictures.values()
        ),
        open=alone or case.verdict in {Verdict.FAILED, Verdict.COULD_NOT_VERIFY},
    )


def _caption(name: str) -> str:
    stem = name.rpartition(".")[0]
    if stem == "end":
        return "At the end"
    number = stem.removeprefix("failed-step-")
    return f"When step {number} went wrong" if number.isdigit() else stem
