"""``/hooks/github`` and ``/hooks/gitlab``: verify on the raw body, store, answer."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from assay.forge import Provider
from assay.kernel import clock, ids
from assay.reviews.publishing import news as words
from assay.reviews.publishing import store
from assay.reviews.publishing.errors import (
    HookMalformed,
    HookRefused,
    HookRepeated,
    RepositoryNotConnected,
)
from assay.reviews.publishing.model import Connection
from assay.web.context import Served, Services
from assay.web.gate import BodyTooLarge
from assay.web.hooks import github, gitlab

router = APIRouter(include_in_schema=False)
_LONGEST_ID = 200


@router.post("/hooks/github")
async def from_github(request: Request, served: Served) -> JSONResponse:
    """A webhook of GitHub, signed with the connection's webhook secret."""
    body = await _body(request, served)
    given = request.headers.get("x-hub-signature-256", "").encode()
    async with served.database.read() as session:
        known = await served.connections.hooked(session, Provider.GITHUB)
    # Every secret is tried to the end, so that the time tells nothing.
    signed = [one for one, secret in known if _same(_signature(secret, body), given)]
    if not signed:
        raise HookRefused("X-Hub-Signature-256 does not match any connection's webhook secret.")
    payload = _payload(request, body)
    event = request.headers.get("x-github-event", "")
    delivery = request.headers.get("x-github-delivery", "")
    chosen = _chosen(signed, github.repository_of(payload))
    return await _take(
        served, chosen, body, event=event, delivery=delivery, told=github.news_of(event, payload)
    )


@router.post("/hooks/gitlab")
async def from_gitlab(request: Request, served: Served) -> JSONResponse:
    """A webhook of GitLab, with the connection's webhook secret as its token."""
    body = await _body(request, served)
    given = request.headers.get("x-gitlab-token", "").encode()
    async with served.database.read() as session:
        known = await served.connections.hooked(session, Provider.GITLAB)
    signed = [one for one, secret in known if _same(secret.encode(), given)]
    if not signed:
        raise HookRefused("X-Gitlab-Token does not match any connection's webhook secret.")
    payload = _payload(request, body)
    event = request.headers.get("x-gitlab-event", "")
    # Old versions send neither; then the body itself tells deliveries apart.
    delivery = (
        request.headers.get("idempotency-key")
        or request.headers.get("x-gitlab-event-uuid")
        or hashlib.sha256(body).hexdigest()
    )
    chosen = _chosen(signed, gitlab.repository_of(payload))
    return await _take(
        served, chosen, body, event=event, delivery=delivery, told=gitlab.news_of(event, payload)
    )


async def _take(
    served: Services,
    connection: Connection,
    body: bytes,
    *,
    event: str,
    delivery: str,
    told: words.News | None,
) -> JSONResponse:
    """Store a verified delivery and its job in one transaction, then answer."""
    if not event or not delivery or len(delivery) > _LONGEST_ID:
        raise HookMalformed("The headers that name the event and the delivery are missing.")
    row_id = ids.new_uuid()
    sealed = None
    if told is not None:
        sealed = served.connections.seal_news(connection.id, words.dump(told))
    async with served.database.write() as session:
        first = await store.add_delivery(
            session,
            {
                "id": row_id,
                "connection_id": connection.id,
                "delivery_id": delivery,
                "body_digest": hashlib.sha256(body).hexdigest(),
                "event": event[:100],
                "sealed_news": sealed,
                "outcome": "" if told is not None else "nothing to do",
                "received_at": clock.now(),
            },
        )
        if first and told is not None:
            await served.triggers.enqueue(session, row_id)
    if not first:
        raise HookRepeated("This delivery has been taken already.")
    return JSONResponse({"status": "accepted" if told is not None else "ignored"}, 202)


def _chosen(signed: Sequence[Connection], repository: str) -> Connection:
    """The connection that names the repository; installations and pings are about none."""
    if not repository:
        return signed[0]
    for one in signed:
        if one.link(repository) is not None:
            return one
    raise RepositoryNotConnected(
        "This repository is not among those of the connection. Add it, or remove the webhook."
    )


async def _body(request: Request, served: Services) -> bytes:
    limit = served.settings.max_body
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise BodyTooLarge(f"The request body is larger than {limit:,} bytes.")
        parts.append(part)
    return b"".join(parts)


def _payload(request: Request, body: bytes) -> dict[str, Any]:
    if "json" not in request.headers.get("content-type", ""):
        raise HookMalformed("Set the webhook's content type to application/json.")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise HookMalformed("The webhook's body is not a JSON object.")
    return found


def _signature(secret: str, body: bytes) -> bytes:
    return b"sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()


def _same(expected: bytes, given: bytes) -> bool:
    return hmac.compare_digest(expected, given)
