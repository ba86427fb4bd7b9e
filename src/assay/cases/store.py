"""All SQL of the cases room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, func, insert, or_, select, update

from assay.browser.footprint import Footprint
from assay.cases.codec import dump_proof, dump_steps, load_proof, load_steps, signature
from assay.cases.model import CaseStatus, Proof, Step, TestCase, Verdict
from assay.cases.tables import conversation_test_cases, test_case_footprints, test_cases
from assay.storage import ReadSession, WriteSession


def case_of(row: Mapping[str, Any]) -> TestCase:
    """The test case of a row of ``test_cases``."""
    return TestCase(
        id=row["id"],
        short_id=row["short_id"],
        project_id=row["project_id"],
        application_id=row["application_id"],
        turn_id=row["turn_id"],
        name=row["name"],
        goal=row["goal"],
        expected_result=row["expected_result"],
        status=CaseStatus(row["status"]),
        steps=load_steps(row["steps"]),
        proof=load_proof(row["proof"]),
        baseline=tuple(row["baseline"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        last_verdict=Verdict(row["last_verdict"]) if row["last_verdict"] else None,
        last_reason=row["last_reason"],
        unchecked=tuple(row["unchecked"]),
        notes=tuple(row["notes"]),
        ephemeral=bool(row["ephemeral"]),
    )


async def _all(session: ReadSession | WriteSession, query: Select[Any]) -> list[TestCase]:
    return [case_of(dict(row)) for row in (await session.execute(query)).mappings()]


async def insert_case(session: WriteSession, case: TestCase, key: str, signature: str) -> None:
    """Add one test case."""
    await session.execute(
        insert(test_cases).values(
            id=case.id,
            short_id=case.short_id,
            project_id=case.project_id,
            application_id=case.application_id,
            turn_id=case.turn_id,
            key=key,
            signature=signature,
            name=case.name,
            goal=case.goal,
            expected_result=case.expected_result,
            status=case.status.value,
            steps=dump_steps(case.steps),
            proof=dump_proof(case.proof),
            baseline=list(case.baseline),
            unchecked=list(case.unchecked),
            notes=list(case.notes),
            ephemeral=case.ephemeral,
            last_verdict=case.last_verdict.value if case.last_verdict else None,
            last_reason=case.last_reason,
            created_at=case.created_at,
            updated_at=case.updated_at,
        )
    )


async def by_turn_key(
    session: ReadSession | WriteSession, turn_id: str, key: str
) -> TestCase | None:
    """The test that a turn stored under a key."""
    found = await _all(
        session,
        select(test_cases).where(test_cases.c.turn_id == turn_id, test_cases.c.key == key),
    )
    return found[0] if found else None


async def by_signature(
    session: ReadSession | WriteSession, application_id: str, signature: str
) -> TestCase | None:
    """The oldest test of an application that does and checks the same."""
    found = await _all(
        session,
        select(test_cases)
        .where(
            test_cases.c.application_id == application_id,
            test_cases.c.signature == signature,
            test_cases.c.status != CaseStatus.DISABLED.value,
        )
        .order_by(test_cases.c.created_at)
        .limit(1),
    )
    return found[0] if found else None


async def by_id(session: ReadSession | WriteSession, case_id: str) -> TestCase | None:
    """The test with this id or short id."""
    found = await _all(
        session,
        select(test_cases).where(or_(test_cases.c.id == case_id, test_cases.c.short_id == case_id)),
    )
    return found[0] if found else None


async def by_ids(session: ReadSession | WriteSession, ids: Sequence[str]) -> list[TestCase]:
    """The tests with these ids, oldest first."""
    return await _all(
        session,
        select(test_cases)
        .where(test_cases.c.id.in_(list(ids)))
        .order_by(test_cases.c.created_at, test_cases.c.id),
    )


async def list_cases(
    session: ReadSession | WriteSession,
    project_id: str,
    *,
    application_id: str | None = None,
    conversation_id: str | None = None,
    status: CaseStatus | None = None,
    ephemeral: bool | None = None,
    before: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[TestCase]:
    """Tests of a project, newest first, from just after ``before`` (created_at, id).

    ``ephemeral`` tests are among them unless told otherwise.
    """
    query = select(test_cases).where(test_cases.c.project_id == project_id)
    if application_id is not None:
        query = query.where(test_cases.c.application_id == application_id)
    if conversation_id is not None:
        link = conversation_test_cases
        query = query.join(link, link.c.test_case_id == test_cases.c.id).where(
            link.c.conversation_id == conversation_id
        )
    if status is not None:
        query = query.where(test_cases.c.status == status.value)
    if ephemeral is not None:
        query = query.where(test_cases.c.ephemeral == ephemeral)
    if before is not None:
        at, case_id = before
        query = query.where(
            or_(
                test_cases.c.created_at < at,
                and_(test_cases.c.created_at == at, test_cases.c.id < case_id),
            )
        )
    ordered = query.order_by(test_cases.c.created_at.desc(), test_cases.c.id.desc())
    return await _all(session, ordered.limit(limit))


async def link_conversation(
    session: WriteSession, conversation_id: str, case_id: str, turn_id: str | None, at: datetime
) -> None:
    """Say that a conversation created or reused a test; once is enough."""
    link = conversation_test_cases
    known = await session.execute(
        select(func.count())
        .select_from(link)
        .where(link.c.conversation_id == conversation_id, link.c.test_case_id == case_id)
    )
    if known.scalar_one() == 0:
        await session.execute(
            insert(link).values(
                conversation_id=conversation_id,
                test_case_id=case_id,
                turn_id=turn_id,
                created_at=at,
            )
        )


async def conversation_of(
    session: ReadSession | WriteSession, case_ids: Sequence[str]
) -> dict[str, str]:
    """The first conversation of each of these tests, by test id."""
    link = conversation_test_cases
    rows = await session.execute(
        select(link.c.test_case_id, link.c.conversation_id)
        .where(link.c.test_case_id.in_(list(case_ids)))
        .order_by(link.c.created_at.desc())
    )
    return {row[0]: row[1] for row in rows}


async def save_outcome(
    session: WriteSession,
    case_id: str,
    *,
    at: datetime,
    status: CaseStatus | None = None,
    ephemeral: bool | None = None,
    proof: Proof | None = None,
    steps: Sequence[Step] | None = None,
    signature: str | None = None,
    verdict: Verdict | None = None,
    reason: str | None = None,
) -> None:
    """Write what became of a test: its proof, its status, its last verdict."""
    values: dict[str, Any] = {"updated_at": at}
    if status is not None:
        values["status"] = status.value
    if ephemeral is not None:
        values["ephemeral"] = ephemeral
    if proof is not None:
        values["proof"] = dump_proof(proof)
    if steps is not None:
        values["steps"] = dump_steps(steps)
    if signature is not None:
        values["signature"] = signature
    if verdict is not None:
        values["last_verdict"] = verdict.value
        values["last_reason"] = reason
    await session.execute(update(test_cases).where(test_cases.c.id == case_id).values(**values))


async def save_footprint(
    session: WriteSession, case: TestCase, footprint: Footprint, at: datetime
) -> None:
    """Keep what a test runs of the site's code, as its steps are now, in place of what was kept."""
    table = test_case_footprints
    await session.execute(delete(table).where(table.c.test_case_id == case.id))
    await session.execute(
        insert(table).values(
            test_case_id=case.id,
            signature=signature(case.steps),
            packed=footprint.packed(),
            recorded_at=at,
        )
    )


