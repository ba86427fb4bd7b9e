"""All SQL of publications.

Whoever writes to the forge for a publication holds its lease; a worker takes its own former leases
over at once, and those of others when they have run out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, insert, or_, select, update

from assay.forge import Annotation, Level
from assay.reviews.publishing.model import Publication, ReviewResult, State
from assay.reviews.publishing.tables import forge_connections, publications
from assay.storage import ReadSession, WriteSession


async def lock(session: WriteSession, connection_id: str) -> None:
    """Be the only one who adds publications of a connection until the transaction ends."""
    await session.execute(
        select(forge_connections.c.id)
        .where(forge_connections.c.id == connection_id)
        .with_for_update()
    )


async def caused(session: ReadSession, cause: str) -> bool:
    """Whether this has led to a publication already."""
    found = await session.first(select(publications.c.id).where(publications.c.cause == cause))
    return found is not None


async def add(session: WriteSession, made: Publication, cause: str) -> None:
    """Add a publication behind the earlier ones of its pull request, under ``lock``."""
    last = await session.scalar(select(func.max(publications.c.seq)).where(*_same_pull(made)))
    await session.execute(
        insert(publications).values(
            id=made.id,
            connection_id=made.connection_id,
            repository=made.repository,
            number=made.number,
            head_sha=made.head_sha,
            seq=(last or 0) + 1,
            cause=cause,
            state=made.state.value,
            project_id=made.project_id,
            conversation_id=made.conversation_id,
            details_url=made.details_url,
            started=made.started,
            check_id=made.check_id,
            comment_id=made.comment_id,
            comment_to_greet=made.comment_to_greet,
            result=dump_result(made.result) if made.result else None,
            problem=made.problem,
            tries=made.tries,
            next_at=made.created_at,
            deadline=made.deadline,
            created_at=made.created_at,
        )
    )


async def by_id(session: ReadSession, publication_id: str) -> Publication | None:
    """One publication."""
    found = await _some(session, publications.c.id == publication_id)
    return found[0] if found else None


async def of_pull(
    session: ReadSession, connection_id: str, repository: str, number: int
) -> list[Publication]:
    """The publications of a pull request, newest first."""
    table = publications
    return await _some(
        session,
        table.c.connection_id == connection_id,
        table.c.repository == repository,
        table.c.number == number,
    )


async def of_commit(
    session: ReadSession, connection_id: str, repository: str, head_sha: str
) -> list[Publication]:
    """Publications of a commit, newest first."""
    table = publications
    return await _some(
        session,
        table.c.connection_id == connection_id,
        table.c.repository == repository,
        table.c.head_sha == head_sha,
    )


async def in_state(session: ReadSession, *states: State) -> list[Publication]:
    """Publications in one of these states."""
    return await _some(session, publications.c.state.in_([state.value for state in states]))


async def due(session: ReadSession, now: datetime) -> list[str]:
    """Publications with something to write that nobody is writing."""
    table = publications
    rows = await session.all(
        select(table.c.id).where(
            or_(
                table.c.state == State.ENDED.value,
                table.c.started.is_(False) & (table.c.state != State.DONE.value),
            ),
            table.c.next_at <= now,
        )
    )
    return [row[0] for row in rows]


async def is_newest(session: ReadSession, publication: Publication) -> bool:
    """Whether no later review of the same pull request stands beside this one."""
    newest = await session.scalar(
        select(publications.c.id)
        .where(*_same_pull(publication))
        .order_by(publications.c.seq.desc())
        .limit(1)
    )
    return bool(newest == publication.id)


async def last_comment_id(session: ReadSession, publication: Publication) -> str | None:
    """The id of the one comment on this pull request, when an earlier review made it."""
    found = await session.scalar(
        select(publications.c.comment_id)
        .where(*_same_pull(publication), publications.c.comment_id.is_not(None))
        .order_by(publications.c.seq.desc())
        .limit(1)
    )
    return None if found is None else str(found)


async def newest_problem(session: ReadSession, connection_id: str) -> str:
    """What went wrong with the newest publication of a connection, if anything did."""
    found = await session.scalar(
        select(publications.c.problem)
        .where(publications.c.connection_id == connection_id)
        .order_by(publications.c.created_at.desc())
        .limit(1)
    )
    return str(found or "")


async def claim(
    session: WriteSession,
    publication_id: str,
    *,
    worker: str,
    token: str,
    now: datetime,
    until: datetime,
) -> bool:
    """Take the lease; tells whether nobody else has it."""
    table = publications
    changed = await session.execute(
        update(table)
        .where(
            table.c.id == publication_id,
            table.c.state != State.DONE.value,
            or_(
                table.c.lease_until.is_(None),
                table.c.lease_until < now,
                table.c.lease_worker == worker,
            ),
        )
        .values(lease_worker=worker, lease_token=token, lease_until=until)
    )
    return bool(changed.rowcount == 1)


async def change_held(
    session: WriteSession, publication_id: str, token: str, **values: Any
) -> bool:
    """Write columns under the lease; tells whether it was still held."""
    changed = await session.execute(
        update(publications)
        .where(publications.c.id == publication_id, publications.c.lease_token == token)
        .values(**values)
    )
    return bool(changed.rowcount == 1)


async def end(session: WriteSession, publication_id: str, result: ReviewResult) -> bool:
    """Give a publication its result, once; tells whether it had none."""
    changed = await session.execute(
        update(publications)
        .where(
            publications.c.id == publication_id,
            publications.c.state.in_([State.WAITING.value, State.RUNNING.value]),
        )
        .values(state=State.ENDED.value, result=dump_result(result), tries=0)
    )
    return bool(changed.rowcount == 1)


async def end_all(session: WriteSession, connection_id: str, result: ReviewResult) -> None:
    """Give every publication of a connection that is at work its result."""
    await session.execute(
        update(publications)
        .where(
            publications.c.connection_id == connection_id,
            publications.c.state.in_([State.WAITING.value, State.RUNNING.value]),
        )
        .values(state=State.ENDED.value, result=dump_result(result), tries=0)
    )


async def run(
    session: WriteSession, publication_id: str, conversation_id: str, details_url: str
) -> bool:
    """Let a publication that waited follow a conversation; tells whether it still waited."""
    changed = await session.execute(
        update(publications)
        .where(publications.c.id == publication_id, publications.c.state == State.WAITING.value)
        .values(
            state=State.RUNNING.value,
            conversation_id=conversation_id,
            details_url=details_url,
            deadline=None,
            started=False,
        )
    )
    return bool(changed.rowcount == 1)


def dump_result(result: ReviewResult) -> dict[str, Any]:
    """A result as stored."""
    return asdict(result)


def _load_result(found: dict[str, Any] | None) -> ReviewResult | None:
    if found is None:
        return None
    notes = tuple(
        Annotation(**{**one, "level": Level(one["level"])}) for one in found["annotations"]
    )
    return ReviewResult(**{**found, "annotations": notes})


def _same_pull(publication: Publication) -> Sequence[Any]:
    table = publications
    return (
        table.c.connection_id == publication.connection_id,
        table.c.repository == publication.repository,
        table.c.number == publication.number,
    )


async def _some(session: ReadSession, *conditions: Any) -> list[Publication]:
    query = select(publications).where(*conditions).order_by(publications.c.seq.desc())
    return [_publication(row) for row in (await session.execute(query)).mappings()]


def _publication(row: RowMapping) -> Publication:
    return Publication(
        id=row["id"],
        connection_id=row["connection_id"],
        repository=row["repository"],
        number=row["number"],
        head_sha=row["head_sha"],
        state=State(row["state"]),
        project_id=row["project_id"],
        conversation_id=row["conversation_id"],
        details_url=row["details_url"],
        started=row["started"],
        check_id=row["check_id"],
        comment_id=row["comment_id"],
        comment_to_greet=row["comment_to_greet"],
        result=_load_result(row["result"]),
        problem=row["problem"],
        tries=row["tries"],
        deadline=row["deadline"],
        created_at=row["created_at"],
    )
