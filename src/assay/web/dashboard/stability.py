"""What a test's page tells of its flake certificate and its heals, and the forms for both."""

from __future__ import annotations

import secrets
from typing import Annotated, Literal

from fastapi import Form
from fastapi.responses import RedirectResponse, Response

from assay.cases.model import TestCase
from assay.runs import certifying, healing, store
from assay.runs.certificate import LARGEST_SEED, MOST, USUAL, Certificate, Disturbed, told
from assay.runs.certifying import CERTIFY_JOB
from assay.runs.heals import HealRecord, HealStatus
from assay.runs.model import RunStatus
from assay.storage import ReadSession
from assay.web.context import Served
from assay.web.dashboard import words
from assay.web.dashboard.access import case_in, place_of
from assay.web.dashboard.contexts import CertificateView, Chip, DisturbedRow, HealRow
from assay.web.dashboard.routing import Sender, page_router

router = page_router()
_STABLE = Chip("stable", "good", "✓")
_UNSTABLE = Chip("not stable", "bad", "✕")
_UNKNOWN = Chip("not known", "unsure", "?")
_HEALED = Chip("on a similar element", "unsure", "?")
_DECIDED = {
    HealStatus.WAITING: Chip("waits for approval", "unsure", "?"),
    HealStatus.APPROVED: Chip("approved", "good", "✓"),
    HealStatus.REJECTED: Chip("rejected", "bad", "✕"),
    HealStatus.OUTDATED: Chip("outdated", "quiet", "–"),
}
_BUSY = {RunStatus.INITIATED, RunStatus.RUNNING}


@router.post("/p/{slug}/tests/{short_id}/certificate")
async def certify(slug: str, short_id: str, served: Served, sender: Sender) -> Response:
    """Replay a test under disturbance, where its application runs by default."""
    async with served.database.write() as session:
        place = await place_of(session, sender, slug)
        case = await case_in(session, place, short_id)
        seed = secrets.randbelow(LARGEST_SEED - MOST)
        made = await certifying.begin(session, case, replays=USUAL, seed=seed)
        await served.jobs.enqueue(session, CERTIFY_JOB, made.id)
    return RedirectResponse(f"{place.base}/tests/{case.short_id}#stability", 303)


@router.post("/p/{slug}/heals/{short_id}")
async def decide(
    slug: str,
    short_id: str,
    served: Served,
    sender: Sender,
    decision: Annotated[Literal["approve", "reject"], Form()],
) -> Response:
    """Approve or reject a heal."""
    async with served.database.write() as session:
        place = await place_of(session, sender, slug)
        record = await healing.get(session, short_id, [place.project.id])
        await (healing.approve if decision == "approve" else healing.reject)(session, record)
        case = await case_in(session, place, record.test_case_id)
    return RedirectResponse(f"{place.base}/tests/{case.short_id}#heals", 303)


async def certificate_of(session: ReadSession, case: TestCase, base: str) -> CertificateView | None:
    """The newest certificate of a test."""
    found = (await store.newest_certificates(session, [case.id])).get(case.id)
    if found is None:
        return None
    busy = found.status in _BUSY
    return CertificateView(
        chip=_chip(found, busy),
        summary=told(found),
        at=found.created_at,
        busy=busy,
        rows=tuple(_row(one, base) for one in found.replays),
    )


async def heals_of(session: ReadSession, case: TestCase, base: str) -> tuple[HealRow, ...]:
    """The heals of a test, those that wait first."""
    records = await healing.shown(session, await store.heals_of_test(session, case.id))
    records.sort(key=lambda one: (one.status is not HealStatus.WAITING, one.step))
    return tuple(_heal(one, base) for one in records)


def _heal(one: HealRecord, base: str) -> HealRow:
    waits = one.status is HealStatus.WAITING
    return HealRow(
        step=one.step,
        step_text=one.step_text,
        wanted=one.wanted,
        found=one.found,
        likeness=f"alike {one.score:.2f}, {one.margin:.2f} more than the next",
        run_url=f"{base}/runs/{one.run_short_id}",
        chip=_DECIDED[one.status],
        url=f"{base}/heals/{one.short_id}" if waits else "",
    )


def _chip(found: Certificate, busy: bool) -> Chip:
    if found.stable is not None:
        return _STABLE if found.stable else _UNSTABLE
    return words.WORKING if busy else _UNKNOWN


def _row(one: Disturbed, base: str) -> DisturbedRow:
    seed = f" (seed {one.seed})" if one.kind is not None else ""
    return DisturbedRow(
        what=f"{one.disturbance}{seed}",
        chip=_HEALED if one.healed else words.verdict(one.verdict),
        reason=one.reason,
        url=f"{base}/runs/{one.run_short_id}" if one.run_short_id else "",
    )
