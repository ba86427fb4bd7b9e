"""Storing and finding test cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from assay.browser.footprint import Footprint
from assay.browser.model import LocatorBundle
from assay.cases import store
from assay.cases.codec import signature
from assay.cases.errors import TestCaseNotFound
from assay.cases.model import CaseStatus, Draft, Proof, TestCase, Verdict
from assay.kernel import clock, ids
from assay.storage import ReadSession, WriteSession


async def save_draft(
    session: WriteSession,
    draft: Draft,
    *,
    project_id: str,
    application_id: str,
    conversation_id: str | None,
    turn_id: str | None,
    ephemeral: bool = False,
) -> tuple[TestCase, bool]:
    """Store a draft as a test case and link it to its conversation; an ephemeral test that is
    written again for good is kept.

    Gives the test and whether it is new: a turn that runs again finds what it stored, and a test
    that does and checks the same as an existing one of the application is reused.
    """
    now = clock.now()
    mark = signature(draft.steps)
    known = await store.by_turn_key(session, turn_id, draft.key) if turn_id else None
    if known is None and not draft.problem:
        known = await store.by_signature(session, application_id, mark)
    if known is None:
        case = TestCase(
            id=ids.new_uuid(),
            short_id=ids.new_short_id("test"),
            project_id=project_id,
            application_id=application_id,
            turn_id=turn_id,
            name=draft.name,
            goal=draft.goal,
            expected_result=draft.expected_result,
            status=CaseStatus.DRAFT,
            steps=draft.steps,
            proof=Proof(),
            baseline=draft.baseline,
            created_at=now,
            updated_at=now,
            last_reason=draft.problem or None,
            unchecked=draft.unchecked,
            notes=draft.notes,
            ephemeral=ephemeral,
        )
        await store.insert_case(session, case, draft.key, mark)
    else:
        case = known
        if known.ephemeral and not ephemeral:
            await store.save_outcome(session, known.id, at=now, ephemeral=False)
            case = replace(known, ephemeral=False)
    if conversation_id is not None:
        await store.link_conversation(session, conversation_id, case.id, turn_id, now)
    return case, known is None


async def save_proof(
    session: WriteSession, case: TestCase, proof: Proof, footprint: Footprint | None = None
) -> TestCase:
    """Write a proof; a proven test with nothing unchecked becomes enabled, any other a draft.

    ``footprint`` is what the test ran of the site's code meanwhile.
    """
    now = clock.now()
    proven = proof.proven and not case.unchecked
    status = CaseStatus.ENABLED if proven else CaseStatus.DRAFT
    await store.save_outcome(session, case.id, at=now, status=status, proof=proof)
    if footprint is not None:
        await store.save_footprint(session, case, footprint, now)
    return replace(case, proof=proof, status=status)


async def save_verdict(session: WriteSession, case_id: str, verdict: Verdict, reason: str) -> None:
    """Write the last verdict of a test with its one-sentence reason."""
    await store.save_outcome(session, case_id, at=clock.now(), verdict=verdict, reason=reason)


async def replace_target(
    session: WriteSession, case: TestCase, number: int, bundle: LocatorBundle
) -> TestCase:
    """Let a step look for its element in another way from now on; nothing else of it changes."""
    steps = tuple(
        replace(step, target=bundle) if step.number == number else step for step in case.steps
    )
    mark = signature(steps)
    await store.save_outcome(session, case.id, at=clock.now(), steps=steps, signature=mark)
    return replace(case, steps=steps)


async def get(
    session: ReadSession | WriteSession, case_id: str, project_ids: Sequence[str]
) -> TestCase:
    """The test with this id or short id, if it lies in one of the projects.

    Raises TestCaseNotFound.
    """
    case = await store.by_id(session, case_id)
    if case is None or case.project_id not in project_ids:
        raise TestCaseNotFound(f"There is no test case “{case_id}”.")
    return case


async def set_status(session: WriteSession, case_id: str, status: CaseStatus) -> None:
    """Enable, disable or send a test back to draft; enabling keeps an ephemeral one."""
    kept = False if status is CaseStatus.ENABLED else None
    await store.save_outcome(session, case_id, at=clock.now(), status=status, ephemeral=kept)


list_cases = store.list_cases
by_ids = store.by_ids
conversation_of = store.conversation_of
footprints = store.footprints
tally = store.tally


def cursor_of(case: TestCase) -> tuple[datetime, str]:
    """Where a listing goes on after this test."""
    return case.created_at, case.id
