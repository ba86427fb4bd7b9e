"""The doors for webhooks: who gets in, what is refused, that nothing breaks them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from githubkit.webhooks import sign

from assay.forge import Provider
from assay.kernel import clock
from assay.reviews.publishing import news as words
from assay.web.hooks import github, gitlab
from tests.forge.conftest import HEAD
from tests.publishing import payloads
from tests.publishing.desk import HOOK_SECRET, Desk, verdict_answer

GITLAB_EVENT = "Merge Request Hook"


async def nothing_happened(desk: Desk) -> None:
    assert not await desk.dealt_with()
    assert not desk.site.asked


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=", "sha256=" + "0" * 64, "sha1=" + "0" * 40, "0" * 64, "sha256=é"],
)
async def test_a_wrong_signature_is_refused(quick: Desk, signature: str) -> None:
    headers = {"x-hub-signature-256": signature.encode()}
    answer = await quick.hook("pull_request", payloads.pull("opened"), headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert "X-Hub-Signature-256" in answer.json()["message"]
    await nothing_happened(quick)


async def test_a_signature_of_another_body_is_refused(quick: Desk) -> None:
    body = json.dumps(payloads.pull("opened")).encode()
    digest = hmac.new(HOOK_SECRET.encode(), body + b" ", hashlib.sha256).hexdigest()
    headers = {"x-hub-signature-256": f"sha256={digest}"}
    answer = await quick.hook("pull_request", payloads.pull("opened"), headers=headers)
    assert answer.status_code == 401
    await nothing_happened(quick)


async def test_another_secret_is_refused(quick: Desk) -> None:
    answer = await quick.hook("pull_request", payloads.pull("opened"), secret="other secret")
    assert answer.status_code == 401
    await nothing_happened(quick)


async def test_githubs_own_way_of_signing_is_taken(quick: Desk) -> None:
    body = json.dumps(payloads.pull("opened")).encode()
    headers = {
        "content-type": "application/json",
        "x-github-event": "pull_request",
        "x-github-delivery": "d-1",
        "x-hub-signature-256": sign(HOOK_SECRET, body, method="sha256"),
    }
    answer = await quick.client.post("/hooks/github", content=body, headers=headers)
    assert answer.status_code == 202
    await quick.settled()


async def test_a_delivery_is_taken_once(quick: Desk) -> None:
    first = await quick.hook("pull_request", payloads.pull("opened"), delivery="d-1")
    again = await quick.hook("pull_request", payloads.pull("opened"), delivery="d-1")
    other = await quick.hook("issue_comment", payloads.comment("@assay go"), delivery="d-1")
    assert (first.status_code, again.status_code, other.status_code) == (202, 409, 409)
    await quick.settled(1)


async def test_a_replay_under_another_delivery_id_is_refused(quick: Desk) -> None:
    first = await quick.hook("issue_comment", payloads.comment("@assay go"), delivery="d-1")
    again = await quick.hook("issue_comment", payloads.comment("@assay go"), delivery="d-2")
    assert (first.status_code, again.status_code) == (202, 409)
    await quick.settled(1)


async def test_another_repository_is_refused(quick: Desk) -> None:
    payload = payloads.pull("opened")
    payload["repository"]["full_name"] = "acme/secret"
    answer = await quick.hook("pull_request", payload)
    assert answer.status_code == 404
    await nothing_happened(quick)


async def test_the_case_of_a_repository_does_not_matter(quick: Desk) -> None:
    payload = payloads.pull("opened")
    payload["repository"]["full_name"] = "Acme/Shop"
    assert (await quick.hook("pull_request", payload)).status_code == 202
    (done,) = await quick.settled()
    assert done.repository == "acme/shop"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/x-www-form-urlencoded", 400),
        (b"[1]", "application/json", 400),
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"", "application/json", 400),
        (b" " * 10_000_001, "application/json", 413),
    ],
)
async def test_odd_bodies_are_refused(quick: Desk, content: bytes, kind: str, status: int) -> None:
    digest = hmac.new(HOOK_SECRET.encode(), content, hashlib.sha256).hexdigest()
    headers = {
        "content-type": kind,
        "x-github-event": "ping",
        "x-github-delivery": "d-1",
        "x-hub-signature-256": f"sha256={digest}",
    }
    answer = await quick.client.post("/hooks/github", content=content, headers=headers)
    assert answer.status_code == status
    assert answer.json()["message"]


@pytest.mark.parametrize("missing", ["x-github-event", "x-github-delivery"])
async def test_missing_headers_are_told(quick: Desk, missing: str) -> None:
    answer = await quick.hook("ping", {"zen": "x"}, headers={missing: ""})
    assert answer.status_code == 400


async def test_every_published_payload_is_received(quick: Desk) -> None:
    """All 329: about our repository, signed, none breaks the receiver; the answers are quick,
    though this process also does what they ask for and plays the forge."""
    statuses: dict[int, int] = {}
    took: list[float] = []
    found = payloads.published()
    assert len(found) == 329
    for number, (event, payload) in enumerate(found):
        if isinstance(payload.get("repository"), dict):
            payload = {**payload, "repository": {**payload["repository"], "full_name": "acme/shop"}}
        began = time.monotonic()
        answer = await quick.hook(event, {**payload, "nr": number})
        took.append(time.monotonic() - began)
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
    assert statuses == {202: 329}
    assert sorted(took)[len(took) * 9 // 10] < 1


def mangled(value: Any, path: int) -> Any:
    """The payload with every ``path``-th value replaced by something odd."""
    odd: list[Any] = [None, [], {}, "", "x" * 300, -1, True, 1e300, "\0"]
    count = 0

    def walk(inner: Any) -> Any:
        nonlocal count
        count += 1
        if count % path == 0:
            return odd[count % len(odd)]
        if isinstance(inner, dict):
            return {key: walk(one) for key, one in inner.items()}
        return [walk(one) for one in inner] if isinstance(inner, list) else inner

    return walk(value)


def test_odd_values_anywhere_are_no_crash() -> None:
    """Reading a payload never raises, whatever stands in it, and what it gives can be stored."""
    for event, payload in payloads.published():
        for path in (2, 3, 7, 19):
            odd = mangled(payload, path)
            if isinstance(odd, dict):
                told = github.news_of(event, odd)
                assert told is None or words.load(words.dump(told)) == told
    every = [*payloads.gitlab_events(), payloads.merge("open"), payloads.note("@assay go")]
    for payload in every:
        for path in (2, 3, 5, 7, 11, 19):
            odd = mangled(payload, path)
            told = gitlab.news_of("", odd) if isinstance(odd, dict) else None
            assert told is None or words.load(words.dump(told)) == told


async def test_every_kind_of_gitlabs_events_is_received(mirror: Desk) -> None:
    """One payload of each type; those that name no project are about none of ours."""
    found = payloads.gitlab_events()
    assert len(found) == 17
    assert {one.get("object_kind") for one in found} >= {"merge_request", "note", "deployment"}
    for number, payload in enumerate(found):
        answer = await mirror.hook("System Hook", {**payload, "nr": number})
        assert answer.status_code == 202, answer.text


async def test_what_is_stored_of_a_webhook_cannot_be_read(quick: Desk) -> None:
    secret = "@assay log in as ada with the password tr0ub4dor&3"
    await quick.hook("issue_comment", payloads.comment(secret))
    await quick.settled()
    raw = b"".join(
        path.read_bytes()
        for path in Path(quick.database.url.database or "").parent.iterdir()
        if path.is_file()
    )
    assert b"tr0ub4dor" not in raw
    assert HOOK_SECRET.encode() not in raw
    assert b"BEGIN RSA" not in raw


async def test_a_gitlab_token_is_compared_and_its_delivery_taken_once(mirror: Desk) -> None:
    wrong = await mirror.hook("Merge Request Hook", payloads.merge("open"), secret="wrong")
    first = await mirror.hook("Merge Request Hook", payloads.merge("open"), delivery="d")
    again = await mirror.hook("Merge Request Hook", payloads.merge("open"), delivery="d")
    other = payloads.merge("open")
    other["project"]["path_with_namespace"] = "acme/other"
    lost = await mirror.hook("Merge Request Hook", other)
    assert [a.status_code for a in (wrong, first, again, lost)] == [401, 202, 409, 404]
    await mirror.settled(1)


@pytest.mark.parametrize("token", ["", HOOK_SECRET[:-1], HOOK_SECRET + " x", "é" * 20])
async def test_a_wrong_gitlab_token_is_refused(mirror: Desk, token: str) -> None:
    headers = {"x-gitlab-token": token.encode()}
    answer = await mirror.hook(GITLAB_EVENT, payloads.merge("open"), headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert HOOK_SECRET not in answer.text
    await nothing_happened(mirror)


async def test_an_old_gitlab_delivery_is_refused_by_id_key_and_body(mirror: Desk) -> None:
    """GitLab names a delivery in one of two headers; the body itself counts as well."""
    key = {"idempotency-key": "key-1"}
    first = await mirror.hook(GITLAB_EVENT, payloads.merge("open"), headers=key)
    sent = [
        await mirror.hook(GITLAB_EVENT, payloads.merge("reopen"), headers=key),
        await mirror.hook(GITLAB_EVENT, payloads.merge("open"), delivery="another"),
        await mirror.hook(GITLAB_EVENT, payloads.merge("open"), headers={"idempotency-key": "2"}),
    ]
    assert (first.status_code, [one.status_code for one in sent]) == (202, [409] * 3)
    await mirror.settled(1)


async def test_a_delivery_of_months_ago_is_refused_though_what_it_told_is_gone(
    quick: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await quick.hook("pull_request", payloads.pull("opened"), delivery="d-1")
    await quick.settled(1)
    later = clock.now() + timedelta(days=200)
    monkeypatch.setattr(clock, "now", lambda: later)
    await quick.triggers.sweep()
    again = await quick.hook("pull_request", payloads.pull("opened"), delivery="d-1")
    assert again.status_code == 409


async def test_another_gitlab_project_is_refused(mirror: Desk) -> None:
    for path in ("acme/web", "acme/web/shop/x", "other/shop", "acme/web/shop "):
        payload = payloads.merge("open")
        payload["project"]["path_with_namespace"] = path
        assert (await mirror.hook(GITLAB_EVENT, payload)).status_code == 404
    await nothing_happened(mirror)


async def test_gitlabs_secret_opens_no_github_door(mirror: Desk) -> None:
    body = json.dumps(payloads.pull("opened")).encode()
    headers = {
        "content-type": "application/json",
        "x-github-event": "pull_request",
        "x-github-delivery": "d-1",
        "x-hub-signature-256": sign(HOOK_SECRET, body, method="sha256"),
    }
    answer = await mirror.client.post("/hooks/github", content=body, headers=headers)
    assert answer.status_code == 401


async def test_a_suspended_organisation_gets_no_webhooks(quick: Desk) -> None:
    from assay import accounts

    async with quick.database.write() as session:
        await accounts.suspend_organisation(session, quick.project.organisation_id)
    answer = await quick.hook("pull_request", payloads.pull("opened"))
    assert answer.status_code == 401


async def test_a_removed_connection_ends_its_checks_first(quick: Desk) -> None:
    from assay.accounts.model import Principal

    async def script(turn: Any) -> Any:
        await asyncio.sleep(60)
        return verdict_answer("approved")

    quick.assistant.script = script
    await quick.hook("pull_request", payloads.pull("opened"))
    await quick.until(lambda found: bool(found) and found[0].started)
    async with quick.database.write() as session:
        caller = Principal(quick.project.organisation_id)
        await quick.connections.delete(session, caller, quick.connection.short_id)
        assert not await quick.connections.listed(session, caller)
    await quick.until(lambda found: not found)
    (check,) = quick.site.repo().checks
    assert (check["status"], check["conclusion"]) == ("completed", "neutral")
    answer = await quick.hook("pull_request", payloads.pull("synchronize", HEAD))
    assert answer.status_code == 401
    assert quick.connection.provider is Provider.GITHUB
