"""All SQL of the runs room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, func, insert, or_, select, update

from assay.cases.codec import dump_bundle, load_bundle
from assay.cases.model import Verdict
from assay.runs.certificate import Certificate, Disturbed
from assay.runs.codec import dump_disturbed, load_disturbed, load_heals, load_steps
from assay.runs.disturbing import DisturbanceKind
from assay.runs.heals import HealRecord, HealStatus
from assay.runs.model import Purpose, Run, RunResult, RunStatus, RunTestCase
from assay.runs.tables import certificates, heals, run_test_cases, runs
from assay.storage import ReadSession, WriteSession

_FINAL = (RunStatus.COMPLETED.value, RunStatus.ERROR.value, RunStatus.CANCELLED.value)


def run_of(row: Mapping[str, Any]) -> Run:
    """The run of a row of ``runs``."""
    return Run(
        id=row["id"],
        short_id=row["short_id"],
        project_id=row["project_id"],
        conversation_id=row["conversation_id"],
        turn_id=row["turn_id"],
        trigger=row["trigger"],
        purpose=Purpose(row["purpose"]),
        mutation=row["mutation"],
        status=RunStatus(row["status"]),
        result=RunResult(row["result"]) if row["result"] else None,
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        test_count=row["test_count"],
        environment=row["environment"],
        finished_at=row["finished_at"],
    )


def case_of(row: Mapping[str, Any]) -> RunTestCase:
    """The run test case of a row of ``run_test_cases``."""
    return RunTestCase(
        id=row["id"],
        run_id=row["run_id"],
        test_case_id=row["test_case_id"],
        test_case_short_id=row["test_case_short_id"],
        name=row["name"],
        status=RunStatus(row["status"]),
        verdict=Verdict(row["verdict"]) if row["verdict"] else None,
        reason=row["reason"],
        failed_step=row["failed_step"],
        steps=load_steps(row["steps"]),
        heals=load_heals(row["heals"]),
        evidence=tuple(row["evidence"]),
        console_errors=tuple(row["console_errors"]),
        failed_requests=tuple(row["failed_requests"]),
        seconds=row["seconds"],
        position=row["position"],
    )


async def insert_run(session: WriteSession, run: Run, key: str) -> bool:
    """Add a run unless the turn already has one under this key; tells whether it did."""
    return await session.insert_new(
        runs,
        {
            "id": run.id,
            "short_id": run.short_id,
            "project_id": run.project_id,
            "conversation_id": run.conversation_id,
            "turn_id": run.turn_id,
            "key": key,
            "trigger": run.trigger,
            "purpose": run.purpose.value,
            "mutation": run.mutation,
            "status": run.status.value,
            "result": run.result.value if run.result else None,
            "environment": run.environment,
            "test_count": run.test_count,
            "created_at": run.created_at,
            "updated_at": run.updated_at,
            "finished_at": run.finished_at,
        },
    )


async def insert_cases(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows of ``run_test_cases``; those already there stay as they are."""
    for row in rows:
        await session.insert_new(run_test_cases, row)


async def save_case(session: WriteSession, case_id: str, values: Mapping[str, Any]) -> None:
    """Write what became of one test of a run."""
    await session.execute(
        update(run_test_cases).where(run_test_cases.c.id == case_id).values(**values)
    )


async def save_run(session: WriteSession, run_id: str, values: Mapping[str, Any]) -> None:
    """Write a run's status or result."""
    await session.execute(update(runs).where(runs.c.id == run_id).values(**values))


async def by_turn_key(session: ReadSession, turn_id: str, key: str) -> Run | None:
    """The run that a turn made under a key."""
    query = select(runs).where(runs.c.turn_id == turn_id, runs.c.key == key)
    row = (await session.execute(query)).mappings().first()
    return run_of(dict(row)) if row else None


async def by_id(session: ReadSession, run_id: str) -> Run | None:
    """The run with this id or short id."""
    query = select(runs).where(or_(runs.c.id == run_id, runs.c.short_id == run_id))
    row = (await session.execute(query)).mappings().first()
    return run_of(dict(row)) if row else None


async def cases_of(
    session: ReadSession, run_id: str, *, failed_only: bool = False
) -> list[RunTestCase]:
    """The tests of a run in their order."""
    query = select(run_test_cases).where(run_test_cases.c.run_id == run_id)
    if failed_only:
        query = query.where(
            run_test_cases.c.verdict.in_([Verdict.FAILED.value, Verdict.COULD_NOT_VERIFY.value])
        )
    rows = await session.execute(query.order_by(run_test_cases.c.position))
    return [case_of(dict(row)) for row in rows.mappings()]


async def choices_of(session: ReadSession, run_id: str) -> dict[str, Any]:
    """By application, the environment and preset that a run was asked for."""
    found = (await session.execute(select(runs.c.choices).where(runs.c.id == run_id))).scalar()
    return dict(found or {})


