"""``kill -9`` in the middle of the review of a pull request: one answer, one verdict, each run
once, and one of everything on the forge."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cases.shop_site import Shop, running_shop
from tests.forge.conftest import HEAD, Place, hub
from tests.forge.test_github import PRIVATE, PUBLIC
from tests.journeys.process import FINAL, Process, gone

__all__ = ["hub"]
pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

SECONDS = 400.0
CHANGED = {
    "filename": "shop/account.py",
    "status": "modified",
    "additions": 1,
    "deletions": 1,
    "changes": 2,
    "patch": """\
@@ -1,2 +1,2 @@ def sign_in(request):
-    return go("/account")
+    return go(target)
 #""",
}
# What the answer tells when each part of the work has begun.
MOMENTS = ("Read the change", "Comparing", "Running “", "with the change")


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Process]:
    made = Process(tmp_path / "data")
    made.init()
    made.start("--no-demo")
    await made.ready()
    yield made
    made.stop()


async def newest(client: httpx.AsyncClient, chat: str) -> dict[str, Any]:
    messages = (await client.get(f"/v1/chat/{chat}")).json()["messages"]
    found: dict[str, Any] = next(one for one in messages if one["role"] == "assistant")
    return found


async def until(process: Process, chat: str, word: str) -> dict[str, Any]:
    """The answer once it holds a word or is final."""
    end = time.monotonic() + SECONDS
    async with process.client() as client:
        while True:
            answer = await newest(client, chat)
            if word in answer["text"] or answer["status"] in FINAL:
                return answer
            assert time.monotonic() < end, answer["text"][-500:]
            await asyncio.sleep(0.1)


async def sent(process: Process, path: str, body: dict[str, Any]) -> dict[str, Any]:
    async with process.client() as client:
        answer = await client.post(path, json=body)
        assert answer.status_code < 300, answer.text
        found: dict[str, Any] = answer.json()
        return found


async def written(hub: Place) -> dict[str, Any]:
    """The check once it has ended and the comment tells the verdict."""
    end = time.monotonic() + SECONDS
    while True:
        checks, comments = hub.site.repo().checks, hub.pull.comments
        told = comments[-1]["body"] if comments else ""
        if checks and checks[-1]["status"] == "completed" and "Changes requested" in told:
            found: dict[str, Any] = checks[-1]
            return found
        assert time.monotonic() < end, (checks, comments)
        await asyncio.sleep(0.1)


async def asked_for(process: Process, hub: Place, shop: Shop, preview: Shop) -> str:
    """The conversation that reviews the pull request, where the shop has a login test."""
    made = await sent(process, "/v1/applications", {"name": "Shop", "url": shop.url})
    application = made["shortId"]
    await sent(
        process,
        "/v1/configs",
        {
            "name": "shopper",
            "kind": "usernamePassword",
            "applicationShortId": application,
            "values": {"username": shop.email, "password": shop.password},
        },
    )
    login = await sent(process, "/v1/chat", {"message": "Create one login test"})
    assert (await until(process, login["shortId"], "\0"))["status"] == "COMPLETED"
    repository = {"repository": "acme/shop", "applicationShortId": application}
    connection = {
        "provider": "github",
        "url": hub.site.url,
        "app": {"appId": "77", "privateKey": PRIVATE},
        "automatic": False,
        "repositories": [repository],
    }
    await sent(process, "/v1/forge-connections", connection)
    place = {"applicationShortId": application, "environment": {"url": preview.url}}
    asked = await sent(
        process,
        "/v1/chat/change-review",
        {
            "mode": "pr",
            "prUrl": f"{hub.site.url}/acme/shop/pull/7",
            "vcsProviderId": "github",
            "applicationOverrides": [place],
        },
    )
    chat: str = asked["shortId"]
    return chat


async def test_a_killed_review_ends_once(process: Process, hub: Place) -> None:
    hub.site.app_key, hub.pull.files = PUBLIC, [CHANGED]
    with running_shop() as shop, running_shop("wrong-redirect") as preview:
        chat = await asked_for(process, hub, shop, preview)
        kills = 0
        for moment in MOMENTS:
            answer = await until(process, chat, moment)
            if answer["status"] in FINAL:
                break
            left = process.kill()
            kills += 1
            await gone(left)
            process.start("--no-demo")
            await process.ready()
        answer = await until(process, chat, "\0")
        check = await written(hub)
    assert kills >= 2
    assert answer["status"] == "COMPLETED", answer["text"]
    assert answer["text"].startswith("**Changes requested**")
    async with process.client() as client:
        found = (await client.get(f"/v1/chat/{chat}")).json()
    assert [one["role"] for one in found["messages"]] == ["assistant", "user"]
    assert found["review"]["verdict"] == "changesRequested"
    assert found["review"]["findings"][0]["isNew"] is True
    with sqlite3.connect(process.data / "assay.db", timeout=20) as database:
        runs = database.execute(
            "select key, count(*), max(status) from runs where key like 'review-%' group by key"
        ).fetchall()
    database.close()
    assert {key[: -len("-") - 36] for key, _, _ in runs} == {
        "review-preview-selected",
        "review-base-selected",
        "review-again-selected",
    }
    assert {(count, status) for _, count, status in runs} == {(1, "COMPLETED")}
    assert len(hub.site.repo().checks) == len(hub.pull.comments) == len(hub.pull.reviews) == 1
    assert (check["conclusion"], check["head_sha"]) == ("failure", HEAD)
    assert hub.pull.reviews[0]["state"] == "CHANGES_REQUESTED"
