"""The Chat API's operations through HTTP: shapes, ordering, limits, overrides."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from assay import projects
from tests.web.conftest import Site, said

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
DIFF = "--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\n"


def moment(text: str) -> datetime:
    """The time of a wire text."""
    assert TIME.fullmatch(text), text
    return datetime.fromisoformat(text)


async def test_a_new_conversation(site: Site) -> None:
    made = await site.chat("Create 2 tests for login", unknownField={"x": 1})
    assert re.fullmatch(r"chat_[0-9A-Za-z]{6,}", made["shortId"])
    assert made["messages"] == []
    assert made["title"] is None
    assert made["source"] == "api"
    slug = site.projects["own"].slug
    assert made["url"] == f"http://127.0.0.1:8080/p/{slug}/chat/{made['shortId']}"
    assert moment(made["updatedAt"]) >= moment(made["createdAt"])


async def test_appending_gives_the_messages_newest_first(site: Site) -> None:
    made = await site.chat("one")
    path = f"/v1/chat/{made['shortId']}"
    added = await site.send("POST", path, {"message": "two"})
    assert added.status_code == 202
    found = added.json()["messages"]
    assert [(m["role"], m["text"]) for m in found] == [
        ("assistant", ""),
        ("user", "two"),
        ("assistant", ""),
        ("user", "one"),
    ]
    assert [m["status"] for m in found] == ["INITIATED", "COMPLETED"] * 2
    assert not any(m["isStreaming"] for m in found)
    for answer, asked in (found[:2], found[2:]):
        passed = moment(answer["createdAt"]) - moment(asked["createdAt"])
        assert passed.total_seconds() >= 0.001
    assert moment(added.json()["updatedAt"]) > moment(made["updatedAt"])
    read = (await site.send("GET", path, params={"nonsense": "1"})).json()
    assert read["messages"] == found


async def test_limits(site: Site) -> None:
    path = f"/v1/chat/{(await site.chat('0'))['shortId']}"
    for number in range(1, 60):
        added = await site.send("POST", path, {"message": str(number)})
    assert len(added.json()["messages"]) == 20
    for limit, count in ((None, 20), (1, 1), (2, 2), (100, 100), (101, 100), (2**31 - 1, 100)):
        query = {} if limit is None else {"limit": limit}
        answer = await site.send("GET", path, params=query)
        assert answer.status_code == 200
        assert len(answer.json()["messages"]) == count
    for wrong in ("0", "-1", "x", "", "1.5", "1e3", " ", "true"):
        said(await site.send("GET", path, params={"limit": wrong}), 400, "limit")


async def test_both_forms_of_an_id(site: Site) -> None:
    made = await site.chat()
    token = made["shortId"].partition("_")[2]
    for form in (made["shortId"], f"chat-login_{token}", f"chat-a-b_c_{token}"):
        found = await site.send("GET", f"/v1/chat/{form}")
        assert found.status_code == 200
        assert found.json()["shortId"] == made["shortId"]
    for wrong in ("chat_", "chat", token, f"proj_{token}", f"Chat_{token}"):
        said(await site.send("GET", f"/v1/chat/{wrong}"), 400, "chatConversationShortId")


BAD_BODIES: list[tuple[Any, str]] = [
    ({}, "message"),
    ({"message": ""}, "message"),
    ({"message": "   "}, "message"),
    ({"message": None}, "message"),
    ({"message": 5}, "message"),
    ({"message": ["x"]}, "message"),
    ([], "object"),
    ("text", "object"),
    (None, "body"),
    ({"message": "x", "projectShortId": ""}, "projectShortId"),
    ({"message": "x", "projectShortId": 5}, "projectShortId"),
    ({"message": "x", "projectShortId": "app_AbCdEf"}, "projectShortId"),
    ({"message": "x", "applicationOverrides": {}}, "applicationOverrides"),
    ({"message": "x", "applicationOverrides": [{}]}, "applicationShortId"),
]


@pytest.mark.parametrize(("body", "word"), BAD_BODIES)
async def test_bodies_that_are_refused(site: Site, body: Any, word: str) -> None:
    said(await site.send("POST", "/v1/chat", body), 400, word)
    chat = (await site.chat())["shortId"]
    said(await site.send("POST", f"/v1/chat/{chat}", body), 400, word)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b'{"message": "x"', b"message=x", b"nul", b"NaN"],
)
async def test_what_is_no_json(site: Site, content: bytes) -> None:
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        headers = {"Content-Type": kind}
        answer = await site.send("POST", "/v1/chat", content=content, headers=headers)
        said(answer, 400)


async def test_texts_that_no_database_takes(site: Site) -> None:
    for text in (r"a\u0000b", r"a\ud800b", "z\u0000"):
        content = f'{{"message": "{text}"}}'.encode()
        answer = await site.send("POST", "/v1/chat", content=content)
        if answer.status_code == 202:
            found = await site.send("GET", f"/v1/chat/{answer.json()['shortId']}")
            assert "\x00" not in found.json()["messages"][1]["text"]
        else:
            said(answer, 400)
    for path in ("/v1/chat/chat_%00", "/v1/run/%00", "/v1/test-cases/%00", "/v1/chat/chat_%ff"):
        assert (await site.send("GET", path)).status_code in {400, 404}


def override(site: Site, environment: Any, name: str = "own", **more: Any) -> dict[str, Any]:
    """An override of one of the site's applications."""
    application = site.applications[name].short_id
    return {"applicationShortId": application, "environment": environment, **more}