async def tally(
    session: ReadSession, run_ids: Sequence[str]
) -> dict[str, dict[Verdict | None, int]]:
    """How many tests of each of these runs came to which verdict."""
    columns = (run_test_cases.c.run_id, run_test_cases.c.verdict)
    rows = await session.execute(
        select(*columns, func.count())
        .where(run_test_cases.c.run_id.in_(list(run_ids)))
        .group_by(*columns)
    )
    found: dict[str, dict[Verdict | None, int]] = {}
    for run_id, verdict, number in rows:
        found.setdefault(run_id, {})[Verdict(verdict) if verdict else None] = number
    return found


async def runs_of_test(
    session: ReadSession, test_case_id: str, *, purpose: Purpose = Purpose.RUN, limit: int = 10
) -> list[tuple[Run, RunTestCase]]:
    """The newest runs of a test with what became of it in each."""
    query = (
        select(runs.c.id, run_test_cases.c.id)
        .join(runs, runs.c.id == run_test_cases.c.run_id)
        .where(run_test_cases.c.test_case_id == test_case_id, runs.c.purpose == purpose.value)
        .order_by(runs.c.created_at.desc(), runs.c.id.desc())
        .limit(limit)
    )
    places = [(row[0], row[1]) for row in await session.execute(query)]
    found = await session.execute(select(runs).where(runs.c.id.in_([run for run, _ in places])))
    kept = {row["id"]: run_of(dict(row)) for row in found.mappings()}
    rows = await session.execute(
        select(run_test_cases).where(run_test_cases.c.id.in_([case for _, case in places]))
    )
    cases = {row["id"]: case_of(dict(row)) for row in rows.mappings()}
    return [(kept[run], cases[case]) for run, case in places]


