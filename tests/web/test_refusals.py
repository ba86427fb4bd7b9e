"""Who is refused, with which status, and which check comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from assay import accounts
from assay.cli.serving import application
from assay.kernel.clock import clock_of, now
from tests.web.conftest import Site, said

NOWHERE = "chat_AbCdEf123456"
OPERATIONS = [
    ("POST", "/v1/chat"),
    ("POST", "/v1/chat/change-review"),
    ("POST", f"/v1/chat/{NOWHERE}"),
    ("GET", f"/v1/chat/{NOWHERE}?limit=none"),
    ("POST", f"/v1/chat/{NOWHERE}/cancel"),
    ("GET", "/v1/applications"),
    ("POST", "/v1/applications"),
    ("POST", "/v1/configs"),
    ("GET", "/v1/device-presets"),
    ("GET", "/v1/projects"),
    ("GET", "/v1/test-cases"),
    ("POST", "/v1/run"),
    ("GET", "/v1/run/nothing"),
    ("GET", "/v1/no-such-operation"),
]
BROKEN = b'{"message": '


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_a_key_comes_before_everything(site: Site, method: str, path: str) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer assay_unknown"},
        {"Authorization": f"Basic {site.keys['own']}"},
        {"Authorization": site.keys["own"]},
        {"Authorization": "Bearer \xff\xfe"},
    ):
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        answer = await site.client.request(method, path, headers=raw, content=BROKEN * 5000)
        said(answer, 401, "key")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_refused_keys_come_before_size_and_shape(site: Site) -> None:
    organisation = site.organisations["own"].id
    async with site.assay.database.write() as session:
        revoked = await accounts.create_key(session, organisation, name="revoked")
        await accounts.revoke_key(session, organisation, revoked.key.id)
        expired = await accounts.create_key(
            session, organisation, name="expired", expires_at=now() + timedelta(seconds=1)
        )
        suspended = await accounts.create_key(
            session, site.organisations["foreign"].id, name="suspended"
        )
        await accounts.suspend_organisation(session, site.organisations["foreign"].id)
    site.keys |= {"revoked": revoked.token, "expired": expired.token, "late": suspended.token}
    later = now() + timedelta(minutes=1)
    with clock_of(lambda: later):
        for key, word in (("revoked", "revoked"), ("expired", "expired"), ("late", "suspended")):
            for body in (BROKEN, BROKEN * 5000, b'{"message": "hello"}'):
                said(await site.send("POST", "/v1/chat", key=key, content=body), 403, word)


async def test_size_comes_before_shape(site: Site) -> None:
    said(await site.send("POST", "/v1/chat", content=BROKEN * 5000), 413, "body")

    async def pieces() -> Any:
        for _ in range(5000):
            yield BROKEN

    said(await site.send("POST", "/v1/chat", content=pieces()), 413, "body")


async def test_shape_comes_before_the_project_and_existence(site: Site) -> None:
    foreign = site.projects["foreign"].short_id
    body: dict[str, Any] = {"message": "", "projectShortId": foreign}
    said(await site.send("POST", "/v1/chat", body), 400, "message")
    said(await site.send("POST", f"/v1/chat/{NOWHERE}", body), 400, "message")
    said(await site.send("POST", f"/v1/chat/{NOWHERE}", content=BROKEN), 400, "json")
    said(await site.send("GET", f"/v1/chat/{NOWHERE}?limit=0"), 400, "limit")
    said(await site.send("GET", f"/v1/chat/{NOWHERE}?limit=x"), 400, "limit")
    override = {
        "applicationShortId": site.applications["foreign"].short_id,
        "environment": {"url": "not an address"},
    }
    body = {"message": "hi", "projectShortId": foreign, "applicationOverrides": [override]}
    said(await site.send("POST", "/v1/chat", body), 400, "url")


@pytest.mark.parametrize("verb", ["GET", "POST"])
async def test_the_project_of_a_key(site: Site, verb: str) -> None:
    async def ask(key: str, project: str | None) -> httpx.Response:
        named = {} if project is None else {"projectShortId": project}
        if verb == "GET":
            return await site.send("GET", "/v1/applications", key=key, params=named)
        return await site.send("POST", "/v1/chat", {"message": "help", **named}, key=key)

    done = 200 if verb == "GET" else 202
    own, other, foreign = (site.projects[name].short_id for name in ("own", "other", "foreign"))
    token = own.partition("_")[2]
    for named in (None, own, f"proj-anything-at-all_{token}"):
        assert (await ask("own", named)).status_code == done
    for named in (other, foreign, "proj_000000000000"):
        said(await ask("own", named), 403, "project")
    assert (await ask("all of First", own)).status_code == done
    assert (await ask("all of First", other)).status_code == done
    said(await ask("all of First", None), 400, "projectShortId")
    said(await ask("all of First", foreign), 404, "project")
    said(await ask("all of First", "proj_000000000000"), 404, "project")
    said(await ask("all of First", "nonsense"), 400, "projectShortId")


async def test_the_project_of_a_path(site: Site) -> None:
    chat = (await site.chat())["shortId"]
    own, other, foreign = (site.projects[name].short_id for name in ("own", "other", "foreign"))
    for key in ("own", "all of First"):
        for named in (None, own):
            query = {"projectShortId": named} if named else {}
            answer = await site.send("GET", f"/v1/chat/{chat}", key=key, params=query)
            assert answer.status_code == 200, answer.text
            body = {"message": "more", **query}
            answer = await site.send("POST", f"/v1/chat/{chat}", body, key=key)
            assert answer.status_code == 202, answer.text
        for named in (other,):
            body = {"message": "more", "projectShortId": named}
            said(await site.send("POST", f"/v1/chat/{chat}", body, key=key), 403, "project")
    body = {"message": "more", "projectShortId": foreign}
    said(await site.send("POST", f"/v1/chat/{chat}", body), 403, "project")
    said(await site.send("POST", f"/v1/chat/{chat}", body, key="all of First"), 404, "project")


@pytest.mark.parametrize("key", ["other", "foreign", "all of Second"])
async def test_foreign_things_do_not_exist(site: Site, key: str) -> None:
    chat = (await site.chat())["shortId"]
    application = site.applications["own"].short_id
    for method, path, body in (
        ("GET", f"/v1/chat/{chat}", None),
        ("POST", f"/v1/chat/{chat}", {"message": "hi"}),
        ("POST", f"/v1/chat/{chat}/cancel", None),
        ("GET", f"/v1/applications/{application}/environments", None),
        (
            "POST",
            f"/v1/applications/{application}/environments",
            {"name": "x", "url": "http://x.example.com"},
        ),
        ("GET", f"/v1/test-cases?conversation={chat}", None),
        ("GET", f"/v1/test-cases?application={application}", None),
    ):
        theirs = await site.send(method, path, body, key=key)
        said(theirs, 404)
        nobody = path.replace(chat, NOWHERE).replace(application, "app_AbCdEf123456")
        nothing = await site.send(method, nobody, body, key=key)
        said(nothing, 404)
        # Neither the words nor the length may tell a foreign thing from none.
        blind = theirs.json()["message"].replace(chat, NOWHERE)
        assert blind.replace(application, "app_AbCdEf123456") == nothing.json()["message"]


async def test_unknown_paths_and_methods(site: Site) -> None:
    said(await site.send("GET", "/v1/nothing"), 404)
    for method, path, allowed in (
        ("GET", "/v1/chat", {"POST"}),
        ("DELETE", f"/v1/chat/{NOWHERE}", {"GET", "POST"}),
        ("PUT", "/v1/applications", {"GET", "POST"}),
        ("POST", "/v1/projects", {"GET"}),
        ("OPTIONS", "/v1/chat/change-review", {"POST"}),
        ("OPTIONS", "/v1/test-cases/export", {"GET"}),
    ):
        answer = await site.send(method, path)
        said(answer, 405)
        assert {one.strip() for one in answer.headers["allow"].split(",")} == allowed


async def test_too_many_requests(site: Site) -> None:
    site.assay.settings = replace(site.assay.settings, requests_per_minute=3)
    app = application(site.assay)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://assay.test") as client:
        headers = {"Authorization": f"Bearer {site.keys['own']}"}
        for _ in range(3):
            assert (await client.get("/v1/projects", headers=headers)).status_code == 200
        answer = await client.get("/v1/projects", headers=headers)
        said(answer, 429, "minute")
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        headers = {"Authorization": f"Bearer {site.keys['other']}"}
        assert (await client.get("/v1/projects", headers=headers)).status_code == 200