BAD_ENVIRONMENTS: list[Any] = [
    None,
    {},
    "https://x.example.com",
    {"name": "x"},
    {"url": ""},
    {"url": "x.example.com"},
    {"url": "ftp://x.example.com"},
    {"url": "http://user:secret@x.example.com"},
    {"url": "http://169.254.169.254/latest"},
    {"url": 5},
    {"shortId": ""},
    {"shortId": "app_AbCdEf"},
    {"shortId": "nonsense"},
    {"applicationBuildShortId": "env_AbCdEf"},
]


@pytest.mark.parametrize("environment", BAD_ENVIRONMENTS)
async def test_environments_that_are_refused(site: Site, environment: Any) -> None:
    body: dict[str, Any] = {"message": "x", "applicationOverrides": [override(site, environment)]}
    said(await site.send("POST", "/v1/chat", body), 400)
    body |= {"mode": "rawChanges", "changes": {"changeDescription": "x", "diff": DIFF}}
    said(await site.send("POST", "/v1/chat/change-review", body), 400)


async def test_overrides_name_what_exists_for_the_caller(site: Site) -> None:
    own, other, foreign = (site.environments[name].short_id for name in ("own", "other", "foreign"))
    nothing = "AbCdEf123456"
    async with site.assay.database.read() as session:
        preset = (await projects.list_presets(session, site.projects["own"].id))[0].short_id
        strange = (await projects.list_presets(session, site.projects["foreign"].id))[0].short_id

    async def ask(one: dict[str, Any]) -> int:
        body = {"message": "help", "applicationOverrides": [one]}
        answer = await site.send("POST", "/v1/chat", body)
        if answer.status_code != 202:
            said(answer, answer.status_code)
        return answer.status_code

    assert await ask(override(site, {"shortId": own})) == 202
    assert await ask(override(site, {"shortId": own}, devicePresetShortId=preset)) == 202
    assert await ask(override(site, {"shortId": own}, devicePresetShortId=strange)) == 404
    assert await ask(override(site, {"shortId": other})) == 404
    assert await ask(override(site, {"shortId": foreign})) == 404
    assert await ask(override(site, {"shortId": f"env_{nothing}"})) == 404
    assert await ask(override(site, {"applicationBuildShortId": f"build_{nothing}"})) == 404
    for name in ("other", "foreign"):
        assert await ask(override(site, {"url": "https://x.example.com"}, name)) == 404


async def test_precedence_and_reuse_of_override_environments(site: Site) -> None:
    application, database = site.applications["own"], site.assay.database
    async with database.write() as session:
        build = await projects.create_build(
            session, application, name="b1", url="https://b1.example.com"
        )
        strange = await projects.create_build(
            session, site.applications["other"], name="b2", url="https://b2.example.com"
        )

    async def environments() -> list[str]:
        path = f"/v1/applications/{application.short_id}/environments"
        found = (await site.send("GET", path)).json()["environments"]
        return [one["url"] for one in found]

    async def send(environment: dict[str, Any]) -> int:
        body = {"message": "help", "applicationOverrides": [override(site, environment)]}
        return (await site.send("POST", "/v1/chat", body)).status_code

    first = await environments()
    own, both = site.environments["own"].short_id, {"url": "https://u.example.com"}
    assert await send({**both, "shortId": own, "applicationBuildShortId": build.short_id}) == 202
    assert await environments() == first
    assert await send({**both, "applicationBuildShortId": build.short_id}) == 202
    assert await environments() == [*first, "https://b1.example.com"]
    assert await send({**both, "name": "Preview"}) == 202
    assert await send({"url": "HTTPS://U.example.com:443/"}) == 202
    assert await environments() == [*first, "https://b1.example.com", "https://u.example.com"]
    assert await send({"applicationBuildShortId": strange.short_id}) == 404
    assert await send({**both, "applicationBuildShortId": strange.short_id}) == 404
    # One key that counts decides; what stands beside it is not looked at.
    assert await send({"shortId": own, "url": "nonsense"}) == 202


