"""All SQL of forge connections and webhook deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, insert, or_, select, update

from assay.accounts.tables import organisations
from assay.forge import Provider
from assay.reviews.publishing.model import Connection, RepositoryLink
from assay.reviews.publishing.tables import (
    forge_connections,
    forge_deliveries,
    forge_repositories,
    publications,
)
from assay.storage import ReadSession, WriteSession

Sealed = tuple[Connection, str, str]


async def add_connection(
    session: WriteSession, made: Connection, sealed_secret: str, sealed_webhook_secret: str
) -> None:
    """Add a connection with its repositories."""
    await session.execute(
        insert(forge_connections).values(
            id=made.id,
            short_id=made.short_id,
            organisation_id=made.organisation_id,
            provider=made.provider.value,
            base_url=made.base_url,
            name=made.name,
            sealed_secret=sealed_secret,
            sealed_webhook_secret=sealed_webhook_secret,
            automatic=made.automatic,
            native_reviews=made.native_reviews,
            created_at=made.created_at,
        )
    )
    for link in made.links:
        await session.execute(
            insert(forge_repositories).values(
                connection_id=made.id,
                repository=link.repository,
                project_id=link.project_id,
                application_id=link.application_id,
                preview_url=link.preview_url,
            )
        )


async def mark_removed(session: WriteSession, connection_id: str, at: datetime) -> None:
    """Hide a connection from everybody but who still has to end its checks."""
    await session.execute(
        update(forge_connections)
        .where(forge_connections.c.id == connection_id)
        .values(removed_at=at)
    )


async def drop_removed(session: WriteSession, before: datetime) -> None:
    """Delete removed connections that have nothing open, or were removed before that time."""
    table = forge_connections
    unfinished = select(publications.c.connection_id).where(publications.c.state != "done")
    await session.execute(
        delete(table).where(
            table.c.removed_at.is_not(None),
            or_(table.c.removed_at < before, table.c.id.not_in(unfinished)),
        )
    )


async def any_removed(session: ReadSession) -> bool:
    """Whether there is a removed connection that was not deleted yet."""
    table = forge_connections
    found = await session.first(select(table.c.id).where(table.c.removed_at.is_not(None)).limit(1))
    return found is not None


async def connections(session: ReadSession, *conditions: Any) -> list[Sealed]:
    """Connections, oldest first, each with its sealed secrets."""
    query = select(forge_connections).where(*conditions)
    found = await session.execute(query.order_by(forge_connections.c.created_at))
    rows = list(found.mappings())
    links = await _links(session, [row["id"] for row in rows])
    return [
        (
            _connection(row, tuple(links.get(row["id"], ()))),
            row["sealed_secret"],
            row["sealed_webhook_secret"],
        )
        for row in rows
    ]


async def connections_of(session: ReadSession, organisation_id: str) -> list[Sealed]:
    """The connections of an organisation."""
    return await connections(
        session,
        forge_connections.c.organisation_id == organisation_id,
        forge_connections.c.removed_at.is_(None),
    )


async def connections_to(session: ReadSession, provider: Provider) -> list[Sealed]:
    """Every connection to this kind of forge, but for those of suspended organisations."""
    active = select(organisations.c.id).where(organisations.c.suspended_at.is_(None))
    return await connections(
        session,
        forge_connections.c.provider == provider.value,
        forge_connections.c.removed_at.is_(None),
        forge_connections.c.organisation_id.in_(active),
    )


async def connection_by_id(session: ReadSession, connection_id: str) -> Sealed | None:
    """One connection."""
    found = await connections(session, forge_connections.c.id == connection_id)
    return found[0] if found else None


async def add_delivery(session: WriteSession, values: dict[str, Any]) -> bool:
    """Store a delivery; tells whether it is the first of its id and of its body."""
    return await session.insert_new(forge_deliveries, values)


async def delivery(session: ReadSession, row_id: str) -> tuple[str, str | None] | None:
    """The connection and the sealed news of a delivery."""
    row = await session.first(
        select(forge_deliveries.c.connection_id, forge_deliveries.c.sealed_news).where(
            forge_deliveries.c.id == row_id
        )
    )
    return None if row is None else (row[0], row[1])


async def settle_delivery(session: WriteSession, row_id: str, outcome: str) -> None:
    """Note what became of a delivery; its news are not needed any more."""
    await session.execute(
        update(forge_deliveries)
        .where(forge_deliveries.c.id == row_id)
        .values(sealed_news=None, outcome=outcome)
    )


async def open_deliveries(session: ReadSession, after: datetime, before: datetime) -> list[str]:
    """Deliveries of that time that nobody has dealt with."""
    rows = await session.all(
        select(forge_deliveries.c.id).where(
            forge_deliveries.c.sealed_news.is_not(None),
            forge_deliveries.c.received_at < before,
            forge_deliveries.c.received_at > after,
        )
    )
    return [row[0] for row in rows]


async def forget_news(session: WriteSession, before: datetime) -> None:
    """Drop what deliveries received before that time told."""
    await session.execute(
        update(forge_deliveries)
        .where(forge_deliveries.c.received_at < before, forge_deliveries.c.sealed_news.is_not(None))
        .values(sealed_news=None, outcome="given up")
    )


async def forget_deliveries(session: WriteSession, before: datetime) -> None:
    """Drop deliveries received before that time."""
    await session.execute(delete(forge_deliveries).where(forge_deliveries.c.received_at < before))


async def _links(session: ReadSession, ids: Sequence[str]) -> dict[str, list[RepositoryLink]]:
    table = forge_repositories
    query = select(table).where(table.c.connection_id.in_(list(ids))).order_by(table.c.repository)
    links: dict[str, list[RepositoryLink]] = {}
    for row in (await session.execute(query)).mappings():
        link = RepositoryLink(
            row["repository"], row["project_id"], row["application_id"], row["preview_url"]
        )
        links.setdefault(row["connection_id"], []).append(link)
    return links


def _connection(row: RowMapping, links: tuple[RepositoryLink, ...]) -> Connection:
    return Connection(
        id=row["id"],
        short_id=row["short_id"],
        organisation_id=row["organisation_id"],
        provider=Provider(row["provider"]),
        base_url=row["base_url"],
        name=row["name"],
        automatic=row["automatic"],
        native_reviews=row["native_reviews"],
        created_at=row["created_at"],
        links=links,
    )
