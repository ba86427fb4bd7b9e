"""All SQL of accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, insert, or_, select, update

from assay.accounts.model import ApiKey, AuditEntry, Member, Organisation, Principal
from assay.accounts.tables import (
    api_keys,
    audit_entries,
    dashboard_sessions,
    members,
    organisations,
    sign_in_links,
)
from assay.storage.session import ReadSession, WriteSession

_ORGANISATION = (
    organisations.c.id,
    organisations.c.name,
    organisations.c.created_at,
    organisations.c.suspended_at,
)
_KEY = tuple(column for column in api_keys.c if column.name != "token_hash")


async def add_organisation(session: WriteSession, organisation: Organisation) -> None:
    await session.execute(insert(organisations).values(**asdict(organisation)))


async def organisation(session: ReadSession, organisation_id: str) -> Organisation | None:
    row = await session.first(select(*_ORGANISATION).where(organisations.c.id == organisation_id))
    return Organisation(**row._mapping) if row else None


async def all_organisations(session: ReadSession) -> list[Organisation]:
    rows = await session.all(
        select(*_ORGANISATION).order_by(organisations.c.created_at, organisations.c.id)
    )
    return [Organisation(**row._mapping) for row in rows]


async def set_suspended(session: WriteSession, organisation_id: str, at: datetime | None) -> bool:
    result = await session.execute(
        update(organisations).where(organisations.c.id == organisation_id).values(suspended_at=at)
    )
    return result.rowcount > 0


async def add_member(session: WriteSession, member: Member) -> bool:
    return await session.insert_new(members, asdict(member))


async def members_of(session: ReadSession, organisation_id: str) -> list[Member]:
    rows = await session.all(
        select(members)
        .where(members.c.organisation_id == organisation_id)
        .order_by(members.c.created_at, members.c.id)
    )
    return [Member(**row._mapping) for row in rows]


async def add_key(session: WriteSession, key: ApiKey, token_hash: str) -> None:
    await session.execute(insert(api_keys).values(**asdict(key), token_hash=token_hash))


async def key_by_hash(
    session: ReadSession, token_hash: str
) -> tuple[ApiKey, datetime | None] | None:
    """The key with the time its organisation was suspended, if it is."""
    row = await session.first(
        select(*_KEY, organisations.c.suspended_at)
        .join(organisations, organisations.c.id == api_keys.c.organisation_id)
        .where(api_keys.c.token_hash == token_hash)
    )
    return (_key(row), row.suspended_at) if row else None


async def key(session: ReadSession, organisation_id: str, key_id: str) -> ApiKey | None:
    row = await session.first(
        select(*_KEY).where(api_keys.c.id == key_id, api_keys.c.organisation_id == organisation_id)
    )
    return _key(row) if row else None


async def keys_of(session: ReadSession, organisation_id: str) -> list[ApiKey]:
    rows = await session.all(
        select(*_KEY)
        .where(api_keys.c.organisation_id == organisation_id)
        .order_by(api_keys.c.created_at, api_keys.c.id)
    )
    return [_key(row) for row in rows]


async def set_revoked(session: WriteSession, key_id: str, at: datetime) -> None:
    await session.execute(
        update(api_keys)
        .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )


async def set_used(
    session: WriteSession, key_id: str, at: datetime, unless_since: datetime
) -> None:
    await session.execute(
        update(api_keys)
        .where(
            api_keys.c.id == key_id,
            or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at < unless_since),
        )
        .values(last_used_at=at)
    )


async def add_session(
    session: WriteSession,
    principal: Principal,
    token_hash: str,
    at: datetime,
    until: datetime,
    key_id: str | None = None,
) -> None:
    await session.execute(
        insert(dashboard_sessions).values(
            id=principal.session_id,
            organisation_id=principal.organisation_id,
            member_id=principal.member_id,
            project_id=principal.project_id,
            key_id=key_id,
            token_hash=token_hash,
            created_at=at,
            expires_at=until,
        )
    )


async def session_by_hash(session: ReadSession, token_hash: str, at: datetime) -> Row[Any] | None:
    return await session.first(
        select(
            dashboard_sessions.c.id,
            dashboard_sessions.c.organisation_id,
            dashboard_sessions.c.member_id,
            dashboard_sessions.c.project_id,
            organisations.c.suspended_at,
        )
        .join(organisations, organisations.c.id == dashboard_sessions.c.organisation_id)
        .outerjoin(api_keys, api_keys.c.id == dashboard_sessions.c.key_id)
        .where(
            dashboard_sessions.c.token_hash == token_hash,
            dashboard_sessions.c.expires_at > at,
            api_keys.c.revoked_at.is_(None),
            or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > at),
        )
    )


async def delete_session(session: WriteSession, session_id: str) -> None:
    await session.execute(delete(dashboard_sessions).where(dashboard_sessions.c.id == session_id))


async def delete_stale(session: WriteSession, before: datetime) -> None:
    """Remove sessions and sign-in links that ended before a time."""
    for table in (dashboard_sessions, sign_in_links):
        await session.execute(delete(table).where(table.c.expires_at < before))


async def add_link(session: WriteSession, values: Mapping[str, Any]) -> None:
    await session.execute(insert(sign_in_links).values(**values))


async def spend_link(
    session: WriteSession, token_hash: str, at: datetime
) -> tuple[str, str | None] | None:
    """Mark an open link used, in one statement; its organisation and member when it was open."""
    row = await session.first(
        update(sign_in_links)
        .where(
            and_(
                sign_in_links.c.token_hash == token_hash,
                sign_in_links.c.used_at.is_(None),
                sign_in_links.c.expires_at > at,
            )
        )
        .values(used_at=at)
        .returning(sign_in_links.c.organisation_id, sign_in_links.c.member_id)
    )
    return (row.organisation_id, row.member_id) if row else None


async def add_entry(session: WriteSession, entry: AuditEntry) -> None:
    await session.execute(insert(audit_entries).values(**asdict(entry)))


async def entries(session: ReadSession, organisation_id: str, limit: int) -> Sequence[AuditEntry]:
    rows = await session.all(
        select(audit_entries)
        .where(audit_entries.c.organisation_id == organisation_id)
        .order_by(audit_entries.c.created_at.desc(), audit_entries.c.id)
        .limit(limit)
    )
    return [AuditEntry(**row._mapping) for row in rows]


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(**{column.name: row._mapping[column] for column in _KEY})