async def footprints(
    session: ReadSession | WriteSession, case_ids: Sequence[str]
) -> dict[str, Footprint]:
    """What these tests run of the site's code, by test id; none for a test whose steps are others
    now than when that was recorded."""
    table = test_case_footprints
    rows = await session.execute(
        select(table.c.test_case_id, table.c.packed)
        .join(test_cases, test_cases.c.id == table.c.test_case_id)
        .where(
            table.c.test_case_id.in_(list(case_ids)),
            table.c.signature == test_cases.c.signature,
        )
    )
    return {row[0]: Footprint.unpacked(row[1]) for row in rows}


async def tally(
    session: ReadSession, project_id: str
) -> dict[str, dict[tuple[CaseStatus, Verdict | None], int]]:
    """How many tests each application of a project has, by status and last verdict."""
    columns = (test_cases.c.application_id, test_cases.c.status, test_cases.c.last_verdict)
    rows = await session.execute(
        select(*columns, func.count())
        .where(test_cases.c.project_id == project_id)
        .group_by(*columns)
    )
    found: dict[str, dict[tuple[CaseStatus, Verdict | None], int]] = {}
    for application_id, status, verdict, number in rows:
        key = (CaseStatus(status), Verdict(verdict) if verdict else None)
        found.setdefault(application_id, {})[key] = number
    return found
