"""All SQL of the atlas room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, select, update

from assay.atlas.model import (
    ActionEdge,
    AppMap,
    Field,
    Finding,
    FindingKind,
    Form,
    Purpose,
    State,
)
from assay.atlas.tables import (
    atlas_actions,
    atlas_explorations,
    atlas_findings,
    atlas_forms,
    atlas_states,
)
from assay.kernel.ids import new_uuid
from assay.kernel.redaction import Redactor
from assay.storage import ReadSession, WriteSession

_PARTS_AT_MOST = 2000


async def upsert(
    session: WriteSession,
    table: Table,
    application_id: str,
    environment_id: str,
    key: str,
    values: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Insert or refresh one part of a map; whether it was new."""
    new = await session.insert_new(
        table,
        {
            "id": new_uuid(),
            "application_id": application_id,
            "environment_id": environment_id,
            "key": key,
            "first_seen_at": now,
            "last_seen_at": now,
            **values,
        },
    )
    if not new:
        await session.execute(
            update(table)
            .where(and_(table.c.environment_id == environment_id, table.c.key == key))
            .values(last_seen_at=now, **values)
        )
    return new


async def save_map(
    session: WriteSession,
    application_id: str,
    environment_id: str,
    known: AppMap,
    now: datetime,
    redactor: Redactor,
) -> int:
    """Store every part of a map, secrets masked; returns how many findings were new."""

    async def put(table: Table, key: str, **values: Any) -> bool:
        values = redactor.mask_json(values)
        return await upsert(session, table, application_id, environment_id, key, values, now)

    for state in known.states:
        await put(atlas_states, state.id, url=state.url, body=asdict(state))
    for edge in known.actions:
        await put(
            atlas_actions,
            edge.id,
            source_key=edge.source,
            target_key=edge.target,
            body=asdict(edge),
        )
    for form in known.forms:
        await put(atlas_forms, form.id, purpose=form.purpose.value, body=asdict(form))
    fresh = 0
    for finding in known.findings:
        fresh += await put(
            atlas_findings,
            finding.fingerprint,
            kind=finding.kind.value,
            title=finding.title,
            body=asdict(finding),
        )
    await session.insert_new(
        atlas_explorations,
        {
            "id": new_uuid(),
            "application_id": application_id,
            "environment_id": environment_id,
            "seconds": known.seconds,
            "actions_used": known.actions_used,
            "stopped_by": known.stopped_by,
            "notes": redactor.mask_json(list(known.notes)),
            "explored_at": known.explored_at or now,
        },
    )
    return fresh


async def load_map(session: ReadSession, environment_id: str) -> AppMap | None:
    """Everything known of an environment, or None when it was never explored."""
    latest = await session.first(
        select(atlas_explorations)
        .where(atlas_explorations.c.environment_id == environment_id)
        .order_by(atlas_explorations.c.explored_at.desc())
        .limit(1)
    )
    if latest is None:
        return None
    states = await _bodies(session, atlas_states, environment_id)
    actions = await _bodies(session, atlas_actions, environment_id)
    forms = await _bodies(session, atlas_forms, environment_id)
    findings = await _bodies(session, atlas_findings, environment_id)
    return AppMap(
        states=tuple(State(**{**body, "trail": tuple(body["trail"])}) for body in states),
        actions=tuple(ActionEdge(**body) for body in actions),
        forms=tuple(_form(body) for body in forms),
        findings=tuple(Finding(**{**b, "kind": FindingKind(b["kind"])}) for b in findings),
        seconds=latest.seconds,
        actions_used=latest.actions_used,
        stopped_by=latest.stopped_by,
        notes=tuple(latest.notes),
        explored_at=latest.explored_at,
    )


async def _bodies(
    session: ReadSession, table: Table, environment_id: str
) -> list[Mapping[str, Any]]:
    rows = await session.all(
        select(table.c.body)
        .where(table.c.environment_id == environment_id)
        .order_by(table.c.first_seen_at, table.c.key)
        .limit(_PARTS_AT_MOST)
    )
    return [row.body for row in rows]


def _form(body: Mapping[str, Any]) -> Form:
    fields = tuple(Field(**{**item, "options": tuple(item["options"])}) for item in body["fields"])
    return Form(**{**body, "purpose": Purpose(body["purpose"]), "fields": fields})