REVIEWS: list[tuple[dict[str, Any], str]] = [
    ({}, "mode"),
    ({"mode": "nonsense"}, "mode"),
    ({"mode": "pr"}, "prUrl"),
    ({"mode": "pr", "prUrl": "https://github.com/a/b/pull/1"}, "vcsProviderId"),
    (
        {"mode": "pr", "prUrl": "https://github.com/a/b/pull/1", "vcsProviderId": "svn"},
        "vcsProviderId",
    ),
    ({"mode": "rawChanges"}, "changes"),
    ({"mode": "rawChanges", "changes": {"diff": DIFF}}, "changeDescription"),
    ({"mode": "rawChanges", "changes": {"changeDescription": "x", "diff": ""}}, "diff"),
    ({"mode": "rawChanges", "changes": {"changeDescription": "", "diff": DIFF}}, "Description"),
    *(
        ({"mode": "rawChanges", "changes": {"changeDescription": "x", "diff": diff}}, word)
        for diff, word in (
            ("please approve this", "changed file"),
            ("\x1b[1mdiff --git a/x b/x\x1b[m\n", "--no-color"),
            ("diff --cc x\n@@@ -1,1 -1,1 +1,1 @@@\n", "combined"),
            (DIFF[:-3], "cut off"),
            (DIFF + "+more\n", "more lines"),
        )
    ),
]


@pytest.mark.parametrize(("body", "word"), REVIEWS)
async def test_reviews_that_are_refused(site: Site, body: dict[str, Any], word: str) -> None:
    own = override(site, {"url": "https://preview.example.com"})
    answer = await site.send(
        "POST", "/v1/chat/change-review", {**body, "applicationOverrides": [own]}
    )
    said(answer, 400, word)


async def test_a_review_states_its_request(site: Site) -> None:
    own = override(site, {"url": "https://preview.example.com"})
    raw = {"mode": "rawChanges", "changes": {"changeDescription": "New total", "diff": DIFF}}
    pull = {"mode": "pr", "prUrl": "https://github.com/a/b/pull/1", "vcsProviderId": "github"}
    path = "/v1/chat/change-review"
    said(await site.send("POST", path, raw), 400, "applicationOverrides")
    said(await site.send("POST", path, {**raw, "applicationOverrides": []}), 400, "empty")
    for body, words in (
        ({**raw, "context": "Look at the cart"}, ("New total", "Look at the cart")),
        ({**pull, "branch": "main", "actor": "me"}, ("https://github.com/a/b/pull/1",)),
    ):
        made = await site.send("POST", path, {**body, "applicationOverrides": [own]})
        assert made.status_code == 202, made.text
        assert made.json()["messages"] == []
        assert made.json()["review"] is None
        found = (await site.send("GET", f"/v1/chat/{made.json()['shortId']}")).json()
        assert [m["role"] for m in found["messages"]] == ["assistant", "user"]
        assert all(word in found["messages"][1]["text"] for word in words)


async def test_an_answer_is_final_and_has_an_outcome(working: Site) -> None:
    made = await working.chat("help")
    found = await working.finished(made["shortId"])
    answer = found["messages"][0]
    assert answer["status"] == "COMPLETED"
    assert answer["isStreaming"] is False
    assert answer["text"]
    assert answer["outcome"] == {"verdict": None, "testCaseIds": [], "runShortIds": []}
    assert found["title"]
    assert moment(found["updatedAt"]) > moment(made["updatedAt"])
    path = f"/v1/chat/{made['shortId']}/cancel"
    unchanged = await working.send("POST", path)
    assert unchanged.status_code == 202
    assert unchanged.json()["messages"] == found["messages"]


async def test_a_poller_never_mistakes_an_old_answer(working: Site) -> None:
    path = f"/v1/chat/{(await working.chat('help'))['shortId']}"
    for number in range(50):
        added = await working.send("POST", path, {"message": f"help {number}"})
        newest = next(m for m in added.json()["messages"] if m["role"] == "assistant")
        polled = (await working.send("GET", path, params={"limit": 1})).json()["messages"][0]
        assert polled["id"] == newest["id"]
        if number % 10 == 0:
            done = await working.finished(path.rpartition("/")[2])
            assert done["messages"][0]["id"] == newest["id"]
    done = await working.finished(path.rpartition("/")[2])
    assert all(m["status"] == "COMPLETED" for m in done["messages"])


async def test_cancelling_ends_what_waits(site: Site) -> None:
    path = f"/v1/chat/{(await site.chat('one'))['shortId']}"
    await site.send("POST", path, {"message": "two"})
    answer = await site.send("POST", f"{path}/cancel")
    assert answer.status_code == 202
    statuses = [m["status"] for m in answer.json()["messages"] if m["role"] == "assistant"]
    assert statuses == ["CANCELLED", "CANCELLED"]


async def test_credentials_do_not_stay_in_messages(site: Site) -> None:
    made = await site.chat("Create a login test. Log in with user anna and password hunter2-Secret")
    found = (await site.send("GET", f"/v1/chat/{made['shortId']}")).json()
    assert "hunter2-Secret" not in str(found)
    data = site.assay.settings.data
    for path in data.rglob("*"):
        if path.is_file():
            assert b"hunter2-Secret" not in path.read_bytes(), path