async def list_runs(
    session: ReadSession,
    project_id: str,
    *,
    conversation_id: str | None = None,
    application_id: str | None = None,
    test_case_id: str | None = None,
    purpose: Purpose | None = Purpose.RUN,
    finished: bool = False,
    before: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[Run]:
    """Runs of a project, newest first, from just after ``before`` (created_at, id)."""
    query = select(runs).where(runs.c.project_id == project_id)
    if conversation_id is not None:
        query = query.where(runs.c.conversation_id == conversation_id)
    if purpose is not None:
        query = query.where(runs.c.purpose == purpose.value)
    if finished:
        query = query.where(runs.c.status.in_(_FINAL))
    if test_case_id is not None:
        link = run_test_cases
        query = query.where(
            exists().where(link.c.run_id == runs.c.id, link.c.test_case_id == test_case_id)
        )
    if application_id is not None:
        query = query.where(runs.c.id.in_(_of_application(application_id)))
    if before is not None:
        at, run_id = before
        query = query.where(
            or_(runs.c.created_at < at, and_(runs.c.created_at == at, runs.c.id < run_id))
        )
    query = query.order_by(runs.c.created_at.desc(), runs.c.id.desc()).limit(limit)
    return [run_of(dict(row)) for row in (await session.execute(query)).mappings()]


def _of_application(application_id: str) -> Any:
    cases = runs.metadata.tables["test_cases"]
    return (
        select(run_test_cases.c.run_id)
        .join(cases, cases.c.id == run_test_cases.c.test_case_id)
        .where(cases.c.application_id == application_id)
    )


# -- flake certificates ------------------------------------------------------------------------


def certificate_of(row: Mapping[str, Any]) -> Certificate:
    """The certificate of a row of ``certificates``."""
    return Certificate(
        id=row["id"],
        short_id=row["short_id"],
        project_id=row["project_id"],
        test_case_id=row["test_case_id"],
        status=RunStatus(row["status"]),
        wanted=row["wanted"],
        seed=row["seed"],
        kind=DisturbanceKind(row["kind"]) if row["kind"] else None,
        environment=row["environment"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        finished_at=row["finished_at"],
        replays=load_disturbed(row["replays"]),
    )


async def insert_certificate(
    session: WriteSession, one: Certificate, choices: Mapping[str, Any]
) -> None:
    """Add a certificate; ``choices`` are the environment and preset that were asked for."""
    await session.execute(
        insert(certificates).values(
            id=one.id,
            short_id=one.short_id,
            project_id=one.project_id,
            test_case_id=one.test_case_id,
            status=one.status.value,
            wanted=one.wanted,
            seed=one.seed,
            kind=one.kind.value if one.kind else None,
            environment=one.environment,
            choices=dict(choices),
            replays=dump_disturbed(one.replays),
            created_at=one.created_at,
            updated_at=one.updated_at,
            finished_at=one.finished_at,
        )
    )


async def save_certificate(
    session: WriteSession,
    certificate_id: str,
    *,
    at: datetime,
    status: RunStatus,
    replays: Sequence[Disturbed] | None = None,
    ended: bool = False,
) -> None:
    """Write how far a certificate is."""
    values: dict[str, Any] = {"status": status.value, "updated_at": at}
    if replays is not None:
        values["replays"] = dump_disturbed(replays)
    if ended:
        values["finished_at"] = at
    query = update(certificates).where(certificates.c.id == certificate_id)
    await session.execute(query.values(**values))


async def certificate_by_id(session: ReadSession, certificate_id: str) -> Certificate | None:
    """The certificate with this id or short id."""
    query = select(certificates).where(
        or_(certificates.c.id == certificate_id, certificates.c.short_id == certificate_id)
    )
    row = (await session.execute(query)).mappings().first()
    return certificate_of(dict(row)) if row else None


async def certificate_choices(session: ReadSession, certificate_id: str) -> dict[str, Any]:
    """The environment and preset that a certificate was asked for."""
    query = select(certificates.c.choices).where(certificates.c.id == certificate_id)
    return dict((await session.execute(query)).scalar() or {})


async def newest_certificates(
    session: ReadSession, test_case_ids: Sequence[str]
) -> dict[str, Certificate]:
    """The newest certificate of each of these tests that has one, by test."""
    one = certificates.alias()
    newer = exists().where(
        one.c.test_case_id == certificates.c.test_case_id,
        or_(
            one.c.created_at > certificates.c.created_at,
            and_(one.c.created_at == certificates.c.created_at, one.c.id > certificates.c.id),
        ),
    )
    query = select(certificates).where(certificates.c.test_case_id.in_(list(test_case_ids)), ~newer)
    rows = (await session.execute(query)).mappings()
    return {row["test_case_id"]: certificate_of(dict(row)) for row in rows}


# -- heals -------------------------------------------------------------------------------------


def heal_of(row: Mapping[str, Any]) -> HealRecord:
    """The heal of a row of ``heals``."""
    plain = {**row, "bundle": load_bundle(row["bundle"]), "status": HealStatus(row["status"])}
    return HealRecord(**plain)


async def insert_heal(session: WriteSession, one: HealRecord) -> bool:
    """Add a heal unless this element is known for this step; tells whether it did."""
    return await session.insert_new(
        heals,
        {
            "id": one.id,
            "short_id": one.short_id,
            "project_id": one.project_id,
            "test_case_id": one.test_case_id,
            "step": one.step,
            "step_text": one.step_text,
            "mark": one.mark,
            "old_mark": one.old_mark,
            "wanted": one.wanted,
            "found": one.found,
            "score": one.score,
            "margin": one.margin,
            "bundle": dump_bundle(one.bundle),
            "status": one.status.value,
            "run_short_id": one.run_short_id,
            "environment": one.environment,
            "times": one.times,
            "created_at": one.created_at,
            "seen_at": one.seen_at,
            "decided_at": one.decided_at,
        },
    )


async def see_heal(session: WriteSession, again: HealRecord) -> None:
    """Write that a known heal was seen again; it waits for a decision as it is now."""
    query = update(heals).where(
        heals.c.test_case_id == again.test_case_id,
        heals.c.step == again.step,
        heals.c.mark == again.mark,
    )
    await session.execute(
        query.values(
            step_text=again.step_text,
            old_mark=again.old_mark,
            wanted=again.wanted,
            found=again.found,
            score=again.score,
            margin=again.margin,
            bundle=dump_bundle(again.bundle),
            status=HealStatus.WAITING.value,
            run_short_id=again.run_short_id,
            environment=again.environment,
            times=heals.c.times + 1,
            seen_at=again.seen_at,
            decided_at=None,
        )
    )


async def decide_heal(
    session: WriteSession, heal_id: str, status: HealStatus, at: datetime
) -> None:
    """Write what people decided of a heal."""
    query = update(heals).where(heals.c.id == heal_id)
    await session.execute(query.values(status=status.value, decided_at=at))


async def heal_by_id(session: ReadSession, heal_id: str) -> HealRecord | None:
    """The heal with this id or short id."""
    query = select(heals).where(or_(heals.c.id == heal_id, heals.c.short_id == heal_id))
    row = (await session.execute(query)).mappings().first()
    return heal_of(dict(row)) if row else None


async def heals_of_test(session: ReadSession, test_case_id: str) -> list[HealRecord]:
    """The heals of one test, by step."""
    query = select(heals).where(heals.c.test_case_id == test_case_id)
    rows = await session.execute(query.order_by(heals.c.step, heals.c.created_at, heals.c.id))
    return [heal_of(dict(row)) for row in rows.mappings()]


async def list_heals(
    session: ReadSession, project_id: str, *, status: HealStatus | None = None, limit: int = 100
) -> list[HealRecord]:
    """Heals of a project, newest first."""
    query = select(heals).where(heals.c.project_id == project_id)
    if status is not None:
        query = query.where(heals.c.status == status.value)
    rows = await session.execute(
        query.order_by(heals.c.created_at.desc(), heals.c.id.desc()).limit(limit)
    )
    return [heal_of(dict(row)) for row in rows.mappings()]
