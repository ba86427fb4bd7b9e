"""Forge connections over REST: made, listed, removed; secrets never come back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Site, said

PATH = "/v1/forge-connections"
TOKEN = "ghp_a_token_that_nobody_may_see"


def body(site: Site, project: str = "own", **more: Any) -> dict[str, Any]:
    repository = {
        "repository": "acme/shop",
        "applicationShortId": site.applications[project].short_id,
        "previewUrl": "https://pr-{number}.preview.test",
    }
    return {"provider": "github", "token": TOKEN, "repositories": [repository], **more}


async def test_a_connection_is_made_listed_and_removed(site: Site) -> None:
    made = await site.send("POST", PATH, body(site))
    assert made.status_code == 201, made.text
    shown = made.json()
    assert shown["url"] == "https://github.com"
    assert shown["webhookUrl"].endswith("/hooks/github")
    assert len(shown["webhookSecret"]) >= 32
    assert shown["repositories"] == [
        {
            "repository": "acme/shop",
            "projectShortId": site.projects["own"].short_id,
            "applicationShortId": site.applications["own"].short_id,
            "previewUrl": "https://pr-{number}.preview.test",
        }
    ]
    (listed,) = (await site.send("GET", PATH)).json()["forgeConnections"]
    assert listed == {key: value for key, value in shown.items() if key != "webhookSecret"}
    gone = await site.send("DELETE", f"{PATH}/{shown['shortId']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await site.send("GET", PATH)).json() == {"forgeConnections": []}
    said(await site.send("DELETE", f"{PATH}/{shown['shortId']}"), 404, shown["shortId"])


async def test_secrets_stand_nowhere_in_plain(site: Site) -> None:
    hook = "a webhook secret to look for"
    made = await site.send("POST", PATH, body(site, webhookSecret=hook))
    assert TOKEN not in made.text
    assert made.json()["webhookSecret"] == hook
    listed = await site.send("GET", PATH)
    assert TOKEN not in listed.text
    assert hook not in listed.text
    raw = b"".join(
        path.read_bytes() for path in site.assay.settings.data.rglob("*") if path.is_file()
    )
    assert TOKEN.encode() not in raw
    assert hook.encode() not in raw


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"provider": "svn"}, ["provider"]),
        ({"repositories": []}, ["repositories"]),
        ({"token": None}, ["token"]),
        ({"app": {"appId": "1", "privateKey": "x"}}, ["either token or app"]),
        ({"token": "two words"}, ["token"]),
        ({"url": "ftp://x.test"}, ["address"]),
        ({"url": "https://169.254.169.254"}, ["address"]),
        ({"webhookSecret": "short"}, ["webhookSecret"]),
        ({"name": ""}, ["name"]),
    ],
)
async def test_what_cannot_be_connected_is_told(
    site: Site, change: dict[str, Any], words: list[str]
) -> None:
    said(await site.send("POST", PATH, body(site, **change)), 400, *words)


async def test_an_app_needs_a_key_that_works(site: Site) -> None:
    wrong = body(site, app={"appId": "1", "privateKey": "no key"})
    del wrong["token"]
    answer = await site.send("POST", PATH, wrong)
    said(answer, 400, "private key")
    gitlab = {**wrong, "provider": "gitlab"}
    said(await site.send("POST", PATH, gitlab), 400, "token")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("repository", "shop"),
        ("repository", "../x"),
        ("repository", "a//b"),
        ("previewUrl", "https://{pull}.test"),
        ("previewUrl", "file:///etc/passwd"),
        ("previewUrl", "http://169.254.169.254/{number}"),
        ("applicationShortId", "app_none00"),
    ],
)
async def test_a_repository_that_cannot_be_is_told(site: Site, field: str, value: str) -> None:
    given = body(site)
    given["repositories"][0][field] = value
    said(await site.send("POST", PATH, given), 404 if "app_" in value else 400)


async def test_the_same_repository_twice_is_refused(site: Site) -> None:
    given = body(site)
    given["repositories"] *= 2
    said(await site.send("POST", PATH, given), 400, "twice")


async def test_projects_and_organisations_keep_to_themselves(site: Site) -> None:
    made = (await site.send("POST", PATH, body(site))).json()
    for key in ("other", "foreign", "all of Second"):
        assert (await site.send("GET", PATH, key=key)).json() == {"forgeConnections": []}
        said(await site.send("DELETE", f"{PATH}/{made['shortId']}", key=key), 404)
    assert len((await site.send("GET", PATH, key="all of First")).json()["forgeConnections"]) == 1
    said(await site.send("POST", PATH, body(site), key="all of First"), 400, "projectShortId")
    foreign = body(site, "foreign")
    said(await site.send("POST", PATH, foreign), 404)
    said(await site.send("GET", PATH, key=None), 401)


async def test_a_review_by_link_of_a_connected_repository_is_written_back(site: Site) -> None:
    await site.send("POST", PATH, body(site))
    override = {
        "applicationShortId": site.applications["own"].short_id,
        "environment": {"url": "https://pr-7.preview.test"},
    }
    for url, found in (
        ("https://github.com/Acme/Shop/pull/7", 1),
        ("https://github.com/acme/other/pull/7", 1),
        ("not a link", 1),
        ("https://github.com/acme/shop/pull/8", 2),
    ):
        asked = {
            "mode": "pr",
            "prUrl": url,
            "vcsProviderId": "github",
            "applicationOverrides": [override],
        }
        answer = await site.send("POST", "/v1/chat/change-review", asked)
        assert answer.status_code == 202, answer.text
        from assay.reviews.publishing import publication_store
        from assay.reviews.publishing.model import State

        async with site.assay.database.read() as session:
            assert len(await publication_store.in_state(session, *State)) == found
