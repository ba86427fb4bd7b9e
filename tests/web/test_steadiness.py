"""Flake certificates and heals over the API and on a test's page."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from assay.cases import service as cases
from assay.web.dashboard.pages import router
from tests.web.conftest import Site, said
from tests.web.dashboard_seed import Seeded, button, seed, sign_in
from tests.web.test_api_additions import get, post

Json = dict[str, Any]


@pytest.fixture
async def full(site: Site) -> Seeded:
    return await seed(site)


async def test_certificates_are_accepted_and_can_be_read(site: Site, full: Seeded) -> None:
    body = {"testCases": [full.test.short_id, full.test.id], "replays": 4, "seed": 17}
    made = (await post(site, "/v1/certificates", body, 202))["certificates"]
    assert len(made) == 1
    one = made[0]
    assert one["testCaseShortId"] == full.test.short_id
    assert one["url"].endswith(f"{full.base}/tests/{full.test.short_id}")
    assert (one["status"], one["replays"], one["seed"]) == ("INITIATED", 4, 17)
    assert (one["stable"], one["passRate"], one["results"]) == (None, None, [])
    assert await get(site, f"/v1/certificates/{one['shortId']}") == one
    said(await site.send("GET", f"/v1/certificates/{one['shortId']}", key="other"), 404)
    shown = await get(site, f"/v1/test-cases/{full.test.id}")
    assert shown["certificate"]["shortId"] == one["shortId"]
    # Without names, all enabled tests are meant; drafts are none.
    everything = (await post(site, "/v1/certificates", {}, 202))["certificates"]
    assert [each["testCaseId"] for each in everything] == [full.test.id]
    assert await site.assay.jobs.live("runs.certify")


async def test_a_finished_certificate_is_shown_with_the_test(site: Site, full: Seeded) -> None:
    found = (await get(site, f"/v1/test-cases/{full.test.id}"))["certificate"]
    assert (found["replayed"], found["passed"], found["flips"]) == (2, 1, 1)
    assert (found["stable"], found["passRate"]) == (False, 0.5)
    assert found["confidence95"] == {"lower": 0.0945, "upper": 0.9055}
    broken = found["firstBreak"]
    assert (broken["kind"], broken["seed"], broken["runShortId"]) == ("late", 4, full.proof_run)
    assert broken["disturbance"].startswith("answers up to")
    assert "seed 4" in found["summary"]
    assert (await get(site, f"/v1/test-cases/{full.draft.id}"))["certificate"] is None


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"replays": 0}, "replays"),
        ({"replays": 201}, "replays"),
        ({"seed": -1}, "seed"),
        ({"kind": "storm"}, "kind"),
        ({"testCases": []}, "testCases"),
    ],
)
async def test_certificates_that_are_refused(site: Site, body: Json, word: str) -> None:
    said(await site.send("POST", "/v1/certificates", body), 400, word)


async def test_drafts_and_foreign_tests_are_not_certified(site: Site, full: Seeded) -> None:
    answer = await site.send("POST", "/v1/certificates", {"testCases": [full.draft.id]})
    said(answer, 400, "draft")
    answer = await site.send("POST", "/v1/certificates", {"testCases": [full.test.id]}, key="other")
    said(answer, 404)


async def test_an_approved_heal_changes_the_step(site: Site, full: Seeded) -> None:
    listed = (await get(site, "/v1/heals"))["heals"]
    assert [one["shortId"] for one in listed] == [full.heal]
    one = listed[0]
    assert (one["status"], one["step"], one["wanted"]) == ("waiting", 2, "button “Sign in”")
    assert (one["score"], one["margin"], one["runShortId"]) == (0.82, 0.3, full.proof_run)
    assert (await get(site, "/v1/heals", "other"))["heals"] == []
    said(await site.send("POST", f"/v1/heals/{full.heal}/approve", {}, key="other"), 404)
    done = await post(site, f"/v1/heals/{full.heal}/approve", {}, 200)
    assert (done["status"], bool(done["decidedAt"])) == ("approved", True)
    async with site.assay.database.read() as session:
        test = (await cases.by_ids(session, [full.test.id]))[0]
    assert test.steps[1].target == button("Log in")
    said(await site.send("POST", f"/v1/heals/{full.heal}/reject", {}), 409, "approved already")
    assert (await get(site, "/v1/heals"))["heals"] == []
    named = await get(site, "/v1/heals", testCase=full.test.short_id, status="approved")
    assert [each["shortId"] for each in named["heals"]] == [full.heal]


async def test_a_heal_of_a_changed_step_is_outdated(site: Site, full: Seeded) -> None:
    async with site.assay.database.write() as session:
        await cases.replace_target(session, full.test, 2, button("Enter"))
    assert (await get(site, "/v1/heals"))["heals"] == []
    outdated = (await get(site, "/v1/heals", status="outdated"))["heals"]
    assert [one["shortId"] for one in outdated] == [full.heal]
    said(await site.send("POST", f"/v1/heals/{full.heal}/approve", {}), 409, "was changed since")


async def test_a_rejected_heal_is_kept_as_such(site: Site, full: Seeded) -> None:
    done = await post(site, f"/v1/heals/{full.heal}/reject", {}, 200)
    assert done["status"] == "rejected"
    assert [one["status"] for one in (await get(site, "/v1/heals", status="all"))["heals"]] == [
        "rejected"
    ]


async def test_the_page_of_a_test_tells_both_and_takes_decisions(site: Site, full: Seeded) -> None:
    site.app.include_router(router)
    person = await sign_in(site, "own")
    url = f"{full.base}/tests/{full.test.short_id}"
    html = (await person.get(url)).text
    for word in ("Stability", "not stable", "seed 4", "Healed steps", "waits for approval"):
        assert word in html
    token = csrf_of(html)
    answer = await person.post(f"{full.base}/heals/{full.heal}", data={"decision": "approve"})
    assert answer.status_code == 403
    answer = await decide(person, full, token)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{url}#heals")
    again = await decide(person, full, token)
    assert again.status_code == 409
    assert "approved already" in again.text
    answer = await person.post(f"{url}/certificate", data={"csrf": token})
    assert answer.status_code == 303
    html = (await person.get(url)).text
    assert "working" in html
    assert "Replay it under disturbance" not in html
    await person.aclose()


async def decide(person: httpx.AsyncClient, full: Seeded, token: str) -> httpx.Response:
    """Approve the heal on the page."""
    form = {"decision": "approve", "csrf": token}
    return await person.post(f"{full.base}/heals/{full.heal}", data=form)


def csrf_of(html: str) -> str:
    """The token of the page's forms."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', html)
    assert found is not None
    return found[1]
