"""A whole Assay at a stand-in: asked by link or by webhook, it reads the change and writes back."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from assay.settings import load
from assay.wiring.build import build
from tests.forge.conftest import HEAD, Place
from tests.forge.test_github import PRIVATE, PUBLIC
from tests.publishing import payloads
from tests.publishing.desk import HOOK_SECRET
from tests.web.conftest import Site, filled, site_of

__all__ = ["filled"]
README = {
    "filename": "README.md",
    "status": "modified",
    "additions": 1,
    "deletions": 1,
    "changes": 2,
    "patch": "@@ -1 +1 @@\n-Old words\n+New words",
}


@pytest.fixture
async def whole(filled: Path, tmp_path: Path) -> AsyncIterator[Site]:
    """A server that also works."""
    shutil.copytree(filled, tmp_path / "data")
    assay = await build(load({"data": str(tmp_path / "data")}, environ={}))
    found = await site_of(assay)
    await assay.jobs.launch()
    yield found
    await found.client.aclose()
    await assay.jobs.close()
    await assay.forges.close()
    await assay.pool.close()
    await assay.database.close()


async def connect(site: Site, hub: Place, **more: Any) -> None:
    hub.site.app_key = PUBLIC
    repository = {
        "repository": "acme/shop",
        "applicationShortId": site.applications["own"].short_id,
        "previewUrl": "https://pr-{number}.preview.test",
    }
    body = {
        "provider": "github",
        "url": hub.site.url,
        "app": {"appId": "77", "privateKey": PRIVATE},
        "webhookSecret": HOOK_SECRET,
        "repositories": [repository],
        **more,
    }
    made = await site.send("POST", "/v1/forge-connections", body)
    assert made.status_code == 201, made.text


async def ended(hub: Place) -> dict[str, Any]:
    """The one check, once it has ended and the comment says so."""
    for _ in range(600):
        checks = hub.site.repo().checks
        done = checks and checks[0]["status"] == "completed"
        if done and hub.pull.comments and "Reviewed `" in hub.pull.comments[0]["body"]:
            (check,) = checks
            found: dict[str, Any] = check
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(f"no end: {hub.site.repo().checks} {hub.pull.comments}")


async def test_a_review_by_link_reads_the_pull_request_and_is_written_back(
    whole: Site, hub: Place
) -> None:
    hub.pull.files = [README]
    await connect(whole, hub, automatic=False)
    asked = {
        "mode": "pr",
        "prUrl": f"{hub.site.url}/acme/shop/pull/7",
        "vcsProviderId": "github",
        "applicationOverrides": [
            {
                "applicationShortId": whole.applications["own"].short_id,
                "environment": {"url": "https://pr-7.preview.test"},
            }
        ],
    }
    chat = (await whole.send("POST", "/v1/chat/change-review", asked)).json()
    check = await ended(hub)
    found = await whole.finished(chat["shortId"])
    assert found["review"]["verdict"] == "nothingToTest", found
    assert found["review"]["headCommit"] == HEAD
    assert (check["conclusion"], check["head_sha"]) == ("skipped", HEAD)
    assert check["details_url"] == chat["url"]
    assert len(hub.pull.comments) == 1


async def test_a_webhook_leads_to_a_review_and_its_check(whole: Site, hub: Place) -> None:
    hub.pull.files = [README]
    await connect(whole, hub)
    body = json.dumps(payloads.pull("opened")).encode()
    digest = hmac.new(HOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/json",
        "x-github-event": "pull_request",
        "x-github-delivery": "d-1",
        "x-hub-signature-256": f"sha256={digest}",
    }
    answer = await whole.client.post("/hooks/github", content=body, headers=headers)
    assert answer.status_code == 202
    assert (await ended(hub))["conclusion"] == "skipped"


async def test_what_the_forge_refused_last_is_listed(whole: Site, hub: Place) -> None:
    hub.pull.files = [README]
    hub.site.fail("POST", "/reactions", 403, times=99)
    await connect(whole, hub)
    body = json.dumps(payloads.pull("opened")).encode()
    digest = hmac.new(HOOK_SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/json",
        "x-github-event": "pull_request",
        "x-github-delivery": "d-1",
        "x-hub-signature-256": f"sha256={digest}",
    }
    await whole.client.post("/hooks/github", content=body, headers=headers)
    await ended(hub)
    problem = None
    for _ in range(100):
        (one,) = (await whole.send("GET", "/v1/forge-connections")).json()["forgeConnections"]
        if problem := one["problem"]:
            break
        await asyncio.sleep(0.1)
    assert "may not do this" in (problem or "")


async def test_what_the_forge_refuses_is_said_in_the_answer(whole: Site, hub: Place) -> None:
    await connect(whole, hub)
    place = {
        "applicationShortId": whole.applications["own"].short_id,
        "environment": {"url": "https://pr-7.preview.test"},
    }
    for url, words in (
        (f"{hub.site.url}/acme/shop/pull/8", "knows no such"),
        ("https://git.elsewhere.test/acme/shop/pull/7", "not connected"),
        ("https://example.test/nonsense", "expected the form"),
    ):
        asked = {
            "mode": "pr",
            "prUrl": url,
            "vcsProviderId": "github",
            "applicationOverrides": [place],
        }
        chat = (await whole.send("POST", "/v1/chat/change-review", asked)).json()
        found = await whole.finished(chat["shortId"])
        assert found["messages"][0]["status"] == "COMPLETED"
        assert found["review"]["verdict"] == "couldNotVerify"
        assert words in found["messages"][0]["text"]


async def test_a_change_that_was_not_seen_whole_is_never_green(whole: Site, hub: Place) -> None:
    huge = {"filename": "docs/huge.md", "status": "modified", "additions": 9, "changes": 9}
    hub.pull.files = [README, huge]
    await connect(whole, hub)
    asked = {
        "mode": "pr",
        "prUrl": f"{hub.site.url}/acme/shop/pull/7",
        "vcsProviderId": "github",
        "applicationOverrides": [
            {
                "applicationShortId": whole.applications["own"].short_id,
                "environment": {"url": "https://pr-7.preview.test"},
            }
        ],
    }
    chat = (await whole.send("POST", "/v1/chat/change-review", asked)).json()
    found = await whole.finished(chat["shortId"])
    assert found["review"]["verdict"] == "couldNotVerify"
    assert "too large for the forge to show" in found["messages"][0]["text"]
    assert (await ended(hub))["conclusion"] == "neutral"
