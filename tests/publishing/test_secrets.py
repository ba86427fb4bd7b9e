"""A whole review on each forge, and every way a forge can refuse: no secret of a connection is
left anywhere, though the forge says in each refusal what it was asked with."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from assay.forge import Provider
from assay.web.dashboard import router as dashboard
from tests.forge.conftest import Place
from tests.forge.github_site import Token
from tests.forge.gitlab_site import Person
from tests.forge.test_github import PRIVATE, PUBLIC
from tests.journeys.searching import Search
from tests.publishing import payloads
from tests.publishing.test_whole import filled, whole
from tests.web.conftest import Site
from tests.web.dashboard_seed import sign_in

__all__ = ["filled", "whole"]
HOOK = "hook-s3cret-of-Enough-length"
SECRETS = {
    "github": "ghx-p3rsonal-T0ken-42",
    "app": "ghs_installation_token_1",
    "gitlab": "t0ken~of+GitLab",
}
# Reading the pull request, the checks, the comments, the reviews; on GitLab the same.
PARTS = {
    Provider.GITHUB: ("/reactions", "/check-runs", "/comments", "/reviews", "/pulls/7"),
    Provider.GITLAB: ("/award_emoji", "/statuses", "/notes", "/approve", "/merge_requests/7"),
}


@dataclass
class Spot:
    """A whole Assay, connected to a stand-in that knows the secrets of this test."""

    site: Site
    place: Place
    secret: str

    async def hook(self, payload: dict[str, Any], **headers: str) -> httpx.Response:
        body = json.dumps(payload).encode()
        if self.place.ref.provider is Provider.GITHUB:
            digest = hmac.new(HOOK.encode(), body, hashlib.sha256).hexdigest()
            sent = {
                "x-github-event": "pull_request",
                "x-github-delivery": "d-1",
                "x-hub-signature-256": f"sha256={digest}",
            }
        else:
            sent = {"x-gitlab-event": "Merge Request Hook", "x-gitlab-token": HOOK}
        path = f"/hooks/{self.place.ref.provider.value}"
        sent = {"content-type": "application/json", **sent, **headers}
        return await self.site.client.post(path, content=body, headers=sent)

    @property
    def link(self) -> str:
        """The pull request, with a token where people paste one."""
        scheme, _, rest = self.place.site.url.partition("://")
        path = "acme/shop/pull" if self.place.ref.provider is Provider.GITHUB else "merge_requests"
        path = path if "acme" in path else f"acme/web/shop/-/{path}"
        return f"{scheme}://{self.secret}@{rest}/{path}/7?private_token={self.secret}"

    async def review(self) -> dict[str, Any]:
        """A review by link, finished."""
        own = self.site.applications["own"].short_id
        where = {"applicationShortId": own, "environment": {"url": "https://pr-7.preview.test"}}
        asked = {
            "mode": "pr",
            "prUrl": self.link,
            "vcsProviderId": self.place.ref.provider.value,
            "applicationOverrides": [where],
        }
        chat = await self.site.send("POST", "/v1/chat/change-review", asked)
        assert chat.status_code == 202, chat.text
        return await self.site.finished(chat.json()["shortId"])

    async def problem(self) -> str:
        """What the connection shows of the last refusal."""
        for _ in range(600):
            found = (await self.site.send("GET", "/v1/forge-connections")).json()
            (one,) = found["forgeConnections"]
            if "may not do this" in (one["problem"] or ""):
                return str(one["problem"])
            await asyncio.sleep(0.05)
        raise AssertionError("no problem was told")

    async def written(self) -> None:
        """Wait until the comment holds a result."""
        for _ in range(600):
            if any("Reviewed `" in one["body"] for one in self.place.comments()):
                return
            await asyncio.sleep(0.05)
        raise AssertionError("nothing was written")


async def connected(
    kind: str, whole: Site, place: Place, *, preview: str = "https://pr-{number}.preview.test"
) -> Spot:
    secret = SECRETS[kind]
    own: dict[str, Any] = {"token": secret}
    repository = "acme/web/shop" if kind == "gitlab" else "acme/shop"
    if kind == "app":
        place.site.app_key = PUBLIC
        own = {"app": {"appId": "77", "privateKey": PRIVATE, "installationId": "4242"}}
    elif kind == "github":
        place.site.tokens = {secret: Token("assay-user", app=True)}
    else:
        place.site.tokens = {secret: Person(9, "assay-bot")}
    body = {
        "provider": place.ref.provider.value,
        "url": place.site.url,
        "webhookSecret": HOOK,
        "repositories": [
            {
                "repository": repository,
                "applicationShortId": whole.applications["own"].short_id,
                "previewUrl": preview,
            }
        ],
        **own,
    }
    made = await whole.send("POST", "/v1/forge-connections", body)
    assert made.status_code == 201, made.text
    return Spot(whole, place, secret)


def readme(kind: str) -> list[dict[str, Any]]:
    if kind != "gitlab":
        more = {"status": "modified", "additions": 1, "deletions": 1, "changes": 2}
        return [{"filename": "README.md", **more, "patch": "@@ -1 +1 @@\n-Old\n+New"}]
    modes = {"a_mode": "100644", "b_mode": "100644"}
    flags = {"new_file": False, "renamed_file": False, "deleted_file": False}
    paths = {"old_path": "README.md", "new_path": "README.md"}
    return [{**paths, **modes, **flags, "diff": "@@ -1 +1 @@\n-Old\n+New\n"}]


@pytest.fixture(params=["github", "app", "gitlab"])
def met(request: pytest.FixtureRequest) -> tuple[str, Place]:
    """A way of connecting, and the stand-in for it."""
    name = "lab" if request.param == "gitlab" else "hub"
    return request.param, request.getfixturevalue(name)


@pytest.mark.timeout(240)
async def test_no_token_is_left_anywhere(
    met: tuple[str, Place], whole: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kind, place = met
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "assay")
    place.pull.files = readme(kind)
    spot = await connected(kind, whole, place)
    search = Search({"token": spot.secret, "hook": HOOK, "key": PRIVATE.splitlines()[3]})
    opened = payloads.merge("open") if kind == "gitlab" else payloads.pull("opened")
    answers = [await spot.hook(opened)]
    await spot.written()
    answers += [
        await spot.hook(opened, **{"x-hub-signature-256": "", "x-gitlab-token": "wrong"}),
        await spot.hook(opened),
    ]
    assert [answer.status_code for answer in answers] == [202, 401, 409]

    # Once more with every part refused, then nothing but refusals of the pull request.
    place.site.echoes = True
    for number, part in enumerate(PARTS[place.ref.provider]):
        for method in ("POST", "PATCH", "PUT", "GET"):
            place.site.fail(method, part, (403, 422, 500)[number % 3])
    told = [await spot.review()]
    leads = {"location": f"https://{spot.secret}@elsewhere.test/{spot.secret}"}
    for status, headers in ((302, leads), (401, {}), (404, {}), (409, {}), (403, {})):
        place.site.faults.clear()
        place.site.fail("GET", PARTS[place.ref.provider][-1], status, times=99, **headers)
        told.append(await spot.review())
    problem = await spot.problem()
    texts = [one["messages"][0]["text"].replace("\\", "") for one in told]
    assert "elsewhere.test, which gets no token" in texts[1]
    assert "does not accept the token" in texts[2]
    for shown in (texts[4], texts[5], problem):
        assert "••••••" in shown

    whole.app.include_router(dashboard)
    person = await sign_in(whole, "own")
    answers += [await person.get(f"/p/own/chat/{one['shortId']}") for one in told]
    answers += [await person.get("/p/own/chat"), await person.get("/p/own")]
    answers.append(await whole.send("GET", "/v1/forge-connections"))
    assert [answer.status_code for answer in answers[3:]] == [200] * (len(answers) - 3)
    for answer in answers:
        search.look(str(answer.url), f"{answer.headers} {answer.text}".encode())
    for one in told:
        search.look("conversation", json.dumps(one).encode())
    for asked in place.site.asked:
        search.look("address", f"{asked.path} {asked.query}".encode())
        search.look("body", json.dumps(asked.body).encode())
    search.look("log", caplog.text.encode())
    search.folder(tmp_path / "data")
    search.database(tmp_path / "data/assay.db")
    await person.aclose()
    assert search.looked_at > 100
    assert not search.found, search.found[:5]
