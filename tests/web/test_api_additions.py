"""The operations beside the Chat API: set-up, test cases and runs, each with its shape."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from assay.browser.model import ActionKind
from assay.cases import service as cases
from assay.cases.model import Draft, Step
from tests.web.conftest import Site, said
from tests.web.dashboard_seed import seed

NOTHING = "AbCdEf123456"
Json = dict[str, Any]


async def post(site: Site, path: str, body: Json, status: int = 201, key: str = "own") -> Json:
    """A POST that is accepted."""
    answer = await site.send("POST", path, body, key=key)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


async def get(site: Site, path: str, key: str = "own", **query: Any) -> Json:
    """A GET that is answered."""
    answer = await site.send("GET", path, key=key, params=query)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_health_and_projects(site: Site) -> None:
    answer = await site.client.get("/healthz")
    # Nothing works in this server yet, so it does not claim to.
    assert (answer.status_code, answer.json()) == (503, {"status": "starting"})
    narrow = (await get(site, "/v1/projects"))["projects"]
    wide = (await get(site, "/v1/projects", "all of First"))["projects"]
    assert [one["name"] for one in narrow] == ["own"]
    assert [one["name"] for one in wide] == ["own", "other"]
    assert set(narrow[0]) >= {"shortId", "name", "slug"}


async def test_applications_and_environments(site: Site) -> None:
    made = await post(
        site, "/v1/applications", {"name": "Store", "url": "http://127.0.0.1:9/store", "more": 1}
    )
    assert re.fullmatch(r"app_[0-9A-Za-z]{6,}", made["shortId"])
    assert (made["name"], made["kind"]) == ("Store", "web")
    first = made["defaultEnvironment"]
    assert first["url"] == "http://127.0.0.1:9/store"
    listed = (await get(site, "/v1/applications"))["applications"]
    assert {"shortId": made["shortId"], "name": "Store", "kind": "web"} in listed
    path = f"/v1/applications/{made['shortId']}/environments"
    live = await post(
        site, path, {"name": "Live", "url": "https://x.example.com", "isProduction": True}
    )
    assert live["isProduction"] is True
    token = made["shortId"].partition("_")[2]
    for form in (path, f"/v1/applications/app-store_{token}/environments"):
        found = (await get(site, form))["environments"]
        assert [one["shortId"] for one in found] == [first["shortId"], live["shortId"]]
        assert [one["isProduction"] for one in found] == [False, True]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"url": "http://x.example.com"}, "name"),
        ({"name": " ", "url": "http://x.example.com"}, "name"),
        ({"name": "x" * 201, "url": "http://x.example.com"}, "name"),
        ({"name": "x"}, "url"),
        ({"name": "x", "url": "ftp://x.example.com"}, "url"),
        ({"name": "x", "url": None}, "url"),
        ({"name": "x", "url": "http://169.254.169.254/"}, "url"),
    ],
)
async def test_places_that_are_refused(site: Site, body: Json, word: str) -> None:
    own = site.applications["own"].short_id
    for path in ("/v1/applications", f"/v1/applications/{own}/environments"):
        said(await site.send("POST", path, body), 400, word)
        # What is wrong with the body comes before what is wrong with the project.
        foreign = {**body, "projectShortId": site.projects["foreign"].short_id}
        said(await site.send("POST", path, foreign), 400, word)


async def test_configs_are_never_read_back(site: Site) -> None:
    values = {"username": "anna", "password": "hunter2-Secret", "otp": "000111222"}
    body = {
        "name": "clerk",
        "kind": "usernamePassword",
        "applicationShortId": site.applications["own"].short_id,
        "values": values,
    }
    made = await site.send("POST", "/v1/configs", body)
    assert made.status_code == 201
    assert re.fullmatch(r"cfg_[0-9A-Za-z]{6,}", made.json()["shortId"])
    assert {k: made.json()[k] for k in ("name", "kind")} == {
        "name": "clerk",
        "kind": "usernamePassword",
    }
    assert "hunter2" not in made.text
    again = await site.send("POST", "/v1/configs", body)
    assert again.json() == made.json()
    other = await site.send("POST", "/v1/configs", {**body, "values": {**values, "otp": "1"}})
    said(other, 409, "clerk")
    said(await site.send("GET", "/v1/configs"), 405)
    for path in site.assay.settings.data.rglob("*"):
        if path.is_file():
            assert b"hunter2-Secret" not in path.read_bytes(), path


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"name": None}, "name"),
        ({"name": "a{b}"}, "name"),
        ({"kind": "nonsense"}, "kind"),
        ({"kind": None}, "kind"),
        ({"values": {}}, "values.username"),
        ({"values": {"username": "anna"}}, "values.password"),
        ({"values": {"username": "anna", "password": 5}}, "values.password"),
        ({"values": {"username": "", "password": "x"}}, "values.username"),
        ({"values": "x"}, "values"),
        ({"kind": "values", "values": {}}, "values"),
        ({"applicationShortId": "nonsense"}, "applicationShortId"),
    ],
)
async def test_configs_that_are_refused(site: Site, change: Json, word: str) -> None:
    body = {
        "name": "clerk",
        "kind": "usernamePassword",
        "values": {"username": "anna", "password": "hunter2-Secret"},
    }
    answer = await site.send("POST", "/v1/configs", {**body, **change})
    said(answer, 400, word)
    assert "hunter2" not in answer.text


async def test_configs_of_foreign_applications(site: Site) -> None:
    values = {"username": "anna", "password": "hunter2-Secret"}
    for named in (site.applications["other"].short_id, f"app_{NOTHING}"):
        body = {"name": "c", "kind": "usernamePassword", "values": values}
        said(
            await site.send("POST", "/v1/configs", {**body, "applicationShortId": named}),
            404,
            "application",
        )


async def test_presets(site: Site) -> None:
    found = (await get(site, "/v1/device-presets"))["devicePresets"]
    assert {one["isMobile"] for one in found} == {True, False}
    assert all(re.fullmatch(r"preset_[0-9A-Za-z]{6,}", one["shortId"]) for one in found)
    assert all(one["width"] > 0 and one["height"] > 0 and one["name"] for one in found)


async def add_case(site: Site, name: str) -> str:
    """A draft of the own project that no conversation made; gives its id."""
    async with site.assay.database.write() as session:
        case, _ = await cases.save_draft(
            session,
            Draft(
                key=name,
                name=name,
                goal="g",
                expected_result="e",
                steps=(Step(1, f"Open {name}", action=ActionKind.NAVIGATE, value=f"/{name}"),),
            ),
            project_id=site.projects["own"].id,
            application_id=site.applications["own"].id,
            conversation_id=None,
            turn_id=None,
        )
    return case.id


async def test_a_test_case(site: Site) -> None:
    seeded = await seed(site)
    found = await get(site, f"/v1/test-cases/{seeded.test.id}")
    assert str(UUID(found["id"])) == found["id"]
    assert found["applicationShortId"] == seeded.application
    assert found["conversationShortId"] == seeded.chat
    assert found["status"] == "enabled"
    assert found["url"].endswith(f"{seeded.base}/tests/{found['shortId']}")
    assert [(s["number"], s["kind"]) for s in found["steps"]] == [
        (1, "navigate"),
        (2, "click"),
        (3, "assert"),
    ]
    proof = found["proof"]
    assert (proof["replays"], proof["replaysGreen"], proof["proven"]) == (3, 3, True)
    assert (proof["mutationsTried"], proof["mutationsKilled"]) == (1, 1)
    assert (found["lastVerdict"], bool(found["lastReason"])) == ("failed", True)
    for one in proof["runs"]:
        assert set(one) >= {"runShortId", "mutation", "verdict", "failedStep"}
        assert (await get(site, f"/v1/run/{one['runShortId']}"))["shortId"] == one["runShortId"]
    token = found["shortId"].partition("_")[2]
    for form in (found["shortId"], f"test-good_{token}", found["id"].upper()):
        assert await get(site, f"/v1/test-cases/{form}") == found
    draft = await get(site, f"/v1/test-cases/{seeded.draft.id}")
    assert (draft["status"], draft["proof"]["proven"], draft["proof"]["runs"]) == (
        "draft",
        False,
        [],
    )
    for missing in (str(uuid4()), f"test_{NOTHING}", "nonsense"):
        said(await site.send("GET", f"/v1/test-cases/{missing}"), 404, "test case")
    for key in ("other", "foreign", "all of Second"):
        said(await site.send("GET", f"/v1/test-cases/{found['id']}", key=key), 404)
    named = {"projectShortId": site.projects["other"].short_id}
    for key in ("own", "all of First"):
        path = f"/v1/test-cases/{found['id']}"
        said(await site.send("GET", path, key=key, params=named), 403, "project")


async def test_pages_of_test_cases(site: Site) -> None:
    ids = [await add_case(site, str(number)) for number in range(7)]
    seen: list[str] = []
    cursor: str | None = None
    for size in (3, 3, 1):
        query = {"limit": 3} if cursor is None else {"limit": 3, "cursor": cursor}
        page = await get(site, "/v1/test-cases", **query)
        assert len(page["testCases"]) == size
        seen += [one["id"] for one in page["testCases"]]
        cursor = page["nextCursor"]
        # A test that comes in between is newer: it moves no page.
        await add_case(site, f"late {size} {len(seen)}")
    assert cursor is None
    assert seen == ids[::-1]
    assert len((await get(site, "/v1/test-cases"))["testCases"]) == 10
    chat = (await site.chat())["shortId"]
    assert await get(site, "/v1/test-cases", conversation=chat) == {
        "testCases": [],
        "nextCursor": None,
    }
    application = site.applications["own"].short_id
    found = await get(site, "/v1/test-cases", application=application, limit=500)
    assert len(found["testCases"]) == 10
    for wrong in ("x", "MjAyNg==", "é"):
        said(await site.send("GET", "/v1/test-cases", params={"cursor": wrong}), 400, "cursor")
    for limit in ("0", "x", "1.0"):
        said(await site.send("GET", "/v1/test-cases", params={"limit": limit}), 400, "limit")
    said(await site.send("GET", "/v1/test-cases?conversation=x"), 400, "conversation")
    said(await site.send("GET", "/v1/test-cases", key="all of First"), 400, "projectShortId")


async def test_the_tests_of_a_conversation(site: Site) -> None:
    seeded = await seed(site)
    await add_case(site, "of nobody")
    found = await get(site, "/v1/test-cases", "all of First", conversation=seeded.chat)
    assert {one["id"] for one in found["testCases"]} == {seeded.test.id, seeded.draft.id}


async def test_switching_a_test_case(site: Site) -> None:
    path = f"/v1/test-cases/{await add_case(site, 'one')}"
    for status in ("enabled", "disabled", "draft"):
        answer = await site.send("PATCH", path, {"status": status})
        assert answer.json()["status"] == status
    said(await site.send("PATCH", path, {"status": "nonsense"}), 400, "status")
    said(await site.send("PATCH", path, {"status": "draft"}, key="other"), 404)


async def test_a_run_is_accepted(site: Site) -> None:
    seeded = await seed(site)
    made = await post(site, "/v1/run", {"trigger": "GITHUB"}, 200)
    assert made["success"] is True
    run = made["run"]
    assert (run["testCount"], run["testPlan"]) == (1, None)
    assert run["url"].endswith(f"{seeded.base}/runs/{run['shortId']}")
    token = run["shortId"].partition("_")[2]
    for form in (run["shortId"], run["id"], f"run-nightly_{token}"):
        found = await get(site, f"/v1/run/{form}")
        assert (found["id"], found["status"], found["result"]) == (run["id"], "INITIATED", None)
        assert [one["id"] for one in found["runTestCases"]] == [seeded.test.id]
        assert found["runTestCases"][0]["verdict"] is None
    # A draft runs when it is asked for by its id, in either case of letters.
    made = await post(site, "/v1/run", {"testCaseIds": [seeded.draft.id.upper()]}, 200)
    assert made["run"]["testCount"] == 1
    override = {
        "applicationShortId": seeded.application,
        "environment": {"url": "https://preview.example.com"},
    }
    await post(site, "/v1/run", {"applications": [override]}, 200)
    found = await get(site, f"/v1/applications/{seeded.application}/environments")
    assert "https://preview.example.com" in [one["url"] for one in found["environments"]]


async def test_a_finished_run(site: Site) -> None:
    seeded = await seed(site)
    for which in ("all", "failed"):
        found = await get(site, f"/v1/run/{seeded.run}", testCases=which)
        assert (found["status"], found["result"]) == ("COMPLETED", "FAILED")
        one = found["runTestCases"][0]
        assert (one["id"], one["shortId"]) == (seeded.test.id, seeded.test.short_id)
        assert (one["status"], one["result"], one["verdict"]) == ("COMPLETED", "FAILED", "failed")
        assert one["resultTitle"]
        assert one["evaluationThought"]
        assert one["promptGoal"] == seeded.test.goal
        assert isinstance(one["promptExamples"], str)
    said(await site.send("GET", f"/v1/run/{seeded.run}?testCases=some"), 400, "testCases")
    for key in ("other", "foreign", "all of Second"):
        theirs = await site.send("GET", f"/v1/run/{seeded.run}", key=key)
        said(theirs, 404, "run")
    said(await site.send("GET", f"/v1/run/run_{NOTHING}"), 404, "run")
    named = {"projectShortId": site.projects["other"].short_id}
    said(await site.send("GET", f"/v1/run/{seeded.run}", params=named), 403, "project")


async def test_runs_that_are_refused(site: Site) -> None:
    foreign = (await seed(site, "foreign")).test.id
    application = site.applications["own"].short_id
    broken = {"applicationShortId": application, "environment": {}}
    for body, status, word in (
        ({"testCaseIds": []}, 400, "testCaseIds"),
        ({"testCaseIds": ["nonsense"]}, 400, "testCaseIds"),
        ({"testCaseIds": None}, 400, "testCaseIds"),
        ({"testCaseIds": [str(uuid4())]}, 404, "test case"),
        ({"testCaseIds": [foreign]}, 404, "test case"),
        ({"trigger": "NEVER"}, 400, "trigger"),
        ({"applications": [broken]}, 400, "environment"),
        ({"projectShortId": site.projects["other"].short_id}, 403, "project"),
    ):
        said(await site.send("POST", "/v1/run", body), status, word)
    said(await site.send("POST", "/v1/run", {}, key="all of First"), 400, "projectShortId")


async def test_no_enabled_test_is_an_empty_run(site: Site) -> None:
    await add_case(site, "draft")
    made = await post(site, "/v1/run", {}, 200)
    assert made["run"]["testCount"] == 0


async def test_cancelling_takes_the_project_in_its_body(site: Site) -> None:
    path = f"/v1/chat/{(await site.chat())['shortId']}/cancel"
    own, other = (site.projects[name].short_id for name in ("own", "other"))
    said(await site.send("POST", path, {"projectShortId": other}), 403, "project")
    for body in (None, {}, {"projectShortId": own, "more": 1}):
        assert (await site.send("POST", path, body)).status_code == 202


async def test_null_is_no_value(site: Site) -> None:
    for field in ("projectShortId", "applicationOverrides"):
        said(await site.send("POST", "/v1/chat", {"message": "hi", field: None}), 400, field)


async def test_a_malformed_first_choice_is_not_passed_over(site: Site) -> None:
    environment = {"shortId": "nonsense", "url": "https://x.example.com"}
    override = {
        "applicationShortId": site.applications["own"].short_id,
        "environment": environment,
    }
    body = {"message": "hi", "applicationOverrides": [override]}
    said(await site.send("POST", "/v1/chat", body), 400, "environment.shortId")


async def test_what_breaks_inside_stays_inside(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken() -> None:
        raise RuntimeError("something private")

    site.app.add_api_route("/v1/broken", broken)
    answer = await site.send("GET", "/v1/broken")
    said(answer, 500, "reference")
    assert "private" not in answer.text
    async with site.assay.database.write() as session:
        await session.execute(text("DROP TABLE turns"))
    answer = await site.send("POST", "/v1/chat", {"message": "hi"})
    said(answer, 503, "reference")
    assert "turns" not in answer.text
    assert "something private" in caplog.text
    assert not any(token in caplog.text for token in site.keys.values())


async def test_every_operation_is_described(site: Site) -> None:
    document = (await site.client.get("/openapi.json")).json()
    wanted = {
        ("get", "/healthz"),
        ("get", "/v1/applications"),
        ("post", "/v1/applications"),
        ("get", "/v1/applications/{applicationShortId}/environments"),
        ("post", "/v1/applications/{applicationShortId}/environments"),
        ("post", "/v1/configs"),
        ("get", "/v1/device-presets"),
        ("get", "/v1/projects"),
        ("get", "/v1/test-cases"),
        ("get", "/v1/test-cases/{id}"),
        ("post", "/v1/run"),
        ("get", "/v1/run/{shortId}"),
        ("post", "/v1/chat/{chatConversationShortId}/cancel"),
    }
    for verb, path in wanted:
        operation = document["paths"][path][verb]
        done = next(code for code in operation["responses"] if code.startswith("2"))
        schema = operation["responses"][done]["content"]["application/json"]["schema"]
        assert path == "/healthz" or "$ref" in schema, (verb, path)
        assert "422" not in operation["responses"]
